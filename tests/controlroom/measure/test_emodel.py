"""The E-model against published tables and check values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.emodel import (
    Band,
    band_of,
    burst_is_within_model,
    delay_impairment,
    delay_is_within_model,
    effective_equipment_impairment,
    opinion_score,
    rating,
    slowness,
)

DELAYS_S = st.floats(0.0, 5.0)
RATIOS = st.floats(0.0, 1.0)


def test_the_published_defaults() -> None:
    """Without delay, loss or codec R is 93.2 and the opinion score 4.41."""
    assert rating(0.0) == pytest.approx(93.2, abs=0.01)
    assert opinion_score(rating(0.0)) == pytest.approx(4.41, abs=0.005)
    assert delay_impairment(0.0) == pytest.approx(0.149, abs=5e-4)


@pytest.mark.parametrize(
    ("delay_ms", "slow", "whole", "r", "score"),
    [
        (0, 0, 0.15, 93.21, 4.409),
        (100, 0, 2.69, 90.66, 4.355),
        (150, 0.164, 3.82, 89.54, 4.328),
        (200, 3.044, 7.55, 85.80, 4.223),
        (250, 8.917, 14.18, 79.18, 3.993),
        (300, 14.761, 20.69, 72.67, 3.719),
        (400, 24.070, 31.11, 62.25, 3.216),
        (500, 30.636, 38.55, 54.80, 2.828),
    ],
)
def test_delay(delay_ms: float, slow: float, whole: float, r: float, score: float) -> None:
    """The check table of G.711 without loss: Idd, Id, R and the opinion score."""
    assert slowness(delay_ms) == pytest.approx(slow, abs=6e-4)
    assert delay_impairment(delay_ms / 1e3) == pytest.approx(whole, abs=6e-3)
    assert rating(delay_ms / 1e3) == pytest.approx(r, abs=6e-3)
    assert opinion_score(rating(delay_ms / 1e3)) == pytest.approx(score, abs=6e-4)


@pytest.mark.parametrize("delay_ms", [0, 50, 100, 150, 200, 250, 300])
def test_the_short_form_of_cole_and_rosenbluth_is_near(delay_ms: float) -> None:
    """Two straight lines stand for Id up to 300 ms, within half a point."""
    lines = 0.024 * delay_ms + 0.11 * max(0.0, delay_ms - 177.3)
    assert delay_impairment(delay_ms / 1e3) == pytest.approx(lines, abs=0.5)


@pytest.mark.parametrize(
    ("r", "score", "published"),
    [
        (93.2, 4.409, 4.41),
        (90, 4.339, 4.34),
        (80, 4.024, 4.03),
        (70, 3.597, 3.60),
        (60, 3.100, 3.10),
        (50, 2.575, 2.58),
    ],
)
def test_opinion_scores(r: float, score: float, published: float) -> None:
    """The table of R against the score, as computed and as published."""
    assert opinion_score(r) == pytest.approx(score, abs=6e-4)
    assert opinion_score(r) == pytest.approx(published, abs=0.01)


@pytest.mark.parametrize(("r", "score"), [(-20, 1), (0, 1), (3.22, 1), (6.4, 1), (100, 4.5), (180, 4.5)])
def test_the_score_ends_at_one_and_four_and_a_half(r: float, score: float) -> None:
    """Also where the polynomial dips below 1."""
    assert opinion_score(r) == score


@pytest.mark.parametrize(
    ("r", "band"),
    [
        (93.2, Band.VERY_SATISFIED),
        (90, Band.VERY_SATISFIED),
        (89.99, Band.SATISFIED),
        (80, Band.SATISFIED),
        (70, Band.SOME_DISSATISFIED),
        (60, Band.MANY_DISSATISFIED),
        (50, Band.NEARLY_ALL_DISSATISFIED),
        (49.99, Band.NOT_RECOMMENDED),
        (-5, Band.NOT_RECOMMENDED),
    ],
)
def test_bands(r: float, band: Band) -> None:
    """The categories of G.109."""
    assert band_of(r) is band


@pytest.mark.parametrize(
    ("ie", "bpl", "loss_percent", "expected", "older", "apart"),
    [
        (11, 19.0, 2, 19.00, 19, 0.01),
        (11, 19.0, 8, 35.89, 36, 0.5),
        (11, 19.0, 16, 49.4, 49, 0.5),
        (0, 25.1, 2, 7.01, 7, 0.05),
        (0, 25.1, 10, 27.07, 25, 3),
        (5, 10.0, 5, 35.0, 33, 3),
    ],
)
def test_loss(
    ie: float, bpl: float, loss_percent: float, expected: float, older: float, apart: float
) -> None:
    """The formula's values, and how near the older tabulated ones are."""
    found = effective_equipment_impairment(ie, bpl, loss_percent / 100)
    assert found == pytest.approx(expected, abs=6e-3)
    assert found == pytest.approx(older, abs=apart)


