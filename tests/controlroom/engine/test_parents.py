"""Who waits for what it stands behind, for how long, and what becomes of that when the site changes."""

from __future__ import annotations

import pytest

from controlroom.condition.state import Condition
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.engine.parents import WAIT_S
from controlroom.reading import ProbeKey
from controlroom.site.model import Site
from tests.stories.world import START_UTC_S, World, site_of, with_causes

CUT = {"a": "RRRRRTTTTT", "core": "RRRRRTTTTT", "far": "RRRRRRRRRR"}
BEHIND = {"a": ["core"]}


def site_behind(letters: dict[str, str], behind: dict[str, list[str]]) -> Site:
    """A site in which these stand behind others."""
    return with_causes(site_of(list(letters)), {"behind": behind})


def played(letters: dict[str, str], behind: dict[str, list[str]], seconds: float) -> tuple[Monitor, World]:
    """Play a room for so long."""
    monitor = Monitor(site_behind(letters, behind), {"icmp": True}, START_UTC_S)
    world = World(monitor, letters)
    world.run(seconds)
    return monitor, world


def condition(monitor: Monitor, endpoint_id: str) -> Condition:
    """Return how an endpoint is."""
    return monitor.trackers[endpoint_id].state.condition


def test_the_wait_for_a_parent_of_which_nothing_comes_ends() -> None:
    """One that is neither answered nor found silent hides no child for longer."""
    letters = {"a": "R" * 5 + "T" * 25, "core/icmp@3600": "R", "far": "R" * 30}
    monitor = Monitor(site_behind(letters, {"a": ["core"]}), {"icmp": True}, START_UTC_S)
    world = Unasked(monitor, letters)
    world.run(30)
    downs = [float(line.split()[0]) for line in world.told if line.endswith("a down")]
    assert len(downs) == 1
    assert WAIT_S <= downs[0] - 7.1 <= WAIT_S + 0.3


class Unasked(World):
    """A world in which the core is asked on its slow beat alone."""

    def _tell(self, effects: Effects, now_s: float) -> None:
        effects.reprobes = [each for each in effects.reprobes if each.probe.endpoint_id != "core"]
        super()._tell(effects, now_s)


def test_a_first_loss_asks_all_that_it_stands_behind_and_each_once() -> None:
    """However many are behind one, a question that waits serves them all."""
    letters = {f"e{number}": "RRRRRTTT" for number in range(50)} | {"mid": "R" * 8, "core": "R" * 8}
    behind = {f"e{number}": ["mid"] for number in range(50)} | {"mid": ["core"]}
    monitor = Monitor(site_behind(letters, behind), {"icmp": True}, START_UTC_S)
    world = Counting(monitor, letters)
    world.run(8)
    again = [name for name, beat in world.questions if not beat and name in ("mid", "core")]
    assert 1 <= again.count("mid") <= 4
    assert 1 <= again.count("core") <= 4


class Counting(World):
    """A world that remembers who was asked."""

    def __post_init__(self) -> None:
        """Begin with nobody asked."""
        self.questions: list[tuple[str, bool]] = []
        super().__post_init__()

    def _ask(self, key: ProbeKey, at_s: float, *, timeout_s: float, beat: bool) -> None:
        self.questions.append((key.endpoint_id, beat))
        super()._ask(key, at_s, timeout_s=timeout_s, beat=beat)


def test_what_others_stand_behind_is_asked_first() -> None:
    """Its answer decides for all of them."""
    monitor = Monitor(site_behind(CUT, BEHIND), {"icmp": True}, START_UTC_S)
    assert monitor.urgency("core") == 0
    assert monitor.urgency("a") > 0


class Changing(World):
    """A world whose site is another from ten seconds on."""

    def __post_init__(self) -> None:
        """Begin with the site as it is."""
        self.changed = False
        super().__post_init__()

    def _act_and_restart(self, now_s: float) -> None:
        if now_s >= 10 and not self.changed and self.site is not None:
            self.changed = True
            self._tell(self.monitor.adopt(self.site, {"icmp": True}, now_s, self._utc_s(now_s)), now_s)


@pytest.mark.parametrize("kept", [["a", "core", "far"], ["a", "far"]])
def test_a_site_that_changes_tells_anew_what_is_behind_what(kept: list[str]) -> None:
    """What is hidden by the old site alone is asked afresh, and told once fresh losses show it."""
    letters = {"a": "R" * 5 + "T" * 15, "core": "R" * 5 + "T" * 15, "far": "R" * 20}
    monitor = Monitor(site_behind(letters, {"a": ["core"]}), {"icmp": True}, START_UTC_S)
    world = Changing(monitor, letters, site=site_of(kept))
    world.run(20)
    assert [line for line in world.told if " a " in f" {line} "][:2] == [
        "7.2 a unreachable",
        "7.2 a alarm_suppressed down behind:core",
    ]
    assert condition(monitor, "a") is Condition.DOWN
    alarm = monitor.alarms.of("a")
    assert alarm is not None
    assert alarm.annunciated


def test_a_clock_that_is_set_moves_what_fell_when() -> None:
    """Who fell first is told by the order of the losses and not by the clock that was set between."""
    letters = {"a": "R" * 10 + "T" * 10, "core": "R" * 10 + "T" * 10, "far": "R" * 20}
    monitor = Monitor(site_behind(letters, BEHIND), {"icmp": True}, START_UTC_S)
    world = World(monitor, letters, clock_steps={11.0: -3600.0})
    world.run(20)
    assert condition(monitor, "a") is Condition.UNREACHABLE
    assert monitor.trackers["a"].state.reason == "behind:core"


def test_of_many_behind_one_each_is_told_and_one_calls() -> None:
    """However many there are to be looked at again."""
    names = [f"e{number}" for number in range(300)]
    letters = {**dict.fromkeys(names, "RRRRRTTTTTTTTTT"), "core": "RRRRRTTTTTTTTTT", "far": "R" * 15}
    monitor, world = played(letters, {name: ["core"] for name in names}, 15)
    told = [line.split()[0] for line in world.told if line.endswith("unreachable")]
    assert len(told) == 300
    calling = [alarm.subject for alarm in monitor.alarms.alarms() if alarm.annunciated]
    assert calling == ["core"]
