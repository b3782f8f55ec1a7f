"""A backtest as JSON, whose keys stay. It words and finds nothing.

    {"simulated", "rows", "endpoints": [E], "detections": [D], "conditions": [C], "alarms": [A],
     "grades": [G]}

    E = {"id", "name", "rows", "since", "until", "availability": {"ratio", "measured_s", "up_s", "degraded_s",
         "down_s", "blind_s", "unknown_s", "outages", "longest_outage_s"},
         "learning": {"settled", "missing_rows", "row_s", "missing_s"}, "timeout_s", "late_replies",
         "warnings": [W]}
    D = {"row", "time", "kind", "reason", "sign", "began", "before", "after", "readings"}
    C = {"row", "time", "condition", "was", "since", "reason", "code"}
    A = {"row", "raised", "returned", "cause", "reason", "code", "priority", "since", "times_raised",
         "lasted_s"}
    G = {"row", "time", "grade", "was", "reason", "code"}

``reason`` is a sentence, ``code`` what it was made from. Of a data folder each item has "endpoint" and
"probe" as well. Times are ISO 8601 in UTC with a Z, and what is not known is ``null``. ``docs/backtest.md``
says what each means.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from controlroom.measure.availability import Availability, Spent
from controlroom.report.figures import utc_text
from controlroom.report.replayed import FoundChange, Moment, Replayed, ReplayedAlarm, ToldEntry
from controlroom.report.replayed_words import alarm_sentence, change_sentence, entry_sentence
from ui.terminal.learning_json import learning_json

Item = Mapping[str, object]


def as_json(found: Sequence[Replayed], *, named: bool) -> dict[str, object]:
    """Return a backtest as JSON's own types; ``named`` names endpoint and probe with each item."""
    return {
        "simulated": any(each.view.simulated for each in found),
        "rows": sum(each.rows for each in found),
        "endpoints": [_endpoint(each) for each in found],
        "detections": [item for each in found for item in _detections(each, named)],
        "conditions": [item for each in found for item in _conditions(each, named)],
        "alarms": [item for each in found for item in _alarms(each, named)],
        "grades": [item for each in found for item in _grades(each, named)],
    }


def _endpoint(replayed: Replayed) -> Item:
    seen = next(iter(replayed.view.endpoints))
    return {
        "id": replayed.endpoint_id,
        "name": seen.name,
        "rows": replayed.rows,
        "since": _time(replayed.since_utc_s) if replayed.rows else None,
        "until": _time(replayed.until_utc_s) if replayed.rows else None,
        "availability": _availability(replayed.availability),
        "learning": learning_json(replayed.learning) if replayed.rows else None,
        "timeout_s": replayed.deadline_s,
        "late_replies": replayed.late_replies,
        "warnings": [f"{doubt.words} {doubt.cure}" for doubt in replayed.doubts],
    }


def _availability(found: Availability) -> Item:
    return {
        "ratio": found.ratio,
        "measured_s": found.measured_s,
        "up_s": found.time_s(Spent.UP),
        "degraded_s": found.time_s(Spent.DEGRADED),
        "down_s": found.time_s(Spent.DOWN),
        "blind_s": found.time_s(Spent.BLIND),
        "unknown_s": found.time_s(Spent.UNKNOWN),
        "outages": found.outages,
        "longest_outage_s": found.longest_outage_s,
    }


def _detections(replayed: Replayed, named: bool) -> Iterator[Item]:
    for found in replayed.changes:
        yield _of(replayed, found.moment, named) | _detection(found)


def _detection(found: FoundChange) -> dict[str, object]:
    detection = found.detection
    return {
        "time": _time(found.moment.at_utc_s),
        "kind": detection.kind.value,
        "reason": change_sentence(found),
        "sign": detection.sign.value,
        "began": _time(detection.began_at_s),
        "before": _number(detection.before),
        "after": _number(detection.after),
        "readings": detection.readings,
    }


def _conditions(replayed: Replayed, named: bool) -> Iterator[Item]:
    for told in replayed.conditions:
        facts = told.entry.facts
        yield _of(replayed, told.moment, named) | {
            "time": _time(told.moment.at_utc_s),
            "condition": facts["to"],
            "was": facts["from"],
            "since": _time(_seconds(facts["since_utc_s"])),
            "reason": entry_sentence(told, replayed.view),
            "code": facts["reason"],
        }


def _alarms(replayed: Replayed, named: bool) -> Iterator[Item]:
    for alarm in replayed.alarms:
        yield _of(replayed, alarm.raised, named) | _alarm(alarm, replayed)


def _alarm(alarm: ReplayedAlarm, replayed: Replayed) -> dict[str, object]:
    return {
        "raised": _time(alarm.raised.at_utc_s),
        "returned": None if alarm.returned is None else _time(alarm.returned.at_utc_s),
        "cause": alarm.cause,
        "reason": alarm_sentence(alarm, replayed.view),
        "code": alarm.reason,
        "priority": alarm.priority,
        "since": _time(alarm.since_utc_s),
        "times_raised": alarm.times_raised,
        "lasted_s": round(alarm.lasted_s(replayed.until_utc_s), 3),
    }


def _grades(replayed: Replayed, named: bool) -> Iterator[Item]:
    for told in replayed.grades:
        yield _of(replayed, told.moment, named) | _grade(told, replayed)


def _grade(told: ToldEntry, replayed: Replayed) -> dict[str, object]:
    facts = told.entry.facts
    return {
        "time": _time(told.moment.at_utc_s),
        "grade": facts["to"],
        "was": facts["from"] or None,
        "reason": entry_sentence(told, replayed.view),
        "code": facts["reason"],
    }


def _of(replayed: Replayed, moment: Moment, named: bool) -> dict[str, object]:
    whose = {"endpoint": replayed.endpoint_id, "probe": moment.probe_name} if named else {}
    return {**whose, "row": moment.row}


def _time(at_utc_s: float) -> str:
    return utc_text(at_utc_s).replace("+00:00", "Z")


def _seconds(fact: object) -> float:
    return float(fact) if isinstance(fact, int | float) else math.nan


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
