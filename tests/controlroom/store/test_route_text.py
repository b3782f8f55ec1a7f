"""Routes as text: back as they were, and nothing else is believed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.route.kept import RouteKind
from controlroom.route.trace import TraceEnd
from controlroom.store.route_text import MOST_CHARACTERS, route_of, text_of_route, text_of_trace
from tests.controlroom.route.routes import kept, route


def test_a_route_comes_back_as_it_was() -> None:
    """With several addresses, silence, reasons and who asked."""
    told = kept("mast", RouteKind.NEWEST, route("a", "b/c", "", end=TraceEnd.SILENT), operator="Störung")
    assert route_of(text_of_route(told)) == told
    assert json.loads(text_of_trace(told.trace))["end"] == "silent"


@pytest.mark.parametrize("key", ["kind", "trace", "cause", "endpoint_id"])
def test_a_text_that_lacks_something_is_no_route(key: str) -> None:
    """A row that was damaged, or written by somebody else."""
    told = json.loads(text_of_route(kept("mast", RouteKind.GOOD)))
    del told[key]
    with pytest.raises(ValueError, match=key):
        route_of(json.dumps(told))


@given(st.text(max_size=50))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Anything may stand in a damaged file."""
    with pytest.raises(ValueError, match=r"\S"):
        route_of(text)


def test_a_text_without_end_is_not_read() -> None:
    """It is bounded before it is parsed."""
    with pytest.raises(ValueError, match="too long"):
        route_of("[" * (MOST_CHARACTERS + 1))
