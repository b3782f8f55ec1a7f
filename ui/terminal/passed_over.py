"""Says on standard error what of the history could not be read, and how the command ends then."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TextIO

from controlroom.report.escaping import printable
from controlroom.report.figures import utc_text
from controlroom.store.interface import PassedOver
from ui.terminal.exit_codes import FOUND_TROUBLE

_MOST_TOLD: Final = 5


def tell_passed_over(passed_over: Sequence[PassedOver], err: TextIO) -> int:
    """Name the first few stretches; return the exit code."""
    for each in passed_over[:_MOST_TOLD]:
        span = f"From {utc_text(each.since_utc_s)} until {utc_text(each.until_utc_s)}"
        err.write(f"{span} something is missing, for {printable(each.file, 100)} is damaged there.\n")
    if len(passed_over) > _MOST_TOLD:
        err.write(f"So it is in {len(passed_over) - _MOST_TOLD} further places.\n")
    return FOUND_TROUBLE if passed_over else 0
