"""What operators do to alarms: acknowledge, shelve, assign, tick, reset, take out of service. No inbox here.

Rules:
1. An alarm that never was is refused, with the reason. An act on several alarms is done to each; it is
   refused where none of them ever was.
2. What is so already is accepted and changes nothing: two operators may do the same at once.
3. Every word of an operator is kept: a note with an act that changed nothing is an entry of its own.
4. Shelving needs a reason and a time; what is longer than the site allows needs a role that may, and says so.
   So does taking out of service, which has no end.
5. What is suppressed or out of service is hidden already and is not shelved besides.
6. An incident is split by the alarm that leads it; what leads none is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from controlroom.alarms.alarm import BY_OPERATOR, AlarmState
from controlroom.alarms.hiding import Shelf
from controlroom.alarms.moved import Moved
from controlroom.alarms.register import AlarmRegister
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.operators.role import Permission, Role, may

MOST_STEP: Final = 50
_LEAST_S: Final = 1.0
_MOST_ALARMS: Final = 500

Answer = Moved | None | str
"""What came of an act on one alarm: a transition, nothing, or the code of why not."""


def do(act: Act, monitor: Monitor, now_utc_s: float) -> Effects | str:
    """Do an act of one of the ``KINDS``; return what it brought about, or the code of why not."""
    if act.kind in _OF_SUBJECTS:
        return _do_to_subject(act, monitor, now_utc_s)
    if act.kind is ActKind.SPLIT:
        return _split(act, monitor, now_utc_s)
    numbers = [number for number in _numbers(act) if monitor.alarms.was_given(number)]
    if not numbers:
        return "no_such_alarm"
    effects, answers = Effects(), []
    for number in numbers:
        answer = _DOERS[act.kind](act, monitor, number, now_utc_s)
        answers.append(answer)
        if not isinstance(answer, str):
            effects.moved(answer)
    refusals = [answer for answer in answers if isinstance(answer, str)]
    if len(refusals) == len(answers):
        return refusals[0]
    if not effects.entries and act.note:
        alarm = monitor.alarms.numbered(numbers[0])
        effects.entries.append(note_entry(act, alarm.subject if alarm else act.subject, now_utc_s))
    return effects


def note_entry(act: Act, subject: str, now_utc_s: float) -> Draft:
    """Tell an operator's words about a subject, or an alarm of it."""
    facts: dict[str, Fact] = {"note": act.note}
    if act.alarm_number is not None:
        facts["alarm"] = act.alarm_number
    return Draft(now_utc_s, LogKind.NOTE, subject, act.operator, facts)


def _numbers(act: Act) -> list[int]:
    """Return the alarms that an act names, each once."""
    named = str(act.details.get("alarms", "")).split(",")[:_MOST_ALARMS]
    numbers = [int(each) for each in named if each.isascii() and each.isdigit() and len(each) < 16]
    first = [] if act.alarm_number is None else [act.alarm_number]
    return list(dict.fromkeys([*first, *numbers]))


def _seconds(act: Act, name: str) -> float | None:
    value = act.details.get(name)
    return None if isinstance(value, str | bool | None) else float(value)


def _acknowledge(act: Act, monitor: Monitor, number: int, now_utc_s: float) -> Answer:
    for_s = _seconds(act, "for_s")
    if for_s is not None and for_s < _LEAST_S:
        return "needs_time"
    return monitor.alarms.acknowledge(number, act.operator, act.note, now_utc_s, for_s)


def _shelve(act: Act, monitor: Monitor, number: int, now_utc_s: float) -> Answer:
    """Shelve an alarm (rules 4 and 5)."""
    for_s, justified = _seconds(act, "for_s"), act.details.get("justified") is True
    if not act.note.strip():
        return "needs_reason"
    if for_s is None or for_s < _LEAST_S:
        return "needs_time"
    if for_s > monitor.longest_shelf_s and not (justified and _may_longer(act)):
        return "too_long"
    alarm = monitor.alarms.numbered(number)
    if alarm is None:
        return "alarm_ended"
    if alarm.suppressed_by or alarm.out_of_service:
        return "alarm_hidden"
    one_shot = act.details.get("one_shot") is True
    shelf = Shelf(for_s, act.operator, act.note, one_shot, act.role, justified)
    return monitor.alarms.shelve(number, shelf, now_utc_s)


