"""Puts an operator's acts before the engine from a terminal, and waits for its answers. It words none.

Rules:
1. What is put stays put: an act that was not answered in time is taken when the engine can.
2. Where no engine runs nothing is put, for nobody knows when one would take it.
3. An answer that has not come ``LONGEST_S`` after the one before is waited for no longer; nor is any once
   the engine has ended.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.store.interface import ActInbox, ReadStore, TakenAct
from ui.terminal.clocks import Clocks

LONGEST_S: Final = 15.0
_LOOK_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Acting:
    """What a command needs in order to act: who acts, where, and how it is seen what came of it."""

    store: ReadStore
    open_inbox: Callable[[], ActInbox]
    engine_pid: Callable[[], int | None]
    operator: str
    place: str
    """The data folder, for people."""
    clocks: Clocks


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of acts: the engine's answers by the acts' ids, and whether it ran to the end."""

    answers: Mapping[str, TakenAct] = field(default_factory=dict)
    engine_ran: bool = True
    put: bool = True
    """Whether the acts were put at all (rule 2)."""


def new_act(
    acting: Acting,
    kind: ActKind,
    subject: str,
    alarm_number: int | None = None,
    note: str = "",
    details: Mapping[str, Detail] | None = None,
) -> Act:
    """Make an act of whoever types here. It has no role: the account itself may do everything."""
    act_id, at_utc_s = str(uuid.uuid4()), acting.clocks.utc_s()
    return Act(act_id, kind, at_utc_s, acting.operator, subject, alarm_number, note, details=details or {})


def ask(acting: Acting, acts: Sequence[Act]) -> Asked:
    """Put acts in their order and wait for the answers (rules 1 to 3)."""
    if acting.engine_pid() is None:
        return Asked(engine_ran=False, put=False)
    with closing(acting.open_inbox()) as inbox:
        for act in acts:
            inbox.put(act)
        return _answers(acting, [act.id for act in acts])


def _answers(acting: Acting, act_ids: Sequence[str]) -> Asked:
    """Wait for the answers (rule 3)."""
    clocks, answers = acting.clocks, dict[str, TakenAct]()
    moved_s = clocks.monotonic_s()
    while True:
        runs = acting.engine_pid() is not None
        found = acting.store.answers(act_ids)
        if len(found) > len(answers):
            answers, moved_s = dict(found), clocks.monotonic_s()
        waited = clocks.monotonic_s() - moved_s >= LONGEST_S
        if len(answers) == len(act_ids) or waited or not runs:
            return Asked(answers, engine_ran=runs)
        clocks.pause(_LOOK_EVERY_S)
