"""One grade of a link from everything that tells of it, and the reason for it. It measures nothing.

Rules:
1. What the profile says of the figures comes first: it is about the use. Signs only warn: the worst that they
   make of a good link is *fair*, for it still serves; they never ease anything.
2. The reason is that of the worst; where the figures and a sign are equally bad, that of the figures.
3. Without a grade by the figures a sign is told as the reason, and the grade stays unknown.
4. A route that changed is no sign by itself: another way may be as good. It is told beside one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controlroom.measure.grade import Graded
from controlroom.site.profile import WORSENING, Grade

SIGN: Final = "sign"
"""Reason: ``sign:<what>:...``; what it is, is a code of its own."""

SIGNAL_POOR: Final = "signal_poor"
"""Sign: ``signal_poor:<metric>``; the signal is in its template's worst band."""

STEPPED_DOWN: Final = "stepped_down"
"""Sign: ``stepped_down:<metric>:<usual>:<now>``; the radio carries less than it usually does."""

CHANGE: Final = "change"
"""Sign: ``change:<kind>:<before>:<after>``; the link is not as it usually is."""

ROUTE_CHANGED: Final = "route_changed"
"""Put behind a sign (rule 4)."""


def grading(graded: Graded, signs: Sequence[str], *, route_changed: bool = False) -> tuple[Grade, str]:
    """Return the grade and its reason; ``signs`` are codes, the weightiest first."""
    if not signs:
        return graded.grade, graded.reason
    route = f":{ROUTE_CHANGED}" if route_changed else ""
    told = f"{SIGN}:{signs[0]}{route}"
    if graded.grade is Grade.UNKNOWN:
        return Grade.UNKNOWN, told
    if WORSENING.index(graded.grade) >= WORSENING.index(Grade.FAIR):
        return graded.grade, graded.reason
    return Grade.FAIR, told
