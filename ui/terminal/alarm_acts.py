"""What an operator does about alarms from a terminal: puts the acts, waits, and says what came of each.

The JSON, whose keys stay:

    {"at", "act", "operator", "simulated", "engine_ran",
     "answers": [{"alarm", "subject", "accepted", "changed", "answer", "text"}]}

``act`` is the kind of the act, ``alarm`` its alarm, or ``null`` where it is about an endpoint. ``accepted``
is ``null`` where the engine has not answered; ``answer`` is the code of why an act was refused, else empty.
``changed`` is false where all was so already. Where no engine ran nothing was put, and there are no answers.

Rules:
1. Each alarm has an act and an answer of its own, in the order typed; a number twice is once.
2. What came of an act is what the log says of it.
3. Exit 0 where all was accepted, 1 where anything was refused or not answered.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Final, TextIO

from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.logbook.entry import ALARM_KINDS, Entry, LogKind
from controlroom.report.escaping import printable
from controlroom.report.export_table import site_view
from controlroom.report.figures import utc_text
from controlroom.site.view import SiteView
from ui.terminal.acting import Acting, Asked, ask, new_act
from ui.terminal.alarm_answer import AlarmAnswer, answer_of
from ui.terminal.alarm_facts import facts_of
from ui.terminal.exit_codes import FOUND_TROUBLE
from ui.terminal.named_alarms import named_alarms, refuse_unknown_endpoint, refuse_unknown_step

ACTS: Final[Mapping[str, ActKind]] = {
    "ack": ActKind.ACKNOWLEDGE,
    "shelve": ActKind.SHELVE,
    "unshelve": ActKind.UNSHELVE,
    "reset": ActKind.RESET,
    "split": ActKind.SPLIT,
    "assign": ActKind.ASSIGN,
    "tick": ActKind.TICK,
    "note": ActKind.NOTE,
    "out-of-service": ActKind.OUT_OF_SERVICE,
    "in-service": ActKind.IN_SERVICE,
}
"""The kind of act that each command puts."""
_MOST_WORDS: Final = 400


def run_alarm_act(chosen: argparse.Namespace, acting: Acting, out: TextIO) -> int:
    """Do what was typed and return the exit code; raise ``ControlroomError`` for what is not there."""
    view, store = site_view(acting.store), acting.store
    acts = _acts(chosen, acting, view)
    newest = store.entries(newest=1)
    asked = ask(acting, acts)
    kinds = ALARM_KINDS | {LogKind.NOTE}
    told = store.entries(after_number=newest[-1].number if newest else 0, kinds=kinds)
    answers = _answers(acts, asked, told, acting, view)
    if chosen.json:
        shown = _as_json(ACTS[chosen.alarm_command], acting, asked, answers, view)
        out.write(json.dumps(shown, indent=1) + "\n")
    else:
        out.writelines(f"{answer.text}\n" for answer in answers)
        if not answers:
            out.write(
                f"No engine runs on {printable(acting.place, 300)}: nothing was done. "
                "`controlroom engine` or `controlroom poll` starts one.\n"
            )
    return 0 if answers and all(answer.accepted for answer in answers) else FOUND_TROUBLE


def _acts(chosen: argparse.Namespace, acting: Acting, view: SiteView | None) -> Sequence[Act]:
    """Make the acts that were typed (rule 1)."""
    kind, note = ACTS[chosen.alarm_command], getattr(chosen, "note", None) or ""
    if kind in (ActKind.OUT_OF_SERVICE, ActKind.IN_SERVICE):
        refuse_unknown_endpoint(view, chosen.endpoint)
        return [new_act(acting, kind, chosen.endpoint, note=note)]
    details = _details(chosen, acting)
    return [
        new_act(acting, kind, alarm.subject, alarm.number, note, details)
        for alarm in named_alarms(acting.store, chosen.numbers).values()
    ]


def _details(chosen: argparse.Namespace, acting: Acting) -> Mapping[str, Detail]:
    """Return what the kind of act needs besides its words."""
    typed = {"for_s", "one_shot", "justified", "owner"} & vars(chosen).keys()
    details: dict[str, Detail] = {
        name: getattr(chosen, name) for name in sorted(typed) if getattr(chosen, name) is not None
    }
    if chosen.alarm_command == "tick":
        (alarm,) = named_alarms(acting.store, chosen.numbers).values()
        facts = facts_of(acting.store, alarm, acting.clocks.utc_s())
        refuse_unknown_step(alarm.number, facts.card.steps, chosen.step)
        words = printable(facts.card.steps[chosen.step - 1], _MOST_WORDS)
        details |= {"step": chosen.step, "done": not chosen.undo, "words": words}
    return details


def _answers(
    acts: Sequence[Act], asked: Asked, told: Sequence[Entry], acting: Acting, view: SiteView | None
) -> Sequence[AlarmAnswer]:
    if not asked.put:
        return []
    standing = {alarm.number: alarm for alarm in acting.store.alarms()}
    by_subject = {alarm.subject: alarm for alarm in standing.values()}
    return [
        answer_of(
            act,
            asked,
            told,
            by_subject.get(act.subject) if act.alarm_number is None else standing.get(act.alarm_number),
            view,
        )
        for act in acts
    ]


def _as_json(
    kind: ActKind, acting: Acting, asked: Asked, answers: Sequence[AlarmAnswer], view: SiteView | None
) -> Mapping[str, object]:
    return {
        "at": utc_text(acting.clocks.utc_s()),
        "act": kind.value,
        "operator": acting.operator,
        "simulated": view is not None and view.simulated,
        "engine_ran": asked.engine_ran,
        "answers": [answer.as_json() for answer in answers],
    }
