"""Two routes side by side, and in a sentence."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from controlroom.condition.state import Condition, EndpointState
from controlroom.reading import Reason
from controlroom.route.kept import RouteKind
from controlroom.route.trace import Hop, Trace, TraceEnd
from tests.controlroom.route.routes import TARGET, hop_address, kept, route
from ui.desk.route.lines import ENDS, NO_ANSWER, PARTS, side_by_side
from ui.desk.route.words import end_words, heading, summary

UTC = ZoneInfo("UTC")


def test_every_distance_has_a_line_as_long_as_the_longer_route() -> None:
    """Several addresses one below the other; silence is said; what is not there is empty."""
    lines = side_by_side(route("a", ""), route("a/b", "c", "d"))
    assert [line.distance for line in lines] == [1, 2, 3, 4]
    assert lines[0].good.address == "a\nb"
    assert lines[0].good.time.count("\n") == 1
    assert lines[1].newest.address == NO_ANSWER
    assert lines[3].newest.address == ""


def test_only_where_they_part_and_where_answers_end_is_marked() -> None:
    """Not at every line that differs."""
    assert [line.mark for line in side_by_side(route("a", "x", "y"), route("a", "b", "c"))] == [
        "",
        PARTS,
        "",
        "",
    ]
    cut = route("a", end=TraceEnd.SILENT)
    assert [line.mark for line in side_by_side(cut, route("a", "b"))] == ["", ENDS, ""]
    assert not any(line.mark for line in side_by_side(route("a"), route("a")))
    assert not any(line.mark for line in side_by_side(route("a"), None))


def test_who_refuses_says_so_in_its_line() -> None:
    """Beside its address, and nothing in it can steer a screen."""
    hop = Hop(1, 3, (hop_address("10.0.0.1\x1b[2J", Reason.PROHIBITED),))
    (line,) = side_by_side(Trace(TARGET, 0.0, TraceEnd.REFUSED, (hop,), Reason.PROHIBITED), None)
    assert line.newest.address.endswith(": a router or firewall on the way refuses")
    assert "\x1b" not in line.newest.address


@pytest.mark.parametrize(
    ("newest", "words"),
    [
        (route("a", "b"), "Reached over 3 hops."),
        (route("x", "b"), "Reached over 3 hops. It leaves the good route at hop 1."),
        (route("a", end=TraceEnd.SILENT), "Nobody answers beyond hop 1 of 3."),
        (Trace(TARGET, 0.0, TraceEnd.SILENT), "Nobody answers beyond hop 0 of 3."),
        (
            Trace(TARGET, 0.0, TraceEnd.REFUSED, (Hop(1, 3),), Reason.PROHIBITED),
            "Refused at hop 1: a router or firewall on the way refuses.",
        ),
    ],
)
def test_how_it_ended_is_one_sentence(newest: Trace, words: str) -> None:
    """Against a good route of three hops."""
    if not newest.hops:
        words = "No router on the way answers the trace."
    assert end_words(newest, route("a", "b")) == words


def test_a_trace_from_before_the_fault_says_so() -> None:
    """Nobody is to take an old route for how it is now."""
    routes = {RouteKind.NEWEST: kept("mast", RouteKind.NEWEST, route("a", at_utc_s=1000.0))}
    down = EndpointState("mast", Condition.DOWN, 2000.0, "deadline")
    assert "Not traced since it turned bad." in summary(routes, down, 3000.0, UTC)
    up = EndpointState("mast", Condition.UP, 2000.0, "none")
    assert summary(routes, up, 3000.0, UTC) == "Reached over 2 hops. Traced 00:16:40."
    assert summary({}, up, 3000.0, UTC) == "Not traced yet."


def test_when_and_why_it_was_traced_is_told() -> None:
    """By whom, where somebody asked."""
    assert heading(kept("mast", RouteKind.NEWEST, operator="Eva"), 1000.0, UTC) == "00:16:40, asked by Eva"
    assert heading(kept("mast", RouteKind.GOOD), 1000.0, UTC) == "00:16:40, while it was well"
