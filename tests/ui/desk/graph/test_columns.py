"""What is drawn of readings: gaps stay gaps, spikes and lossy links stay visible."""

from __future__ import annotations

import numpy as np
import pytest

from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.rollup import roll_up
from controlroom.reading import Outcome
from controlroom.store.codes import OUTCOME_CODE
from ui.desk.graph.buckets import Buckets, buckets_of
from ui.desk.graph.columns import Frame, Readings, draw

SEED = 11


def _readings(count: int, loss: float = 0.0, period_s: float = 1.0) -> Readings:
    chance = np.random.default_rng(SEED)
    lost = chance.random(count) < loss
    value = np.where(lost, np.nan, 0.010 + 0.001 * chance.random(count))
    codes = np.where(lost, OUTCOME_CODE[Outcome.NO_REPLY], OUTCOME_CODE[Outcome.REPLIED]).astype(np.uint8)
    return Readings(np.arange(count, dtype=np.float64) * period_s, value, codes)


def test_an_outage_breaks_the_line() -> None:
    """No point of the line lies in an outage, and a break stands between what is before and after."""
    readings = _readings(300)
    readings.value[100:160] = np.nan
    readings.outcome[100:160] = OUTCOME_CODE[Outcome.NO_REPLY]
    drawing, sums = draw(readings, Frame(0, 300, 900, 1.0))
    inside = (drawing.line_x > 99.5) & (drawing.line_x < 160)
    assert np.isnan(drawing.line_y[inside]).any()
    assert not np.isfinite(drawing.line_y[inside]).any()
    assert drawing.unmeasured == ()
    assert (sums.asked, sums.lost) == (300, 60)


def test_an_outage_breaks_the_summed_line_too() -> None:
    """The same holds where many readings share a column."""
    readings = _readings(86400)
    readings.value[40000:44000] = np.nan
    readings.outcome[40000:44000] = OUTCOME_CODE[Outcome.NO_REPLY]
    frame = Frame(0, 86400, 900, 1.0)
    drawing, _ = draw(readings, frame)
    inside = (drawing.line_x > 40100) & (drawing.line_x < 43900)
    assert np.isnan(drawing.line_y[inside]).any()
    assert not np.isfinite(drawing.line_y[inside]).any()


