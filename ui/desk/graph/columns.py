"""From readings to what is drawn: a line, a band, a loss lane, and what was not measured. Pure.

1. A gap is a gap: where nothing was answered the line is broken (NaN), never bridged.
2. No more than one column per pixel is drawn; a column keeps its least, middle and greatest value, so
   that neither a spike nor a lossy link is lost on the way.
3. A value that stands alone between two gaps is drawn as a short dash, for a line needs two points.
4. Buckets, which stand for readings that are no longer there or are too many, are summed up like readings.
5. Lost and not measured are different things: the first is counted, the second is a span of its own.
6. So is what was answered without this value, twice running at least: a first answer has no rate yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from controlroom.measure.log_histogram import LogHistogram
from controlroom.reading import Outcome
from controlroom.store.codes import OUTCOME_CODE
from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray
from ui.desk.graph.buckets import NO_BUCKETS, Buckets

_DENSE = 1.5
"""From this many readings per column on, columns are summed up; below, each reading is drawn."""

_UNTOLD_PERIODS = 1.5
"""What is not told for longer than so many periods is not told twice running."""

_REPLIED = OUTCOME_CODE[Outcome.REPLIED]
_LOST = (OUTCOME_CODE[Outcome.NO_REPLY], OUTCOME_CODE[Outcome.REFUSED])


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings on the beat of one series, oldest first; ``value`` is NaN where there is none."""

    at_utc_s: FloatArray
    value: FloatArray
    outcome: CodeArray


@dataclass(frozen=True, slots=True)
class Frame:
    """What is to be drawn: the range, the columns it has, and the period of the probe."""

    since_utc_s: float
    until_utc_s: float
    columns: int
    period_s: float

    @property
    def span_s(self) -> float:
        """Seconds from the beginning to the end."""
        return self.until_utc_s - self.since_utc_s

    @property
    def column_s(self) -> float:
        """Seconds in one column."""
        return self.span_s / self.columns


@dataclass(frozen=True, slots=True)
class Drawing:
    """Arrays to draw as they are. Line and band in the unit of the store; NaN breaks the line."""

    line_x: FloatArray
    line_y: FloatArray
    band_x: FloatArray
    band_low: FloatArray
    band_high: FloatArray
    loss_x: FloatArray
    loss_ratio: FloatArray
    loss_width_s: float
    unmeasured: Sequence[tuple[float, float]]
    untold: Sequence[tuple[float, float]] = ()

    def values(self) -> FloatArray:
        """All values that are drawn."""
        values = np.concatenate((self.line_y, self.band_high, self.band_low))
        return np.asarray(values[np.isfinite(values)], dtype=np.float64)

    @property
    def greatest(self) -> float:
        """The size of the greatest value that is drawn; 0 where there is none."""
        return float(np.abs(self.values()).max(initial=0.0))


@dataclass(frozen=True, slots=True)
class Sums:
    """The figures of a range. ``None`` where nothing was asked or answered."""

    asked: int
    lost: int
    median: float | None
    p95: float | None
    unmeasured_s: float

    @property
    def loss_ratio(self) -> float | None:
        """The share of what was asked that was not answered."""
        return self.lost / self.asked if self.asked else None

    @property
    def answered_ratio(self) -> float | None:
        """The share of what was asked that was answered."""
        return 1 - self.lost / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked in a range, one reading or one bucket an item, oldest first."""

    at: FloatArray
    until: FloatArray
    asked: IntArray
    lost: IntArray
    low: FloatArray
    middle: FloatArray
    high: FloatArray


def draw(readings: Readings, frame: Frame, buckets: Buckets = NO_BUCKETS) -> tuple[Drawing, Sums]:
    """Make the drawing of a range and its figures."""
    single = _single(readings, frame)
    whole = (buckets.until_utc_s > frame.since_utc_s) & (buckets.at_utc_s <= frame.until_utc_s)
    rolled = bool(whole.any())
    found = _together(buckets.taken(whole), single) if rolled else single
    centre = (found.at + found.until) / 2 if rolled else found.at
    column = np.clip(((centre - frame.since_utc_s) / frame.column_s).astype(np.int64), 0, frame.columns - 1)
    known = np.isfinite(found.middle)
    empty = np.empty(0)
    if rolled or len(found.at) > _DENSE * frame.columns:
        x, low, middle, high = _summed(column[known], found, known, frame)
        bucket_s = float(np.max(found.until - found.at, initial=0.0))
        gap_s = max(1.5 * frame.column_s, 1.5 * bucket_s, 2.5 * frame.period_s)
        line_x, line_y = _broken_line(x, middle, gap_s, frame.column_s / 2)
        band = (x, low, high)
    else:
        line_x, line_y = _broken_line(found.at, found.middle, 1.5 * frame.period_s + 0.25, frame.column_s / 2)
        band = (empty, empty, empty)
    loss = _loss(found, frame)
    spans = _unmeasured(found, frame)
    median, p95 = _percentiles(single.middle, buckets.histogram if rolled else None)
    sums = Sums(
        asked=int(found.asked.sum()),
        lost=int(found.lost.sum()),
        median=median,
        p95=p95,
        unmeasured_s=sum(until - since for since, until in spans),
    )
    return Drawing(line_x, line_y, *band, *loss, spans, _untold(found, frame)), sums


def _single(readings: Readings, frame: Frame) -> _Asked:
    """Return the readings of a range that were asked."""
    inside = (readings.at_utc_s >= frame.since_utc_s) & (readings.at_utc_s <= frame.until_utc_s)
    at, value, outcome = readings.at_utc_s[inside], readings.value[inside], readings.outcome[inside]
    lost = np.isin(outcome, _LOST)
    asked = lost | (outcome == _REPLIED)
    at, value, lost = at[asked], np.where(lost, np.nan, value)[asked], lost[asked]
    once = np.ones(len(at), dtype=np.int64)
    return _Asked(at, at + frame.period_s, once, lost.astype(np.int64), value, value, value)


def _together(buckets: Buckets, single: _Asked) -> _Asked:
    """Put buckets and readings in the order of time. No bucket is shorter than the probe's own period."""
    period_s = float(single.until[0] - single.at[0]) if len(single.at) else 0.0
    until = np.maximum(buckets.until_utc_s, buckets.at_utc_s + period_s)
    at = np.concatenate((buckets.at_utc_s, single.at))
    order = np.argsort(at, kind="stable")
    columns = (
        (until, single.until),
        (buckets.asked, single.asked),
        (buckets.lost, single.lost),
        (buckets.low, single.low),
        (buckets.middle, single.middle),
        (buckets.high, single.high),
    )
    return _Asked(at[order], *(np.concatenate(column)[order] for column in columns))


