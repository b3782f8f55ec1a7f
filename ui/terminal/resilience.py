"""The command ``resilience``: how many failures services are from loss, as text or as JSON.

Rules:
1. What was found, or supposed, is no trouble of the command: exit 0. Exit 1 is for history that could not be
   read, which is named.
2. Text of the site is data: never a control sequence.
3. Where the site is simulated the first line says so.
"""

from __future__ import annotations

import argparse
import json
from typing import TextIO

from controlroom.report.named_components import named_components
from controlroom.report.service_outlook import read_outlook
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.terminal.passed_over import tell_passed_over
from ui.terminal.resilience_arguments import ALL_ORDERS
from ui.terminal.resilience_json import as_json
from ui.terminal.resilience_text import print_outlook
from ui.terminal.status import plain_console


def run_resilience(
    view: SiteView,
    store: ReadStore | None,
    chosen: argparse.Namespace,
    *,
    utc_s: float,
    out: TextIO,
    err: TextIO,
) -> int:
    """Read what was asked for, print it, and return the exit code.

    Raise ``ControlroomError``: ``no-such-component``, or why services cannot be structures.
    """
    supposed = named_components(view, chosen.failed)
    order = None if chosen.order == ALL_ORDERS else chosen.order
    found = read_outlook(view, store, supposed, order, utc_s)
    if chosen.json:
        out.write(json.dumps(as_json(found), indent=1, allow_nan=False) + "\n")
    else:
        print_outlook(found, plain_console(out))
    return 0 if store is None else tell_passed_over(store.passed_over(), err)
