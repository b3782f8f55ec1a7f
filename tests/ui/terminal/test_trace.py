"""A trace as lines: what each hop says, and how it ended."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest

from controlroom.reading import Reason
from controlroom.route.trace import Hop, Trace, TraceEnd, TraceMeans
from tests.controlroom.route.routes import TARGET, hop_address, route
from ui.terminal.trace import print_trace


def printed(trace: Trace, target: str = TARGET) -> tuple[int, list[str]]:
    """Print a trace and return the exit code and the lines."""
    out = io.StringIO()
    code = print_trace(target, trace, as_json=False, out=out)
    return code, out.getvalue().splitlines()


def test_each_hop_has_its_line_and_every_address_its_own() -> None:
    """Silence is said; loss stands beside the first address."""
    code, lines = printed(route("10.0.0.1", "", "10.0.0.2/10.0.0.3"))
    assert code == 0
    assert lines[0] == "Route to 10.9.9.9, by ping (ICMP)"
    assert [line.split()[0] for line in lines[1:6]] == ["1", "2", "3", "10.0.0.3", "4"]
    assert "no answer" in lines[2]
    assert "66.7" in lines[1]
    assert "10.0 ms (10.0 ms to 10.0 ms)" in lines[1]
    assert lines[-1] == "Reached."


@pytest.mark.parametrize(
    ("trace", "words"),
    [
        (route("a", end=TraceEnd.SILENT), "Not reached: nobody answers beyond hop 1."),
        (Trace(TARGET, 0.0, TraceEnd.SILENT), "Not reached: nobody answers."),
        (
            Trace(TARGET, 0.0, TraceEnd.REFUSED, (), Reason.PROHIBITED),
            "Not reached: a router or firewall on the way refuses.",
        ),
        (Trace(TARGET, 0.0, TraceEnd.NOT_RUN, (), Reason.NO_ROUTE), "Route to 10.9.9.9: not run"),
    ],
)
def test_what_did_not_reach_is_trouble(trace: Trace, words: str) -> None:
    """With the reason, and exit 1."""
    code, lines = printed(trace)
    assert code == 1
    assert any(line.startswith(words) for line in lines)


def test_a_name_is_shown_with_its_address_and_by_which_means() -> None:
    """A target may have many addresses, and firewalls treat UDP otherwise."""
    lines = printed(replace(route("a"), means=TraceMeans.UDP), "mast.example")[1]
    assert lines[0] == "Route to mast.example (10.9.9.9), by UDP, for pings are not allowed here"


def test_a_refusal_is_told_at_its_hop() -> None:
    """Beside who refused."""
    refused = Hop(1, 3, (hop_address("10.0.0.1", Reason.HOST_UNREACHABLE),))
    lines = printed(Trace(TARGET, 0.0, TraceEnd.REFUSED, (refused,), Reason.HOST_UNREACHABLE))[1]
    assert lines[1].endswith("a router says: host unreachable")


def test_json_has_everything() -> None:
    """For other programs."""
    out = io.StringIO()
    print_trace("mast.example", route("a"), as_json=True, out=out)
    told = json.loads(out.getvalue())
    assert (told["target"], told["address"], told["end"], len(told["hops"])) == (
        "mast.example",
        TARGET,
        "reached",
        2,
    )
