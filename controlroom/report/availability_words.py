"""Availability, budgets and burn rates as people read them. It computes nothing.

Rules:
1. A share is cut, never rounded: what failed for a second of a month is not 100 %.
2. What was not measured is always said beside the share, each kind by itself, and of maintenance how much was
   down time that somebody counted so afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from controlroom.measure.availability import Availability, Spent
from controlroom.measure.error_budget import Budget, Burn
from controlroom.report.figures import NO_VALUE, duration_text

_UNMEASURED = {
    Spent.BLIND: "blind",
    Spent.MAINTENANCE: "in maintenance",
    Spent.UNKNOWN: "unknown",
}
_DIGITS = 3


def share_text(ratio: float | None) -> str:
    """Write a share in per cent, cut after three decimals: 99.999 % where one second of a month failed."""
    if ratio is None:
        return NO_VALUE
    size = 10**_DIGITS
    # What is a hair below a whole step, by the rounding of a division alone, is that step.
    steps = math.floor(ratio * 100 * size + 1e-6)
    if ratio < 1:
        steps = min(steps, 100 * size - 1)
    return f"{steps / size:.{_DIGITS}f} %"


def availability_sentence(found: Availability) -> str:
    """Say how much of the measured time something worked, what failed, and what was not measured."""
    parts = [_unmeasured(found, spent) for spent in _UNMEASURED]
    apart = ", ".join(part for part in parts if part)
    beside = f"; not counted: {apart}" if apart else ""
    if found.ratio is None:
        return f"Nothing was measured{beside}."
    said = f"{share_text(found.ratio)} of {duration_text(found.measured_s)} measured"
    return f"{said}; {_outages(found)}{beside}."


def repair_words(found: Availability) -> str:
    """Say how often it failed and how long each time; empty where no outage tells that.

    The time between failures has the repair in it (MTBF), and what was not measured counts in neither.
    """
    if found.mttr_s is None:
        return ""
    repair = f"{_lasted(found.mttr_s)} to repair (MTTR)"
    if found.between_failures_s is None:
        return f"{repair}; after one failure no time between failures (MTBF) is known"
    between, longest = duration_text(found.between_failures_s), _lasted(found.longest_outage_s)
    return f"On average {between} from failure to failure (MTBF), {repair}; longest outage {longest}"


def objective_words(objective: float) -> str:
    """Write the share of time that something shall work, with all its digits: ``99.95 %``."""
    return f"{objective * 100:.6f}".rstrip("0").rstrip(".") + " %"


def budget_sentence(budget: Budget) -> str:
    """Say what is spent of a budget, and what is left of it."""
    spent = f"{duration_text(budget.spent_s)} of {duration_text(budget.allowed_s)} are spent"
    if budget.left_s < 0:
        return f"{spent}, {duration_text(-budget.left_s)} more than allowed."
    return f"{spent}, {duration_text(budget.left_s)} are left."


def burn_words(burn: Burn) -> str:
    """Say how fast the budget is spent over the long window, and over the short one."""
    pair = burn.pair
    long, short = _rate(burn.long_rate, pair.long_s), _rate(burn.short_rate, pair.short_s)
    return f"{long}, {short}; from {pair.burn_rate:g} on in both it matters"


def spending_sentence(burns: Sequence[Burn]) -> str:
    """Say how fast a budget is being spent: by the first windows that burn, else the longest known."""
    known = [each for each in burns if each.long_rate is not None]
    if not known:
        return "Too little was measured to say how fast it is being spent."
    burning = next((each for each in known if each.burning), None)
    told = burning or known[-1]
    fast = "Spent too fast" if burning is not None else "Being spent"
    return f"{fast}: {_rate(told.long_rate, told.pair.long_s)}, {_rate(told.short_rate, told.pair.short_s)}."


def _rate(rate: float | None, length_s: float) -> str:
    over = f"over {duration_text(length_s)}"
    return f"too little measured {over}" if rate is None else f"{rate:.1f} times as fast as allowed {over}"


def _outages(found: Availability) -> str:
    if not found.outages:
        return "no outage"
    down = _lasted(found.time_s(Spent.DOWN))
    lasts = ", which still lasts" if found.ongoing else ""
    if found.outages == 1:
        return f"1 outage of {down}{lasts}"
    last = ", the last still lasts" if found.ongoing else ""
    return f"{found.outages} outages, {down} in all, the longest {_lasted(found.longest_outage_s)}{last}"


def _lasted(seconds: float) -> str:
    """Say how long an outage was: one that is over within a second was one all the same."""
    return "less than 1 s" if 0 < seconds < 1 else duration_text(seconds)


def _unmeasured(found: Availability, spent: Spent) -> str:
    time_s = found.time_s(spent)
    if time_s < 1:
        return ""
    afterwards = _afterwards(found) if spent is Spent.MAINTENANCE else ""
    return f"{duration_text(time_s)} {_UNMEASURED[spent]}{afterwards}"


def _afterwards(found: Availability) -> str:
    """Say how much of the maintenance was down time (rule 2)."""
    if not found.reclassified_us:
        return ""
    whole = found.reclassified_s == found.time_s(Spent.MAINTENANCE)
    part = "all" if whole else _lasted(found.reclassified_s)
    return f" ({part} of it down time, counted so afterwards)"
