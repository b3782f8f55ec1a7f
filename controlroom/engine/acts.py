"""Takes operators' acts, one by one, and says what they brought about. It reads no inbox.

Rules:
1. An act that names an alarm or an endpoint that never was is refused, with the reason.
2. What is done to alarms stands in ``alarm_acts.py``, what about maintenance in ``maintenance_acts.py``.
3. Every word of an operator is kept: a note with an act that changed nothing is an entry of its own.
4. Loading the site file again takes a while: the engine does it, and the act is answered with it.
5. An act needs a role that allows it. One without a role comes from a terminal or an older desk, and so from
   the account itself, which may do everything.
6. The desk keeps the list of operators; the engine logs what became another in it.
7. A trace takes seconds: the engine begins it, and the act is answered when it has ended.
8. What a desk delivered is the outbox's affair (``outbox.py``).
9. Stopping means the engine that ran when the act was put: one that was started since goes on.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import asdict, dataclass, replace

from controlroom.alarms.alarm import ENGINE, is_endpoint
from controlroom.engine import alarm_acts, maintenance_acts
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import DESK_CLOSED, Act, ActKind
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.operators.change import change_of
from controlroom.operators.role import Permission, Role, may
from controlroom.store.interface import TakenAct

LONGEST_NOTE = 4000

HEARD = "heard"
"""The note of a sound test that was heard; any other says that it was not."""

_UNKNOWN = "no_such_endpoint"
_NEEDS = {
    ActKind.ACKNOWLEDGE: Permission.ACKNOWLEDGE,
    ActKind.NOTE: Permission.NOTE,
    ActKind.STOP: Permission.STOP,
    ActKind.TRACE: Permission.TRACE,
    ActKind.RELOAD: Permission.EDIT_SITE,
    ActKind.CHANGE_OPERATORS: Permission.EDIT_OPERATORS,
    ActKind.SHELVE: Permission.SHELVE,
    ActKind.UNSHELVE: Permission.SHELVE,
    ActKind.RESET: Permission.ACKNOWLEDGE,
    ActKind.ASSIGN: Permission.ACKNOWLEDGE,
    ActKind.TICK: Permission.ACKNOWLEDGE,
    ActKind.SPLIT: Permission.ACKNOWLEDGE,
    ActKind.OUT_OF_SERVICE: Permission.TAKE_OUT,
    ActKind.IN_SERVICE: Permission.TAKE_OUT,
    ActKind.PLAN_MAINTENANCE: Permission.PLAN_MAINTENANCE,
    ActKind.END_MAINTENANCE: Permission.PLAN_MAINTENANCE,
    ActKind.RECLASSIFY: Permission.RECLASSIFY,
}
_TOLD = {
    ActKind.SIGN_IN: LogKind.SIGNED_IN,
    ActKind.SIGN_OUT: LogKind.SIGNED_OUT,
    ActKind.SOUND_TEST: LogKind.SOUND_TESTED,
}

_OF_THE_ENGINE = (ActKind.STOP, ActKind.RELOAD, ActKind.TRACE, ActKind.DELIVERED)


@dataclass(frozen=True, slots=True)
class Taken:
    """The answer to an act, what it brought about, and what else it asks of the engine.

    ``answer`` is not to be given yet where the site is to be loaded again or a route traced (rules 4 and 7).
    """

    answer: TakenAct
    effects: Effects
    stop: bool = False
    reload: bool = False
    trace: bool = False
    delivered: bool = False


def take(taken: TakenAct, monitor: Monitor, now_utc_s: float, *, started_utc_s: float) -> Taken:
    """Take one act; ``started_utc_s`` is when this engine started (rule 9)."""
    act = taken.act
    why_not = _why_not(taken, monitor, started_utc_s)
    if why_not:
        return _refused(taken, why_not, now_utc_s)
    if act.kind in _OF_THE_ENGINE:
        kind = act.kind
        return Taken(
            taken,
            Effects(),
            stop=kind is ActKind.STOP,
            reload=kind is ActKind.RELOAD,
            trace=kind is ActKind.TRACE,
            delivered=kind is ActKind.DELIVERED,
        )
    if act.kind in alarm_acts.KINDS:
        done = alarm_acts.do(act, monitor, now_utc_s)
        return _refused(taken, done, now_utc_s) if isinstance(done, str) else Taken(taken, done)
    if act.kind in maintenance_acts.KINDS:
        done = maintenance_acts.do(act, monitor, now_utc_s)
        return _refused(taken, done, now_utc_s) if isinstance(done, str) else Taken(taken, done)
    if act.kind is ActKind.CHANGE_OPERATORS:
        return _operators_changed(taken, now_utc_s)
    if act.kind in _TOLD:
        return Taken(taken, Effects(entries=[_told_entry(act, now_utc_s)]))
    if act.kind is not ActKind.NOTE:
        return _refused(taken, "not_possible", now_utc_s)
    return _note(taken, monitor, now_utc_s)


def _why_not(taken: TakenAct, monitor: Monitor, started_utc_s: float) -> str:
    """Say by a code why an act cannot be taken at all; empty where it can."""
    act = taken.act
    if not taken.accepted:
        return taken.answer
    if not _permitted(act):
        return "not_permitted"
    if len(act.note) > LONGEST_NOTE:
        return "note_too_long"
    if act.kind is ActKind.STOP and act.at_utc_s < started_utc_s:
        return "already_stopped"
    return _UNKNOWN if act.kind is ActKind.TRACE and act.subject not in monitor.trackers else ""


def _permitted(act: Act) -> bool:
    """Whether the act's role allows it (rule 5); an unknown role allows nothing but to watch."""
    permission = _NEEDS.get(act.kind)
    if not act.role or permission is None:
        return True
    known = act.role in {role.value for role in Role}
    return known and may(Role(act.role), permission)


