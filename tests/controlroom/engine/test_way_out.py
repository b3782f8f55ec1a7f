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
    way_out.set_beyond(frozenset({"mast", "port"}))
    assert way_out.takes(state("mast"))
    assert not way_out.takes(state("neighbour"))
    assert not way_out.takes(state("port", "no_name"))
    assert not way_out.takes(state("port", condition=Condition.DOWN))
    assert way_out.is_missing


def test_it_ends_with_the_last_that_can_be_asked_again() -> None:
    """Being cut off altogether shows nothing of it."""
    way_out = WayOut()
    way_out.set_beyond(frozenset({"mast", "port"}))
    way_out.takes(state("mast"))
    way_out.takes(state("port"))
    assert not way_out.takes(state("mast", OWN_CONNECTION_LOST))
    way_out.takes(state("port", "none", Condition.UP))
    assert way_out.is_missing
    way_out.takes(state("mast", "deadline", Condition.DOWN))
    assert not way_out.is_missing


def test_a_way_out_that_is_back_leaves_it_until_a_question_shows_another_fault() -> None:
    """What still finds no route then has a fault of its own; what is not watched any more has none."""
    way_out = WayOut([state("mast"), state("port"), state("gone"), state("other", "no_name")])
    way_out.keep(["mast", "port", "other"])
    assert way_out.takes(state("mast"))
    assert way_out.is_back_for("mast")
    assert not way_out.takes(state("mast"))
    assert not way_out.is_back_for("mast")
    way_out.set_beyond(frozenset({"port"}))
    assert not way_out.is_back_for("port")
    way_out.keep([])
    assert not way_out.is_missing