def _may_longer(act: Act) -> bool:
    return not act.role or may(Role(act.role), Permission.SHELVE_LONG)


def _unshelve(act: Act, monitor: Monitor, number: int, now_utc_s: float) -> Answer:
    return monitor.alarms.unshelve(number, act.operator, now_utc_s, act.note)


def _reset(act: Act, monitor: Monitor, number: int, now_utc_s: float) -> Answer:
    alarm = monitor.alarms.numbered(number)
    if alarm is not None and alarm.state is not AlarmState.LATCHED_ACKNOWLEDGED:
        return "not_held"
    return monitor.alarms.reset(number, act.operator, act.note, now_utc_s)


def _assign(act: Act, monitor: Monitor, number: int, now_utc_s: float) -> Answer:
    owner = str(act.details.get("owner", act.operator))[:200]
    return monitor.alarms.assign(number, owner, act.operator, act.note, now_utc_s)


def _tick(act: Act, monitor: Monitor, number: int, now_utc_s: float) -> Answer:
    step, done = act.details.get("step"), act.details.get("done") is not False
    if isinstance(step, bool) or not isinstance(step, int) or not 0 < step <= MOST_STEP:
        return "no_such_step"
    words = act.note or str(act.details.get("words", ""))
    return monitor.alarms.tick_step(number, step, words, act.operator, now_utc_s, done=done)


def _do_to_subject(act: Act, monitor: Monitor, now_utc_s: float) -> Effects | str:
    """Take an endpoint out of service, or put it back; the alarm may stand for it."""
    alarm = None if act.alarm_number is None else monitor.alarms.numbered(act.alarm_number)
    subject = act.subject if alarm is None else alarm.subject
    if subject not in monitor.trackers:
        return "no_such_endpoint"
    if not act.note.strip():
        return "needs_reason"
    effects = Effects()
    effects.moved(_serve(act, monitor.alarms, subject, now_utc_s))
    if not effects.entries:
        effects.entries.append(note_entry(act, subject, now_utc_s))
    return effects


def _split(act: Act, monitor: Monitor, now_utc_s: float) -> Effects | str:
    """Tell the members of an incident one by one (rule 6)."""
    number = act.alarm_number
    if number is None or not monitor.alarms.was_given(number):
        return "no_such_alarm"
    alarm = monitor.alarms.numbered(number)
    effects = None if alarm is None else monitor.split(alarm.subject, act.operator, now_utc_s)
    if effects is None:
        return "no_incident"
    if act.note:
        effects.entries.append(note_entry(act, act.subject if alarm is None else alarm.subject, now_utc_s))
    return effects


def _serve(act: Act, alarms: AlarmRegister, subject: str, now_utc_s: float) -> Moved | None:
    what = subject, BY_OPERATOR, act.operator, act.note, now_utc_s
    if act.kind is ActKind.OUT_OF_SERVICE:
        return alarms.take_out(*what, act.role)
    return alarms.put_back(*what)


_Doer = Callable[[Act, Monitor, int, float], Answer]
_DOERS: Final[Mapping[ActKind, _Doer]] = MappingProxyType(
    {
        ActKind.ACKNOWLEDGE: _acknowledge,
        ActKind.SHELVE: _shelve,
        ActKind.UNSHELVE: _unshelve,
        ActKind.RESET: _reset,
        ActKind.ASSIGN: _assign,
        ActKind.TICK: _tick,
    }
)
_OF_SUBJECTS: Final = frozenset({ActKind.OUT_OF_SERVICE, ActKind.IN_SERVICE})

KINDS: Final = frozenset(_DOERS) | _OF_SUBJECTS | {ActKind.SPLIT}
"""The acts that are done here."""
