"""Reads the health of the alarms over a range from a store. It words nothing and judges nothing.

Rules:
1. The log is read in pages of some days, so that a year of it takes no more memory than its alarms.
2. Some days before the range are read besides: they tell what stood and what was hidden when it began.
3. Monitored is the time from the beginning of the log on, but for blind time and for what followed the
   engine's newest sign of life.
4. While an engine lives, now is its newest second: what it is about to write is no blind time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.health.figures import AlarmHealth, health_of
from controlroom.alarms.health.monitored import Span, monitored
from controlroom.logbook.entry import ALARM_KINDS, Entry, LogKind
from controlroom.store.interface import ReadStore

USUAL_DAYS: Final = 30
DAY_S: Final = 86_400.0
_PAGE_S: Final = 7 * DAY_S
_LEAD_IN_S: Final = 7 * DAY_S
_ALIVE_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class HealthRead:
    """What was asked for, and what was found of it: it begins later where the log does."""

    asked_since_utc_s: float
    health: AlarmHealth

    @property
    def log_is_younger(self) -> bool:
        """Whether the log begins within the range that was asked for."""
        return self.health.ran.since_utc_s > self.asked_since_utc_s


def newest_utc_s(store: ReadStore, utc_s: float) -> float:
    """Return now, or the newest second where that was a moment ago (rule 4)."""
    heartbeat = store.heartbeat()
    if heartbeat is None or not 0 <= utc_s - heartbeat.at_utc_s <= _ALIVE_WITHIN_S:
        return utc_s
    return heartbeat.at_utc_s


def read_alarm_health(
    store: ReadStore, since_utc_s: float, until_utc_s: float, positions: int = 1
) -> HealthRead:
    """Read a range; what was never logged is in it as not monitored at all."""
    begun_utc_s = min(_log_begin(store, since_utc_s, until_utc_s), until_utc_s)
    ran = monitored(begun_utc_s, until_utc_s, _blind(store, begun_utc_s, until_utc_s))
    first_utc_s = since_utc_s - _LEAD_IN_S
    entries = _entries(store, first_utc_s, until_utc_s)
    before = _standing_before(store, first_utc_s, since_utc_s)
    return HealthRead(since_utc_s, health_of(entries, ran, positions=positions, before=before))


def _log_begin(store: ReadStore, since_utc_s: float, until_utc_s: float) -> float:
    """Return when the range begins, or the log in it; its end where there is no log."""
    if store.entries(until_utc_s=since_utc_s, newest=1):
        return since_utc_s
    begun = store.entries(
        since_utc_s=since_utc_s, until_utc_s=until_utc_s, kinds=frozenset({LogKind.ENGINE_STARTED})
    )
    return begun[0].at_utc_s if begun else until_utc_s


def _blind(store: ReadStore, since_utc_s: float, until_utc_s: float) -> list[Span]:
    spans = [(each.from_utc_s, each.until_utc_s) for each in store.blind_time(since_utc_s, until_utc_s)]
    heartbeat = store.heartbeat()
    last_utc_s = since_utc_s if heartbeat is None else heartbeat.at_utc_s
    if last_utc_s < until_utc_s:
        spans.append((last_utc_s, until_utc_s))
    return spans


def _entries(store: ReadStore, since_utc_s: float, until_utc_s: float) -> Iterator[Entry]:
    """Read the entries of alarms page by page (rule 1)."""
    while since_utc_s < until_utc_s:
        page_utc_s = min(since_utc_s + _PAGE_S, until_utc_s)
        yield from store.entries(since_utc_s=since_utc_s, until_utc_s=page_utc_s, kinds=ALARM_KINDS)
        since_utc_s = page_utc_s


def _standing_before(store: ReadStore, first_utc_s: float, since_utc_s: float) -> list[Alarm]:
    """Return the alarms that stand since before the first entry that is read."""
    known = store.alarms(ended_since_utc_s=since_utc_s)
    return [each for each in known if each.raised_utc_s < first_utc_s]
