"""What came of one act about an alarm, in words. It asks nobody.

Rules:
1. An act that changed something is told by the entry of the log that it brought about.
2. One that changed nothing says how the alarm stands; a note with it is kept all the same.
3. One that was refused says why, and what may be done about it; one without an answer, what becomes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import BY_OPERATOR, Alarm
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Entry, LogKind
from controlroom.report import wording
from controlroom.report.alarm_words import service_words
from controlroom.report.escaping import printable
from controlroom.report.log_sentences import log_sentence
from controlroom.site.view import SiteView
from ui.terminal.acting import LONGEST_S, Asked

_TOLD: Final[Mapping[ActKind, frozenset[LogKind]]] = {
    ActKind.ACKNOWLEDGE: frozenset({LogKind.ALARM_ACKNOWLEDGED}),
    ActKind.SHELVE: frozenset({LogKind.ALARM_SHELVED}),
    ActKind.UNSHELVE: frozenset({LogKind.ALARM_UNSHELVED}),
    ActKind.RESET: frozenset({LogKind.ALARM_RESET}),
    ActKind.ASSIGN: frozenset({LogKind.ALARM_ASSIGNED}),
    ActKind.TICK: frozenset({LogKind.ALARM_STEP_TICKED}),
    ActKind.NOTE: frozenset({LogKind.NOTE}),
    ActKind.OUT_OF_SERVICE: frozenset({LogKind.ALARM_OUT_OF_SERVICE}),
    ActKind.IN_SERVICE: frozenset({LogKind.ALARM_IN_SERVICE, LogKind.ALARM_OUT_OF_SERVICE}),
}
_ADVICE: Final[Mapping[str, str]] = {
    "too_long": " With --justified it is shelved for longer, and the log says so.",
    "not_held": " `controlroom alarm ack` acknowledges it.",
}


@dataclass(frozen=True, slots=True)
class AlarmAnswer:
    """What came of one act. ``accepted`` is ``None`` where the engine has not answered."""

    alarm_number: int | None
    subject: str
    accepted: bool | None
    changed: bool
    code: str
    text: str

    def as_json(self) -> Mapping[str, object]:
        """Return it as JSON's own types; the keys are documented in ``alarm_acts.py``."""
        return {
            "alarm": self.alarm_number,
            "subject": self.subject,
            "accepted": self.accepted,
            "changed": self.changed,
            "answer": self.code,
            "text": self.text,
        }


def answer_of(
    act: Act, asked: Asked, told: Sequence[Entry], alarm: Alarm | None, view: SiteView | None
) -> AlarmAnswer:
    """Say what came of an act; ``told`` are the entries since it was put, ``alarm`` is how it stands now."""
    taken = asked.answers.get(act.id)
    what = _what(act, view)
    if taken is None:
        return _answer(act, None, f"{what}: {_unanswered(asked)}")
    if not taken.accepted:
        why = f"not done, because {wording.answer_words(taken.answer)}.{_ADVICE.get(taken.answer, '')}"
        return _answer(act, False, f"{what}: {why}", code=taken.answer)
    entry = next((entry for entry in told if _is_of(entry, act)), None)
    if entry is not None:
        return _answer(act, True, log_sentence(entry, view), changed=True)
    if act.kind is ActKind.SPLIT:
        return _answer(act, True, f"{what}: what was part of it is told one by one.", changed=True)
    kept = " The note is kept." if act.note else ""
    return _answer(act, True, f"{what}: nothing to do, {_as_it_is(act, alarm)}.{kept}")


def _answer(
    act: Act, accepted: bool | None, text: str, *, changed: bool = False, code: str = ""
) -> AlarmAnswer:
    return AlarmAnswer(act.alarm_number, act.subject, accepted, changed, code, text)


def _is_of(entry: Entry, act: Act) -> bool:
    """Whether an entry is what an act brought about (rule 1)."""
    about = (
        entry.subject == act.subject
        if act.alarm_number is None
        else entry.facts.get("alarm") == act.alarm_number
    )
    return about and entry.operator == act.operator and entry.kind in _TOLD.get(act.kind, frozenset())


def _what(act: Act, view: SiteView | None) -> str:
    if act.alarm_number is not None:
        return f"Alarm {act.alarm_number}"
    return wording.subject_words(act.subject, view)


def _unanswered(asked: Asked) -> str:
    """Say what becomes of an act that has no answer (rule 3)."""
    if not asked.engine_ran:
        return "not done yet, for the engine has ended meanwhile; the next one takes it."
    return f"the engine has not answered within {LONGEST_S:.0f} s; it takes it when it can."


def _as_it_is(act: Act, alarm: Alarm | None) -> str:
    """Say how an alarm stands that an act did not change (rule 2)."""
    said = _ALREADY.get(act.kind)
    if alarm is None:
        return "it is in service" if act.kind is ActKind.IN_SERVICE else "it has ended"
    return f"it is {wording.alarm_state_words(alarm.shown_state)}" if said is None else said(alarm, act)


def _owner(alarm: Alarm, act: Act) -> str:
    return f"it is with {printable(alarm.owner, 60)} already" if alarm.owner else "nobody has it in hand"


def _step(alarm: Alarm, act: Act) -> str:
    step = act.details.get("step")
    return f"step {step} is {'done already' if act.details.get('done') else 'not ticked'}"


def _service(alarm: Alarm, act: Act) -> str:
    if act.kind is ActKind.OUT_OF_SERVICE or alarm.out_of_service not in ("", BY_OPERATOR):
        return f"it is {service_words(alarm.out_of_service)}"
    return "it is in service"


_ALREADY: Final[Mapping[ActKind, Callable[[Alarm, Act], str]]] = {
    ActKind.UNSHELVE: lambda alarm, act: "it is on no shelf",
    ActKind.ASSIGN: _owner,
    ActKind.TICK: _step,
    ActKind.OUT_OF_SERVICE: _service,
    ActKind.IN_SERVICE: _service,
}
