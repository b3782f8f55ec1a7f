"""Whether a figure is beyond its limit, with a gap between raising and clearing. It keeps no history.

Rules:
1. A figure over fewer than ``minimum_readings`` claims nothing: the verdict before it stays.
2. Raised when the figure passes the raising value; cleared only when it passes the clearing value.
3. A loss limit is raised only when the loss is *shown*: the low end of its 95 % interval must lie
   above the clearing value, so that three lost of twenty do not pass for fifteen per cent.
4. A figure is the median of its readings. The loss within bursts is their mean, for the median of small
   bursts is 0 where every second one is whole; and it must be shown as well, with 99 %, so that neither one
   bad burst nor the few losses of a good link raise anything.
5. Where the figure is how bad a state is, the newest state that is bad by itself says why, never a median of
   codes.
"""

from __future__ import annotations

import math
import statistics

from controlroom.measure.window import Window
from controlroom.site.model import Limit, LimitWherePresent

LOSS_RATIO = "loss_ratio"
"""The name under which any probe's loss can be limited."""

BURST_LOSS_RATIO = "burst_loss_ratio"
"""The loss within a burst, of the probes that send one."""

_NORMAL_QUANTILE_99 = 2.575829
"""The two-sided 99 % quantile of the standard normal distribution."""

DEFAULT_LOSS_LIMIT = Limit(metric=LOSS_RATIO, raise_above=0.10, clear_below=0.03)
"""Judged where the site names no loss limit: a link that loses every tenth packet is not healthy."""


def step(limit: Limit, raised: bool, window: Window) -> bool:
    """Return whether the limit is raised after the newest reading, given whether it was before."""
    if limit.metric == LOSS_RATIO:
        return _step_loss(limit, raised, window)
    if len(window.ordered(limit.metric, limit.window_readings)) < limit.minimum_readings:
        return raised
    if limit.metric == BURST_LOSS_RATIO:
        return _step_burst_loss(limit, raised, window.values(limit.metric, limit.window_readings))
    figure = window.median(limit.metric, limit.window_readings)
    return raised if figure is None else _beyond(limit, raised, figure)


def figure_of(limit: Limit, window: Window) -> float | None:
    """Return the figure that is judged by a limit, or ``None`` without any."""
    if limit.metric == LOSS_RATIO:
        return window.loss(limit.window_readings).ratio
    if limit.metric == BURST_LOSS_RATIO:
        values = window.values(limit.metric, limit.window_readings)
        return statistics.fmean(values) if values else None
    return window.median(limit.metric, limit.window_readings)


def told_by(limit: Limit) -> str:
    """Return the metric that says why a limit is raised: its own, or the state that it judges."""
    return (limit.told_by if isinstance(limit, LimitWherePresent) else "") or limit.metric


def figure_told(limit: Limit, window: Window) -> float | None:
    """Return what says why a limit is raised (rule 5)."""
    state = told_by(limit)
    if state == limit.metric:
        return figure_of(limit, window)
    pairs = window.pairs(limit.metric, state, limit.window_readings)
    return next((code for figure, code in reversed(pairs) if _beyond(limit, False, figure)), None)


def lacks_figure(limit: Limit, window: Window) -> bool:
    """Whether enough answers came and none of them held the figure that the limit is about."""
    if limit.metric == LOSS_RATIO or isinstance(limit, LimitWherePresent):
        return False
    enough = window.answers(limit.window_readings) >= limit.minimum_readings
    return enough and not window.ordered(limit.metric, limit.window_readings)


def _step_loss(limit: Limit, raised: bool, window: Window) -> bool:
    loss = window.loss(limit.window_readings)
    if loss.ratio is None or loss.sent < limit.minimum_readings:
        return raised
    beyond = _beyond(limit, raised, loss.ratio)
    if beyond and not raised and limit.clear_below is not None:
        return loss.low > limit.clear_below
    return beyond


def _step_burst_loss(limit: Limit, raised: bool, ratios: list[float]) -> bool:
    """Judge by rule 4; the interval is that of the mean, by the spread of the bursts themselves."""
    ratio = statistics.fmean(ratios)
    beyond = _beyond(limit, raised, ratio)
    if beyond and not raised and limit.clear_below is not None:
        error = statistics.stdev(ratios) / math.sqrt(len(ratios)) if len(ratios) > 1 else ratio
        return ratio - _NORMAL_QUANTILE_99 * error > limit.clear_below
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
