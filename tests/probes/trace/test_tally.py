"""What packets and answers amount to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Reason
from controlroom.route.trace import TraceEnd
from probes.trace.sighting import Sighting
from probes.trace.tally import Tally

PASSED = Reason.TTL_EXCEEDED


def tally(*answers: tuple[int, str, Reason, float], sent: int = 4, rounds: int = 1) -> Tally:
    """Count packets to so many distances, sent at 0, and these answers by number."""
    found = Tally()
    for _ in range(rounds):
        for distance in range(1, sent + 1):
            found.sent(distance, 0.0)
    for number, host, reason, at_s in answers:
        found.saw(Sighting(number, host, reason, at_s))
    return found


def test_a_hop_has_its_addresses_with_loss_and_times() -> None:
    """Two answer at one distance, and one packet of three is lost."""
    found = tally((0, "a", PASSED, 0.3), (1, "b", PASSED, 0.1), sent=1, rounds=3)
    (hop,) = found.hops()
    assert hop.loss_ratio == pytest.approx(1 / 3)
    assert [(each.address, each.median_s) for each in hop.seen] == [("a", 0.3), ("b", 0.1)]


def test_the_target_ends_the_route_where_it_is_nearest() -> None:
    """Also where it answered at several distances, and a router refused nearer still."""
    found = tally((3, "t", Reason.NONE, 1.0), (2, "t", Reason.NONE, 1.0), (1, "r", Reason.PROHIBITED, 1.0))
    assert found.end() == (TraceEnd.REACHED, Reason.NONE)
    assert len(found.hops()) == 3


def test_a_refusal_ends_the_route_where_the_target_is_silent() -> None:
    """With its reason."""
    found = tally((0, "a", PASSED, 0.1), (2, "a", Reason.HOST_UNREACHABLE, 0.1))
    assert found.end() == (TraceEnd.REFUSED, Reason.HOST_UNREACHABLE)
    assert found.end_distance == 3


def test_silence_at_the_end_is_left_out() -> None:
    """The hops end with the last that answered."""
    found = tally((1, "b", PASSED, 0.1))
    assert found.end() == (TraceEnd.SILENT, Reason.NONE)
    assert [hop.answers for hop in found.hops()] == [0, 1]


def test_only_the_first_answer_to_what_was_sent_counts() -> None:
    """A second one, one to a packet that never was, and one before its time are passed over."""
    found = tally((0, "a", PASSED, 0.1), (0, "z", PASSED, 0.2), (9, "z", PASSED, 0.1), (1, "z", PASSED, -1.0))
    assert [each.address for hop in found.hops() for each in hop.seen] == ["a"]


REASONS = st.sampled_from([PASSED, Reason.NONE, Reason.PROHIBITED])
ANSWERS = st.tuples(st.integers(-2, 14), st.sampled_from("abc"), REASONS, st.floats(-1, 1))


@given(st.lists(ANSWERS, max_size=40))
def test_whatever_comes_the_sums_are_right(answers: list[tuple[int, str, Reason, float]]) -> None:
    """No hop has more answers than packets, and all distances up to the end are there."""
    found = tally(*answers, sent=4, rounds=3)
    hops = found.hops()
    assert [hop.distance for hop in hops] == list(range(1, len(hops) + 1))
    assert all(0 <= hop.answers <= hop.sent for hop in hops)
    found.end()
