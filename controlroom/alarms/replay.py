"""The alarms as the entries of the log tell them: what a log alone says of who was called, when and why.

Rules:
1. Every entry of an alarm tells what it made another (``moved.py``); folded in order they give the alarms.
2. When an engine starts, all stamps are given; when the clock is set, those made since are told anew, as the
   register does (``register.py`` rule 4).
3. An entry of a program before all this told less: what its kind says is taken for granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.moved import TOLD_ANYWAY
from controlroom.alarms.stamps import in_new_time
from controlroom.logbook.entry import ALARM_KINDS, Draft, Entry, Fact, LogKind

_FIELDS: Final = frozenset(field.name for field in fields(Alarm)) - TOLD_ANYWAY
_BY_KIND: Final = {
    LogKind.ALARM_RAISED: AlarmState.UNACKNOWLEDGED,
    LogKind.ALARM_RAISED_AGAIN: AlarmState.UNACKNOWLEDGED,
    LogKind.ALARM_ENDED: AlarmState.NORMAL,
}


def replay(entries: Iterable[Entry | Draft]) -> dict[int, Alarm]:
    """Return the alarms that have not ended by the last of the entries, by number."""
    alarms: dict[int, Alarm] = {}
    given: dict[int, Alarm] = {}
    for entry in entries:
        if entry.kind is LogKind.ENGINE_STARTED:
            given = dict(alarms)
        elif entry.kind is LogKind.CLOCK_STEPPED:
            step_s = float(entry.facts.get("step_s") or 0.0)
            alarms = {key: in_new_time(alarm, given.get(key), step_s) for key, alarm in alarms.items()}
        elif entry.kind in ALARM_KINDS:
            _fold(alarms, entry)
    return alarms


def _fold(alarms: dict[int, Alarm], entry: Entry | Draft) -> None:
    number = entry.facts.get("alarm")
    if not isinstance(number, int):
        return
    alarm = _moved(alarms.get(number), number, entry)
    if alarm.ended:
        alarms.pop(number, None)
    else:
        alarms[number] = alarm


def _moved(before: Alarm | None, number: int, entry: Entry | Draft) -> Alarm:
    facts = entry.facts
    told: dict[str, Any] = {name: value for name, value in facts.items() if name in _FIELDS}
    known = {} if before is None else {name: getattr(before, name) for name in _FIELDS}
    told = {"since_utc_s": entry.at_utc_s, "raised_utc_s": entry.at_utc_s} | known | told
    told["state"] = AlarmState(str(facts["state"])) if "state" in facts else _state(before, entry.kind, facts)
    return Alarm(
        number=number,
        subject=entry.subject,
        cause=Cause(str(facts["cause"])),
        reason=str(facts["reason"]),
        priority=Priority(int(facts["priority"] or Priority.LOW)),
        **told,
    )


def _state(before: Alarm | None, kind: LogKind, facts: Mapping[str, Fact]) -> AlarmState:
    """Return the state of an alarm whose entry tells none: as it was, or what its kind says (rule 3)."""
    if facts.get("ended") is True:
        return AlarmState.NORMAL
    if before is None or (kind in _BY_KIND and before.state is not _BY_KIND[kind]):
        return _BY_KIND.get(kind, AlarmState.UNACKNOWLEDGED)
    if kind is LogKind.ALARM_RETURNED and before.active:
        return AlarmState.RETURNED_UNACKNOWLEDGED
    if kind is LogKind.ALARM_ACKNOWLEDGED and before.state is AlarmState.UNACKNOWLEDGED:
        return AlarmState.ACKNOWLEDGED
    return before.state
