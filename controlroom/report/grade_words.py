"""Grades by profile as people read them: the grade, its reason with figure and number, what it does not show.

A code that is not known here (of a newer program) is shown as itself, escaped.
"""

from __future__ import annotations

from typing import Final

from controlroom.condition.grading import LAST_MINUTE, SIGN
from controlroom.measure.grade import KEPT, NOT_MEASURED, ONE_WAY, PASSED, TOO_FEW, Doubt, Unshown
from controlroom.measure.quality import NO_PROFILE
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.report.link_change_words import sign_words
from controlroom.site.profile import RATIOS, FigureName, Grade, Mark, Profile
from controlroom.site.view import SeenEndpoint

_GRADES: Final[dict[str, str]] = {
    Grade.GOOD: "good",
    Grade.FAIR: "fair",
    Grade.POOR: "poor",
    Grade.UNUSABLE: "unusable",
    Grade.UNKNOWN: "unknown",
}

_FIGURES: Final[dict[str, str]] = {
    FigureName.RTT_S: "the median round trip",
    FigureName.RTT_MEAN_S: "the mean round trip",
    FigureName.RTT_P95_S: "the round trip of 95 % of packets",
    FigureName.JITTER_S: "jitter",
    FigureName.DELAY_VARIATION_S: "the variation of the round trip",
    FigureName.LOSS_RATIO: "loss",
    FigureName.REORDERED_RATIO: "the share out of order",
    FigureName.MOS: "the estimated voice quality (MOS)",
}

_MARKS: Final[dict[str, str]] = {
    Mark.PUBLISHED: "published",
    Mark.SECONDARY: "from a secondary source",
    Mark.OWN_CHOICE: "our own choice",
    Mark.SITE: "chosen for this site",
}

_SMALLEST_IN_PERCENT: Final = 1e-4


def grade_words(grade: str) -> str:
    """Name a grade, so that it fits after "is"."""
    return _GRADES.get(grade) or printable(grade)


def grade_reason_words(reason: str, profile: Profile | None = None, seen: SeenEndpoint | None = None) -> str:
    """Say why a grade is as it is, from its code; ``profile`` adds whose number was passed."""
    kind, *parts = reason.split(":")
    if kind == SIGN:
        return sign_words(reason.removeprefix(f"{SIGN}:"), seen)
    if kind == NO_PROFILE:
        return "the site names no profile that says what is good enough"
    if kind == KEPT:
        return f"all that is measured is good for {profile.title if profile is not None else 'its use'}"
    if kind == NOT_MEASURED:
        return "nothing is measured that this use sets a limit on"
    try:
        if kind == TOO_FEW:
            figure, count, needed = parts[0], int(parts[1]), int(parts[2])
            return f"{_figure(figure)} is not known yet: {count:,} of {needed:,} readings that a claim needs"
        if kind == PASSED:
            one_way, lately = ONE_WAY in parts[3:], LAST_MINUTE in parts[3:]
            said = _passed(parts[0], float(parts[1]), float(parts[2]), one_way=one_way, profile=profile)
            return f"in the last minute {said}" if lately else said
    except (ValueError, IndexError):
        return printable(reason)
    return printable(reason)


def unshown_words(unshown: Unshown) -> str:
    """Say what a grade does not show of one figure."""
    name = _figure(unshown.figure)
    if unshown.doubt is Doubt.NOT_MEASURED:
        return f"{name} is not measured"
    takes = f": that takes {unshown.needed:,}" if unshown.needed is not None else ""
    if unshown.doubt is Doubt.TOO_FEW:
        return f"{unshown.count:,} readings say nothing of {name} yet{takes}"
    if unshown.doubt is Doubt.BREACH_ONLY:
        takes = f": that takes {unshown.needed:,} without a loss" if unshown.needed is not None else ""
        return f"that {name} is as low as asked cannot be shown by pings{takes}"
    # So many would do if none of them were lost: of a window with losses more of them say nothing.
    if unshown.needed is not None and unshown.needed <= unshown.count:
        why = f", for some were lost: without a loss {unshown.needed:,} would"
    else:
        why = f": that takes at least {unshown.needed:,}" if unshown.needed is not None else ""
    return f"{unshown.count:,} readings do not show that {name} is no worse{why}"


def amount_text(figure: str, value: float) -> str:
    """Write a figure or its number: a duration, a share in per cent or as one in so many, a bare number."""
    if figure == FigureName.MOS:
        return f"{value:.2f}"
    if figure not in RATIOS:
        return value_text(value, "s")
    if 0 < value < _SMALLEST_IN_PERCENT:
        return f"1 in {round(1 / value):,}"
    return value_text(value, "ratio")


def mark_words(mark: str) -> str:
    """Say what the source of a number is worth."""
    return _MARKS.get(mark) or printable(mark)


def _passed(figure: str, value: float, number: float, *, one_way: bool, profile: Profile | None) -> str:
    way = "below" if figure == FigureName.MOS else "above"
    half = "half of " if one_way else ""
    said = f"{half}{_figure(figure)} is {amount_text(figure, value)}, {way} {amount_text(figure, number)}"
    limits = profile.limits if profile is not None else ()
    numbers = [each for limit in limits if limit.figure == figure for _, each in limit.numbers]
    source = next((each for each in numbers if f"{each.at:.4g}" == f"{number:.4g}"), None)
    if source is None:
        return said
    worth = mark_words(source.mark)
    # What a site chose has no other source than that.
    return f"{said} ({worth if source.mark == Mark.SITE else f'{source.source}; {worth}'})"


def _figure(figure: str) -> str:
    return _FIGURES.get(figure) or printable(figure)
