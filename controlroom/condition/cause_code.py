"""Codes of why an alarm is hidden, or what several have in common: written and read here. It words nothing.

``behind:<endpoint>``: it cannot be reached because of that loss. ``part_of:<subject>``: the alarm of that
subject tells of it. ``lost:<count>:<endpoint>``: so many are lost, and that one fell first.
``falls:<count>``: it fell so often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

BEHIND: Final = "behind:"
PART_OF: Final = "part_of:"
_FALLS: Final = "falls:"
_LOST: Final = "lost:"


def behind_of(code: str) -> str | None:
    """Return behind which endpoint's loss something cannot be reached; ``None`` for another code."""
    return code.removeprefix(BEHIND) if code.startswith(BEHIND) else None


def part_of(code: str) -> str | None:
    """Return the subject whose alarm tells of it; ``None`` for another code."""
    return code.removeprefix(PART_OF) if code.startswith(PART_OF) else None


def falls_code(falls: int) -> str:
    """Write how often something fell."""
    return f"{_FALLS}{falls}"


def falls_of(code: str) -> int | None:
    """Read how often something fell; ``None`` for another code."""
    count = code.removeprefix(_FALLS)
    return int(count) if code.startswith(_FALLS) and count.isascii() and count.isdigit() else None


@dataclass(frozen=True, slots=True)
class LostTogether:
    """How many are lost by one cause, and which fell first."""

    count: int
    first: str

    @property
    def code(self) -> str:
        """The code."""
        return f"{_LOST}{self.count}:{self.first}"

    @classmethod
    def read(cls, code: str) -> Self | None:
        """Read a code; ``None`` where it is another."""
        count, _, first = code.removeprefix(_LOST).partition(":")
        if not (code.startswith(_LOST) and count.isascii() and count.isdigit()):
            return None
        return cls(int(count), first)
