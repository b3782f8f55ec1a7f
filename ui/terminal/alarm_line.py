"""Alarms as lines of text: what one is about, where it stands, how many are hidden. It reads no store.

Rules:
1. What is new stands out; colour only repeats what the words say.
2. Text of the site or of an operator is data: never markup, never a control sequence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from controlroom.alarms.alarm import Alarm, AlarmState, Cause
from controlroom.report import wording
from controlroom.report.alarm_words import service_words, suppression_words
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text
from controlroom.site.view import SiteView

_HIDDEN: Final = (AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)
_LONGEST_NAME: Final = 60


def badge(alarm: Alarm) -> tuple[str, str]:
    """Return the priority of an alarm, and how it is painted (rule 1)."""
    new = alarm.shown_state is AlarmState.UNACKNOWLEDGED
    return f"! P{int(alarm.priority)}", "bold white on red" if new else "bold"


def about(alarm: Alarm, view: SiteView | None) -> str:
    """Say what an alarm is about: ``Mast North: down, no reply in time``; the name alone without a fault."""
    if alarm.cause is Cause.NO_FAULT:
        return wording.subject_words(alarm.subject, view)
    seen = wording.seen_endpoint(alarm.subject, view)
    fault = wording.fault_words(
        alarm.cause, alarm.reason, seen, lambda other: wording.subject_words(other, view)
    )
    return f"{wording.subject_words(alarm.subject, view)}: {fault}"


def told(alarm: Alarm, view: SiteView | None, now_utc_s: float) -> str:
    """Tell an alarm in a line, without who has it: ``alarm 12, new: Mast North: down, 2 min``."""
    lasted = duration_text(now_utc_s - alarm.since_utc_s)
    return f"alarm {alarm.number}, {wording.alarm_state_words(alarm.state)}: {about(alarm, view)}, {lasted}"


def whose(alarm: Alarm, now_utc_s: float) -> str:
    """Say who acknowledged an alarm, for how long still, and who has it in hand."""
    parts = []
    if alarm.acknowledged_by:
        until_utc_s = alarm.acknowledged_until_utc_s
        left = "" if until_utc_s is None else f" for another {_left(until_utc_s, now_utc_s)}"
        parts.append(f"by {_name(alarm.acknowledged_by)}{left}")
    if alarm.owner and alarm.owner != alarm.acknowledged_by:
        parts.append(f"with {_name(alarm.owner)}")
    return ", ".join(parts)


def why_hidden(alarm: Alarm, view: SiteView | None, now_utc_s: float) -> str:
    """Say what hides an alarm, all of it; empty for one that is not hidden."""
    parts = []
    if alarm.out_of_service:
        by, why = alarm.out_of_service_by, alarm.out_of_service_why
        parts.append(f"{service_words(alarm.out_of_service)}{_by(by)}{_because(why)}")
    if alarm.suppressed_by:
        number = "" if alarm.part_of is None else f" (alarm {alarm.part_of})"
        parts.append(f"{suppression_words(alarm.suppressed_by, view)}{number}")
    if alarm.shelved:
        until_utc_s = alarm.shelved_until_utc_s
        left = "" if until_utc_s is None else f" for another {_left(until_utc_s, now_utc_s)}"
        once = ", or until it is over" if alarm.one_shot else ""
        parts.append(f"shelved{left}{once}{_by(alarm.shelved_by)}{_because(alarm.shelved_why)}")
    return "; ".join(parts)


def hidden_counts(hidden: Iterable[Alarm]) -> str:
    """Count what is hidden: ``2 shelved, 3 suppressed, 1 out of service``; empty where nothing is."""
    counts = Counter(alarm.shown_state for alarm in hidden)
    shown = ((counts[state], wording.alarm_state_words(state)) for state in _HIDDEN)
    return ", ".join(f"{count:,} {words}" for count, words in shown if count)


def _left(until_utc_s: float, now_utc_s: float) -> str:
    return duration_text(until_utc_s - now_utc_s)


def _by(name: str) -> str:
    return f" by {_name(name)}" if name else ""


def _because(why: str) -> str:
    return f": “{printable(why, 400)}”" if why else ""


def _name(name: str) -> str:
    return printable(name, _LONGEST_NAME)
