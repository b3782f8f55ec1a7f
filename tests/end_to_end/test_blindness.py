"""This machine itself is cut off, or stands still for a while: it says so, and blames no endpoint."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.state import Condition
from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, Reason
from controlroom.report.figures import utc_text
from controlroom.store.codes import OUTCOME_CODE, lost_codes
from controlroom.store.interface import ReadStore, Resolution
from tests.end_to_end.room import Room, until
from tests.lab.namespace import LabNetwork
from tests.lab.script import TargetScript

pytestmark = pytest.mark.lab

TARGETS = 20
BLIND_TELLINGS = {(Outcome.NO_REPLY, Reason.BLIND), (Outcome.NOT_RUN, Reason.BLIND)}
TOLD_WITHIN_S = 2.0
BACK_WITHIN_S = 3.0


@pytest.fixture
def room(routed_lab: LabNetwork, tmp_path: Path) -> Iterator[Room]:
    """A room in a network of its own, whose interface a test may set down."""
    routed_lab.script_all(TargetScript(delay_s=0.01, jitter_s=0.002))
    room = Room(routed_lab, tmp_path / "room", TARGETS)
    room.start()
    yield room
    if room.engine is not None and room.engine.poll() is None:
        room.end()


@pytest.fixture
def store(room: Room) -> Iterator[ReadStore]:
    """The room's store as a desk reads it, once every endpoint is up."""
    store = room.read()
    until(lambda: all(state.condition == "up" for state in store.states()), 15, "all to be up")
    yield store
    store.close()


def conditions(store: ReadStore) -> set[tuple[str, str]]:
    """Return which conditions and reasons the endpoints have."""
    return {(state.condition.value, state.reason) for state in store.states()}


def called_down(room: Room) -> list[str]:
    """Return the endpoints that were ever called down."""
    changes = room.entries(LogKind.CONDITION_CHANGED)
    return [entry.subject for entry in changes if entry.facts["to"] == Condition.DOWN]


def counted(store: ReadStore, outcome: Outcome) -> int:
    """Return how many readings of this outcome the store holds."""
    code, now_utc_s = OUTCOME_CODE[outcome], time.time()
    return sum(
        int((store.samples(series, now_utc_s - 60, now_utc_s + 1).outcome == code).sum())
        for series in store.series()
    )


def unknown_for_want_of_a_route(store: ReadStore) -> set[str]:
    """Return the endpoints that cannot be asked because this machine has no route to them."""
    return {
        state.endpoint_id
        for state in store.states()
        if (state.condition, state.reason) == (Condition.UNKNOWN, "no_route")
    }


def lost_on_the_beat(store: ReadStore) -> tuple[int, int]:
    """Return how many readings on the beat count as lost, reading by reading and in the minutes."""
    now_utc_s, raw, minutes = time.time(), 0, 0
    for series in store.series():
        samples = store.samples(series, now_utc_s - 300, now_utc_s + 1)
        raw += int((lost_codes(samples.outcome, samples.reason) & samples.beat).sum())
        rollup = store.curves([series], now_utc_s - 300, now_utc_s + 1, Resolution.MINUTE)[series].rollup
        minutes += 0 if rollup is None else int(rollup.lost.sum())
    return raw, minutes


def test_an_interface_that_is_down_is_one_alarm_of_our_own(room: Room, store: ReadStore) -> None:
    """Set down and up under a running engine: one alarm, all unknown, blind time, and nobody blamed."""
    cut_utc_s = time.time()
    room.lab.cut()
    until(lambda: store.alarms(), 10, "the alarm")
    told_after_s = time.time() - cut_utc_s
    until(lambda: conditions(store) == {("unknown", "own_connection_lost")}, 5, "all to be unknown")
    time.sleep(3.0)
    assert [(alarm.subject, alarm.cause) for alarm in store.alarms()] == [("engine", "own_connection_lost")]
    assert conditions(store) == {("unknown", "own_connection_lost")}
    assert store.alarms()[0].since_utc_s >= cut_utc_s - 0.1

    back_utc_s = time.time()
    room.lab.mend()
    until(lambda: conditions(store) == {("up", "none")}, 10, "all to be up again")
    up_after_s = time.time() - back_utc_s
    assert told_after_s < TOLD_WITHIN_S
    assert up_after_s < BACK_WITHIN_S
    assert [alarm.state for alarm in store.alarms()] == [AlarmState.RETURNED_UNACKNOWLEDGED]
    (blind,) = store.blind_time(0.0, time.time())
    assert blind.cause == "own_connection_lost"
    assert blind.from_utc_s == pytest.approx(cut_utc_s, abs=TOLD_WITHIN_S)
    assert blind.until_utc_s == pytest.approx(back_utc_s, abs=BACK_WITHIN_S)
    assert called_down(room) == []


