"""Has the engine load its site file again, and prints what came of it. It reads no site file itself."""

from __future__ import annotations

from typing import TextIO

from controlroom.logbook.act import ActKind
from controlroom.logbook.entry import LogKind
from controlroom.report.export_table import site_view
from controlroom.report.log_sentences import log_sentence
from ui.terminal.acting import LONGEST_S, Acting, ask, new_act
from ui.terminal.exit_codes import FOUND_TROUBLE

_KINDS = frozenset({LogKind.SITE_CHANGED, LogKind.ACT_REFUSED})


def run_reload(acting: Acting, out: TextIO) -> int:
    """Ask for it, wait for the answer and print it; 0 where the site is in use, 1 where it is not."""
    store = acting.store
    before = store.entries(newest=1)
    act = new_act(acting, ActKind.RELOAD, "engine")
    asked = ask(acting, [act])
    answer = asked.answers.get(act.id)
    if answer is not None:
        told = store.entries(after_number=before[-1].number if before else 0, kinds=_KINDS)
        sentence = log_sentence(told[-1], site_view(store)) if told else "The site is the same as before."
        out.write(f"{sentence}\n")
        return 0 if answer.accepted else FOUND_TROUBLE
    if not asked.engine_ran:
        out.write(f"No engine runs on {acting.place}; it loads the site file when it starts.\n")
        return FOUND_TROUBLE
    out.write(f"The engine has not answered within {LONGEST_S:.0f} s; it takes the act when it can.\n")
    return FOUND_TROUBLE
