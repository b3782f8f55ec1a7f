"""Whose fault it is that an endpoint lacks a route."""

from __future__ import annotations

from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.way_out import WayOut


def state(
    endpoint_id: str, reason: str = "no_route", condition: Condition = Condition.UNKNOWN
) -> EndpointState:
    """Make a state; unknown for want of a route where nothing else is said."""
    return EndpointState(endpoint_id, condition, 0.0, reason)


def test_only_what_lies_beyond_lacks_a_route_by_our_fault() -> None:
    """Neither an endpoint that there is a way out to, nor one that is unknown for another reason."""
    way_out = WayOut()
    way_out.set_beyond({"mast": 4, "port": 4})
    assert way_out.takes(state("mast"))
    assert not way_out.takes(state("neighbour"))
    assert not way_out.takes(state("port", "no_name"))
    assert not way_out.takes(state("port", condition=Condition.DOWN))
    assert (way_out.is_missing(4), way_out.is_missing(6)) == (True, False)


def test_it_ends_with_the_last_that_can_be_asked_again() -> None:
    """Of each IP version by itself. Being cut off altogether shows nothing of it."""
    way_out = WayOut()
    way_out.set_beyond({"mast": 4, "port": 4, "cloud": 6})
    for endpoint_id in ("mast", "port", "cloud"):
        way_out.takes(state(endpoint_id))
    assert not way_out.takes(state("mast", OWN_CONNECTION_LOST))
    way_out.takes(state("port", "none", Condition.UP))
    assert (way_out.is_missing(4), way_out.is_missing(6)) == (True, True)
    way_out.takes(state("mast", "deadline", Condition.DOWN))
    assert (way_out.is_missing(4), way_out.is_missing(6)) == (False, True)


def test_a_way_out_that_is_back_leaves_it_until_a_question_shows_another_fault() -> None:
    """What still finds no route then has a fault of its own."""
    way_out = WayOut()
    way_out.set_beyond({"mast": 4, "port": 4})
    assert way_out.takes(state("mast"))
    assert not way_out.shows_anew("mast")
    way_out.set_beyond({"port": 4})
    assert way_out.takes(state("mast"))
    assert way_out.shows_anew("mast")
    assert not way_out.takes(state("mast"))
    assert not way_out.shows_anew("mast")


def test_after_a_restart_it_stays_as_it_was_until_it_is_asked() -> None:
    """Only then is it known by which version there is no way; what is not watched any more has none."""
    way_out = WayOut([state("mast"), state("gone"), state("other", "no_name")])
    way_out.keep(["mast", "other"])
    assert way_out.takes(state("mast"))
    assert way_out.is_missing(4) is None
    way_out.set_beyond({"mast": 6})
    assert way_out.shows_anew("mast")
    assert (way_out.is_missing(4), way_out.is_missing(6)) == (False, True)
    way_out.keep([])
    assert way_out.is_missing(6) is False
