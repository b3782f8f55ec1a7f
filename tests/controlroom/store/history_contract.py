"""What any store must do with its history: packing, retention, curves and histograms, by the interface alone.

A test module makes a class of ``HistoryContract`` and overrides the fixture ``place``.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.store.codes import OUTCOME_CODE, REASON_CODE, lost_codes
from controlroom.store.interface import (
    Batch,
    Curve,
    EngineStore,
    ReadStore,
    Resolution,
    Retention,
    Samples,
    Second,
    Stretch,
)
from tests.controlroom.store.examples import GATEWAY, RTT, START_UTC_S, lost, replied, second
from tests.controlroom.store.place import OnePlace, Place, series_of, until_calm


def varied_second(number: int) -> Second:
    """A ping, lost now and then and asked again then, and every ten seconds the figures of a host."""
    at_utc_s = START_UTC_S + number
    readings = [lost(at_utc_s) if number % 50 == 7 else replied(at_utc_s, 0.02 + number % 13 / 1000)]
    if number % 50 == 7:
        readings.append(replied(at_utc_s + 0.080123, 0.031, beat=False))
    if number % 10 == 3:
        figures = {"cpu_ratio": number / 7, "uptime_s": 1e7 + number}
        readings.append(Reading(ProbeKey("server", "host"), at_utc_s, 0.0, Outcome.REPLIED, values=figures))
    return second(at_utc_s + 0.9, *readings)


def fill_days(engine: EngineStore, begin_s: float, days: int) -> None:
    """Commit a reading every two minutes; some lost, some not run, some off the beat."""
    for number in range(days * 720):
        at_utc_s = begin_s + number * 120
        reading = replied(at_utc_s, 0.02 + number % 97 / 1000)
        if number % 20 == 3:
            reading = lost(at_utc_s)
        elif number % 20 == 5:
            reading = Reading(GATEWAY, at_utc_s, 0.0, Outcome.NOT_RUN, Reason.NO_ROUTE)
        again = replied(at_utc_s + 1, 9.0, beat=False)
        engine.commit(Batch(second(at_utc_s + 1, reading, again)))


def same_samples(one: Samples, other: Samples) -> None:
    """Samples are equal in every column."""
    for name in ("at_utc_s", "value", "outcome", "reason", "beat"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


def same_curve(one: Curve, other: Curve) -> None:
    """Curves are equal in every column and in all figures."""
    for name in ("at_utc_s", "value", "not_run"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    if one.rollup is not None and other.rollup is not None:
        for name in ("count", "lost", "not_run", "min", "mean", "max", "p50", "p95", "p99"):
            np.testing.assert_array_equal(getattr(one.rollup, name), getattr(other.rollup, name))


def _asked_in(reader: ReadStore, stretch: Stretch) -> int:
    """Count what was asked on the beat in a stretch, at the stretch's own resolution."""
    span = stretch.since_utc_s, stretch.until_utc_s
    curve = reader.curves([RTT], *span, stretch.resolution)[RTT]
    if curve.rollup is None:
        return len(curve.value)
    return int((curve.rollup.count + curve.rollup.lost + curve.rollup.not_run).sum())


def _losses(reader: ReadStore) -> tuple[list[int], list[int], set[tuple[int, int, int]]]:
    """Return which readings count as lost, which are blind, and all counts that the resolutions give."""
    samples = reader.samples(RTT, 0, math.inf)
    number = np.rint(samples.at_utc_s - START_UTC_S).astype(int)
    blind = (samples.reason == REASON_CODE[Reason.BLIND]) & (
        samples.outcome == OUTCOME_CODE[Outcome.NO_REPLY]
    )
    counts = set()
    for resolution in (Resolution.MINUTE, Resolution.HOUR, Resolution.DAY):
        rollup = reader.curves([RTT], 0, math.inf, resolution)[RTT].rollup
        assert rollup is not None
        counts.add((int(rollup.count.sum()), int(rollup.lost.sum()), int(rollup.not_run.sum())))
    lost_here = lost_codes(samples.outcome, samples.reason)
    return number[lost_here].tolist(), number[blind].tolist(), counts


