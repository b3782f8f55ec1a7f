"""Whether a figure is beyond its limit, with a gap between raising and clearing. It keeps no history.

Rules:
1. A figure over fewer than ``minimum_readings`` claims nothing: the verdict before it stays.
2. Raised when the figure passes the raising value; cleared only when it passes the clearing value.
3. A loss limit is raised only when the loss is *shown* to be beyond it: the low end of its 99 % interval
   must lie above the raising value, and losses in runs show less than as many one by one. A link that always
   loses 5 % loses more than 10 % of sixty readings about a hundred times a day by chance alone, and one that
   loses 4 % in bursts as often. One lost reading shows no rate, however short the row that it stands in; and
   no window shows more than it holds: a full one of which all is lost is beyond any limit.
4. It is cleared only when that is shown as well: the high end must lie below the raising value. Once the
   window is full the ratio alone decides, or a limit of 1 % over sixty readings, of which not even none lost
   shows less than 6 %, would stay raised for ever.
5. A figure is the median of its readings. The loss within bursts is their mean, for the median of small
   bursts is 0 where every second one is whole; and it must be shown as well, with 99 %: its low end above the
   clearing value, so that neither one bad burst nor the few losses of a good link raise anything, its high
   end below the raising one, so that a few whole bursts clear nothing.
6. Where the limit says ``beyond_readings`` (x of y), the figure is the x-th worst of its readings: it is
   beyond when at least so many are, and good again when fewer are not.
7. With an on-delay the figure must have been beyond at every reading for so long before the limit is raised,
   with an off-delay within for so long before it is cleared. What claims nothing begins that time anew.
8. Where the figure is how bad a state is, the newest state that is bad by itself says why, never a median of
   codes.
9. What is told of a limit that is raised was measured: of an even number the median lies between two values,
   and may be a level that was never there. Told is the middle one of the values that are beyond the limit; of
   two middle ones that nearer to the limit. Shares of loss are told as they are judged.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from controlroom.measure.loss import NORMAL_QUANTILE_99, Loss, least_loss_shown
from controlroom.measure.window import Window
from controlroom.site.model import Limit, LimitWherePresent

LOSS_RATIO = "loss_ratio"
"""The name under which any probe's loss can be limited."""

BURST_LOSS_RATIO = "burst_loss_ratio"
"""The loss within a burst, of the probes that send one."""

DEFAULT_LOSS_LIMIT = Limit(metric=LOSS_RATIO, raise_above=0.10, clear_below=0.03)
"""Judged where the site names no loss limit: a link that loses every tenth packet is not healthy."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a limit is raised, and since when its figure has said otherwise without a break.

    ``turning_since_s`` is the moment, in monotonic seconds, of the first reading that did; ``None`` where
    figure and verdict agree.
    """

    raised: bool = False
    turning_since_s: float | None = None


NOT_RAISED = Standing()


def step(limit: Limit, before: Standing, window: Window, now_s: float) -> Standing:
    """Return how a limit stands after the newest reading, which was sent at ``now_s`` (monotonic seconds)."""
    beyond = _beyond_now(limit, before.raised, window)
    if beyond is None or beyond is before.raised:
        return Standing(before.raised)
    since_s = now_s if before.turning_since_s is None else before.turning_since_s
    delay_s = limit.off_delay_s if before.raised else limit.on_delay_s
    return Standing(beyond) if now_s - since_s >= delay_s else Standing(before.raised, since_s)


def figure_of(limit: Limit, window: Window) -> float | None:
    """Return the figure that is judged by a limit, or ``None`` without any."""
    if limit.metric == LOSS_RATIO:
        return window.loss(limit.window_readings).ratio
    return _figure(limit, window.ordered(limit.metric, limit.window_readings))


def told_by(limit: Limit) -> str:
    """Return the metric that says why a limit is raised: its own, or the state that it judges."""
    return (limit.told_by if isinstance(limit, LimitWherePresent) else "") or limit.metric


def figure_told(limit: Limit, window: Window) -> float | None:
    """Return what says why a limit is raised (rules 8 and 9)."""
    state = told_by(limit)
    if state == limit.metric:
        return _measured(limit, window)
    pairs = window.pairs(limit.metric, state, limit.window_readings)
    return next((code for figure, code in reversed(pairs) if _beyond(limit, False, figure)), None)


def severity_told(limit: Limit, window: Window) -> float | None:
    """Return how bad the state is that a limit judges, as rule 9 says; ``None`` without any reading."""
    return _measured(limit, window)


def _measured(limit: Limit, window: Window) -> float | None:
    """Return a figure that was measured, as rule 9 says; the judged one where none is beyond the limit."""
    values = window.values(limit.metric, limit.window_readings)
    beyond = [value for value in values if _beyond(limit, False, value)]
    if not beyond or limit.metric == BURST_LOSS_RATIO or limit.beyond_readings is not None:
        return figure_of(limit, window)
    return statistics.median_low(beyond) if limit.raise_above is not None else statistics.median_high(beyond)


