"""The figures of a burst, against ones that were worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.ntp_time import wire_time
from probes.udp_echo.burst import Burst, Return


def stamped(sent_s: float, there_s: float, held_s: float, back_s: float, ahead_s: float = 1e6) -> Return:
    """A packet with these times on its way, by another end whose clock is far ahead."""
    came_s = sent_s + there_s + ahead_s
    return Return(
        elapsed_s=there_s + held_s + back_s,
        sent=wire_time(sent_s),
        received=wire_time(came_s),
        transmitted=wire_time(came_s + held_s),
        arrived=wire_time(sent_s + there_s + held_s + back_s),
    )


def burst(sent: int, returns: dict[int, Return]) -> Burst:
    """A burst of which these came back."""
    made = Burst(sent)
    for index, each in returns.items():
        made.take(index, each)
    return made


def test_round_trip_loss_and_jitter() -> None:
    """The median, the share that is missing, and the mean change between neighbours."""
    made = burst(5, {0: Return(0.010), 1: Return(0.014), 3: Return(0.030), 4: Return(0.020)})
    assert made.values() == pytest.approx(
        {"rtt_s": 0.017, "burst_loss_ratio": 0.2, "jitter_s": (0.004 + 0.010) / 2}
    )
    assert made.shown() == "4 of 5 came back"
    assert not made.complete


def test_the_ways_are_told_apart_whatever_the_clocks_say() -> None:
    """What changes on one way changes that one alone, and what the reflector held counts nowhere."""
    made = burst(
        3,
        {
            0: stamped(100.0, 0.010, 0.001, 0.020),
            1: stamped(100.02, 0.016, 0.005, 0.020),
            2: stamped(100.04, 0.016, 0.001, 0.022),
        },
    )
    values = made.values()
    assert values["rtt_s"] == pytest.approx(0.036, abs=1e-6)
    assert values["forward_jitter_s"] == pytest.approx(0.003, abs=1e-6)
    assert values["backward_jitter_s"] == pytest.approx(0.001, abs=1e-6)
    assert values["jitter_s"] == pytest.approx((0.006 + 0.002) / 2, abs=1e-6)
    assert made.complete


def test_no_neighbours_no_jitter() -> None:
    """One packet, or every second one, says nothing of variation."""
    assert burst(1, {0: Return(0.01)}).values() == {"rtt_s": 0.01, "burst_loss_ratio": 0.0}
    assert "jitter_s" not in burst(3, {0: Return(0.01), 2: Return(0.02)}).values()


def test_times_that_cannot_be_true_are_left_out() -> None:
    """Held for longer than we waited, or sent before it came: then the whole round trip counts."""
    for wrong in (stamped(100.02, 0.01, 0.5, -0.45), stamped(100.02, 0.01, -0.001, 0.01)):
        values = burst(2, {0: stamped(100.0, 0.01, 0.0, 0.01), 1: wrong}).values()
        assert "forward_jitter_s" not in values
        assert values["jitter_s"] == pytest.approx(abs(wrong.elapsed_s - 0.02))


def test_a_packet_counts_once_and_the_order_is_told() -> None:
    """By its first coming back."""
    made = burst(3, {2: Return(0.03), 0: Return(0.01)})
    made.take(2, Return(0.5))
    assert made.returns[2].elapsed_s == 0.03
    assert made.shown() == "2 of 3 came back, 1 more than once, 1 out of order"


TIMES = st.integers(0, 2**64 - 1)


@given(
    st.dictionaries(
        st.integers(0, 9),
        st.builds(Return, st.floats(0.0, 60.0), TIMES, TIMES, TIMES, TIMES),
        min_size=1,
    )
)
def test_whatever_a_reflector_says_figures_stay_figures(returns: dict[int, Return]) -> None:
    """No round trip below nothing or above what was waited, no loss outside of its bounds."""
    values = burst(10, returns).values()
    assert 0.0 <= values["rtt_s"] <= max(each.elapsed_s for each in returns.values())
    assert values["burst_loss_ratio"] == pytest.approx(1 - len(returns) / 10)
    assert all(value >= 0.0 for value in values.values())