def _told_entry(act: Act, now_utc_s: float) -> Draft:
    facts: dict[str, Fact] = {"role": act.role}
    if act.kind is ActKind.SOUND_TEST:
        facts["heard"] = act.note == HEARD
    if act.kind is ActKind.SIGN_OUT and act.note == DESK_CLOSED:
        facts["note"] = DESK_CLOSED
    return Draft(now_utc_s, _TOLD[act.kind], ENGINE, act.operator, facts)


def _operators_changed(taken: TakenAct, now_utc_s: float) -> Taken:
    """Put into the log what a desk did to the list of operators; it holds no PIN."""
    act = taken.act
    change = change_of(act.note)
    if change is None:
        return _refused(taken, "malformed", now_utc_s)
    facts: dict[str, Fact] = {"role": act.role, **asdict(change)}
    return Taken(
        taken, Effects(entries=[Draft(now_utc_s, LogKind.OPERATORS_CHANGED, ENGINE, act.operator, facts)])
    )


def refused(taken: TakenAct, code: str, now_utc_s: float, **facts: Fact) -> Taken:
    """Refuse an act that could not be done, with what is known of why."""
    answer = _refused(taken, code, now_utc_s)
    entry = answer.effects.entries[0]
    return replace(answer, effects=Effects(entries=[replace(entry, facts={**entry.facts, **facts})]))


def _note(taken: TakenAct, monitor: Monitor, now_utc_s: float) -> Taken:
    act = taken.act
    if not act.note.strip():
        return _refused(taken, "empty_note", now_utc_s)
    if not _known(act.subject, monitor.trackers.keys()):
        return _refused(taken, _UNKNOWN, now_utc_s)
    if act.alarm_number is not None and not monitor.alarms.was_given(act.alarm_number):
        return _refused(taken, "no_such_alarm", now_utc_s)
    return Taken(taken, Effects(entries=[alarm_acts.note_entry(act, act.subject, now_utc_s)]))


def _known(subject: str, endpoint_ids: Set[str]) -> bool:
    return subject == ENGINE or not is_endpoint(subject) or subject in endpoint_ids


def _refused(taken: TakenAct, code: str, now_utc_s: float) -> Taken:
    act = taken.act
    facts: dict[str, Fact] = {"act": act.kind.value, "answer": code}
    if code == "malformed":
        facts["lines"] = taken.lines
    if act.note:
        facts["note"] = act.note[:LONGEST_NOTE]
    entry = Draft(now_utc_s, LogKind.ACT_REFUSED, ENGINE, act.operator, facts)
    return Taken(replace(taken, accepted=False, answer=code), Effects(entries=[entry]))
