"""Our own connection is lost: what that makes of readings, of blind time, and of alarms."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from controlroom.condition.state import Condition
from controlroom.engine.monitor import Monitor
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from tests.controlroom.engine.restarted import states_of
from tests.stories.world import START_UTC_S, World, site_of

CABLE = {"mast": "RRRTTTTTRRRR", "port": "RRRTTTTTRRRR", "loopback": "RRTTTTTTTTTT"}
"""Nothing outside answers from the fourth second to the eighth; on this machine itself something is down."""


def cable_pulled(letters: dict[str, str]) -> tuple[Monitor, World]:
    """Let a cable be pulled and put back, without an anchor."""
    monitor = Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S)
    monitor.set_local(frozenset({"loopback"}))
    world = World(monitor, letters)
    world.run(12)
    return monitor, world


def beats(readings: Iterable[Reading], endpoint_id: str) -> list[tuple[int, Outcome, Reason]]:
    """Return what was kept of an endpoint's beats, and in which second each was asked."""
    return sorted(
        (int(reading.sent_monotonic_s), reading.outcome, reading.reason)
        for reading in readings
        if reading.beat and reading.probe.endpoint_id == endpoint_id
    )


def test_what_is_lost_to_our_own_connection_is_not_run() -> None:
    """Every loss of that time, also those told after it; the first, told before we knew, is disbelieved."""
    _, world = cable_pulled(CABLE)
    ours = Outcome.NOT_RUN, Reason.BLIND
    for endpoint_id in ("mast", "port"):
        kept = beats(world.kept, endpoint_id)
        assert kept[3:8] == [
            (3, Outcome.NO_REPLY, Reason.DEADLINE),
            *((number, *ours) for number in range(4, 8)),
        ]
        assert {outcome for number, outcome, _ in kept if not 3 <= number < 8} == {Outcome.REPLIED}
        assert beats(world.disbelieved, endpoint_id) == [kept[3]]


def test_what_is_lost_on_this_machine_itself_is_lost() -> None:
    """No cable leads there: it is down as ever, and nothing of it is taken back."""
    _, world = cable_pulled(CABLE)
    assert "loopback down" in [line.split(" ", 1)[1] for line in world.told]
    assert {outcome for number, outcome, _ in beats(world.kept, "loopback") if number > 2} == {
        Outcome.NO_REPLY
    }
    assert beats(world.disbelieved, "loopback") == []


def test_blind_time_begins_with_the_first_loss_though_another_endpoint_is_certain_first() -> None:
    """One was lost at the slow beat before the other; the time, the alarm and the states count from it."""
    letters = {"slow/icmp@3": "RRRTTTTTTTTT", "mast": "RRRRTTTTTTTT", "port": "RRRRTTTTTTTT"}
    monitor, world = cable_pulled(letters)
    assert [line.split(" ", 1)[1] for line in world.told] == [
        "engine own_connection_lost",
        "engine alarm_raised own_connection_lost",
    ]
    first_utc_s = min(reading.sent_utc_s for reading in world.disbelieved)
    blind = monitor.blind_now(START_UTC_S + 12)
    assert blind is not None
    assert blind.from_utc_s == pytest.approx(first_utc_s)
    assert {round(tracker.state.since_utc_s, 3) for tracker in monitor.trackers.values()} == {
        round(first_utc_s, 3)
    }


def test_an_endpoint_that_answers_one_late_question_keeps_its_answer() -> None:
    """An answer to what was asked before is no loss, and none of our own."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTT", "port": "RRTTTTT"}).run(7)
    assert monitor.cut_off
    answer = Reading(ProbeKey("mast", "icmp"), START_UTC_S + 2, 2.0, Outcome.REPLIED, values={"rtt_s": 4.0})
    assert monitor.believed(answer) is answer
    monitor.handle(answer, 6.0, START_UTC_S + 6)
    assert monitor.cut_off


def test_two_hundred_endpoints_lost_with_us_are_one_alarm() -> None:
    """A pulled cable in a large room: one alarm, every endpoint unknown, within the re-probe budget."""
    ids = [f"e{number}" for number in range(200)]
    site = site_of([*ids, "gateway"], anchors=["gateway"])
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, dict.fromkeys([*ids, "gateway"], "RRTTTT"))
    world.run(6)
    assert len(monitor.alarms.alarms()) == 1
    assert {state.condition for state in states_of(monitor)} == {Condition.UNKNOWN}
    assert world.asked < 6 * 201 + 400 * 6