class HistoryContract(OnePlace):
    """The contract's second part. No test knows what the store is made of."""

    def test_tending_changes_no_answer(self, engine: EngineStore, reader: ReadStore) -> None:
        """What was packed reads as what was just committed: beats, losses, re-probes, several metrics."""
        for number in range(1300):
            engine.commit(Batch(varied_second(number)))
        wanted = [RTT, SeriesKey("server", "host", "cpu_ratio"), SeriesKey("server", "host", "uptime_s")]
        before = [reader.samples(series, 0, math.inf) for series in wanted]
        newest = reader.latest(3600)
        newest_of_all = {key: each.sent_utc_s for key, each in reader.latest(3600, off_beat=True).items()}
        until_calm(engine)
        for series, old in zip(wanted, before, strict=True):
            same_samples(reader.samples(series, 0, math.inf), old)
            middle = (START_UTC_S + 590.5, START_UTC_S + 611.25)
            inside = (old.at_utc_s >= middle[0]) & (old.at_utc_s < middle[1])
            np.testing.assert_array_equal(reader.samples(series, *middle).value, old.value[inside])
        assert reader.latest(3600) == newest
        again = {key: each.sent_utc_s for key, each in reader.latest(3600, off_beat=True).items()}
        assert again == newest_of_all
        assert len(before[0].value) == 1300 + 1300 // 50

    def test_a_loss_told_again_as_blind_counts_nowhere(self, engine: EngineStore, reader: ReadStore) -> None:
        """It keeps what was seen, at every resolution, whether both tellings are packed together or not."""
        for number in range(1300):
            sent_utc_s = START_UTC_S + number
            lost_here = number in (100, 101, 103, 597, 598)
            told = [lost(sent_utc_s) if lost_here else replied(sent_utc_s)]
            again = {102: (100, 101), 603: (597, 598)}.get(number, ())
            told += [replace(lost(START_UTC_S + each), reason=Reason.BLIND) for each in again]
            engine.commit(Batch(second(sent_utc_s, *told)))
        seen = [_losses(reader)]
        until_calm(engine)
        seen.append(_losses(reader))
        engine.commit(Batch(second(START_UTC_S + 2 * 86_400)))
        until_calm(engine)
        seen.append(_losses(reader))
        assert seen == [([103], [100, 101, 597, 598], {(1295, 1, 4)})] * 3

    def test_packing_goes_on_beside_readers_and_across_engines(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """At every moment every second is there once, whatever is packed, and whoever began with it."""
        for number in range(1250):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number, number))))
            if number % 125 == 0:
                engine.close()
                engine = place.engine()
            engine.tend(Retention())
            if number % 50 == 0:
                assert series_of(reader)[1] == [float(one) for one in range(number + 1)]

    def test_packing_survives_any_clock(self, engine: EngineStore, reader: ReadStore) -> None:
        """Steps of an hour back and forth, a sleep of ten minutes, and a day that never was."""
        at_utc_s, times = START_UTC_S, []
        steps = {100: -3600.0, 300: 3600.0, 500: 600.0, 700: 86_400.0 * 40, 800: -86_400.0 * 40}
        for number in range(1500):
            at_utc_s += 1 + steps.get(number, 0.0)
            times.append(at_utc_s)
            engine.commit(Batch(second(at_utc_s, replied(at_utc_s, number))))
            engine.tend(Retention())
        until_calm(engine)
        found = reader.samples(RTT, 0, math.inf)
        assert found.at_utc_s.tolist() == sorted(times)
        assert sorted(found.value.tolist()) == [float(number) for number in range(1500)]
        assert reader.latest(10)[GATEWAY].values == {"rtt_s": 1499.0}

    def test_a_probe_too_rare_for_the_tail_is_still_found(
        self, engine: EngineStore, reader: ReadStore
    ) -> None:
        """The newest reading of a probe asked once an hour comes out of what was packed."""
        rare = ProbeKey("rare", "snmp")
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S, 7.0, probe=rare))))
        for number in range(1, 1900):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number))))
        until_calm(engine)
        assert reader.latest(3600)[rare].values == {"rtt_s": 7.0}
        assert rare not in reader.latest(60)

    def test_a_tail_says_when_it_missed_something(self, engine: EngineStore, reader: ReadStore) -> None:
        """Whoever slept for long is told to read afresh; whoever follows never is."""
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
        cursor = reader.tail(0).cursor
        engine.commit(Batch(second(START_UTC_S + 1, replied(START_UTC_S + 1))))
        assert not reader.tail(cursor).gap
        for number in range(2, 1900):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number))))
        until_calm(engine)
        late = reader.tail(cursor)
        assert late.gap
        assert not reader.tail(late.cursor).gap

    def test_the_oldest_goes_first_and_in_small_steps(self, engine: EngineStore, reader: ReadStore) -> None:
        """Beyond the retention whole days go, one at a time; the heartbeat goes on by one."""
        for day in range(5):
            for number in range(3):
                at_utc_s = START_UTC_S + 86_400 * day + number
                engine.commit(Batch(second(at_utc_s, replied(at_utc_s, day))))
        engine.commit(Batch(second(START_UTC_S + 86_400 * 5)))
        until_calm(engine)
        assert len(series_of(reader)[0]) == 15
        left = []
        for _ in range(600):
            engine.tend(Retention(raw_days=2))
            left.append(len(series_of(reader)[0]))
        assert sorted(set(left), reverse=True) == [15, 12, 9, 6]
        assert series_of(reader)[1] == [3.0] * 3 + [4.0] * 3
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        engine.commit(Batch(second(START_UTC_S + 86_400 * 5 + 1)))
        again = reader.heartbeat()
        assert again is not None
        assert again.sequence == heartbeat.sequence + 1

    # Curves

    def test_curves_count_and_measure_what_the_readings_say(
        self, engine: EngineStore, reader: ReadStore
    ) -> None:
        """Every resolution tells the same story, made or not made yet, over the seam between both."""
        begin_s = START_UTC_S // 86_400 * 86_400
        fill_days(engine, begin_s, 3)
        before = {each: reader.curves([RTT], 0, math.inf, each)[RTT] for each in Resolution}
        until_calm(engine)
        for each, old in before.items():
            same_curve(reader.curves([RTT], 0, math.inf, each)[RTT], old)
        raw = before[Resolution.RAW]
        for each in (Resolution.MINUTE, Resolution.HOUR, Resolution.DAY):
            curve = before[each]
            assert curve.rollup is not None
            assert curve.rollup.count.sum() == np.isfinite(raw.value).sum()
            assert curve.rollup.not_run.sum() == raw.not_run.sum()
            assert curve.rollup.lost.sum() == np.isnan(raw.value).sum() - raw.not_run.sum()
            assert np.nanmin(curve.rollup.min) == pytest.approx(np.nanmin(raw.value), rel=1e-6)
            assert np.nanmax(curve.rollup.max) == pytest.approx(np.nanmax(raw.value), rel=1e-6)
        day = before[Resolution.DAY]
        first = raw.value[(raw.at_utc_s < begin_s + 86_400) & np.isfinite(raw.value)]
        assert day.value[0] == pytest.approx(np.quantile(first, 0.5, method="inverted_cdf"), rel=0.01)

    def test_a_curve_of_a_range_has_the_buckets_that_begin_in_it(
        self, engine: EngineStore, reader: ReadStore
    ) -> None:
        """The start is included and the end is not; an unknown series has an empty curve."""
        begin_s = START_UTC_S // 86_400 * 86_400
        fill_days(engine, begin_s, 2)
        until_calm(engine)
        hours = reader.curves([RTT], begin_s + 3600, begin_s + 7200 + 3600, Resolution.HOUR)[RTT]
        assert hours.at_utc_s.tolist() == [begin_s + 3600, begin_s + 7200]
        nobody = SeriesKey("nobody", "icmp", "rtt_s")
        for each in Resolution:
            assert len(reader.curves([nobody], 0, math.inf, each)[nobody].value) == 0

    @pytest.mark.parametrize(
        ("span_s", "points", "resolution"),
        [
            (3600, 1000, Resolution.RAW),
            (86_400, 1000, Resolution.MINUTE),
            (30 * 86_400, 1000, Resolution.MINUTE),
            (400 * 86_400, 1000, Resolution.HOUR),
            (3660 * 86_400, 1000, Resolution.DAY),
        ],
    )
    def test_the_coarsest_that_fills_the_pixels(
        self, span_s: float, points: int, resolution: Resolution
    ) -> None:
        """Never fewer points than pixels while there is anything finer."""
        assert Resolution.filling(span_s, points) is resolution

    # Histograms

    @pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
    def test_a_histogram_gives_percentiles_of_any_hours(
        self, engine: EngineStore, reader: ReadStore, share: float
    ) -> None:
        """Within 1 % of the readings' own, made or not made yet, and over the seam between both."""
        begin_s = START_UTC_S // 86_400 * 86_400
        fill_days(engine, begin_s, 2)
        since_s, until_s = begin_s + 5 * 3600, begin_s + 86_400 + 7 * 3600
        samples = reader.samples(RTT, since_s, until_s)
        values = samples.value[samples.beat & np.isfinite(samples.value)]
        exact = np.quantile(values, share, method="inverted_cdf")
        before = reader.histogram(RTT, since_s, until_s)
        until_calm(engine)
        after = reader.histogram(RTT, since_s, until_s)
        assert before.total == after.total == len(values)
        assert before.quantile(share) == after.quantile(share)
        assert after.quantile(share) == pytest.approx(exact, rel=0.01)
        assert reader.histogram(SeriesKey("nobody", "icmp", "rtt_s"), since_s, until_s).total == 0

    # Stretches

    def test_a_chart_over_the_end_of_what_is_kept_has_no_seam(
        self, engine: EngineStore, reader: ReadStore
    ) -> None:
        """Where the readings of a day are gone its minutes follow on, and no reading is counted twice."""
        begin_s = START_UTC_S // 86_400 * 86_400
        fill_days(engine, begin_s, 5)
        until_calm(engine)
        asked = 5 * 720
        for _ in range(200):
            engine.tend(Retention(raw_days=2))
        since_s, until_s = begin_s - 86_400.0, begin_s + 7 * 86_400.0
        stretches = reader.stretches(RTT, since_s, until_s, 10**9)
        assert [each.resolution for each in stretches] == [Resolution.MINUTE, Resolution.RAW]
        assert stretches[0].since_utc_s == begin_s
        assert stretches[0].until_utc_s == stretches[1].since_utc_s == begin_s + 3 * 86_400
        assert sum(_asked_in(reader, each) for each in stretches) == asked

    def test_a_range_is_cut_at_its_ends_and_no_finer_than_wanted(
        self, engine: EngineStore, reader: ReadStore
    ) -> None:
        """A few points come out of hours, many out of readings."""
        begin_s = START_UTC_S // 86_400 * 86_400
        fill_days(engine, begin_s, 3)
        until_calm(engine)
        span = begin_s + 1000.0, begin_s + 2 * 86_400 + 500.0
        coarse, fine = reader.stretches(RTT, *span, 40), reader.stretches(RTT, *span, 10**9)
        assert [(each.resolution, each.since_utc_s, each.until_utc_s) for each in coarse] == [
            (Resolution.HOUR, *span)
        ]
        assert [each.resolution for each in fine] == [Resolution.RAW]
        assert list(reader.stretches(RTT, begin_s - 900.0, begin_s - 800.0, 10)) == []
