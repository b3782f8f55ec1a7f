"""Counters as rates: what cannot be known is unknown, and nothing is ever a spike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.rates import LONGEST_GAP_S, Rates

DAY_TICKS = 86_400 * 100


def test_the_first_has_no_rate_and_the_second_has() -> None:
    """Ten seconds, 125,000 octets: 12,500 a second."""
    rates = Rates()
    assert rates.rate("in", 1_000, 64, 50.0) is None
    assert rates.rate("in", 126_000, 64, 60.0) == 12_500
    assert rates.rate("out", 126_000, 64, 60.0) is None


@pytest.mark.parametrize(
    ("bits", "before", "now", "told"),
    [
        (32, 2**32 - 500, 500, 100.0),
        (32, 2**31 - 1, 5, None),
        (32, 1_000, 5, None),
        (64, 2**64 - 500, 500, None),
        (64, 5_000, 5, None),
        (32, 7, 7, 0.0),
    ],
)
def test_a_counter_that_is_lower_has_wrapped_or_begun_anew(
    bits: int, before: int, now: int, told: float | None
) -> None:
    """What cannot be told apart is unknown."""
    rates = Rates()
    rates.rate("in", before, bits, 0.0)  # type: ignore[arg-type]
    assert rates.rate("in", now, bits, 10.0) == told  # type: ignore[arg-type]
    assert rates.rate("in", now + 50, bits, 20.0) == 5.0  # type: ignore[arg-type]


def test_a_long_gap_or_no_time_at_all_gives_no_rate() -> None:
    """A mean over hours is no figure of now."""
    rates = Rates()
    rates.rate("in", 0, 64, 0.0)
    assert rates.rate("in", 5, 64, 0.0) is None
    assert rates.rate("in", 5, 64, LONGEST_GAP_S + 1) is None


def test_a_restart_forgets_all() -> None:
    """Uptime lower than before: the next reading is the first again."""
    rates = Rates()
    assert rates.restarted(5 * DAY_TICKS, 0.0) is False
    rates.rate("in", 10_000, 64, 0.0)
    assert rates.restarted(5 * DAY_TICKS + 1_000, 10.0) is False
    assert rates.restarted(300, 20.0) is True
    assert rates.rate("in", 20_000, 64, 20.0) is None
    assert rates.restarted(1_300, 30.0) is False
    assert rates.rate("in", 20_500, 64, 30.0) == 50.0


def test_a_restart_soon_after_a_start_is_noticed() -> None:
    """The uptime is higher than before, but not by as much as time has passed."""
    rates = Rates()
    rates.restarted(1_000, 0.0)
    assert rates.restarted(1_100, 300.0) is True


def test_the_wrap_of_the_uptime_is_no_restart() -> None:
    """After 497 days; unless the agent was nowhere near it."""
    rates = Rates()
    rates.restarted(2**32 - 500, 0.0)
    assert rates.restarted(500, 10.0) is False
    assert rates.restarted(1_500, 20.0) is False
    rates = Rates()
    rates.restarted(2**32 - 500_000, 0.0)
    assert rates.restarted(500, 10.0) is True


def test_an_agent_that_tells_no_uptime_is_never_called_restarted() -> None:
    """Nothing is known then."""
    assert Rates().restarted(None, 1.0) is False


@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.floats(0.5, 100)),
        min_size=2,
        max_size=20,
    )
)
def test_a_rate_is_possible_whatever_comes(
    steps: list[tuple[int, float]],
) -> None:
    """Whatever it shows."""
    rates, now_s = Rates(), 0.0
    for count, elapsed_s in steps:
        now_s += elapsed_s
        rate = rates.rate("in", count, 32, now_s)
        assert rate is None or 0 <= rate <= 2**32 / elapsed_s


def test_a_counter_that_begins_anew_is_no_wrap_beyond_its_line() -> None:
    """From 3.5e9 octets to none within 5 s would be 1.27 Gbit/s: more than 1 Gbit/s carries."""
    rates, line = Rates(), 125e6
    rates.rate("in", 3_500_000_000, 32, 0.0, line=line)
    assert rates.rate("in", 0, 32, 5.0, line=line) is None
    assert rates.rate("in", 5_000, 32, 10.0, line=line) == 1_000
    rates.rate("wraps", 2**32 - 500, 32, 0.0, line=line)
    assert rates.rate("wraps", 500, 32, 10.0, line=line) == 100


def test_a_leap_is_no_rate_and_a_line_that_understates_itself_hides_none() -> None:
    """Once is a leap; a tunnel that claims 10 Mbit/s and carries 80 is told from the second time on."""
    rates, line = Rates(), 1.25e6
    rates.rate("in", 0, 64, 0.0, line=line)
    assert rates.rate("in", 10**18, 64, 10.0, line=line) is None
    assert rates.rate("in", 10**18 + 10_000, 64, 20.0, line=line) == 1_000
    assert rates.rate("in", 10**18 + 100_010_000, 64, 30.0, line=line) is None
    assert rates.rate("in", 10**18 + 200_010_000, 64, 40.0, line=line) == 1e7


def test_a_discontinuity_is_no_rate() -> None:
    """Though the counter only ever grows."""
    rates = Rates()
    rates.rate("in", 0, 64, 0.0, stamp=0)
    assert rates.rate("in", 5_000, 64, 10.0, stamp=777) is None
    assert rates.rate("in", 6_000, 64, 20.0, stamp=777) == 100


def test_an_uptime_that_runs_far_ahead_is_a_break_and_no_restart() -> None:
    """Another unit took over, with counters of its own; a clock told by halves of a minute is none."""
    rates = Rates()
    rates.restarted(1_000, 0.0)
    rates.rate("in", 0, 64, 0.0)
    assert rates.restarted(5_000, 10.0) is False
    assert rates.rate("in", 1_000, 64, 10.0) == 100
    assert rates.restarted(5 * DAY_TICKS, 20.0) is False
    assert rates.rate("in", 10**18, 64, 20.0) is None
