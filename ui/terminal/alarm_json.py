"""An alarm as JSON, the same in every list; its keys stay.

    {"number", "subject", "cause", "reason", "priority", "state", "shown_state", "since", "raised",
     "acknowledged", "acknowledged_by", "acknowledged_until", "returned", "note", "occurrences", "owner",
     "steps_done": [1, …], "shelved", "shelved_until", "shelved_by", "shelved_why", "one_shot",
     "suppressed_by", "part_of", "out_of_service", "out_of_service_by", "out_of_service_why", "members"}

``state`` tells of the fault and its acknowledgement, ``shown_state`` what counts of all: ``out_of_service``,
``suppressed`` and ``shelved`` hide an alarm. ``suppressed_by`` is a code (``behind:<endpoint>``,
``part_of:<subject>``), ``part_of`` the number of the alarm that tells of the common cause, ``members`` how
many alarms that stand are part of this one. ``out_of_service`` is ``operator`` or ``maintenance:<number>``.
Texts are empty and times, ``part_of`` ``null`` where there is nothing to tell. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from controlroom.alarms.alarm import Alarm
from controlroom.report.figures import utc_text


def members_of(alarms: Iterable[Alarm]) -> Mapping[int, int]:
    """Count the alarms that are part of another, by the number of that one."""
    return Counter(alarm.part_of for alarm in alarms if alarm.part_of is not None)


def alarm_json(alarm: Alarm, members: int) -> dict[str, object]:
    """Return an alarm as JSON's own types; ``members`` are part of it."""
    return {
        "number": alarm.number,
        "subject": alarm.subject,
        "cause": alarm.cause.value,
        "reason": alarm.reason,
        "priority": int(alarm.priority),
        "state": alarm.state.value,
        "shown_state": alarm.shown_state.value,
        "since": utc_text(alarm.since_utc_s),
        "raised": utc_text(alarm.raised_utc_s),
        "acknowledged": _time(alarm.acknowledged_utc_s),
        "acknowledged_by": alarm.acknowledged_by,
        "acknowledged_until": _time(alarm.acknowledged_until_utc_s),
        "returned": _time(alarm.returned_utc_s),
        "note": alarm.note,
        "occurrences": alarm.occurrences,
        "owner": alarm.owner,
        "steps_done": [int(step) for step in alarm.steps_done.split(",") if step],
        **_hiding(alarm),
        "members": members,
    }


def _hiding(alarm: Alarm) -> dict[str, object]:
    return {
        "shelved": _time(alarm.shelved_utc_s),
        "shelved_until": _time(alarm.shelved_until_utc_s),
        "shelved_by": alarm.shelved_by,
        "shelved_why": alarm.shelved_why,
        "one_shot": alarm.one_shot,
        "suppressed_by": alarm.suppressed_by,
        "part_of": alarm.part_of,
        "out_of_service": alarm.out_of_service,
        "out_of_service_by": alarm.out_of_service_by,
        "out_of_service_why": alarm.out_of_service_why,
    }


def _time(at_utc_s: float | None) -> str | None:
    return None if at_utc_s is None else utc_text(at_utc_s)
