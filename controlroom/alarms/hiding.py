"""What hides an alarm, and what shows it again: shelving, suppression by design, out of service.

Rules:
1. What hides an alarm ends its acknowledgement. An alarm whose fault is over by then waits for nobody.
2. What shows it again goes by its fault as it is now: it stands, and calls anew, or it is over, and the alarm
   ends. It never comes back acknowledged.
3. A shelf has a reason and an end, or two: a time, and for a one-shot shelf the end of the fault.
4. Suppression by design says by what: what it stands behind, or the alarm that tells the common cause. It may
   move from one to another.
5. Out of service wins over suppressed, and that over shelved; where one ends, the others go on. Nothing calls
   anew before all have ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.alarms.moved import Moved, moved
from controlroom.alarms.transitions import unacknowledged, without_shelf
from controlroom.logbook.entry import Fact, LogKind

TIME_OVER = "time_over"
TAKEN_BACK = "taken_back"

CLOCK_SLACK_S: Final = 2.0
"""By so much a clock may be behind without a word."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """For how many seconds an alarm is put away, by whom and why; one-shot: not beyond its fault."""

    for_s: float
    by: str
    why: str
    one_shot: bool = False
    role: str = ""
    justified: bool = False
    """Whether it is longer than usual, with a reason for that."""


def shelved(alarm: Alarm, shelf: Shelf, at_utc_s: float) -> Moved | None:
    """Put an alarm away for a time (rules 1 and 3), or anew; ``None`` for one that has ended."""
    if alarm.ended:
        return None
    away = replace(
        _quiet(alarm),
        shelved_utc_s=at_utc_s,
        shelved_until_utc_s=at_utc_s + shelf.for_s,
        shelved_by=shelf.by,
        shelved_why=shelf.why,
        one_shot=shelf.one_shot,
    )
    facts: dict[str, Fact] = {"role": shelf.role, "justified": shelf.justified}
    return moved(alarm, away, LogKind.ALARM_SHELVED, at_utc_s, shelf.by, **facts)


def unshelved(alarm: Alarm, operator: str, why: str, at_utc_s: float, note: str = "") -> Moved | None:
    """End a shelf (rule 2); ``None`` where there is none."""
    if not alarm.shelved:
        return None
    back = replace(_shown(without_shelf(alarm), at_utc_s), note=note or alarm.note)
    facts: dict[str, Fact] = {"why": why, "ended": back.ended}
    if note:
        facts["note"] = note
    return moved(alarm, back, LogKind.ALARM_UNSHELVED, at_utc_s, operator, **facts)


def suppressed(before: Alarm | None, alarm: Alarm, by: str, part_of: int | None, at_utc_s: float) -> Moved:
    """Suppress an alarm by design (rules 1 and 4); ``before`` is ``None`` for one that is new with it."""
    away = replace(_quiet(alarm), suppressed_by=by, part_of=part_of)
    return moved(before, away, LogKind.ALARM_SUPPRESSED, at_utc_s)


def released(alarm: Alarm, at_utc_s: float) -> Moved | None:
    """End the suppression of an alarm (rule 2); ``None`` where there is none."""
    if not alarm.suppressed_by:
        return None
    back = _shown(replace(alarm, suppressed_by="", part_of=None), at_utc_s)
    by = alarm.suppressed_by
    return moved(alarm, back, LogKind.ALARM_RELEASED, at_utc_s, by=by, ended=back.ended)


def is_over(alarm: Alarm, at_utc_s: float) -> bool:
    """Whether a shelf's time is over, or the clock shows a time before it was made."""
    if alarm.shelved_utc_s is None or alarm.shelved_until_utc_s is None:
        return False
    return at_utc_s >= alarm.shelved_until_utc_s or at_utc_s < alarm.shelved_utc_s - CLOCK_SLACK_S


def taken_out(
    before: Alarm | None,
    alarm: Alarm,
    code: str,
    operator: str,
    why: str,
    at_utc_s: float,
    role: str | None = None,
) -> Moved:
    """Take an alarm out of service (rule 1); ``role`` is that of whoever did it, where a person did."""
    away = replace(_quiet(alarm), out_of_service=code, out_of_service_by=operator, out_of_service_why=why)
    facts: dict[str, Fact] = {} if role is None else {"role": role}
    return moved(before, away, LogKind.ALARM_OUT_OF_SERVICE, at_utc_s, operator, **facts)


def put_back(alarm: Alarm, operator: str, why: str, at_utc_s: float) -> Moved | None:
    """Put an alarm back into service (rule 2); ``None`` where it is."""
    if not alarm.out_of_service:
        return None
    shown = replace(alarm, out_of_service="", out_of_service_by="", out_of_service_why="")
    back = _shown(shown, at_utc_s)
    return moved(alarm, back, LogKind.ALARM_IN_SERVICE, at_utc_s, operator, why=why, ended=back.ended)


def _quiet(alarm: Alarm) -> Alarm:
    """Return an alarm as it is while it is hidden (rule 1)."""
    quiet = unacknowledged(alarm, alarm.raised_utc_s)
    return quiet if alarm.active else replace(quiet, state=AlarmState.NORMAL)


def _shown(alarm: Alarm, at_utc_s: float) -> Alarm:
    """Return an alarm as it is once nothing hides it any more (rules 2 and 5)."""
    return replace(alarm, raised_utc_s=at_utc_s) if alarm.active and not alarm.hidden else alarm
