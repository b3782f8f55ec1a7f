"""What can be expected of a service, in words for people. It reckons nothing.

Rules:
1. A share of time is cut, never rounded up; the time that it means in a year stands beside it.
2. Where parts were watched for less than a day, or not at all, that is said before any figure.
3. Where nothing was ever seen to fail there is no best figure, but how bad it may be at most; where a repair
   time is assumed, that stands beside the figure.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from controlroom.report.availability_words import share_text
from controlroom.report.figures import NO_VALUE, duration_text
from controlroom.resilience.component_model import ASSUMED_REPAIR_S, ComponentModel, RepairFrom
from controlroom.resilience.expected import ComponentRank, Expectation, Figure

NameOf = Callable[[str], str]
YEAR_S: Final = 365.25 * 86_400.0
TOO_SHORT: Final = "watched for less than a day: too short to expect anything from"
MOST_NAMED: Final = 3


def is_telling(found: Expectation | None) -> bool:
    """Whether enough was watched for figures to be shown to people (rule 2)."""
    return found is not None and not found.short


def expected_words(found: Expectation | None) -> str:
    """Say how much of the time a service can be expected to work."""
    if found is None:
        return "nothing was measured yet"
    if found.short:
        return f"{len(found.short)} of its parts {'was' if len(found.short) == 1 else 'were'} {TOO_SHORT}"
    told = found.availability
    by = "" if found.exact else ", about, for its structure is too large for an exact answer"
    if found.never_failed:
        return (
            f"more than {share_text(told.low)} of the time, lost for less than {lost_text(found.loss.high)} "
            f"a year (19 in 20): no failure seen{_assumed(found)}{by}"
        )
    return (
        f"{share_text(told.best)} of the time ({share_text(told.low)} to {share_text(told.high)}): lost for "
        f"{lost_text(found.loss.best)} a year{_unseen(found)}{by}"
    )


def expected_share(found: Expectation | None) -> str:
    """Write the share alone: ``99.9 %``, or ``> 99.9 %`` where nothing failed (rule 3)."""
    if found is None or found.short:
        return NO_VALUE
    if found.never_failed:
        return f"> {share_text(found.availability.low)}"
    return share_text(found.availability.best)


def _unseen(found: Expectation) -> str:
    """Say of how many parts no failure was seen, and what is assumed."""
    if not found.unfailed:
        return _assumed(found)
    return f"; no failure was seen of {len(found.unfailed)} of its {found.watched} parts{_assumed(found)}"


def _assumed(found: Expectation) -> str:
    return f"; repair time assumed {duration_text(ASSUMED_REPAIR_S)}" if found.assumed else ""


def naive_words(found: Expectation | None) -> str:
    """Say what would come out if nothing were shared; empty where there is no best figure either."""
    if found is None or found.short or found.never_failed:
        return ""
    return (
        f"{share_text(found.naive_availability)} if nothing were shared: {lost_text(found.naive_loss)} a year"
    )


def unwatched_words(found: Expectation | None, name_of: NameOf) -> str:
    """Name what is taken never to fail because nobody watched it; empty where there is none."""
    if found is None or not found.unwatched:
        return ""
    names = [name_of(each) for each in found.unwatched[:MOST_NAMED]]
    more = len(found.unwatched) - len(names)
    return f"never watched, and not reckoned with: {', '.join(names)}{f' and {more} more' if more else ''}"


def rank_words(rank: ComponentRank, name_of: NameOf) -> str:
    """Say what one component is to a service's loss."""
    share, times = rank.fussell_vesely, rank.risk_achievement.best
    told = f"{name_of(rank.component)}: {percent_text(share)} of the loss is by it"
    return f"{told}; while it has failed, loss is {times_text(times)} as likely"


def percent_text(figure: Figure) -> str:
    """Write a share with its interval, in whole per cent."""
    if not math.isfinite(figure.low):
        return f"{figure.best * 100:.0f} %"
    return f"{figure.best * 100:.0f} % ({figure.low * 100:.0f} to {figure.high * 100:.0f} %)"


def times_text(times: float) -> str:
    """Write how many times as likely something is."""
    if not math.isfinite(times):
        return NO_VALUE
    return f"{times:,.0f} times" if times >= 10 else f"{times:.1f} times"


def lost_text(loss: float) -> str:
    """Write a probability of loss as the time that it means in a year."""
    lasted_s = loss * YEAR_S
    return duration_text(lasted_s) if lasted_s >= 1 else "less than a second"


def repair_source_words(model: ComponentModel) -> str:
    """Say where a repair time is from; empty where it is the component's own."""
    return {
        RepairFrom.OWN: "",
        RepairFrom.SITE: "as is usual at this site",
        RepairFrom.ASSUMED: "assumed, for no repair was ever seen here",
    }[model.repair_from]
