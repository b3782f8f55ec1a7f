"""Alarms, states, entries and taken acts as rows, and back. A row that cannot be one is damage."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.learnt import Learnt
from controlroom.measure.remark import Remark
from controlroom.reading import ProbeKey
from controlroom.route.kept import KeptRoute
from controlroom.store.act_text import act_of, text_of
from controlroom.store.alarm_text import more_of, text_of_more
from controlroom.store.assessment_text import assessment_of, text_of_assessment
from controlroom.store.interface import BlindTime, TakenAct
from controlroom.store.maintenance_text import text_of_window, window_of_text
from controlroom.store.remark_text import text_of_unknown, unknown_of_text
from controlroom.store.route_text import route_of, text_of_route
from controlroom.store.sqlite.failure import damaged

log = logging.getLogger("controlroom.store")

Row = tuple[Any, ...]
Value = TypeVar("Value")

READ_STATES: Final = "SELECT endpoint_id, condition, since_utc_s, reason, suspected FROM endpoint_state"
PUT_STATE: Final = """INSERT OR REPLACE INTO endpoint_state
    (endpoint_id, condition, since_utc_s, reason, suspected) VALUES (?, ?, ?, ?, ?)"""

READ_ALARMS: Final = """SELECT number, subject, cause, reason, priority, state, since_utc_s, raised_utc_s,
    occurrences, acknowledged_utc_s, acknowledged_by, note, returned_utc_s, more FROM alarm"""
PUT_ALARM: Final = """INSERT OR REPLACE INTO alarm
    (number, subject, cause, reason, priority, state, since_utc_s, raised_utc_s,
    occurrences, acknowledged_utc_s, acknowledged_by, note, returned_utc_s, more, ended_utc_s)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

READ_ENTRIES: Final = "SELECT number, at_utc_s, kind, subject, operator, facts, previous_hash, hash FROM log"
PUT_ENTRY: Final = """INSERT INTO log
    (number, at_utc_s, kind, subject, operator, facts, previous_hash, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""

READ_ACTS: Final = "SELECT id, desk_id, place, act, accepted, answer FROM taken_act"
PUT_ACT: Final = """INSERT INTO taken_act (id, desk_id, place, act, accepted, answer)
    VALUES (?, ?, ?, ?, ?, ?)"""

READ_BLIND: Final = "SELECT from_utc_s, until_utc_s, cause FROM blind"
PUT_BLIND: Final = """INSERT INTO blind (from_utc_s, until_utc_s, cause) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET until_utc_s = max(until_utc_s, excluded.until_utc_s)"""

READ_ROUTES: Final = "SELECT endpoint_id, kind, trace FROM route"
PUT_ROUTE: Final = "INSERT OR REPLACE INTO route (endpoint_id, kind, trace) VALUES (?, ?, ?)"

READ_LEARNT: Final = "SELECT endpoint_id, probe_name, subject, text FROM learnt"
PUT_LEARNT: Final = """INSERT OR REPLACE INTO learnt (endpoint_id, probe_name, subject, text)
    VALUES (?, ?, ?, ?)"""
_MOST_LEARNT: Final = 256 * 1024
"""Characters; longer is nothing that was written here."""

READ_ASSESSMENTS: Final = "SELECT endpoint_id, text FROM assessment"
PUT_ASSESSMENT: Final = "INSERT OR REPLACE INTO assessment (endpoint_id, text) VALUES (?, ?)"

READ_REMARKS: Final = "SELECT endpoint_id, probe_name, text FROM remark"
PUT_REMARK: Final = "INSERT OR REPLACE INTO remark (endpoint_id, probe_name, text) VALUES (?, ?, ?)"

READ_MAINTENANCE: Final = "SELECT number, text FROM maintenance"
PUT_MAINTENANCE: Final = "INSERT OR REPLACE INTO maintenance (number, text) VALUES (?, ?)"


def read_rows(rows: Sequence[Row], make: Callable[[Row], Value], what: str) -> list[Value]:
    """Make values of rows; raise ``StoreError`` ``store-damaged`` where a row cannot be one."""
    try:
        return [make(row) for row in rows]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(f"{what} in the store cannot be read: {error}.") from error


def readable(rows: Sequence[Row], make: Callable[[Row], Value], what: str) -> list[Value]:
    """Make values of the rows that can be one; the others are left out, and named in the program's log."""
    values = []
    for row in rows:
        try:
            values.append(make(row))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            log.error("store: %s in the store cannot be read and is left out: %r: %s", what, row[0], error)
    return values


def state_row(state: EndpointState) -> Row:
    """Write a state as ``PUT_STATE`` takes it."""
    suspected = None if state.suspected is None else state.suspected.value
    return (state.endpoint_id, state.condition.value, state.since_utc_s, state.reason, suspected)


def state_of(row: Row) -> EndpointState:
    """Read a state."""
    endpoint_id, condition, since_utc_s, reason, suspected = row
    return EndpointState(
        endpoint_id=str(endpoint_id),
        condition=Condition(condition),
        since_utc_s=float(since_utc_s),
        reason=str(reason),
        suspected=None if suspected is None else Condition(suspected),
    )


def alarm_row(alarm: Alarm) -> Row:
    """Write an alarm as ``PUT_ALARM`` takes it: last when it ended (``None`` while it has not)."""
    return (
        alarm.number,
        alarm.subject,
        alarm.cause.value,
        alarm.reason,
        int(alarm.priority),
        alarm.state.value,
        alarm.since_utc_s,
        alarm.raised_utc_s,
        alarm.occurrences,
        alarm.acknowledged_utc_s,
        alarm.acknowledged_by,
        alarm.note,
        alarm.returned_utc_s,
        text_of_more(alarm),
        _ended_utc_s(alarm),
    )


