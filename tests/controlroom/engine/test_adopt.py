"""A site that changes under way: what stays the same does not notice, what is gone leaves nothing."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.state import Condition
from controlroom.engine.address_book import AddressBook
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import HOLD_S, Monitor
from controlroom.engine.schedule import Schedule
from controlroom.probe import ProbeParameters
from controlroom.site.model import Site
from tests.stories.world import START_UTC_S, World, site_of


class Adopting(Monitor):
    """A monitor whose site changes at some times, all by itself."""

    def __init__(self, site: Site, changes: list[tuple[float, Site]]) -> None:
        """Keep the changes, in order of their times."""
        super().__init__(site, {"icmp": True}, START_UTC_S)
        self.changes = changes

    def tick(self, now_s: float, now_utc_s: float) -> Effects:
        """Change the site when its time has come."""
        effects = super().tick(now_s, now_utc_s)
        while self.changes and self.changes[0][0] <= now_s:
            more = self.adopt(self.changes.pop(0)[1], {"icmp": True}, now_s, now_utc_s)
            effects.entries += more.entries
            effects.states.update(more.states)
            effects.alarms.update(more.alarms)
            effects.reprobes += more.reprobes
        return effects


def with_ttl(site: Site, endpoint_id: str, address: str) -> Site:
    """The site with another address of one endpoint, which is then asked anew."""
    endpoints = tuple(
        end.model_copy(update={"address": address}) if end.id == endpoint_id else end
        for end in site.endpoints
    )
    return site.model_copy(update={"endpoints": endpoints})


LETTERS = st.text("RRRRRRTTTLN", min_size=14, max_size=14)


@settings(max_examples=60, deadline=None)
@example("L" * 14, "LLLLLLLLTTLNLL", "LLLLLLLLLLLTLL", [(1.0, 1)])
@given(LETTERS, LETTERS, LETTERS, st.lists(st.tuples(st.floats(0.5, 13.5), st.integers(0, 2)), max_size=4))
def test_what_is_not_touched_does_not_notice(a: str, b: str, c: str, times: list[tuple[float, int]]) -> None:
    """Conditions and alarms of the others are the same with and without the changes.

    At the same times too, but where one that was taken out was to witness that we reach anything at all: its
    answer is not waited for, and another one's takes its time.
    """
    anchored = ["rock"]
    lines = {"a": a, "b": b, "c": c, "rock": "R"}
    plain = site_of(list(lines), anchored)
    variants = [with_ttl(plain, "c", "192.0.2.9"), site_of(["a", "b", "rock"], anchored), plain]
    changes = sorted(((at_s, variants[kind]) for at_s, kind in times), key=lambda change: change[0])

    def told(monitor: Monitor) -> list[tuple[str, float]]:
        world = World(monitor, lines)
        world.run(14)
        said = [(words, float(at_s)) for at_s, words in (line.split(" ", 1) for line in world.told)]
        return sorted(each for each in said if each[0].split()[0] in ("a", "b"))

    changed, as_ever = told(Adopting(plain, changes)), told(Adopting(plain, []))
    assert [words for words, _ in changed] == [words for words, _ in as_ever]
    assert all(abs(one - other) <= HOLD_S for (_, one), (_, other) in zip(changed, as_ever, strict=True))


@settings(max_examples=60, deadline=None)
@given(LETTERS, st.lists(st.tuples(st.floats(0.5, 13.5), st.integers(0, 2)), max_size=5))
def test_no_alarm_is_doubled_or_left_behind(a: str, times: list[tuple[float, int]]) -> None:
    """At any end an endpoint has one alarm at most, and what is not in the site has none."""
    lines = {"a": a, "rock": "R"}
    plain = site_of(list(lines), ["rock"])
    variants = [with_ttl(plain, "a", "192.0.2.9"), site_of(["rock"], ["rock"]), plain]
    changes = sorted(((at_s, variants[kind]) for at_s, kind in times), key=lambda change: change[0])
    monitor = Adopting(plain, changes)
    world = World(monitor, lines)
    world.run(14)
    subjects = [alarm.subject for alarm in monitor.alarms.alarms()]
    assert len(subjects) == len(set(subjects))
    assert set(subjects) <= set(monitor.trackers)
    raised = sum("alarm_raised " in line for line in world.told)
    ended = sum("alarm_ended" in line or "alarm_withdrawn" in line for line in world.told)
    open_ones = [alarm for alarm in monitor.alarms.alarms() if alarm.state is not AlarmState.NORMAL]
    assert raised >= ended
    assert len(open_ones) <= 1


def test_a_changed_probe_keeps_condition_and_alarm_until_it_has_evidence() -> None:
    """Down stays down, with its alarm, until the new address has answered as often as any must."""
    plain = site_of(["mast", "port"])
    moved = with_ttl(plain, "mast", "192.0.2.9")
    monitor = Adopting(plain, [(9.2, moved)])
    world = World(monitor, {"mast": "RRTTTTTTTTRRRRRR", "port": "R"})
    world.run(9.4)
    assert monitor.trackers["mast"].state.condition is Condition.DOWN
    assert [alarm.active for alarm in monitor.alarms.alarms()] == [True]


def test_other_settings_of_the_same_question_lose_nothing() -> None:
    """A longer period and other limits leave status and window as they were."""
    plain = site_of(["mast"])
    monitor = Monitor(plain, {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRRRR"}).run(5)
    window = monitor.trackers["mast"].probes["icmp"].window
    probe = plain.endpoints[0].probes[0].model_copy(update={"period_s": 5.0})
    slower = plain.endpoints[0].model_copy(update={"probes": (probe,)})
    effects = monitor.adopt(
        plain.model_copy(update={"endpoints": (slower,)}), {"icmp": True}, 5.0, START_UTC_S + 5
    )
    tracker = monitor.trackers["mast"]
    assert effects.entries == []
    assert effects.reprobes == []
    assert tracker.state.condition is Condition.UP
    assert tracker.probes["icmp"].window.answers(60) == window.answers(60) > 0


def test_a_probe_with_other_parameters_is_asked_at_once() -> None:
    """It does not wait for its beat, and nothing is claimed meanwhile."""

    class Other(ProbeParameters):
        ttl: int = 3

    plain = site_of(["mast"])
    monitor = Monitor(plain, {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRRRR"}).run(5)
    probe = plain.endpoints[0].probes[0].model_copy(update={"parameters": Other()})
    changed = plain.endpoints[0].model_copy(update={"probes": (probe,)})
    site = plain.model_copy(update={"endpoints": (changed,)})
    effects = monitor.adopt(site, {"icmp": True}, 5.0, START_UTC_S + 5)
    assert [wish.attempts for wish in effects.reprobes] == [1]
    assert monitor.trackers["mast"].state.condition is Condition.UP


@given(st.lists(st.floats(0.2, 5.0), min_size=1, max_size=6), st.floats(0.0, 20.0), st.data())
def test_beats_that_stay_are_kept_to_the_instant(
    periods_s: list[float], now_s: float, data: st.DataObject
) -> None:
    """Whatever comes, goes or moves beside them."""
    schedule, alone = Schedule(periods_s, 0.0), Schedule(periods_s, 0.0)
    schedule.due(now_s)
    alone.due(now_s)
    kept = data.draw(st.permutations(range(len(periods_s))))[: data.draw(st.integers(0, len(periods_s)))]
    schedule.adopt([*(periods_s[place] for place in kept), 0.7], [*kept, None], now_s)
    later_s = now_s + 4.0
    found = {(kept[due.index], due.at_s) for due in schedule.due(later_s) if due.index < len(kept)}
    assert found == {(due.index, due.at_s) for due in alone.due(later_s) if due.index in kept}


def test_names_that_come_are_looked_up_and_those_that_stay_not_again() -> None:
    """A new name is resolved at once; the other keeps its address and its turn."""
    asked: list[str] = []

    def look_up(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ("127.0.0.2",) if name == "new.example" else ("127.0.0.1",)

    async def live() -> None:
        book = AddressBook({"a": "old.example"}, look_up=look_up)
        task = asyncio.create_task(book.keep_current())
        await asyncio.sleep(0.2)
        assert book.address("a") == "127.0.0.1"
        book.adopt({"a": "old.example", "b": "new.example", "c": "127.0.0.9"})
        await asyncio.sleep(0.2)
        assert book.address("b") == "127.0.0.2"
        assert (book.address("a"), book.address("c")) == ("127.0.0.1", "127.0.0.9")
        book.adopt({"c": "127.0.0.9"})
        await asyncio.sleep(0.05)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(live())
    assert asked == ["old.example", "new.example"]
