"""The published targets for alarm systems, and whether a figure meets its own. It measures nothing.

ISA-18.2-2016 table 7 and IEC 62682, for one operator position, over 30 days at least. An average has two
numbers: what is very likely acceptable, and the most that can be managed. The others have one. For alarms a
day IEC 62682 says 144 and 288, ISA-18.2 about 150 and 300; the stricter are taken.

Rules:
1. A share of few is no share: below ``FEWEST`` alarms the shares of sources and priorities are not judged.
2. The split is judged from the most urgent priority down: so many at most may be as urgent as this or more
   so. Fewer urgent ones than the target are none too few.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

FULL_RANGE_S: Final = 30 * 86_400.0
"""How long a range the targets are meant for, at least."""

FEWEST: Final = 20


class Measure(enum.StrEnum):
    """What is told of an alarm system, in the order in which it is told."""

    PER_10_MIN = "per_10_min"
    PER_HOUR = "per_hour"
    PER_DAY = "per_day"
    WINDOWS_OVER = "windows_over"
    HOURS_OVER = "hours_over"
    MOST_IN_10_MIN = "most_in_10_min"
    FLOOD_TIME = "flood_time"
    TOP_TEN = "top_ten"
    CHATTERING = "chattering"
    FLEETING = "fleeting"
    STALE = "stale"
    UNAUTHORISED = "unauthorised"
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Verdict(enum.StrEnum):
    """How a figure stands to its target."""

    MET = "met"
    MANAGEABLE = "manageable"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    """It was not measured, or for too short a time."""
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be at most, or ``below``; and what can be managed, where that is told apart."""

    most: float
    below: bool = False
    manageable: float | None = None
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure beside its target; ``None`` where nobody can say."""

    measure: Measure
    value: float | None
    verdict: Verdict

    @property
    def target(self) -> Target:
        """What is published."""
        return TARGETS[self.measure]


TARGETS: Final[Mapping[Measure, Target]] = MappingProxyType(
    {
        Measure.PER_10_MIN: Target(1, manageable=2),
        Measure.PER_HOUR: Target(6, manageable=12),
        Measure.PER_DAY: Target(144, manageable=288),
        Measure.WINDOWS_OVER: Target(0.01, below=True, is_share=True),
        Measure.HOURS_OVER: Target(0.01, below=True, is_share=True),
        Measure.MOST_IN_10_MIN: Target(10),
        Measure.FLOOD_TIME: Target(0.01, below=True, is_share=True),
        Measure.TOP_TEN: Target(0.05, is_share=True),
        Measure.CHATTERING: Target(0),
        Measure.FLEETING: Target(0),
        Measure.STALE: Target(5, below=True),
        Measure.UNAUTHORISED: Target(0),
        Measure.CRITICAL: Target(0.01, below=True, is_share=True),
        Measure.HIGH: Target(0.05, is_share=True),
        Measure.MEDIUM: Target(0.15, is_share=True),
        Measure.LOW: Target(0.80, is_share=True),
    }
)
"""For a priority the share is what about so many should have; rule 2 says how it is judged."""

_PRIORITIES: Final = (Measure.CRITICAL, Measure.HIGH, Measure.MEDIUM)


def judged(measure: Measure, value: float | None) -> Judged:
    """Judge a figure by its own target."""
    target = TARGETS[measure]
    if value is None:
        return Judged(measure, None, Verdict.UNKNOWN)
    if value < target.most or (value == target.most and not target.below):
        return Judged(measure, value, Verdict.MET)
    manageable = target.manageable is not None and value <= target.manageable
    return Judged(measure, value, Verdict.MANAGEABLE if manageable else Verdict.NOT_MET)


def judged_share(measure: Measure, part: int, whole: int) -> Judged:
    """Judge a share of so many alarms (rule 1)."""
    if not whole:
        return Judged(measure, None, Verdict.UNKNOWN)
    if whole < FEWEST:
        return Judged(measure, part / whole, Verdict.TOO_FEW)
    return judged(measure, part / whole)


def judged_split(counts: Mapping[int, int]) -> list[Judged]:
    """Judge how alarms are split over the priorities 1 to 4, the most urgent first (rule 2)."""
    whole, found, verdict = sum(counts.values()), [], Verdict.MET
    so_far, allowed = 0, 0.0
    for place, measure in enumerate(_PRIORITIES, start=1):
        so_far += counts.get(place, 0)
        allowed += TARGETS[measure].most
        exactly = so_far == allowed * whole and TARGETS[measure].below and so_far > 0
        verdict = Verdict.MET if so_far <= allowed * whole and not exactly else Verdict.NOT_MET
        found.append(_share(measure, counts.get(place, 0), whole, verdict))
    # What is left over is the least urgent priority: it is enough where the three above are not too many.
    return [*found, _share(Measure.LOW, counts.get(len(_PRIORITIES) + 1, 0), whole, verdict)]


def _share(measure: Measure, part: int, whole: int, verdict: Verdict) -> Judged:
    if not whole:
        return Judged(measure, None, Verdict.UNKNOWN)
    return Judged(measure, part / whole, verdict if whole >= FEWEST else Verdict.TOO_FEW)
