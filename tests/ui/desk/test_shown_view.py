"""What a picture is of: an endpoint or a service that was asked for."""

from __future__ import annotations

import pytest

from controlroom.errors import ControlroomError
from tests.controlroom.resilience.rooms import room, service
from ui.desk.shown_view import shown_service
from ui.terminal.exit_codes import BAD_INPUT, exit_code_of

SITE = room(
    ["a", "b", "c", "maps"],
    [
        service("calls", {"A": ["a"]}),
        service("radio", {"B": ["b"], "A": ["a"]}),
        service("maps", {"B": ["b"]}),
    ],
)


@pytest.mark.parametrize(
    ("view", "asked_for", "shown"),
    [
        ("service", "", ""),
        ("service", "b", "radio"),
        ("service", "radio", "radio"),
        ("service", "maps", "maps"),
        ("what-if", "b", ""),
        ("what-if", "radio", "radio"),
        ("desk", "radio", ""),
    ],
)
def test_a_view_is_of_the_service_or_of_the_first_with_that_endpoint(
    view: str, asked_for: str, shown: str
) -> None:
    """What-if is about an endpoint itself; nothing asked for leaves the choice to the desk."""
    assert shown_service(SITE, view, asked_for) == shown


@pytest.mark.parametrize(
    ("view", "asked_for", "services", "words"),
    [
        ("what-if", "", False, "The site has no services"),
        ("service", "a", False, "The site has no services"),
        ("service", "c", True, "No service has a path through the endpoint “c”."),
    ],
)
def test_what_cannot_be_shown_is_said(view: str, asked_for: str, services: bool, words: str) -> None:
    """And not the plain desk shown in its place."""
    site = SITE if services else room(["a"], [])
    with pytest.raises(ControlroomError) as raised:
        shown_service(site, view, asked_for)
    assert str(raised.value).startswith(words)
    assert exit_code_of(raised.value.code) == BAD_INPUT
