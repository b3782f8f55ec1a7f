"""What follows from counts and times: rates, repair times, unavailability and the doubt of them."""

from __future__ import annotations

import numpy as np
import pytest

from controlroom.resilience.component_history import ComponentHistory
from controlroom.resilience.component_model import (
    ASSUMED_REPAIR_S,
    RepairFrom,
    component_models,
)

DAY_S = 86_400.0


def chance() -> np.random.Generator:
    """The same chance each time."""
    return np.random.default_rng(7)


def test_rates_are_counts_over_times() -> None:
    """Four failures in 90 days (and the half of Jeffreys), two hours each."""
    failed = ComponentHistory("a", up_s=90 * DAY_S, down_s=4 * 7200, failures=4, repairs=4)
    found = component_models([failed], chance(), 20_000)["a"]
    assert (found.mean_up_s, found.mean_repair_s) == (20 * DAY_S, 7200)
    assert found.unavailability == pytest.approx(7200 / (20 * DAY_S + 7200))
    assert found.repair_from is RepairFrom.OWN
    # The median of Gamma(4.5) is 4.17, of the repair rate the same: the two cancel.
    rate = float(np.median(found.samples / (1 - found.samples)))
    assert rate == pytest.approx(4 * 7200 / (90 * DAY_S), rel=0.05)


def test_longer_watching_leaves_less_doubt() -> None:
    """The same rate, watched ten times as long, has a narrower interval."""

    def width(times: int) -> float:
        one = ComponentHistory("a", 90 * DAY_S * times, 7200 * times, 2 * times, 2 * times)
        samples = component_models([one], chance(), 4000)["a"].samples
        low, high = np.quantile(samples, (0.05, 0.95))
        return float(high / low)

    assert width(10) < width(1) / 2


def test_who_never_failed_takes_the_sites_usual_repair_time() -> None:
    """Of all repairs together; and says so."""
    whole = ComponentHistory("whole", up_s=30 * DAY_S)
    failed = ComponentHistory("failed", 30 * DAY_S, 3600 * 6, failures=3, repairs=3)
    found = component_models([whole, failed], chance(), 500)
    assert found["whole"].repair_from is RepairFrom.SITE
    assert found["whole"].mean_repair_s == 7200
    assert found["whole"].mean_up_s == 60 * DAY_S


def test_without_any_repair_four_hours_are_assumed() -> None:
    """And that is said."""
    found = component_models([ComponentHistory("a", up_s=DAY_S)], chance(), 500)["a"]
    assert (found.mean_repair_s, found.repair_from) == (ASSUMED_REPAIR_S, RepairFrom.ASSUMED)


def test_who_is_down_since_long_is_not_repaired_sooner_than_that() -> None:
    """Two days so far, of which no end was seen."""
    found = component_models([ComponentHistory("a", DAY_S, 2 * DAY_S, failures=1)], chance(), 500)["a"]
    assert found.mean_repair_s == 2 * DAY_S
    assert float(found.samples.min()) > 0


def test_of_what_was_never_watched_there_is_no_model() -> None:
    """Nobody guesses."""
    assert component_models([ComponentHistory("a")], chance()) == {}
