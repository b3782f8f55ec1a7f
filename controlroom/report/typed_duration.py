"""A length of time as people type it: ``90s``, ``15m``, ``2h``, ``1h30m``, ``1d``. It reads no clock.

Rules:
1. Whole numbers, each with its unit (``d``, ``h``, ``m``, ``s``), the greater units first, each at most once.
2. A number without a unit is refused: nobody can tell whether it means minutes or hours.
3. It is at least a second and at most a year.
"""

from __future__ import annotations

import re
from typing import Final

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable

LONGEST_S: Final = 366 * 86400.0

_FORM: Final = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_UNITS_S: Final = (86400, 3600, 60, 1)
_ADVICE: Final = "Give a number and its unit, such as 90s, 15m, 2h, 1h30m or 1d."


def duration_s(text: str) -> float:
    """Read a length of time in seconds, or raise ``ControlroomError`` with the code ``bad-time``."""
    typed = text.strip()
    shown = printable(typed, 60)
    found = _FORM.fullmatch(typed)
    if not typed or found is None:
        raise ControlroomError("bad-time", f"“{shown}” is no length of time.", _ADVICE)
    parts = (int(count or 0) for count in found.groups())
    seconds = float(sum(count * unit for count, unit in zip(parts, _UNITS_S, strict=True)))
    if not 1 <= seconds <= LONGEST_S:
        raise ControlroomError("bad-time", f"“{shown}” is less than a second or more than a year.", _ADVICE)
    return seconds