@pytest.mark.parametrize(
    ("ie", "bpl", "table"),
    [
        (11, 19.0, {0: 11, 0.5: 13, 1: 15, 1.5: 17, 2: 19, 3: 23, 4: 26, 8: 36, 16: 49}),
        (0, 25.1, {1: 5, 2: 7, 3: 10, 5: 15, 7: 20, 10: 25, 15: 35, 20: 45}),
    ],
)
def test_the_tables_of_1999(ie: float, bpl: float, table: dict[float, float]) -> None:
    """G.729A with VAD and G.711 with PLC, as once tabulated in G.113: a loose band of three points."""
    for loss_percent, published in table.items():
        found = effective_equipment_impairment(ie, bpl, loss_percent / 100)
        assert found == pytest.approx(published, abs=3)


def test_worked_examples() -> None:
    """150 ms and 2 % of loss: by G.729A with VAD, and by G.711 with PLC."""
    first = rating(0.150, effective_equipment_impairment(11, 19.0, 0.02))
    assert first == pytest.approx(70.54, abs=6e-3)
    assert opinion_score(first) == pytest.approx(3.62, abs=6e-3)
    second = rating(0.150, effective_equipment_impairment(0, 25.1, 0.02))
    assert second == pytest.approx(82.53, abs=6e-3)
    assert opinion_score(second) == pytest.approx(4.12, abs=6e-3)


@pytest.mark.parametrize(
    ("ie", "bound_ms"), [(0, 400), (7, 322), (10, 294), (5, 342), (19, 219), (15, 251), (23, 177), (20, 210)]
)
def test_published_bounds_on_delay_for_a_rating_of_70(ie: float, bound_ms: float) -> None:
    """Without loss and echo: G.711, G.728, G.729, EFR, G.723.1, GSM-HR and GSM-FR, within 2 ms."""
    short, long = 100.0, 900.0
    while long - short > 0.01:
        middle = (short + long) / 2
        short, long = (middle, long) if 94.2 - ie - slowness(middle) > 70 else (short, middle)
    assert short == pytest.approx(bound_ms, abs=2)


def test_where_bursts_are_within_the_model() -> None:
    """Up to a ratio of 2, or below 2 % of loss."""
    assert burst_is_within_model(0.10, 2.0)
    assert burst_is_within_model(0.019, 6.0)
    assert not burst_is_within_model(0.02, 2.1)


def test_which_delays_are_within_the_model() -> None:
    """Up to half a second."""
    assert delay_is_within_model(0.5)
    assert not delay_is_within_model(0.501)


@given(DELAYS_S, DELAYS_S)
def test_more_delay_never_helps(one: float, other: float) -> None:
    """But for the first millisecond, where the formula for the talker's echo gives back 0.06 points."""
    given_back = 0.06 if min(one, other) < 2e-3 else 1e-9
    assert rating(max(one, other)) <= rating(min(one, other)) + given_back


@given(st.floats(0, 90), st.floats(0.5, 60), RATIOS, RATIOS, st.floats(0.5, 8), st.floats(0.5, 8))
def test_more_loss_and_longer_bursts_never_help(
    ie: float, bpl: float, loss: float, more: float, burst: float, longer: float
) -> None:
    """Each by itself."""
    least, most = sorted((loss, more))
    found = effective_equipment_impairment(ie, bpl, least, burst)
    assert effective_equipment_impairment(ie, bpl, most, burst) >= found - 1e-9
    short, long = sorted((burst, longer))
    shorter = effective_equipment_impairment(ie, bpl, loss, short)
    assert effective_equipment_impairment(ie, bpl, loss, long) >= shorter - 1e-9


@given(st.floats(-200, 200), st.floats(-200, 200))
def test_the_score_follows_the_rating(one: float, other: float) -> None:
    """From 1 to 4.5, and never down while R goes up; so do the bands."""
    low, high = sorted((one, other))
    assert 1.0 <= opinion_score(low) <= opinion_score(high) + 1e-12
    assert opinion_score(high) <= 4.5
    assert list(Band).index(band_of(high)) <= list(Band).index(band_of(low))