def test_a_lossy_link_stays_visible() -> None:
    """At 5 % loss at least 99 % of the columns with an answer are drawn, reading by reading and summed."""
    for count, columns in ((900, 900), (86400, 900)):
        frame = Frame(0, count, columns, 1.0)
        readings = _readings(count, loss=0.05)
        drawing, sums = draw(readings, frame)
        x, y = drawing.line_x, drawing.line_y
        joined = np.isfinite(y[:-1]) & np.isfinite(y[1:])
        drawn = np.zeros(columns + 1, dtype=bool)
        for left, right in zip(x[:-1][joined], x[1:][joined], strict=True):
            drawn[int(left / frame.column_s) : int(right / frame.column_s) + 1] = True
        answered = np.unique(readings.at_utc_s[np.isfinite(readings.value)] // frame.column_s).astype(int)
        assert drawn[answered].mean() >= 0.99
        assert 0.03 < (sums.loss_ratio or 0) < 0.07
        assert len(drawing.loss_x) > 0


def test_a_reply_between_two_losses_is_drawn_as_a_dash() -> None:
    """A line needs two points; a lone reply gets a second one beside it."""
    readings = _readings(9)
    readings.value[::2] = np.nan
    readings.outcome[::2] = OUTCOME_CODE[Outcome.NO_REPLY]
    drawing, _ = draw(readings, Frame(0, 9, 900, 1.0))
    finite = np.isfinite(drawing.line_y)
    assert finite.sum() == 8
    assert not (finite[:-2] & finite[1:-1] & finite[2:]).any()


def test_a_spike_survives_the_summing() -> None:
    """One slow reply in a day is the greatest value of its column."""
    readings = _readings(86400)
    readings.value[50000] = 2.5
    drawing, _ = draw(readings, Frame(0, 86400, 900, 1.0))
    assert np.nanmax(drawing.band_high) == 2.5
    assert np.nanmax(drawing.line_y) < 0.02


def test_what_was_not_asked_is_neither_lost_nor_answered() -> None:
    """A blind gap, not-run readings and an empty beginning are spans of their own, never losses."""
    readings = _readings(300)
    kept = np.r_[50:120, 160:300]
    code = np.array(readings.outcome)
    code[200:230] = OUTCOME_CODE[Outcome.NOT_RUN]
    value = np.where(code == OUTCOME_CODE[Outcome.NOT_RUN], np.nan, readings.value)
    some = Readings(readings.at_utc_s[kept], value[kept], code[kept])
    drawing, sums = draw(some, Frame(0, 300, 600, 1.0))
    assert [(round(a), round(b)) for a, b in drawing.unmeasured] == [(0, 50), (120, 160), (200, 230)]
    assert sums.lost == 0
    assert sums.asked == 180
    assert round(sums.unmeasured_s) == 120


def test_nothing_measured_is_one_span_and_no_figure() -> None:
    """An empty range shows no line and claims no availability."""
    empty = np.empty(0)
    drawing, sums = draw(Readings(empty, empty, np.empty(0, dtype=np.uint8)), Frame(0, 60, 100, 1.0))
    assert len(drawing.line_x) == 0
    assert drawing.unmeasured == ((0, 60),)
    assert sums.answered_ratio is None
    assert sums.loss_ratio is None


DAY_S = 86_400


def _rolled(readings: Readings, until_s: float) -> tuple[Buckets, Readings]:
    """Tell what is older than a time in minutes, and the rest as readings."""
    old = readings.at_utc_s < until_s
    lost = readings.outcome == OUTCOME_CODE[Outcome.NO_REPLY]
    sent_us = (readings.at_utc_s * 1e6).astype(np.int64)
    nobody = np.zeros(old.sum(), dtype=bool)
    rollup = roll_up(sent_us[old], readings.value[old], lost[old], nobody, 60)
    buckets = buckets_of([rollup], LogHistogram.of(readings.value[old]))
    return buckets, Readings(readings.at_utc_s[~old], readings.value[~old], readings.outcome[~old])


def test_minutes_tell_the_same_as_the_readings_behind_them() -> None:
    """Asked, lost, least and greatest exactly; percentiles within 1 %; and no seam where readings go on."""
    readings = _readings(2 * DAY_S, loss=0.02)
    readings.value[50_000] = 0.9  # a spike that must not be lost
    frame = Frame(0, 2 * DAY_S, 900, 1.0)
    buckets, rest = _rolled(readings, 1.5 * DAY_S)
    mixed, mixed_sums = draw(rest, frame, buckets)
    single, single_sums = draw(readings, frame)
    assert (mixed_sums.asked, mixed_sums.lost) == (single_sums.asked, single_sums.lost)
    assert mixed_sums.median == pytest.approx(single_sums.median, rel=0.01)
    assert mixed_sums.p95 == pytest.approx(single_sums.p95, rel=0.01)
    assert mixed.unmeasured == ()
    assert mixed.band_high.max() == pytest.approx(0.9)
    assert len(mixed.band_x) == len(single.band_x) == 900
    assert np.isfinite(mixed.line_y).all()


def test_what_was_not_measured_stays_so_in_minutes() -> None:
    """A night without an engine, in days known by their minutes alone, is a span of its own; no zero."""
    readings = _readings(DAY_S)
    kept = (readings.at_utc_s < 20_000) | (readings.at_utc_s >= 40_020)
    part = Readings(readings.at_utc_s[kept], readings.value[kept], readings.outcome[kept])
    buckets, rest = _rolled(part, DAY_S)
    drawing, sums = draw(rest, Frame(0, DAY_S, 900, 1.0), buckets)
    ((since, until),) = drawing.unmeasured
    assert abs(since - 20_000) <= 60
    assert abs(until - 40_020) <= 60
    assert np.isnan(drawing.line_y).any()
    assert sums.unmeasured_s == until - since


def test_a_probe_slower_than_a_bucket_has_no_holes() -> None:
    """Asked every five minutes, minutes in between that hold nothing are no missing measurement."""
    readings = _readings(288, period_s=300.0)
    buckets, rest = _rolled(readings, DAY_S / 2)
    drawing, _ = draw(rest, Frame(0, DAY_S, 900, 300.0), buckets)
    assert drawing.unmeasured == ()


def test_what_was_answered_without_a_value_is_a_span_of_its_own() -> None:
    """Neither lost nor unmeasured; a single answer without it is none, and what was not asked is in none."""
    readings = _readings(300)
    readings.value[50] = np.nan
    readings.value[100:160] = np.nan
    readings.outcome[130:140] = OUTCOME_CODE[Outcome.NOT_RUN]
    readings.outcome[155:160] = OUTCOME_CODE[Outcome.NO_REPLY]
    drawing, sums = draw(readings, Frame(0, 300, 900, 1.0))
    assert drawing.untold == ((100.0, 130.0), (140.0, 155.0))
    assert (sums.asked, sums.lost) == (290, 5)
    assert drawing.unmeasured == ((130.0, 140.0),)


def test_a_minute_without_a_value_is_told_by_its_bucket() -> None:
    """Where no readings are drawn the buckets say the same."""
    nothing, sixty = np.full(4, np.nan), np.full(4, 60)
    at = np.arange(0.0, 240.0, 60.0)
    buckets = Buckets(at, at + 60, sixty, 0 * sixty, nothing, nothing, nothing, LogHistogram.merged(()))
    drawing, _ = draw(_readings(0), Frame(0, 240, 900, 1.0), buckets)
    assert drawing.untold == ((0.0, 240.0),)
    assert len(drawing.values()) == 0
