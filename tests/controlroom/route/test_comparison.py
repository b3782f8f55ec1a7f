"""When two routes differ, and when they only look as if."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Reason
from controlroom.route.comparison import MOST_KNOWN, ends_early, parting, renewed, together
from controlroom.route.trace import Hop, Trace, TraceEnd
from controlroom.route.words import route_text
from tests.controlroom.route.routes import hop_address, route


@pytest.mark.parametrize(
    ("good", "newer", "distance"),
    [
        (route("a", "b"), route("a", "b"), None),
        (route("a", "b"), route("a", "c"), 2),
        (route("a", "b", "c"), route("a", "x", "y"), 2),
        (route("a", "b"), route("a", ""), None),
        (route("a", ""), route("a", "c"), None),
        (route("a", "b/c"), route("a", "c/d"), None),
        (route("a", "b/c"), route("a", "d"), 2),
        (route("a", "b"), route("a"), 2),
        (route("a", "b"), route("a", "b", "c"), 3),
        (route("a", "b"), route("a", end=TraceEnd.SILENT), None),
        (route("a", "b"), route(end=TraceEnd.NOT_RUN), None),
    ],
)
def test_where_routes_part(good: Trace, newer: Trace, distance: int | None) -> None:
    """Only where both have addresses and none in common."""
    found = parting(good, newer)
    assert (None if found is None else found.distance) == distance


def test_who_refuses_is_no_hop_of_a_route() -> None:
    """The router that refuses answers at the distance behind itself."""
    refused = Hop(2, 3, (hop_address("a", Reason.HOST_UNREACHABLE),))
    newer = replace(route("a", end=TraceEnd.REFUSED), hops=(*route("a").hops[:1], refused))
    assert parting(route("a", "b"), newer) is None
    assert ends_early(route("a", "b"), newer) == 1


def test_routes_to_different_addresses_are_not_compared() -> None:
    """A name may lead elsewhere."""
    assert parting(route("a"), replace(route("b"), address="10.1.1.1")) is None


def test_answers_that_end_early_are_told_only_against_a_route_that_reached() -> None:
    """After so many hops."""
    cut = route("a", "b", end=TraceEnd.SILENT)
    assert ends_early(route("a", "b", "c"), cut) == 2
    assert ends_early(cut, cut) is None
    assert ends_early(route("a"), route("a")) is None
    assert ends_early(route("a"), route(end=TraceEnd.SILENT)) == 0


def test_a_good_route_learns_what_takes_turns() -> None:
    """So that a third router of three is no change when it answers at last."""
    learnt = renewed(renewed(route("a", "b/c"), route("a", "c/d")), route("a", "d"))
    assert learnt.hops[1].known == {"b", "c", "d"}
    assert parting(learnt, route("a", "b")) is None
    assert route_text(learnt) == "a > d/b/c > 10.9.9.9"


def test_a_good_route_forgets_a_route_that_it_left() -> None:
    """Else a change back would go unseen."""
    learnt = renewed(route("a", "b"), route("a", "c"))
    assert learnt.hops[1].known == {"c"}
    assert renewed(None, route("a")) == route("a")


def test_two_traces_of_one_moment_are_seen_together() -> None:
    """The newer one's figures, the addresses of both."""
    both = together(route("a", "b", at_utc_s=1), route("a", "c", at_utc_s=2))
    assert both.at_utc_s == 2
    assert both.hops[1].known == {"b", "c"}


PLACES = st.lists(st.sampled_from(["", "a", "b", "a/b", "c"]), min_size=1, max_size=5)


@given(st.lists(PLACES, min_size=1, max_size=20))
def test_a_route_never_parts_from_itself_and_knows_a_bounded_number(courses: list[list[str]]) -> None:
    """Whatever it has learnt before."""
    good: Trace | None = None
    for places in courses:
        good = renewed(good, route(*places))
        assert parting(good, route(*places)) is None
        assert all(len(hop.also) <= MOST_KNOWN for hop in good.hops)
