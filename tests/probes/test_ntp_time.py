"""Times on the wire: written as others read them, and subtracted exactly."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probes.ntp_time import seconds_between, wire_time
from tests.probes.ntp.servers import stamp


@given(st.floats(0.0, 4e9))
def test_a_time_is_written_as_others_read_it(unix_s: float) -> None:
    """To within the rounding of a number of that size."""
    seconds, fraction = stamp(unix_s)
    assert abs(seconds_between(wire_time(unix_s), seconds << 32 | fraction)) < 1e-6


@given(st.integers(0, 2**64 - 1), st.integers(-(2**62), 2**62))
def test_differences_are_exact_across_the_turn_of_an_era(earlier: int, difference: int) -> None:
    """2036 is near."""
    later = (earlier + difference) % 2**64
    assert seconds_between(earlier, later) == difference / 2**32
