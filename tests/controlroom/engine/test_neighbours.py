"""Who is asked because of what a suspect shares: a few, others each time, and a cut is seen as one."""

from __future__ import annotations

import pytest

from controlroom.condition.shared_risk import RiskKind, SharedRisk
from controlroom.engine.monitor import Monitor
from controlroom.engine.neighbours import MOST_OF_EACH, Neighbours
from tests.stories.world import START_UTC_S, World, site_of, with_causes

NAMES = [f"e{number:02}" for number in range(40)]


def test_a_few_of_each_and_others_each_time() -> None:
    """Never the suspect itself, and none twice."""
    risks = [
        SharedRisk(RiskKind.LOCATION, "Hall", frozenset(NAMES)),
        SharedRisk(RiskKind.GROUP, "duct", frozenset(["e00", "e20", "e30"])),
    ]
    neighbours = Neighbours(risks)
    first, second = (neighbours.choose("e00", lambda one: True) for _ in range(2))
    assert len(first) == MOST_OF_EACH + 2
    assert "e00" not in {*first, *second}
    assert len(set(second) - set(first)) >= MOST_OF_EACH
    assert neighbours.choose("e30", lambda one: False) == []
    assert neighbours.choose("nobody", lambda one: True) == []


@pytest.mark.parametrize("period_s", [5, 10, 60])
def test_a_cut_is_one_alarm_however_slowly_they_are_asked(period_s: int) -> None:
    """Long before most of them had their beat."""
    letters = {f"{name}/icmp@{period_s}": "R" * 120 + "T" * 30 for name in NAMES} | {"far": "R" * 150}
    site = with_causes(site_of(list(letters)), {"locations": {"Hall": NAMES}})
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    place = {name: number / len(NAMES) for number, name in enumerate(NAMES)}
    world = World(
        monitor, letters, phase_s=lambda key: 0.5 + period_s * place.get(key.endpoint_id, 0.0) * 0.9
    )
    world.run(150)
    calls = [line for line in world.told if "alarm_raised" in line]
    assert [line.split(" ", 1)[1].split(" lost:")[0] for line in calls] == [
        "location:Hall alarm_raised group_lost"
    ]
    downs = [float(line.split()[0]) for line in world.told if line.endswith(" down")]
    assert float(calls[0].split()[0]) - min(downs) <= 2.0


def test_a_lone_loss_asks_nobody_who_was_asked_just_now() -> None:
    """Where all have a beat a second, that tells as much."""
    letters = dict.fromkeys(NAMES, "R" * 30) | {"e00": "R" * 20 + "T" + "R" * 9}
    site = with_causes(site_of(list(letters)), {"locations": {"Hall": NAMES}})
    shared, alone = (
        World(Monitor(each, {"icmp": True}, START_UTC_S), letters) for each in (site, site_of(list(letters)))
    )
    shared.run(30)
    alone.run(30)
    assert len(shared.asked_again_s) <= len(alone.asked_again_s) + 2 * MOST_OF_EACH
