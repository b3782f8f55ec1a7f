"""The whole detector of a link: online, repeatable, restorable, calm on noise and quick on changes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.measure.change_detector import ChangeDetector, DetectorSettings, UnknownStateError
from controlroom.measure.detection import ChangeKind, ChangeSign, Detection
from tests.bench.null_series import ROUND_TRIPS, bursty_losses, round_trips

ROWS = DetectorSettings(240.0)
READINGS = DetectorSettings(1.0)
START_S = 1_700_000_040.0
"""A whole minute."""

Rtt = float | None


def run(
    detector: ChangeDetector, rtts: Iterable[Rtt], period_s: float, start_s: float = START_S
) -> list[Detection]:
    """Take in readings on the beat; return what was found."""
    found: list[Detection] = []
    for number, rtt_s in enumerate(rtts):
        found += detector.step(start_s + number * period_s, rtt_s)
    return found


def noise(count: int, level_s: float, deviation: float = 0.02, seed: int = 1) -> list[float]:
    """Return round-trip times that scatter evenly around a level."""
    scatter = np.random.default_rng(seed).standard_normal(count)
    return [float(value) for value in level_s * np.exp(deviation * scatter)]


segments = st.lists(
    st.tuples(
        st.integers(1, 60),
        st.sampled_from([0.0, 0.0004, 0.02, 0.021, 0.05, 0.3]),
        st.sampled_from([0.0, 0.01, 0.3]),
        st.sampled_from([0.0, 0.1, 1.0]),
    ),
    min_size=1,
    max_size=8,
)


def series(parts: Sequence[tuple[int, float, float, float]]) -> list[Rtt]:
    """Return a series of regimes, each with its length, level, spread and loss."""
    rtts: list[Rtt] = []
    for number, (count, level_s, deviation, loss) in enumerate(parts):
        lost = np.random.default_rng(number).random(count) < loss
        values = noise(count, level_s, deviation, seed=number)
        rtts += [None if gone else value for gone, value in zip(lost, values, strict=True)]
    return rtts


@given(segments, st.integers(0, 480))
@settings(max_examples=60, deadline=None)
def test_what_comes_later_changes_nothing_before(
    parts: list[tuple[int, float, float, float]], end: int
) -> None:
    """The detections of a beginning are those of the whole up to there."""
    rtts = series(parts)
    whole = run(ChangeDetector(ROWS), rtts, 240.0)
    beginning = run(ChangeDetector(ROWS), rtts[:end], 240.0)
    assert beginning == [one for one in whole if one.at_s < START_S + end * 240.0]


@given(segments, st.integers(0, 480), st.sampled_from([ROWS, DetectorSettings(5.0)]))
@settings(max_examples=60, deadline=None)
def test_a_restart_in_the_midst_changes_nothing(
    parts: list[tuple[int, float, float, float]], end: int, wish: DetectorSettings
) -> None:
    """What is kept goes through text, as it does through a store."""
    rtts = series(parts)
    whole = run(ChangeDetector(wish), rtts, wish.period_s)
    first = ChangeDetector(wish)
    found = run(first, rtts[:end], wish.period_s)
    second = ChangeDetector.restored(wish, json.loads(json.dumps(first.kept(), allow_nan=False)))
    rest = rtts[end:]
    found += run(second, rest, wish.period_s, START_S + len(rtts[:end]) * wish.period_s)
    assert found == whole


@pytest.mark.parametrize("factor", [0.25, 8.0, 3.7])
@pytest.mark.parametrize("wish", [ROWS, READINGS])
def test_only_ratios_count(factor: float, wish: DetectorSettings) -> None:
    """A link four times as fast or eight times as slow is judged alike."""
    rtts = noise(1000, 0.02) + noise(400, 0.031, seed=2) + noise(400, 0.02, 0.4, seed=3)
    plain = run(ChangeDetector(wish), rtts, wish.period_s)
    scaled = run(ChangeDetector(wish), [factor * rtt_s for rtt_s in rtts], wish.period_s)
    assert plain
    assert [(one.kind, one.at_s, one.readings) for one in plain] == [
        (one.kind, one.at_s, one.readings) for one in scaled
    ]
    assert [factor * one.after for one in plain] == pytest.approx([one.after for one in scaled])


def test_a_step_among_rows_is_told_with_its_beginning_and_its_figures() -> None:
    """Three rows of forty-eight milliseconds instead of forty."""
    found = run(ChangeDetector(ROWS), noise(200, 0.040, 0.002) + noise(50, 0.048, 0.002, seed=2), 240.0)
    assert [one.kind for one in found] == [ChangeKind.LATENCY_RISE]
    assert found[0].began_at_s == START_S + 200 * 240.0
    assert found[0].at_s == START_S + 202 * 240.0
    assert (found[0].before, found[0].after) == pytest.approx((0.040, 0.048), rel=0.01)


def test_a_doubling_among_readings_is_called_within_a_minute_and_so_is_its_end() -> None:
    """By a run; the begin is exact."""
    rtts = noise(3600, 0.02) + noise(600, 0.04, seed=2) + noise(600, 0.02, seed=3)
    found = run(ChangeDetector(READINGS), rtts, 1.0)
    assert [one.kind for one in found] == [ChangeKind.LATENCY_RISE, ChangeKind.LATENCY_FALL]
    assert [one.sign for one in found] == [ChangeSign.RUN, ChangeSign.RUN]
    assert [one.began_at_s - START_S for one in found] == [3600.0, 4200.0]
    assert all(one.at_s - one.began_at_s <= 45 for one in found)


def test_a_small_step_among_readings_is_called_within_minutes() -> None:
    """Five per cent, which no single reading shows."""
    found = run(ChangeDetector(READINGS), noise(7200, 0.02) + noise(900, 0.021, seed=2), 1.0)
    assert [(one.kind, one.sign) for one in found] == [(ChangeKind.LATENCY_RISE, ChangeSign.REGIME)]
    assert found[0].at_s - START_S - 7200 <= 420


def test_spread_is_told_apart_from_level() -> None:
    """Among readings, at the same median; and the return."""
    rtts = noise(7200, 0.02) + noise(3600, 0.02, 0.08, seed=2) + noise(3600, 0.02, seed=3)
    found = run(ChangeDetector(READINGS), rtts, 1.0)
    assert [one.kind for one in found] == [ChangeKind.SPREAD_RISE, ChangeKind.SPREAD_FALL]
    assert found[0].before == pytest.approx(0.02 * 0.02 * 0.6745, rel=0.3)
    assert found[0].after == pytest.approx(0.02 * 0.08 * 0.6745, rel=0.3)


def test_loss_is_told_with_its_ratios() -> None:
    """From none to a fifth."""
    chance = np.random.default_rng(4).random(600) < 0.2
    lossy: list[Rtt] = [None if lost else 0.02 for lost in chance]
    found = run(ChangeDetector(READINGS), [0.02] * 3600 + lossy, 1.0)
    assert [one.kind for one in found] == [ChangeKind.LOSS_RISE]
    assert found[0].before < 0.01
    assert 0.1 < found[0].after < 0.4
    assert abs(found[0].began_at_s - START_S - 3600) < 30


def test_what_creeps_is_told_against_the_learned_normal() -> None:
    """Two days of twenty milliseconds, then one per cent more an hour: no moment shows it."""
    wish = DetectorSettings(60.0)
    steady = noise(2880, 0.02)
    creeping = [
        rtt_s * math.exp(0.01 * number / 60) for number, rtt_s in enumerate(noise(60 * 60, 0.02, seed=2))
    ]
    found = run(ChangeDetector(wish), steady + creeping, 60.0)
    assert [(one.kind, one.sign) for one in found] == [(ChangeKind.LATENCY_RISE, ChangeSign.CREEP)]
    assert found[0].before == pytest.approx(0.02, rel=0.1)
    assert found[0].after > 1.24 * found[0].before


def test_a_habit_of_the_week_is_no_call_from_the_fourth_week_on() -> None:
    """A backup every Monday at nine doubles the delay for an hour."""
    wish = DetectorSettings(240.0)
    week = 7 * 360
    rtts = noise(5 * week, 0.02, 0.01)
    for monday in range(5):
        for row in range(monday * week + 135, monday * week + 150):
            rtts[row] *= 2
    hour_s = 3600 * math.ceil(START_S / 3600)
    found = run(ChangeDetector(wish), rtts, 240.0, hour_s)
    weeks = [int((one.at_s - hour_s) / 240) // week for one in found]
    assert weeks == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_nothing_is_called_where_nothing_changes(name: str) -> None:
    """Half a day of readings with bursts of loss, and a week of rows."""
    readings = np.exp(round_trips(name, 43_200, 7, 1.0)).tolist()
    lost = bursty_losses(43_200, 7)
    mixed = [None if gone else rtt_s for gone, rtt_s in zip(lost, readings, strict=True)]
    assert run(ChangeDetector(READINGS), mixed, 1.0) == []
    assert run(ChangeDetector(ROWS), np.exp(round_trips(name, 2500, 7, 240.0)).tolist(), 240.0) == []


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, -0.001])
def test_what_is_no_round_trip_time_is_no_reading(odd: float) -> None:
    """It changes nothing, not even what is known."""
    detector = ChangeDetector(READINGS)
    run(detector, noise(200, 0.02), 1.0)
    before = detector.kept()
    assert detector.step(START_S + 200, odd) == ()
    assert detector.kept() == before


@pytest.mark.parametrize("rtts", [[0.0] * 2000, [0.02] * 2000, [None] * 2000, [0.0, 0.001] * 1000])
@pytest.mark.parametrize("wish", [ROWS, READINGS])
def test_series_without_variation_or_without_answers_harm_nothing(
    rtts: list[Rtt], wish: DetectorSettings
) -> None:
    """A constant is calm; a link that never answered has no change to tell but its loss."""
    found = run(ChangeDetector(wish), rtts, wish.period_s)
    assert [one for one in found if one.kind not in (ChangeKind.LOSS_RISE, ChangeKind.LOSS_FALL)] == []


def test_the_first_readings_call_nothing() -> None:
    """Whatever they are: there is nothing to compare them with."""
    for seed in range(20):
        wild = (10 ** np.random.default_rng(seed).uniform(-4, 1, 30)).tolist()
        assert run(ChangeDetector(READINGS), wild, 1.0) == []


def test_a_gap_ends_runs_and_keeps_the_normal() -> None:
    """Half a run before an hour of silence and half behind it are no run."""
    detector = ChangeDetector(READINGS)
    rtts = noise(3600, 0.02) + noise(20, 0.04, seed=2)
    assert run(detector, rtts, 1.0) == []
    assert run(detector, noise(20, 0.04, seed=3), 1.0, START_S + 7220) == []
    usual = detector.usual(START_S + 7240)
    assert usual is not None
    assert usual.rtt_s == pytest.approx(0.02, rel=0.05)


def test_a_clock_that_is_set_back_harms_nothing() -> None:
    """An hour back, in the midst of calm: no call, and changes are found afterwards as before."""
    detector = ChangeDetector(READINGS)
    assert run(detector, noise(5400, 0.02), 1.0) == []
    assert run(detector, noise(3600, 0.02, seed=2), 1.0, START_S + 1800) == []
    (rise,) = run(detector, noise(120, 0.04, seed=3), 1.0, START_S + 5400)
    assert rise.began_at_s == START_S + 5400


@pytest.mark.parametrize("wish", [ROWS, READINGS])
def test_what_is_usual_is_told_once_it_is_known(wish: DetectorSettings) -> None:
    """With a band around it, the loss, and the spread (of a normal distribution: 0.6745 deviations)."""
    detector = ChangeDetector(wish)
    assert detector.usual(START_S) is None
    run(detector, noise(int(500 * wish.row_s / wish.period_s), 0.02), wish.period_s)
    usual = detector.usual(START_S)
    assert usual is not None
    assert usual.lowest_rtt_s < usual.rtt_s < usual.highest_rtt_s
    assert usual.rtt_s == pytest.approx(0.02, rel=0.05)
    assert usual.loss_ratio < 0.01
    assert usual.spread_s == pytest.approx(0.02 * 0.02 * 0.6745, rel=0.25)


def test_another_period_of_readings_goes_on_from_the_same_minutes() -> None:
    """The normal survives that a probe is asked every two seconds instead of every second."""
    detector = ChangeDetector(READINGS)
    run(detector, noise(7200, 0.02), 1.0)
    other = ChangeDetector.restored(DetectorSettings(2.0, 7.0), detector.kept())
    assert other.usual(START_S) == detector.usual(START_S)


def test_what_is_not_its_own_is_refused() -> None:
    """By its version, by its rows, and where it is damaged."""
    kept = ChangeDetector(READINGS).kept()
    for odd, wish, code in (
        ({**kept, "version": 0}, READINGS, "detector-state-version"),
        ({}, READINGS, "detector-state-version"),
        (kept, ROWS, "detector-state-rows"),
        ({**kept, "runs": {"above": [1.0]}}, READINGS, "detector-state-damaged"),
        ({**kept, "normal": None}, READINGS, "detector-state-damaged"),
    ):
        with pytest.raises(UnknownStateError) as refused:
            ChangeDetector.restored(wish, odd)
        assert refused.value.code == code


def test_what_is_kept_does_not_grow() -> None:
    """After four weeks, in which each hour of the week got its place, a fifth takes no more room."""
    detector = ChangeDetector(ROWS)
    run(detector, noise(4 * 7 * 360, 0.0212), 240.0)
    month = len(json.dumps(detector.kept()))
    run(detector, noise(7 * 360, 0.0212, seed=2), 240.0, START_S + 4 * 7 * 86_400)
    assert len(json.dumps(detector.kept())) < 1.05 * month < 25_000
