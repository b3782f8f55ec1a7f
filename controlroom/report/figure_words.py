"""The figures of a link over a window, in rows of a title and words for people. It computes nothing.

Rules:
1. Every figure has its unit, and what is not known says so. The loss stands right behind the round trips.
2. Runs and distances of losses are counted in probes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from controlroom.measure.arrival import ArrivalFigures
from controlroom.measure.figures import LinkFigures
from controlroom.measure.jitter import JitterFigures
from controlroom.measure.latency import Latency
from controlroom.measure.loss import Loss, LossFigures
from controlroom.measure.rolled_figures import RolledFigures
from controlroom.report.figures import value_text
from controlroom.report.unknown_words import UNKNOWN

NOT_FROM_BUCKETS: Final = "Jitter, runs of losses, order, grade and voice need single readings, up to a day."
"""What figures of buckets cannot tell, and for which ranges it can be had."""

Row = tuple[str, str]


def link_rows(told: LinkFigures | RolledFigures) -> Iterator[Row]:
    """Yield what is to be told of a window, the loss beside the round trips."""
    yield "Round trip", latency_words(told.latency)
    if isinstance(told, RolledFigures):
        yield "Lost", loss_words(told.loss)
        yield "Not measured", unmeasured_words(told.asked, told.unmeasured)
        yield "Figures from", f"{bucket_words(told)}. {NOT_FROM_BUCKETS}"
        return
    yield "Lost", loss_words(told.losses.loss)
    if told.losses.runs:
        yield "Losses lie", run_words(told.losses)
    yield "Jitter", jitter_words(told.jitter)
    yield "Delay variation", variation_words(told.jitter)
    yield "Order", order_words(told.arrivals)
    yield "Not measured", unmeasured_words(told.asked, told.unmeasured)


def latency_words(latency: Latency) -> str:
    """Tell the round trips of received replies."""
    if not latency.count:
        return "no reply"
    if latency.median_s is None:
        shown = f"{_time(latency.min_s)} to {_time(latency.max_s)}, mean {_time(latency.mean_s)}"
        return f"{shown}; median and percentiles {UNKNOWN}"
    shown = (
        f"median {_time(latency.median_s)}, 95 % within {_time(latency.p95_s)}, "
        f"99 % within {_time(latency.p99_s)}, {_time(latency.min_s)} to {_time(latency.max_s)}, "
        f"mean {_time(latency.mean_s)}"
    )
    if latency.deviation_s is not None:
        shown += f", median deviation {_time(latency.deviation_s)}"
    return f"{shown}; {latency.count:,} {'reply' if latency.count == 1 else 'replies'}"


def loss_words(loss: Loss) -> str:
    """Tell the loss, and between what it lies."""
    if loss.ratio is None:
        return "nothing was asked"
    low, high = value_text(loss.low, "ratio"), value_text(loss.high, "ratio")
    return f"{loss.lost:,} of {loss.sent:,}, {value_text(loss.ratio, 'ratio')}; 95 % sure: {low} to {high}"


def run_words(losses: LossFigures) -> str:
    """Tell how the losses lie; of a window in which something was lost."""
    runs = f"{losses.runs:,} {'run' if losses.runs == 1 else 'runs'}"
    parts = [f"in {runs}, the longest {losses.longest_run:,} in a row, {losses.mean_run:.1f} on average"]
    if losses.mean_gap is not None:
        parts.append(f"{losses.mean_gap:.1f} probes from run to run on average")
    if losses.noticeable_ratio is not None:
        parts.append(f"{value_text(losses.noticeable_ratio, 'ratio')} at most two after the loss before")
    if losses.burst_ratio is not None:
        parts.append(f"runs {losses.burst_ratio:.2f} times as long as by chance")
    return ", ".join(parts)


def jitter_words(jitter: JitterFigures) -> str:
    """Tell the jitter, and the differences between neighbours."""
    if jitter.jitter_s is None:
        return UNKNOWN
    near = jitter.neighbours
    return (
        f"{_time(jitter.jitter_s)} (RFC 3550); from one reply to the next "
        f"{_time(near.least_s)} to {_time(near.most_s)}, {_time(near.mean_size_s)} on average"
    )


def variation_words(jitter: JitterFigures) -> str:
    """Tell the delay over the least of the window."""
    varied = jitter.round_trip_delay_variation
    if not varied.count:
        return UNKNOWN
    most = f"99.9 % within {_time(varied.p999_s)}, " if varied.p999_s is not None else ""
    return (
        f"over the least: median {_time(varied.median_s)}, 95 % within {_time(varied.p95_s)}, "
        f"99 % within {_time(varied.p99_s)}, {most}at most {_time(varied.max_s)} (RFC 5481)"
    )


def order_words(arrivals: ArrivalFigures) -> str:
    """Tell what came out of order, and what came twice."""
    copies = UNKNOWN if arrivals.duplicates is None else f"{arrivals.duplicates:,}"
    return f"{arrivals.reordered:,} of {arrivals.received:,} out of order; further copies: {copies}"


def unmeasured_words(asked: int, unmeasured: int) -> str:
    """Tell how many probes say nothing of the link: not asked, or while our own connection was lost."""
    if not asked + unmeasured:
        return "nothing was measured in this window"
    share = value_text(unmeasured / (asked + unmeasured), "ratio")
    return f"{unmeasured:,} of {asked + unmeasured:,}, {share} (not run, or we were blind)"


def bucket_words(told: RolledFigures) -> str:
    """Say what the figures were summed up from."""
    percentiles = ", percentiles within 1 %" if told.latency.median_s is not None else ""
    return f"{'whole hours' if told.bucket_s >= 3600 else 'whole minutes'}{percentiles}"


def _time(seconds: float | None) -> str:
    return UNKNOWN if seconds is None else value_text(seconds, "s")
