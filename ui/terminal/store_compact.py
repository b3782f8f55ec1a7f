"""The command ``store compact``: says of each file what was gained, or why it was left as it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TextIO

from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.store.care import Compacted
from ui.terminal.exit_codes import FOUND_TROUBLE

_WIDTH: Final = 24
_WHY: Final = {
    "no-room": "left as it is: there is not room enough on the disk to write it anew",
    "disk-full": "left as it is: the disk is full",
    "store-damaged": "left as it is: it is damaged; see controlroom store check",
    "store-foreign": "left as it is: it is a database of another program",
    "store-newer": "left as it is: a newer program wrote it",
    "store-busy": "left as it is: another program holds it",
    "still-read": "a desk reads it: its room is given back once that desk lets go",
}


def print_compacted(compacted: Iterable[Compacted], out: TextIO) -> int:
    """Print a line for each file as it comes; return 1 where one was left as it is."""
    before = after = 0
    left = False
    for file in compacted:
        out.write(f"{printable(file.file, 60):{_WIDTH}}  {_line(file)}\n")
        out.flush()
        before, after = before + file.before_bytes, after + file.after_bytes
        left = left or bool(file.code)
    out.write(f"{'all':{_WIDTH}}  {_gain(before, after)}\n")
    return FOUND_TROUBLE if left else 0


def _line(file: Compacted) -> str:
    if file.code:
        return _WHY.get(file.code, f"left as it is: {printable(file.code, 40)}")
    return _gain(file.before_bytes, file.after_bytes)


def _gain(before: int, after: int) -> str:
    sizes = f"{value_text(float(before), 'B')} → {value_text(float(after), 'B')}"
    gained = before - after
    return f"{sizes}, {value_text(float(gained), 'B')} gained" if gained > 0 else f"{sizes}, nothing gained"