def alarm_of(row: Row) -> Alarm:
    """Read an alarm."""
    (number, subject, cause, reason, priority, state, since, raised, occurrences) = row[:9]
    acknowledged_utc_s, acknowledged_by, note, returned_utc_s, more = row[9:]
    return Alarm(
        number=int(number),
        subject=str(subject),
        cause=Cause(cause),
        reason=str(reason),
        priority=Priority(priority),
        state=AlarmState(state),
        since_utc_s=float(since),
        raised_utc_s=float(raised),
        occurrences=int(occurrences),
        acknowledged_utc_s=None if acknowledged_utc_s is None else float(acknowledged_utc_s),
        acknowledged_by=str(acknowledged_by),
        note=str(note),
        returned_utc_s=None if returned_utc_s is None else float(returned_utc_s),
        **more_of(str(more)),
    )


def entry_row(entry: Entry) -> Row:
    """Write an entry as ``PUT_ENTRY`` takes it."""
    return (
        entry.number,
        entry.at_utc_s,
        entry.kind.value,
        entry.subject,
        entry.operator,
        json.dumps(dict(entry.facts), separators=(",", ":")),
        entry.previous_hash,
        entry.hash,
    )


def entry_of(row: Row) -> Entry:
    """Read an entry."""
    number, at_utc_s, kind, subject, operator, facts, previous_hash, digest = row
    return Entry(
        number=int(number),
        at_utc_s=float(at_utc_s),
        kind=LogKind(kind),
        subject=str(subject),
        operator=str(operator),
        facts=dict(json.loads(facts)),
        previous_hash=str(previous_hash),
        hash=str(digest),
    )


def act_row(taken: TakenAct) -> Row:
    """Write a taken act as ``PUT_ACT`` takes it."""
    act = taken.act
    return (act.id, taken.desk_id, taken.place, text_of(act), int(taken.accepted), taken.answer)


def taken_act_of(row: Row) -> TakenAct:
    """Read a taken act."""
    _, desk_id, place, act, accepted, answer = row
    return TakenAct(act_of(act), str(desk_id), int(place), bool(accepted), str(answer))


def blind_row(blind: BlindTime) -> Row:
    """Write a blind time as ``PUT_BLIND`` takes it; told again from the same beginning, it grows."""
    return (blind.from_utc_s, blind.until_utc_s, blind.cause)


def blind_of(row: Row) -> BlindTime:
    """Read a blind time."""
    from_utc_s, until_utc_s, cause = row
    return BlindTime(float(from_utc_s), float(until_utc_s), str(cause))


def route_row(kept: KeptRoute) -> Row:
    """Write a kept route as ``PUT_ROUTE`` takes it."""
    return (kept.endpoint_id, kept.kind.value, text_of_route(kept))


def kept_route_of(row: Row) -> KeptRoute:
    """Read a kept route; what its row and its text say of it must agree."""
    kept = route_of(str(row[2]))
    if (kept.endpoint_id, kept.kind.value) != (row[0], row[1]):
        raise ValueError("a route names another endpoint than its row")
    return kept


def learnt_row(learnt: Learnt) -> Row:
    """Write what was learnt as ``PUT_LEARNT`` takes it."""
    return (learnt.probe.endpoint_id, learnt.probe.probe_name, learnt.subject, learnt.text)


def learnt_of(row: Row) -> Learnt:
    """Read what was learnt; whether its text makes sense, its learner decides."""
    endpoint_id, probe_name, subject, text = row
    if not all(isinstance(each, str) for each in row) or len(str(text)) > _MOST_LEARNT:
        raise ValueError("what was learnt is no text")
    return Learnt(ProbeKey(str(endpoint_id), str(probe_name)), str(subject), str(text))


def assessment_row(assessment: Assessment) -> Row:
    """Write an assessment as ``PUT_ASSESSMENT`` takes it."""
    return (assessment.endpoint_id, text_of_assessment(assessment))


def kept_assessment_of(row: Row) -> Assessment:
    """Read an assessment; what its row and its text say of it must agree."""
    kept = assessment_of(str(row[1]))
    if kept.endpoint_id != row[0]:
        raise ValueError("an assessment names another endpoint than its row")
    return kept


def remark_row(remark: Remark) -> Row:
    """Write a remark as ``PUT_REMARK`` takes it."""
    return (remark.probe.endpoint_id, remark.probe.probe_name, text_of_unknown(remark.unknown))


def remark_of(row: Row) -> Remark:
    """Read a remark."""
    endpoint_id, probe_name, text = row
    if not all(isinstance(each, str) for each in row):
        raise ValueError("a remark is no text")
    return Remark(ProbeKey(str(endpoint_id), str(probe_name)), unknown_of_text(str(text)))


def maintenance_row(window: MaintenanceWindow) -> Row:
    """Write a maintenance window as ``PUT_MAINTENANCE`` takes it."""
    return (window.number, text_of_window(window))


def maintenance_of(row: Row) -> MaintenanceWindow:
    """Read a maintenance window; what its row and its text say of it must agree."""
    window = window_of_text(str(row[1]))
    if window.number != row[0]:
        raise ValueError("a window has another number than its row")
    return window


def _ended_utc_s(alarm: Alarm) -> float | None:
    """Tell when an alarm ended; of one of an earlier program the later of return and acknowledgement."""
    if not alarm.ended:
        return None
    if alarm.ended_utc_s is not None:
        return alarm.ended_utc_s
    known = [time for time in (alarm.returned_utc_s, alarm.acknowledged_utc_s) if time is not None]
    return max(known, default=alarm.raised_utc_s)
