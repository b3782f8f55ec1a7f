"""Has the engine load its site file again, and prints what came of it. It reads no site file itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import LogKind
from controlroom.report.export_table import site_view
from controlroom.report.log_sentences import log_sentence
from controlroom.store.interface import ActInbox, ReadStore

LONGEST_S = 15.0
_LOOK_EVERY_S = 0.1
_KINDS = frozenset({LogKind.SITE_CHANGED, LogKind.ACT_REFUSED})


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a command that waits."""

    utc_s: Callable[[], float]
    monotonic_s: Callable[[], float]
    pause: Callable[[float], None]


def run_reload(
    store: ReadStore, inbox: ActInbox, act_id: str, operator: str, clocks: Clocks, out: TextIO
) -> int:
    """Ask for it, wait for the answer and print it; 0 where the site is in use, 1 where it is not."""
    before = store.entries(newest=1)
    number = before[-1].number if before else 0
    inbox.put(Act(act_id, ActKind.RELOAD, clocks.utc_s(), operator))
    until_s = clocks.monotonic_s() + LONGEST_S
    while clocks.monotonic_s() < until_s:
        answer = store.answers([act_id]).get(act_id)
        if answer is not None:
            told = store.entries(after_number=number, kinds=_KINDS)
            sentence = log_sentence(told[-1], site_view(store)) if told else "The site is the same as before."
            out.write(f"{sentence}\n")
            return 0 if answer.accepted else 1
        clocks.pause(_LOOK_EVERY_S)
    out.write(f"The engine has not answered within {LONGEST_S:.0f} s; it takes the act when it can.\n")
    return 1
