"""What can be ticked, and how it is found."""

from __future__ import annotations

from tests.controlroom.resilience.rooms import room, service
from ui.desk.what_if.choices import choices_of, fitting

SITE = room(["north", "south"], [service("calls", {"A": ["south"]})], {"duct": ["north", "south"]})


def names(typed: str, ticked: frozenset[str] = frozenset()) -> list[str]:
    """What is listed for some words."""
    return [choice.component for _, choices in fitting(choices_of(SITE), typed, ticked) for choice in choices]


def test_risk_groups_stand_first_then_endpoints_by_kind() -> None:
    """Each once."""
    assert names("") == ["group:duct", "north", "south"]


def test_a_search_finds_by_any_words_and_keeps_what_is_ticked() -> None:
    """Capitals do not matter; addresses count."""
    assert names("NOR") == ["north"]
    assert names("192.0.2 south") == ["south"]
    assert names("nothing") == []
    assert names("nothing", frozenset({"north"})) == ["north"]


def test_the_parts_of_a_service_stand_first_where_it_is_about_one() -> None:
    """Under its name."""
    heading, choices = choices_of(SITE, "calls")[0]
    assert (heading, [each.component for each in choices]) == ("Paths of Calls", ["south"])


def test_what_was_chosen_on_the_desk_stands_before_all() -> None:
    """And under its kind as well; a group or nothing chosen adds no heading."""
    heading, choices = choices_of(SITE, "calls", "north")[0]
    assert (heading, [each.component for each in choices]) == ("Chosen on the desk", ["north"])
    assert choices_of(SITE, chosen="group:duct") == choices_of(SITE)
