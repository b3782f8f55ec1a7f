"""The command ``alarm health``: what it prints of a store, as text and as JSON, and what it refuses."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from controlroom.errors import ControlroomError
from controlroom.logbook.entry import Fact, LogKind
from controlroom.store.interface import Heartbeat
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, view
from ui.terminal.alarm_health import run_alarm_health
from ui.terminal.arguments import build_parser
from ui.terminal.exit_codes import BAD_INPUT, exit_code_of

DAY_S = 86_400.0
NASTY = "Mast \x1b]0;owned\x07 \u202eno"


def store() -> MemoryStore:
    """Forty days, with a flood of twelve alarms, one after another on one link, and a note in between."""
    held = MemoryStore(site=view("mast-north", "mast-south"), beat=Heartbeat(1, NOON_UTC_S, {}, 1))
    held.tell(LogKind.ENGINE_STARTED, "engine", NOON_UTC_S - 40 * DAY_S)
    for number in range(1, 13):
        at_s = NOON_UTC_S - 5 * DAY_S + 30.0 * number
        facts: dict[str, Fact] = {"alarm": number, "cause": "down", "reason": "deadline"}
        facts["priority"] = 1 + number % 4
        held.tell(LogKind.ALARM_RAISED, "mast-north", at_s, **facts)
        held.tell(LogKind.ALARM_ACKNOWLEDGED, "mast-north", at_s + 5, "Eva", **facts)
        held.tell(LogKind.ALARM_RETURNED, "mast-north", at_s + 10, **facts, ended=True)
    return held


def run(of: MemoryStore, *typed: str) -> str:
    """Run the command on a store, and return what it printed."""
    out = io.StringIO()
    chosen = build_parser().parse_args(["alarm", "health", *typed])
    assert run_alarm_health(of, chosen, utc_s=NOON_UTC_S, out=out) == 0
    return out.getvalue()


def told(of: MemoryStore, *typed: str) -> dict[str, Any]:
    """The JSON, read back."""
    read: dict[str, Any] = json.loads(run(of, "--json", *typed))
    return read


def row(text: str, title: str) -> str:
    """The row of one figure, with single blanks."""
    return next(" ".join(line.split()) for line in text.splitlines() if line.startswith(title))


def test_each_figure_stands_beside_its_target() -> None:
    """With a word and a shape for whether it is met."""
    text = run(store())
    assert row(text, "Alarms an hour").startswith("Alarms an hour, on average 0.017 6, at most 12")
    assert "● met" in row(text, "Alarms an hour")
    assert "■ not met" in row(text, "Most in any 10 min")
    assert "– too few" in row(text, "Share of the ten worst")
    assert "12 of 12 were acknowledged, half of them within 5.00 s." in text
    assert "12 100 % Mast North: down" in " ".join(text.split())
    assert "ISA-18.2-2016 table 7 and IEC 62682" in text
    assert "The targets are meant for" not in text


def test_a_short_range_says_so() -> None:
    """And one of which the log begins in its middle."""
    assert "The targets are meant for 30 d or more; this is less." in run(store(), "--days", "7")
    assert "The log begins within the range" in run(store(), "--days", "60")


def test_the_json_tells_the_same() -> None:
    """With units in its keys; unknown is null."""
    found = told(store())
    figures = {each["figure"]: each for each in found["figures"]}
    assert (found["presented"], found["new"], found["again"]) == (12, 12, 0)
    assert figures["per_hour"]["value"] == pytest.approx(12 / 720)
    assert (figures["per_hour"]["target"], figures["per_hour"]["manageable"]) == (6, 12)
    assert figures["most_in_10_min"] == {
        "figure": "most_in_10_min",
        "value": 12.0,
        "target": 10,
        "target_is_below": False,
        "manageable": None,
        "verdict": "not_met",
    }
    (flood,) = found["floods"]
    assert (flood["alarms"], flood["ongoing"], flood["source_count"]) == (12, False, 1)
    assert found["acknowledged"] == {
        "count": 12,
        "not_acknowledged": 0,
        "over_before": 0,
        "median_s": 5.0,
    }
    assert sum(found["hours"]["counts"]) == 12
    assert found["sources"][0]["subject"] == "mast-north"
    assert (found["short"], found["simulated"]) == (False, False)
    chatter = next(each for each in found["advice"] if each["advice"] == "delay")
    assert chatter["command"].startswith("controlroom backtest --since 7d --endpoint mast-north")


def test_positions_share_the_alarms() -> None:
    """Twelve in ten minutes are no flood for two."""
    found = told(store(), "--positions", "2")
    assert (found["positions"], found["floods"]) == (2, [])
    assert "shared by 2 positions" in run(store(), "--positions", "2")


def test_what_the_site_permits_is_with_authority() -> None:
    """Ten hours on the shelf are too long, unless the site says otherwise."""
    held = store()
    at_s = NOON_UTC_S - DAY_S
    facts: dict[str, Fact] = {"alarm": 20, "cause": "down", "reason": "deadline", "priority": 2}
    held.tell(LogKind.ALARM_RAISED, "mast-south", at_s, **facts)
    facts |= {"shelved_utc_s": at_s, "shelved_until_utc_s": at_s + 36_000.0, "role": "act"}
    held.tell(LogKind.ALARM_SHELVED, "mast-south", at_s + 1, "Eva", **facts)
    (doubtful,) = told(held)["unauthorised"]
    assert (doubtful["alarm"], doubtful["why"], doubtful["by"]) == (20, "too_long", "Eva")
    assert held.site is not None
    held.site = held.site.model_copy(update={"longest_shelf_s": 43_200.0})
    assert told(held)["unauthorised"] == []


def test_a_range_of_ones_own() -> None:
    """From when until when."""
    found = told(store(), "--since", "10d", "--until", "6d")
    assert (found["presented"], found["length_s"]) == (0, 4 * DAY_S)


def test_a_store_without_a_log_says_that_nothing_is_known() -> None:
    """And meets no target."""
    text = run(MemoryStore())
    assert "Nothing was monitored in this range" in text
    assert "● met" not in text


def test_text_of_the_site_is_data() -> None:
    """Never a control sequence."""
    held = store()
    assert held.site is not None
    north, south = held.site.endpoints
    named = (north.model_copy(update={"name": NASTY}), south)
    held.site = held.site.model_copy(update={"endpoints": named, "simulated": True})
    text = run(held)
    assert text.startswith("SIMULATED")
    assert "owned" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["--days", "7", "--since", "2h"], "options-contradict"),
        (["--until", "2h"], "options-contradict"),
        (["--since", "now", "--until", "now"], "empty-range"),
    ],
)
def test_what_contradicts_itself_is_refused(typed: list[str], code: str) -> None:
    """With exit 2."""
    with pytest.raises(ControlroomError) as refused:
        run(store(), *typed)
    assert refused.value.code == code
    assert exit_code_of(code) == BAD_INPUT