def needs_figure(limit: Limit) -> bool:
    """Whether the figure that a limit is about must be told: not one that only some have, nor the loss."""
    return limit.metric != LOSS_RATIO and not isinstance(limit, LimitWherePresent)


def lacks_figure(limit: Limit, window: Window) -> bool:
    """Whether enough answers came and none of them held the figure that the limit is about."""
    if not needs_figure(limit):
        return False
    enough = window.answers(limit.window_readings) >= limit.minimum_readings
    return enough and not window.ordered(limit.metric, limit.window_readings)


def has_gone(limit: Limit, window: Window) -> bool:
    """Whether answers come and the figure in none of them: then nobody can say whether it is beyond."""
    if limit.metric == LOSS_RATIO:
        return False
    enough = window.answers(limit.window_readings) >= limit.minimum_readings
    return enough and not window.ordered(limit.metric, limit.window_readings)


def claims(limit: Limit, window: Window) -> bool:
    """Whether the figure stands in enough of the newest readings to be judged (rule 1)."""
    return _beyond_now(limit, True, window) is not None


def _beyond_now(limit: Limit, raised: bool, window: Window) -> bool | None:
    """Return what the readings say, without any delay; ``None`` where they claim nothing (rule 1)."""
    if limit.metric == LOSS_RATIO:
        loss = window.loss(limit.window_readings)
        if loss.sent < limit.minimum_readings:
            return None
        shown = least_loss_shown(loss.lost, loss.sent, window.loss_runs(limit.window_readings))
        return _loss_beyond(limit, raised, loss, shown)
    ordered = window.ordered(limit.metric, limit.window_readings)
    figure = _figure(limit, ordered)
    if figure is None or len(ordered) < limit.minimum_readings:
        return None
    if limit.metric == BURST_LOSS_RATIO and limit.beyond_readings is None:
        return _burst_loss_beyond(limit, raised, ordered)
    return _beyond(limit, raised, figure)


def _figure(limit: Limit, ordered: Sequence[float]) -> float | None:
    """Make one figure of a metric's values, in order of size (rules 5 and 6)."""
    count, needed = len(ordered), limit.beyond_readings or 1
    if count < needed:
        return None
    if limit.beyond_readings is not None:
        return ordered[-needed] if limit.raise_above is not None else ordered[needed - 1]
    if limit.metric == BURST_LOSS_RATIO:
        return statistics.fmean(ordered)
    half = count // 2
    return ordered[half] if count % 2 else (ordered[half - 1] + ordered[half]) / 2


def _loss_beyond(limit: Limit, raised: bool, loss: Loss, shown: float) -> bool | None:
    """Judge by rules 3 and 4; ``shown`` is what the losses show at least."""
    if loss.ratio is None:
        return None
    full = loss.sent >= limit.window_readings
    if raised or limit.raise_above is None or not _beyond(limit, False, loss.ratio):
        return _shown(limit, raised, loss.ratio, loss.low, loss.high, full=full)
    alone = loss.lost == 1 < limit.window_readings
    return not alone and (shown > limit.raise_above or (full and loss.lost == loss.sent))


def _burst_loss_beyond(limit: Limit, raised: bool, ratios: Sequence[float]) -> bool:
    """Judge by rule 5; the interval is that of the mean, by the spread of the bursts themselves."""
    ratio = statistics.fmean(ratios)
    error = statistics.stdev(ratios) / math.sqrt(len(ratios)) if len(ratios) > 1 else ratio
    low, high = ratio - NORMAL_QUANTILE_99 * error, ratio + NORMAL_QUANTILE_99 * error
    return _shown(limit, raised, ratio, low, high, full=len(ratios) >= limit.window_readings)


def _shown(limit: Limit, raised: bool, ratio: float, low: float, high: float, *, full: bool) -> bool:
    """Whether a ratio is beyond its limit, and a change of the verdict shown by the ends of its interval."""
    beyond = _beyond(limit, raised, ratio)
    if beyond and not raised and limit.clear_below is not None:
        return low > limit.clear_below
    if raised and not beyond and limit.raise_above is not None:
        return not full and high >= limit.raise_above
    return beyond


def _beyond(limit: Limit, raised: bool, figure: float) -> bool:
    if limit.raise_above is not None and figure > limit.raise_above:
        return True
    if limit.raise_below is not None and figure < limit.raise_below:
        return True
    if not raised:
        return False
    clear_below = limit.clear_below if limit.clear_below is not None else limit.raise_above
    clear_above = limit.clear_above if limit.clear_above is not None else limit.raise_below
    below = clear_below is None or figure < clear_below
    above = clear_above is None or figure > clear_above
    return not (below and above)
