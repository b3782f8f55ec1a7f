"""The health of the alarms as it is read from a store: which time was monitored, and what came before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.health.targets import Measure
from controlroom.logbook.entry import ALARM_KINDS, Entry, Fact, LogKind
from controlroom.report.alarm_health import DAY_S, HealthRead, newest_utc_s, read_alarm_health
from controlroom.store.interface import BlindTime, Heartbeat
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore

HOUR_S = 3600.0
BEGUN_S = NOON_UTC_S - 40 * DAY_S


@dataclass
class PagedStore(MemoryStore):
    """A store that counts the pages, and holds what does not end, as the real one does."""

    pages: list[int] = field(default_factory=list)

    def entries(
        self,
        *,
        after_number: int = 0,
        since_utc_s: float | None = None,
        until_utc_s: float | None = None,
        kinds: frozenset[LogKind] | None = None,
        newest: int | None = None,
    ) -> Sequence[Entry]:
        """Leave the end out."""
        found = super().entries(
            after_number=after_number,
            since_utc_s=since_utc_s,
            until_utc_s=None if until_utc_s is None else math.nextafter(until_utc_s, 0.0),
            kinds=kinds,
            newest=newest,
        )
        if kinds == ALARM_KINDS:
            self.pages.append(len(found))
        return found


def store(begun_s: float = BEGUN_S) -> PagedStore:
    """An engine that has run since then."""
    held = PagedStore(beat=Heartbeat(1, NOON_UTC_S, {}, 1))
    held.tell(LogKind.ENGINE_STARTED, "engine", begun_s)
    return held


def alarm(held: MemoryStore, number: int, at_s: float) -> None:
    """Raise an alarm."""
    facts: dict[str, Fact] = {"alarm": number, "cause": "down", "reason": "deadline", "priority": 2}
    held.tell(LogKind.ALARM_RAISED, "mast", at_s, **facts)


def month(held: MemoryStore) -> HealthRead:
    """The last thirty days."""
    return read_alarm_health(held, NOON_UTC_S - 30 * DAY_S, NOON_UTC_S)


def test_the_log_is_read_in_pages_and_told_as_one() -> None:
    """Thirty days and the week before them in six; what lies on an edge counts once."""
    held = store()
    for place in range(30):
        alarm(held, place + 1, NOON_UTC_S - (30 - place) * DAY_S)
    read = month(held)
    assert read.health.presented == 30
    assert sum(held.pages) == 30
    assert max(held.pages) == 7
    assert not read.log_is_younger
    assert not read.health.short


def test_a_log_that_is_younger_begins_the_range() -> None:
    """What was before it was never monitored."""
    read = month(store(NOON_UTC_S - 3 * DAY_S))
    assert read.log_is_younger
    assert read.health.ran.since_utc_s == NOON_UTC_S - 3 * DAY_S
    assert read.health.short


def test_where_there_is_no_log_nothing_is_known() -> None:
    """Not even that there was no alarm."""
    read = month(PagedStore())
    assert read.health.ran.length_s == 0.0
    assert {each.value for each in read.health.judged} == {None}


def test_blind_time_and_a_dead_engine_are_no_monitoring() -> None:
    """From the newest sign of life on nobody watches."""
    held = store()
    held.blind = [BlindTime(NOON_UTC_S - 5 * HOUR_S, NOON_UTC_S - 3 * HOUR_S, "engine_stopped")]
    held.beat = Heartbeat(1, NOON_UTC_S - HOUR_S, {}, None)
    read = read_alarm_health(held, NOON_UTC_S - 10 * HOUR_S, NOON_UTC_S)
    assert read.health.ran.length_s == pytest.approx(7 * HOUR_S)


def test_a_living_engine_says_what_now_is() -> None:
    """A dead one does not."""
    held = store()
    assert newest_utc_s(held, NOON_UTC_S + 2.0) == NOON_UTC_S
    assert newest_utc_s(held, NOON_UTC_S + 60.0) == NOON_UTC_S + 60.0


def test_what_stands_since_long_before_is_stale() -> None:
    """Although no entry that is read tells of it; what ended before the range is not."""
    held = store()
    usual = (Cause.DOWN, "deadline", Priority.HIGH)
    raised_s = NOON_UTC_S - 39 * DAY_S
    stands = Alarm(1, "old", *usual, AlarmState.ACKNOWLEDGED, raised_s, raised_s, 1, raised_s, "Eva")
    gone_s = NOON_UTC_S - 35 * DAY_S
    gone = Alarm(2, "gone", *usual, AlarmState.NORMAL, raised_s, raised_s, 1, gone_s, "Eva", "", gone_s)
    held.all_alarms = [stands, gone]
    read = month(held)
    assert [each.source.subject for each in read.health.stale_now] == ["old"]
    assert (read.health.told(Measure.STALE).value, read.health.presented) == (1, 0)


def test_the_days_before_the_range_tell_what_stood() -> None:
    """Raised three days before it, an alarm is stale in it, and counted by none of its averages."""
    held = store()
    alarm(held, 1, NOON_UTC_S - 33 * DAY_S)
    read = month(held)
    assert (read.health.presented, len(read.health.stale_now)) == (0, 1)