def _percentiles(values: FloatArray, rolled: LogHistogram | None) -> tuple[float | None, float | None]:
    """Return median and 95th percentile: of the values, or within 1 % where some are told by a histogram."""
    known = values[np.isfinite(values)]
    if rolled is not None:
        both = LogHistogram.merged((rolled, LogHistogram.of(known)))
        return (both.quantile(0.5), both.quantile(0.95)) if both.total else (None, None)
    return (float(np.median(known)), float(np.percentile(known, 95))) if len(known) else (None, None)


def _summed(
    column: IntArray, found: _Asked, known: BoolArray, frame: Frame
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return the middle of each column that has values, with its least, middle and greatest value."""
    low, middle, high = found.low[known], found.middle[known], found.high[known]
    order = np.lexsort((middle, column))
    column, middle = column[order], middle[order]
    first = np.flatnonzero(np.diff(column, prepend=-1))
    last = np.append(first[1:], len(column)) - 1
    x: FloatArray = np.asarray(frame.since_utc_s + (column[first] + 0.5) * frame.column_s, dtype=np.float64)
    if not len(first):
        return x, x, x, x
    least, greatest = np.minimum.reduceat(low[order], first), np.maximum.reduceat(high[order], first)
    return x, least, middle[(first + last) // 2], greatest


def _broken_line(x: FloatArray, y: FloatArray, gap_s: float, dash_s: float) -> tuple[FloatArray, FloatArray]:
    """Put a break wherever points are further apart than a gap, and a dash where one stands alone."""
    if len(x) == 0:
        return x, y
    places = np.flatnonzero(np.diff(x) > gap_s) + 1
    x, y = np.insert(x, places, (x[places - 1] + x[places]) / 2), np.insert(y, places, np.nan)
    alone = _alone(np.isfinite(y))
    places = np.flatnonzero(alone)
    x = np.insert(x, places + 1, x[places] + dash_s)
    y = np.insert(y, places + 1, y[places])
    return x, y


def _alone(known: BoolArray) -> BoolArray:
    """Mark the points that have no neighbour to be joined with."""
    before = np.append(False, known[:-1])
    after = np.append(known[1:], False)
    return np.asarray(known & ~before & ~after, dtype=np.bool_)


def _loss(found: _Asked, frame: Frame) -> tuple[FloatArray, FloatArray, float]:
    """Return where the bars of the loss lane begin, the share lost in each, and their width in seconds.

    A bar is no narrower than a period, so that an outage is one block and not a row of strokes.
    """
    bars = max(1, min(frame.columns, int(frame.span_s / frame.period_s)))
    width_s = frame.span_s / bars
    place = np.clip(((found.at - frame.since_utc_s) / width_s).astype(np.int64), 0, bars - 1)
    asked_in = np.bincount(place, weights=found.asked, minlength=bars)
    lost_in = np.bincount(place, weights=found.lost, minlength=bars)
    places = np.flatnonzero(lost_in)
    x: FloatArray = np.asarray(frame.since_utc_s + places * width_s, dtype=np.float64)
    return x, lost_in[places] / asked_in[places], width_s


def _unmeasured(found: _Asked, frame: Frame) -> Sequence[tuple[float, float]]:
    """Return the spans of the range in which nobody asked, or could ask."""
    allowed_s = 0.5 * frame.period_s + 0.25
    edge_s = 1.5 * frame.period_s + 1.5
    at, until = found.at, np.maximum.accumulate(found.until)
    if len(at) == 0:
        return ((frame.since_utc_s, frame.until_utc_s),)
    spans: list[tuple[float, float]] = []
    if at[0] - frame.since_utc_s > edge_s + frame.period_s:
        spans.append((frame.since_utc_s, float(at[0])))
    spans += [
        (float(until[place]), float(at[place + 1]))
        for place in np.flatnonzero(at[1:] - until[:-1] > allowed_s)
    ]
    if frame.until_utc_s - until[-1] > edge_s:
        spans.append((float(until[-1]), frame.until_utc_s))
    return tuple(spans)


def _untold(found: _Asked, frame: Frame) -> Sequence[tuple[float, float]]:
    """Return the spans in which all that came was answers without the value (rule 6)."""
    places = np.flatnonzero((found.lost < found.asked) & ~np.isfinite(found.middle))
    apart = found.at[places[1:]] - found.until[places[:-1]] > 0.5 * frame.period_s + 0.25
    runs = np.split(places, np.flatnonzero((np.diff(places) > 1) | apart) + 1)
    spans = ((float(found.at[run[0]]), float(found.until[run[-1]])) for run in runs if len(run))
    least_s = _UNTOLD_PERIODS * frame.period_s
    return tuple((since, until) for since, until in spans if until - since > least_s)
