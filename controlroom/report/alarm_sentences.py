"""Each entry about an alarm as one sentence for people. What an entry tells is the alarm's own affair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from controlroom.alarms.escalation import NOBODY_ON_DUTY
from controlroom.alarms.hiding import TIME_OVER
from controlroom.alarms.transitions import WORSE
from controlroom.logbook.entry import LogKind
from controlroom.report import wording
from controlroom.report.alarm_words import service_words, suppression_words
from controlroom.report.figures import local_text
from controlroom.report.told_entry import ToldEntry
from controlroom.site.duty import DESK


def _alarm_raised(told: ToldEntry) -> str:
    priority = told.words("priority")
    shown = f", priority {priority}" if priority else ""
    return f"{told.alarm()} raised{shown}: {told.fault()}{told.began()}.{told.note()}"


def _alarm_raised_again(told: ToldEntry) -> str:
    occurrences, priority = told.number("occurrences"), told.words("priority")
    times = f", occurrence {occurrences:.0f}" if occurrences is not None and occurrences > 1 else ""
    shown = f", priority {priority}" if priority else ""
    return f"{told.alarm()} raised again{shown}{times}: {told.fault()}{told.began()}.{told.note()}"


def _alarm_eased(told: ToldEntry) -> str:
    priority = told.words("priority")
    return f"{told.alarm()} eased{f' to priority {priority}' if priority else ''}: {told.fault()}."


def _alarm_reason_changed(told: ToldEntry) -> str:
    before = told.words("before")
    was = f" (before: {wording.reason_words(before, told.seen, name_of=told.name_of)})" if before else ""
    return f"{told.alarm()} has another reason: {told.fault()}{was}."


def _alarm_acknowledged(told: ToldEntry) -> str:
    ended = " and so ended" if told.entry.facts.get("ended") is True else ""
    return f"{told.alarm()} acknowledged{told.by()}{ended}: {told.fault()}.{told.note()}"


def _alarm_returned(told: ToldEntry) -> str:
    ended = " and ended" if told.entry.facts.get("ended") is True else ", not yet acknowledged"
    return f"{told.alarm()} is over{ended}: {told.fault()}."


def _alarm_ended(told: ToldEntry) -> str:
    why = told.words("why")
    return (
        f"{told.alarm()} ended{told.by()}{f' ({wording.reason_words(why)})' if why else ''}: {told.fault()}."
    )


def _alarm_latched(told: ToldEntry) -> str:
    return f"{told.alarm()} is over and held until it is reset: {told.fault()}."


def _alarm_reset(told: ToldEntry) -> str:
    return f"{told.alarm()} reset{told.by()}: {told.fault()}.{told.note()}"


def _alarm_shelved(told: ToldEntry) -> str:
    until, one_shot = told.number("shelved_until_utc_s"), told.entry.facts.get("one_shot") is True
    end = f" until {local_text(until, told.zone)}" if until is not None else ""
    why = told.words("shelved_why")
    once = ", or until it is over if that is sooner" if one_shot else ""
    return (
        f"{told.alarm()} shelved{told.by()}{end}{once}: {told.fault()}.{f' Reason: “{why}”' if why else ''}"
    )


def _alarm_unshelved(told: ToldEntry) -> str:
    why = told.words("why")
    said = {
        TIME_OVER: "is off its shelf: the time is over",
        WORSE: "is off its shelf: it became more urgent",
    }.get(why, f"taken off its shelf{told.by()}")
    return f"{told.alarm()} {said}: {told.fault()}.{_what_now(told)}{told.note()}"


def _alarm_suppressed(told: ToldEntry) -> str:
    by = suppression_words(told.words("suppressed_by"), told.view)
    return f"{told.alarm()} suppressed, {by}: {told.fault()}."


def _alarm_released(told: ToldEntry) -> str:
    by = suppression_words(told.words("by"), told.view)
    return f"{told.alarm()} is no longer {by}: {told.fault()}.{_what_now(told)}"


def _alarm_out_of_service(told: ToldEntry) -> str:
    why = told.words("out_of_service_why")
    how = service_words(told.words("out_of_service"))
    reason = f" Reason: “{why}”" if why else ""
    return f"{told.alarm()} {how}{told.by()}: {told.fault()}.{reason}"


def _alarm_in_service(told: ToldEntry) -> str:
    return f"{told.alarm()} back in service{told.by()}: {told.fault()}.{_what_now(told)}"


def _alarm_assigned(told: ToldEntry) -> str:
    owner, was = told.words("owner"), told.words("was")
    given = f"given to {owner}" if owner else "given out of hand"
    return (
        f"{told.alarm()} {given}{told.by()}{f', was with {was}' if was else ''}: {told.subject}.{told.note()}"
    )


def _alarm_step_ticked(told: ToldEntry) -> str:
    step, done = told.number("step"), told.entry.facts.get("done") is True
    which = f"step {step:.0f}" if step is not None else "a step"
    what = "done" if done else "not done after all"
    step_words = told.words("words").rstrip(". ")
    return f"{told.alarm()}, {which} {what}{told.by()}: {step_words or told.subject}."


def _alarm_expired(told: ToldEntry) -> str:
    by = f" by {told.words('by')}" if told.words("by") else ""
    return f"{told.alarm()} calls again: the time of the acknowledgement{by} is over: {told.fault()}."


def _alarm_reminded(told: ToldEntry) -> str:
    by = told.words("by") or "somebody"
    return f"{told.alarm()} calls again: {by} acknowledged it long ago, and it stands: {told.fault()}."


def _alarm_joined(told: ToldEntry) -> str:
    member = wording.subject_words(str(told.entry.facts.get("member") or ""), told.view)
    return f"{told.alarm()} calls again: {member} failed as well: {told.fault()}."


def _alarm_escalated(told: ToldEntry) -> str:
    to = told.words("to_name") or told.words("to")
    to = "the desk, louder" if to == DESK else to
    shift = told.words("shift")
    empty = told.words("why") == NOBODY_ON_DUTY
    why = f" (nobody is on duty{f' by {shift}' if shift else ''})" if empty else ""
    return f"{told.alarm()} not acknowledged; next is {to or 'nobody'}{why}: {told.fault()}."


def _what_now(told: ToldEntry) -> str:
    """Say whether an alarm that is shown again calls for somebody."""
    return " It is over." if told.entry.facts.get("ended") is True else ""


ALARM_TELLERS: Final[Mapping[LogKind, Callable[[ToldEntry], str]]] = MappingProxyType(
    {
        LogKind.ALARM_RAISED: _alarm_raised,
        LogKind.ALARM_RAISED_AGAIN: _alarm_raised_again,
        LogKind.ALARM_EASED: _alarm_eased,
        LogKind.ALARM_REASON_CHANGED: _alarm_reason_changed,
        LogKind.ALARM_ACKNOWLEDGED: _alarm_acknowledged,
        LogKind.ALARM_RETURNED: _alarm_returned,
        LogKind.ALARM_ENDED: _alarm_ended,
        LogKind.ALARM_LATCHED: _alarm_latched,
        LogKind.ALARM_RESET: _alarm_reset,
        LogKind.ALARM_SHELVED: _alarm_shelved,
        LogKind.ALARM_UNSHELVED: _alarm_unshelved,
        LogKind.ALARM_SUPPRESSED: _alarm_suppressed,
        LogKind.ALARM_RELEASED: _alarm_released,
        LogKind.ALARM_OUT_OF_SERVICE: _alarm_out_of_service,
        LogKind.ALARM_IN_SERVICE: _alarm_in_service,
        LogKind.ALARM_ASSIGNED: _alarm_assigned,
        LogKind.ALARM_STEP_TICKED: _alarm_step_ticked,
        LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED: _alarm_expired,
        LogKind.ALARM_REMINDED: _alarm_reminded,
        LogKind.ALARM_JOINED: _alarm_joined,
        LogKind.ALARM_ESCALATED: _alarm_escalated,
    }
)
"""How each kind of entry about an alarm is told."""
