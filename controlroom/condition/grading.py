"""One grade of a link from everything that tells of it, and the reason for it. It measures nothing.

Rules:
1. What the profile says of the figures comes first: it is about the use. Signs only warn: the worst that they
   make of a good link is *fair*, for it still serves; they never ease anything.
2. The reason is that of the worst; where the figures and a sign are equally bad, that of the figures.
3. Without a grade by the figures a sign is told as the reason, and the grade stays unknown.
4. A route that changed is no sign by itself: another way may be as good. It is told beside one.
5. That an endpoint is degraded is a sign, told by the reason of its condition: by a limit that is raised, or
   by a probe that is not answered while another is. So no grade is better than the condition beside it.
6. The last minute counts beside the whole window: where it shows a worse grade, that is the grade, and the
   reason names the minute. It never eases anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.state import Condition, EndpointState
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


DEGRADED: Final = "degraded"
"""Sign: ``degraded:<reason>``; the endpoint is degraded, and by no limit. By one, the sign is its reason."""

LAST_MINUTE: Final = "last_minute"
"""Put behind a reason by figures that is of the last minute alone (rule 6)."""


def condition_signs(state: EndpointState | None) -> list[str]:
    """Return the sign that an endpoint's condition is (rule 5)."""
    if state is None or state.condition is not Condition.DEGRADED:
        return []
    limit = LimitReason.read(state.reason)
    return [f"{DEGRADED}:{state.reason}" if limit is None else state.reason]


def worse_of(whole: Graded, minute: Graded) -> Graded:
    """Return the grade of a window, or that of its last minute where that is worse (rule 6)."""
    if minute.grade is Grade.UNKNOWN:
        return whole
    at_least = Grade.GOOD if whole.grade is Grade.UNKNOWN else whole.grade
    if WORSENING.index(minute.grade) <= WORSENING.index(at_least):
        return whole
    return Graded(minute.grade, f"{minute.reason}:{LAST_MINUTE}", whole.unshown)


def is_worse(grade: Grade, other: str) -> bool:
    """Return whether a grade is worse than another, which is good where it is empty or unknown."""
    before = WORSENING.index(Grade(other)) if other in WORSENING else 0
    return grade in WORSENING and WORSENING.index(grade) > before


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
