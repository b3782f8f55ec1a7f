"""Jitter, differences and delay variation, against published check values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from controlroom.measure.jitter import (
    DelayVariation,
    NeighbourVariation,
    delay_variation,
    interarrival_jitter_s,
    jitter_figures,
    neighbour_variation,
    round_trip_differences_s,
    transit_differences_s,
)
from tests.controlroom.measure.link import ROUND_TRIPS, link

SENT = np.array([0.0, 20, 40, 60, 80, 100])
ARRIVED = np.array([30.0, 55, 70, 98, 110, 130])


def test_the_published_vector() -> None:
    """RFC 3550: the jitter after each packet, the signed differences, and the range of the delays."""
    differences = transit_differences_s(SENT, ARRIVED)
    assert differences.tolist() == [5, -5, 8, -8, 0]
    assert interarrival_jitter_s(differences) == pytest.approx(
        [0.3125, 0.6055, 1.0676, 1.5009, 1.4071], abs=5e-5
    )
    assert delay_variation(ARRIVED - SENT).max_s == 8
    assert neighbour_variation(differences) == NeighbourVariation(5, -8, 8, 26 / 5)


def test_a_loss_is_passed_over() -> None:
    """Its neighbours are neighbours then, and differ by what lies between them."""
    arrived = np.array([30.0, np.nan, 70, np.nan, 118, 130])
    kept = np.isfinite(arrived)
    assert (transit_differences_s(SENT, arrived) == transit_differences_s(SENT[kept], arrived[kept])).all()


def test_the_order_is_that_of_arrival() -> None:
    """A packet that overtakes another comes first."""
    assert transit_differences_s(np.array([0.0, 20]), np.array([50.0, 40])).tolist() == [30]


def test_clocks_that_differ_give_the_same() -> None:
    """Only differences of each clock count."""
    shifted = transit_differences_s(SENT - 7000, ARRIVED + 123)
    assert (shifted == transit_differences_s(SENT, ARRIVED)).all()


def test_round_trips_give_the_same_as_their_arrivals() -> None:
    """A round trip is a delay, and its arrival is the moment of sending and it."""
    round_trip_s = (ARRIVED - SENT) / 1e3
    asked = link(round_trip_s.tolist(), sent_s=(SENT / 1e3).tolist())
    assert round_trip_differences_s(asked) * 1e3 == pytest.approx([5, -5, 8, -8, 0])
    found = jitter_figures(asked)
    assert found.jitter_s == pytest.approx(1.4071e-3, abs=5e-8)
    assert found.round_trip_delay_variation.max_s == pytest.approx(0.008)


def test_a_reply_that_was_overtaken_comes_later() -> None:
    """The slow first reply arrives after the second."""
    asked = link([0.5, 0.1, 0.2], sent_s=[0.0, 0.2, 0.4])
    assert round_trip_differences_s(asked) == pytest.approx([0.4, -0.3])


def test_no_difference_goes_over_a_break() -> None:
    """A loss is passed over, a stretch in which nothing could be asked is not."""
    assert round_trip_differences_s(link([0.01, None, 0.03])) == pytest.approx([0.02])
    assert len(round_trip_differences_s(link([0.01, None, 0.03], unmeasured=[1]))) == 0
    assert len(round_trip_differences_s(link([0.01, 0.02], sent_s=[0.0, 3.0], period_s=1.0))) == 0


def test_without_replies_all_is_unknown() -> None:
    """One reply has a variation of nothing and no neighbour."""
    nothing = jitter_figures(link([None, None]))
    assert (nothing.jitter_s, nothing.neighbours) == (None, NeighbourVariation())
    assert nothing.round_trip_delay_variation == DelayVariation()
    one = jitter_figures(link([0.02, None]))
    assert (one.jitter_s, one.round_trip_delay_variation.max_s) == (None, 0.0)


def test_a_quantile_of_a_thousandth_needs_a_thousand() -> None:
    """ITU-T Y.1541 is not claimed from a minute of pings."""
    delays = 0.020 + np.arange(1000) / 1e6
    assert delay_variation(delays[:999]).p999_s is None
    assert delay_variation(delays).p999_s == pytest.approx(998e-6)


def test_only_the_newest_thousand_differences_are_gone_through() -> None:
    """What is left out changes no digit that anybody reads."""
    chance = np.random.default_rng(5).exponential(0.01, 5000)
    asked = link(chance.tolist())
    whole = interarrival_jitter_s(round_trip_differences_s(asked))[-1]
    assert jitter_figures(asked).jitter_s == pytest.approx(whole, rel=1e-12)


@given(ROUND_TRIPS)
def test_bounds(times: list[float | None]) -> None:
    """No jitter is more than the largest difference, no variation more than the range."""
    found = jitter_figures(link(times))
    known = [one for one in times if one is not None]
    if (
        found.jitter_s is not None
        and found.neighbours.least_s is not None
        and found.neighbours.most_s is not None
    ):
        assert 0 <= found.jitter_s <= max(-found.neighbours.least_s, found.neighbours.most_s)
    assert found.neighbours.count == max(0, len(known) - 1)
    if known:
        assert found.round_trip_delay_variation.max_s == pytest.approx(max(known) - min(known))


@given(ROUND_TRIPS)
def test_a_delay_that_all_share_changes_nothing(times: list[float | None]) -> None:
    """Variation knows no distance."""
    near = jitter_figures(link(times, sent_s=range(0, 10 * len(times), 10)))
    far = jitter_figures(
        link([None if one is None else one + 1.0 for one in times], sent_s=range(0, 10 * len(times), 10))
    )
    assert (near.jitter_s is None) == (far.jitter_s is None)
    if near.jitter_s is not None:
        assert far.jitter_s == pytest.approx(near.jitter_s, abs=1e-9)