def test_what_a_dead_link_beyond_our_own_interface_costs_is_nobodys_loss(
    room: Room, store: ReadStore
) -> None:
    """The interface stays up and nothing comes back: no figure of any endpoint knows of it."""
    time.sleep(2.0)
    dead_utc_s = time.time()
    room.lab.script_all(TargetScript(silent=True))
    until(lambda: store.alarms(), 10, "the alarm")
    cursor, live = store.tail(0).cursor, Counter[tuple[str, str]]()
    time.sleep(4.0)
    room.lab.script_all(TargetScript(delay_s=0.01))
    back_utc_s = time.time()
    until(lambda: conditions(store) == {("up", "none")}, 10, "all to be up again")
    time.sleep(2.5)

    assert [(alarm.subject, alarm.cause) for alarm in store.alarms()] == [("engine", "own_connection_lost")]
    assert called_down(room) == []
    (blind,) = store.blind_time(0.0, time.time())
    assert dead_utc_s - 0.05 < blind.from_utc_s < dead_utc_s + 0.3
    assert blind.until_utc_s == pytest.approx(back_utc_s, abs=1.2)
    assert lost_on_the_beat(store) == (0, 0)
    for reading in store.tail(cursor).readings:
        live[reading.outcome, reading.reason] += 1
    assert {told for told in live if told[0] != Outcome.REPLIED} <= BLIND_TELLINGS

    blind_rows = [row for row in room.exported_rows("samples") if row["reason"] == Reason.BLIND]
    seen = Counter(row["outcome"] for row in blind_rows if row["beat"])
    assert set(seen) == {Outcome.NOT_RUN}
    assert sum(seen.values()) == pytest.approx(TARGETS * (back_utc_s - dead_utc_s), abs=1.5 * TARGETS)
    since, until_text = utc_text(blind.from_utc_s - 0.02, digits=6), utc_text(blind.until_utc_s, digits=6)
    assert all(since <= str(row["at"]) <= until_text for row in blind_rows)


def test_a_default_route_that_is_gone_is_one_alarm_and_the_neighbours_are_judged(
    routed_lab: LabNetwork, tmp_path: Path
) -> None:
    """No anchor, and neighbours that are asked slowly: nothing beyond is blamed, and one neighbour is."""
    routed_lab.script_all(TargetScript(delay_s=0.01, jitter_s=0.002))
    room = Room(routed_lab, tmp_path / "room", 12)
    head, *parts = room.site.read_text(encoding="utf-8").split("[[endpoints]]\n")
    parts[:3] = [part.replace("period_s = 1.0", "period_s = 5.0") for part in parts[:3]]
    parts[3:] = [part.replace('address = "10.99.0.', 'address = "198.51.100.') for part in parts[3:]]
    room.site.write_text(
        "[[endpoints]]\n".join([head.split("[own_connectivity]")[0], *parts]), encoding="utf-8"
    )
    room.start()
    store, beyond = room.read(), {f"t{number}" for number in range(4, 13)}
    until(lambda: [state.condition for state in store.states()] == ["up"] * 12, 15, "all to be up")

    room.lab.run(["ip", "route", "del", "default"])
    gone_utc_s = time.time()
    until(lambda: unknown_for_want_of_a_route(store) == beyond, 5, "all beyond to be unknown")
    assert time.time() - gone_utc_s < TOLD_WITHIN_S
    room.lab.script(room.lab.address(2), TargetScript(silent=True))
    until(lambda: len(store.alarms()) > 1, 10, "the neighbour's own alarm")
    time.sleep(1.0)
    assert {(alarm.subject, alarm.cause, alarm.reason) for alarm in store.alarms()} == {
        ("engine", "no_way_out_v4", "no_default_route"),
        ("t2", "down", "deadline"),
    }
    assert unknown_for_want_of_a_route(store) == beyond
    assert list(store.blind_time(0.0, time.time())) == []

    room.lab.run(["ip", "route", "add", "default", "via", room.lab.gateway, "dev", room.lab.device])
    until(lambda: not unknown_for_want_of_a_route(store), 5, "all beyond to be asked again")
    until(
        lambda: all(not alarm.active for alarm in store.alarms() if alarm.subject == "engine"), 2, "its end"
    )
    assert room.entries(LogKind.OWN_CONNECTION_LOST) == []
    assert called_down(room) == ["t2"]
    store.close()
    room.end()


def test_an_endpoint_that_stays_away_is_blamed_only_by_fresh_silence(room: Room, store: ReadStore) -> None:
    """One endpoint dies while we are cut off: it is down after the return, counted from there."""
    room.lab.cut()
    until(lambda: store.alarms(), 10, "the alarm")
    room.lab.script(room.lab.address(7), TargetScript(silent=True))
    time.sleep(1.0)
    back_utc_s = time.time()
    room.lab.mend()
    until(lambda: len(store.alarms()) == 2, 10, "the endpoint's own alarm")
    assert called_down(room) == ["t7"]
    (alarm,) = (alarm for alarm in store.alarms() if alarm.subject != "engine")
    assert alarm.subject == "t7"
    assert alarm.since_utc_s >= back_utc_s
    assert time.time() - back_utc_s < BACK_WITHIN_S + 2.0


def test_a_machine_that_stood_still_blames_nobody(room: Room, store: ReadStore) -> None:
    """Halted with questions under way whose answers never come: blind time, and no false downs."""
    assert room.engine is not None
    room.lab.script_all(TargetScript(silent=True))
    time.sleep(0.3)
    room.engine.send_signal(signal.SIGSTOP)
    time.sleep(4.0)
    room.lab.script_all(TargetScript(delay_s=0.01))
    room.engine.send_signal(signal.SIGCONT)
    until(lambda: store.blind_time(0.0, time.time()), 5, "the blind time")
    time.sleep(3.0)
    assert [blind.cause for blind in store.blind_time(0.0, time.time())] == ["overloaded"]
    assert list(store.alarms()) == []
    assert counted(store, Outcome.NO_REPLY) == 0
    assert counted(store, Outcome.NOT_RUN) > 0
    assert conditions(store) == {("up", "none")}
    assert room.entries(LogKind.CONDITION_CHANGED, LogKind.OWN_CONNECTION_LOST, LogKind.ALARM_RAISED) == []
