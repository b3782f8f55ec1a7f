"""Makes the lines of a difference readable: signs apart from the text, places in words. Pure, no widgets."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

_PLACE: Final = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")


class LineKind(enum.Enum):
    """What a line of a difference is."""

    GONE = "−"
    COME = "+"
    SAME = " "
    PLACE = "…"


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as it is shown."""

    kind: LineKind
    text: str


def shown_lines(lines: Sequence[str]) -> tuple[ShownLine, ...]:
    """Turn the lines of ``diff -u`` into what people read."""
    return tuple(_shown(lines))


def sides(lines: Sequence[str]) -> tuple[str, str]:
    """Name both sides: what the lines with minus are from, and those with plus."""
    if len(lines) < 2 or not lines[0].startswith("--- ") or not lines[1].startswith("+++ "):
        return "", ""
    return lines[0][4:].strip(), lines[1][4:].strip()


def _shown(lines: Sequence[str]) -> Iterator[ShownLine]:
    begin = 2 if any(sides(lines)) else 0
    for line in lines[begin:]:
        place = _PLACE.match(line)
        if place is not None:
            yield ShownLine(LineKind.PLACE, f"…  line {place[1]}")
        elif line.startswith("+"):
            yield ShownLine(LineKind.COME, f"+  {line[1:]}")
        elif line.startswith("-"):
            yield ShownLine(LineKind.GONE, f"−  {line[1:]}")
        elif line.startswith(" "):
            yield ShownLine(LineKind.SAME, f"   {line[1:]}")
        else:
            yield ShownLine(LineKind.PLACE, line)
