"""What would be: groups take their members, and nothing of it stays."""

from __future__ import annotations

from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Margin, ServiceState
from controlroom.resilience.what_if import what_if
from tests.controlroom.resilience.rooms import endpoint, room, service

VIEW = room(
    ["a", "b", "c", "router", endpoint("d", behind=["router"])],
    [
        service("voice", {"one": ["a"], "two": ["b"], "three": ["c"]}),
        service("data", {"one": ["d"], "two": ["a"]}),
    ],
    {"duct": ["b", "c"]},
)
RESILIENCE = Resilience(VIEW)


def test_a_group_takes_its_members() -> None:
    """The legs show it, and what remains."""
    found = what_if(RESILIENCE, Observed(), ["group:duct"])
    assert found.changed == ("voice",)
    after = found.after["voice"]
    assert (after.state, after.margin) == (ServiceState.AT_RISK, Margin(1, 1))
    assert after.legs[1].because_of == ("b",)
    assert found.before["voice"].margin == Margin(2, 2)


def test_a_supposed_failure_takes_what_stands_behind_it() -> None:
    """Though that answers now, for now its router works."""
    found = what_if(RESILIENCE, Observed(failed=frozenset("a")), ["router"])
    assert found.after["data"].state is ServiceState.LOST
    assert found.changed == ("data",)


def test_maintenance_takes_margin_and_a_failure_goes_before_it() -> None:
    """May I take this down tonight?"""
    found = what_if(RESILIENCE, Observed(), [], ["a"])
    assert found.after["data"].margin == Margin(1, 1)
    assert found.after["data"].planned == ("a",)
    both = what_if(RESILIENCE, Observed(), ["a"], ["a", "router"])
    assert both.after["data"].failed == ("a",)
    assert both.after["data"].rests_on_planned


def test_what_was_unknown_is_known_in_a_supposition() -> None:
    """Whatever is supposed of it."""
    found = what_if(RESILIENCE, Observed(unknown=frozenset("ab")), ["a"], ["b"])
    assert found.after["voice"].margin == Margin(1, 1)
    assert found.after["voice"].unknown == ()


def test_nothing_of_it_stays() -> None:
    """A look afterwards tells what is."""
    before = RESILIENCE.look(Observed())
    what_if(RESILIENCE, Observed(), ["a", "b", "c"])
    assert RESILIENCE.look(Observed()) == before
