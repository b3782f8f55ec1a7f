"""The lists of alarms: what is in which, in what order, and what is said where nobody knows."""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import replace
from typing import Any

import pytest

from controlroom.alarms.alarm import AlarmState, Cause
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore
from tests.ui.terminal.site_stories import alarm, healthy, hidden, with_outage
from ui.terminal.alarm_list import run_alarm_list
from ui.terminal.arguments import parse

MASTS = ("mast-1", "mast-2", "mast-3", "mast-4")


def run(store: MemoryStore, typed: str = "") -> tuple[str, int]:
    """What is printed, with single blanks, and the exit code."""
    out = io.StringIO()
    chosen = parse(["alarm", "list", *shlex.split(typed)])
    code = run_alarm_list(store, chosen, utc_s=NOON_UTC_S, out=out)
    return "\n".join(" ".join(line.split()) for line in out.getvalue().splitlines()), code


def told(store: MemoryStore, typed: str = "") -> dict[str, Any]:
    """The JSON, read back."""
    out = io.StringIO()
    run_alarm_list(store, parse(["alarm", "list", "--json", *typed.split()]), utc_s=NOON_UTC_S, out=out)
    read: dict[str, Any] = json.loads(out.getvalue())
    return read


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("", [12]),
        ("--all", [15, 14, 13, 12]),
        ("--shelved", [13]),
        ("--suppressed", [14]),
        ("--out-of-service", [15]),
        ("--ended-since 1h", [7]),
    ],
)
def test_each_list_has_what_belongs_to_it(typed: str, numbers: list[int]) -> None:
    """And the counts are those of all that is hidden, whichever is listed."""
    store = hidden(*MASTS)
    over = replace(alarm("mast-1", AlarmState.NORMAL), number=7, returned_utc_s=NOON_UTC_S - 5)
    store.all_alarms.append(over)
    read = told(store, typed)
    assert [each["number"] for each in read["alarms"]] == numbers
    assert read["hidden"] == {"shelved": 1, "suppressed": 1, "out_of_service": 1}
    assert set(read) == {"at", "site", "simulated", "engine_alive", "which", "alarms", "hidden"}


def test_what_calls_stands_there_and_what_does_not_is_counted() -> None:
    """With how many are part of it."""
    text, code = run(hidden(*MASTS))
    assert code == 0
    assert "! P2 12 Mast 1: down, no reply in time (1 alarm in it) 1 min 2 s new with jo" in text
    assert "Not shown: 1 shelved, 1 suppressed, 1 out of service." in text
    assert run(healthy("mast-1"))[0] == "No alarms."
    assert run(healthy("mast-1"), "--shelved")[0] == "No alarm is shelved."


def test_a_shelf_says_by_whom_why_and_for_how_long_still() -> None:
    """And whether it ends with the fault."""
    text, _ = run(hidden(*MASTS), "--shelved")
    assert "shelved for another 1 h 59 min, or until it is over by ann: “technician on site”" in " ".join(
        text.replace("\n", " ").split()
    )
    assert "Not shown" not in text


def test_suppressed_ones_stand_below_what_tells_of_them() -> None:
    """So that the one that is to be worked on is seen."""
    lines = run(hidden(*MASTS), "--suppressed")[0].splitlines()
    assert [line.split()[2] for line in lines if line.startswith("! P")] == ["12", "14"]
    assert "behind Mast 1, which is down (alarm 12)" in " ".join(lines)


def test_what_is_out_of_service_needs_no_fault() -> None:
    """It is named, with who and why."""
    store = healthy("mast-north")
    idle = replace(alarm("mast-north", AlarmState.NORMAL), cause=Cause.NO_FAULT, reason="none")
    store.all_alarms = [replace(idle, out_of_service="operator", out_of_service_by="kim")]
    assert "12 Mast North 1 min 2 s out of service taken out of service by kim" in run(store, "--all")[0]


def test_without_an_engine_it_is_said_of_when_it_is() -> None:
    """Exit 1: what stands there may be long over."""
    store = with_outage("mast-north")
    assert store.beat is not None
    store.beat = replace(store.beat, engine_pid=None)
    text, code = run(store)
    assert code == 1
    assert text.startswith("MONITORING IS NOT RUNNING: known at 2027-01-15 08:59:59 Europe/Berlin")
    assert "alarm" not in text.splitlines()[0]
    assert told(store)["engine_alive"] is False


def test_a_simulated_site_says_so_and_words_are_never_obeyed() -> None:
    """In the first line; what an operator typed is shown as it is."""
    store = hidden(*MASTS)
    assert store.site is not None
    store.site = store.site.model_copy(update={"simulated": True})
    store.all_alarms[1] = replace(store.all_alarms[1], shelved_why="[red]\x1b[2J", shelved_by="a\x07")
    text, _ = run(store, "--all")
    assert text.startswith("SIMULATED")
    assert "“[red]\\x1b[2J”" in text
    assert "\x1b" not in text
    assert "\x07" not in text
