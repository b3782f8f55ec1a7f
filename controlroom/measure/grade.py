"""How well a link serves one use, by the figures over a window and the use's profile. It keeps no history.

Rules:
1. A limit is judged only where its figure is there and over enough readings. What is not measured is passed
   over; what is measured over too few readings holds a good grade back, unless pings could only show that it
   is broken and another limit is judged.
2. A figure is graded worse only as far as that is *shown*: by the end of its interval that speaks for the
   link. Three lost of 300 are 1 %, and show no more than 0.34 %.
3. The grade is the worst of all limits, and its reason is that limit; of several the one that is passed the
   furthest, in proportion.
4. What the grade does not show is told beside it: figures that are missing or too few, figures whose interval
   reaches into a worse grade, and limits of which pings can only show that they are broken. None of these
   makes a grade better or worse.
5. A delay whose limit is told one way is halved before it is compared, and told so in the reason.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.measure.loss import NORMAL_QUANTILE_95, Loss
from controlroom.site.profile import (
    RATIOS,
    WORSENING,
    FigureName,
    Grade,
    Profile,
    ProfileLimit,
)

PASSED: Final = "profile"
"""Reason: ``profile:<figure>:<value>:<number>``, with ``:one_way`` behind it where both are one way."""

ONE_WAY: Final = "one_way"

KEPT: Final = "profile_kept"
"""Reason: every figure that is measured is good."""

TOO_FEW: Final = "profile_too_few"
"""Reason: ``profile_too_few:<figure>:<readings>:<readings needed>``."""

NOT_MEASURED: Final = "profile_not_measured"
"""Reason: no figure that the profile limits is measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over a window, how many readings it is of, and between what it lies (95 %).

    Without an interval the value stands for its ends.
    """

    value: float
    count: int
    low: float | None = None
    high: float | None = None


class Doubt(enum.StrEnum):
    """Why a grade does not show that a limit is kept."""

    NOT_MEASURED = "not_measured"
    TOO_FEW = "too_few"
    UNCERTAIN = "uncertain"
    BREACH_ONLY = "breach_only"


@dataclass(frozen=True, slots=True)
class Unshown:
    """A figure of which the grade says more than is shown, over how many readings, and how many it takes.

    ``needed`` is ``None`` where no number of readings can be named.
    """

    figure: FigureName
    doubt: Doubt
    count: int = 0
    needed: int | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade, the code of its reason, and what it does not show."""

    grade: Grade
    reason: str
    unshown: tuple[Unshown, ...] = ()


@dataclass(frozen=True, slots=True)
class _Judged:
    limit: ProfileLimit
    figure: Figure
    grade: Grade
    passed: float | None
    """The number that is passed; ``None`` where none is."""
    value: float
    """The value as it is compared with that number."""


def grade(profile: Profile, figures: Mapping[FigureName, Figure]) -> Graded:
    """Grade the figures of one window by a profile."""
    judged: list[_Judged] = []
    unshown: list[Unshown] = []
    too_few: list[tuple[ProfileLimit, Figure]] = []
    for limit in profile.limits:
        figure = figures.get(limit.figure)
        if figure is None or math.isnan(figure.value):
            unshown.append(Unshown(limit.figure, Doubt.NOT_MEASURED))
        elif figure.count < limit.minimum_readings:
            unshown.append(Unshown(limit.figure, Doubt.TOO_FEW, figure.count, limit.minimum_readings))
            too_few.append((limit, figure))
        else:
            judged.append(_judged(limit, figure))
            unshown.extend(_unshown(judged[-1]))
    found, reason = _verdict(judged, too_few)
    return Graded(found, reason, tuple(unshown))


def loss_figure(loss: Loss) -> Figure | None:
    """Make a figure of a loss with its Wilson interval; ``None`` where nothing was sent."""
    return None if loss.ratio is None else Figure(loss.ratio, loss.sent, loss.low, loss.high)


def readings_to_show(ratio: float) -> int | None:
    """Return how many readings without a single loss show that the loss is at most a ratio (95 %, Wilson).

    The high end of 0 of n is z² / (n + z²). ``None`` for a ratio of 0, which nothing shows.
    """
    square = NORMAL_QUANTILE_95**2
    return math.ceil(square * (1 - ratio) / ratio) if ratio > 0 else None


def _verdict(judged: list[_Judged], too_few: list[tuple[ProfileLimit, Figure]]) -> tuple[Grade, str]:
    worst = max(judged, key=_badness, default=None)
    if worst is not None and worst.passed is not None:
        return worst.grade, _passed_code(worst)
    holding = [(limit, figure) for limit, figure in too_few if not (limit.breach_only and judged)]
    if holding:
        limit, figure = holding[0]
        return Grade.UNKNOWN, f"{TOO_FEW}:{limit.figure}:{figure.count}:{limit.minimum_readings}"
    return (Grade.GOOD, KEPT) if judged else (Grade.UNKNOWN, NOT_MEASURED)


def _badness(judged: _Judged) -> tuple[int, float]:
    if judged.passed is None:
        return 0, 0.0
    more, less = judged.value, judged.passed
    if judged.limit.more_is_better:
        more, less = less, more
    return WORSENING.index(judged.grade), more / less if less else math.inf


def _passed_code(judged: _Judged) -> str:
    way = f":{ONE_WAY}" if judged.limit.one_way else ""
    return f"{PASSED}:{judged.limit.figure}:{judged.value:.4g}:{judged.passed:.4g}{way}"


def _judged(limit: ProfileLimit, figure: Figure) -> _Judged:
    speaks_for_it, _ = _ends(limit, figure)
    found, passed = _graded(limit, speaks_for_it)
    return _Judged(limit, figure, found, passed, _compared(limit, figure.value))


def _unshown(judged: _Judged) -> list[Unshown]:
    """Tell whether the other end of the interval would be graded worse."""
    limit, figure = judged.limit, judged.figure
    if limit.breach_only and judged.grade is Grade.GOOD:
        return [Unshown(limit.figure, Doubt.BREACH_ONLY, figure.count, _needed(limit, judged.grade))]
    _, speaks_against_it = _ends(limit, figure)
    if _graded(limit, speaks_against_it)[0] is judged.grade:
        return []
    return [Unshown(limit.figure, Doubt.UNCERTAIN, figure.count, _needed(limit, judged.grade))]


def _needed(limit: ProfileLimit, found: Grade) -> int | None:
    """Return how many readings without loss would show a grade."""
    number = next((number.at for each, number in limit.numbers if each is found), None)
    return readings_to_show(number) if number is not None and limit.figure in RATIOS else None


def _graded(limit: ProfileLimit, value: float) -> tuple[Grade, float | None]:
    """Grade one value, and return the number that it passes last."""
    passed: float | None = None
    for found, number in limit.numbers:
        if value >= number.at if limit.more_is_better else value <= number.at:
            return found, passed
        passed = number.at
    return limit.beyond, passed


def _ends(limit: ProfileLimit, figure: Figure) -> tuple[float, float]:
    """Return the end of the interval that speaks for the link, and the one that speaks against it."""
    low = _compared(limit, figure.value if figure.low is None else figure.low)
    high = _compared(limit, figure.value if figure.high is None else figure.high)
    return (high, low) if limit.more_is_better else (low, high)


def _compared(limit: ProfileLimit, value: float) -> float:
    return value / 2 if limit.one_way else value
