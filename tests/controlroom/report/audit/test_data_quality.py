"""Coverage, gaps and stuck values, by buckets."""

from __future__ import annotations

import numpy as np
import pytest

from controlroom.measure.rollup import Rollup, roll_up
from controlroom.reading import ProbeKey, SeriesKey
from controlroom.report.audit.data_quality import may_stick, probe_quality, stuck_value

KEY = ProbeKey("mast", "icmp")
RTT = SeriesKey("mast", "icmp", "rtt_s")


def minutes(values: list[float | None], step_s: int = 10, missing: tuple[int, int] = (0, 0)) -> Rollup:
    """Readings every so many seconds from 0 on, losses as ``None``, but for those of a range of places."""
    places = [place for place in range(len(values)) if not missing[0] <= place < missing[1]]
    kept = [values[place] for place in places]
    return roll_up(
        np.array([place * step_s * 1_000_000 for place in places], np.int64),
        np.array([np.nan if each is None else each for each in kept]),
        np.array([each is None for each in kept]),
        np.zeros(len(kept), np.bool_),
        60,
    )


def test_all_readings_are_there_and_losses_count_as_asked() -> None:
    """A lossy link is well covered."""
    values: list[float | None] = [None if place % 3 else 0.01 for place in range(360)]
    found = probe_quality(KEY, 10.0, minutes(values), 3600.0)
    assert (found.expected, found.readings, found.lost, found.gaps) == (360, 360, 240, 0)
    assert found.coverage == 1.0


def test_a_gap_is_a_run_of_minutes_without_any_reading() -> None:
    """Ten minutes of an hour: five sixths are there."""
    found = probe_quality(KEY, 10.0, minutes([0.01] * 360, missing=(120, 180)), 3600.0)
    assert (found.gaps, found.longest_gap_s) == (1, 600.0)
    assert found.coverage == pytest.approx(300 / 360)


def test_who_began_within_a_minute_misses_nothing_before() -> None:
    """Twenty seconds before the minute's end: two readings, and all that were expected."""
    found = probe_quality(KEY, 10.0, minutes([0.01] * 100, missing=(0, 4)), 1000.0)
    assert (found.expected, found.readings, found.coverage) == (96, 96, 1.0)


def test_what_was_never_measured_has_no_coverage() -> None:
    """Neither 0 nor 1."""
    assert probe_quality(KEY, 10.0, minutes([]), 3600.0).coverage is None


def test_a_round_trip_that_never_changes_sticks() -> None:
    """For more than 300 readings and an hour; the stretch is told."""
    moving: list[float | None] = [0.01 + place % 7 / 1000 for place in range(60)]
    found = stuck_value(RTT, minutes([*moving, *[0.02] * 400]))
    assert found is not None
    assert (found.value, found.readings) == (0.02, 400)
    assert (found.since_utc_s, found.until_utc_s) == (600.0, 4620.0)


def test_a_short_stretch_and_a_moving_value_do_not_stick() -> None:
    """Neither is enough."""
    assert stuck_value(RTT, minutes([0.02] * 300)) is None
    assert stuck_value(RTT, minutes([0.01 + place % 7 / 1000 for place in range(1000)])) is None


@pytest.mark.parametrize(
    ("metric", "sticks"),
    [("rtt_s", True), ("rsrp_dbm", True), ("interfaces_up_count", False), ("disk_ratio", False)],
)
def test_states_and_counts_may_stand_still(metric: str, sticks: bool) -> None:
    """Only what never does is judged."""
    assert may_stick(metric) is sticks
