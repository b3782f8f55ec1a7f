"""One transition of an alarm with the one log entry that tells of it. It decides no transition.

Rules:
1. An entry tells the number of the alarm, its cause, reason and priority, and whatever else the transition
   made another, each under the name of its field. So folding the entries gives the alarms (``replay.py``).
2. A new alarm tells all that is not as usual.
3. ``why`` says why, where a transition has more than one cause; ``operator`` who, where a person did it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.logbook.entry import Draft, Fact, LogKind

TOLD_ANYWAY: Final = frozenset({"number", "subject", "cause", "reason", "priority"})
"""The fields that every entry tells in its own way."""

_FIELDS: Final = tuple(field for field in fields(Alarm) if field.name not in TOLD_ANYWAY)


@dataclass(frozen=True, slots=True)
class Moved:
    """An alarm after a transition, with the one log entry that tells of it."""

    alarm: Alarm
    entry: Draft


def moved(
    before: Alarm | None, after: Alarm, kind: LogKind, at_utc_s: float, operator: str = "", /, **more: Fact
) -> Moved:
    """Tell a transition (rules 1 to 3); ``before`` is ``None`` for a new alarm."""
    if after.ended:
        after = replace(after, ended_utc_s=at_utc_s)
    facts: dict[str, Fact] = {
        "alarm": after.number,
        "cause": after.cause.value,
        "reason": after.reason,
        "priority": int(after.priority),
        **_changed(before, after),
        **more,
    }
    return Moved(after, Draft(at_utc_s, kind, after.subject, operator, facts))


def _changed(before: Alarm | None, after: Alarm) -> dict[str, Fact]:
    told: dict[str, Fact] = {}
    for field in _FIELDS:
        value = getattr(after, field.name)
        if value != (field.default if before is None else getattr(before, field.name)):
            told[field.name] = value.value if isinstance(value, Enum) else value
    return told
