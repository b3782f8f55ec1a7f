"""One alarm with all that belongs to it: what to do first, then what happened."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

from controlroom.alarms.alarm import AlarmState, Cause
from controlroom.logbook.entry import Fact, LogKind
from controlroom.site.action_card import ActionCard
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore
from tests.ui.terminal.site_stories import alarm, hidden, with_outage
from ui.terminal.alarm_show import run_alarm_show
from ui.terminal.arguments import parse

CARD = ActionCard(
    consequence="Officers are without radio.",
    steps=("Move talk groups.", "Call the engineer."),
    call="Radio duty engineer, ext. 4711",
    time_to_respond_s=300,
)


def story() -> MemoryStore:
    """An outage with a card, an entry, and notes."""
    store = with_outage("mast-north")
    assert store.site is not None
    seen = store.site.endpoints[0].model_copy(update={"cards": {"down": 0}})
    store.site = store.site.model_copy(update={"endpoints": (seen,), "cards": (CARD,)})
    store.all_alarms = [replace(store.all_alarms[0], steps_done="2")]
    facts: dict[str, Fact] = {"alarm": 12, "cause": "down", "reason": "deadline", "priority": 2}
    store.tell(LogKind.ALARM_RAISED, "mast-north", NOON_UTC_S - 60, **facts)
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S - 30, "ann", alarm=12, note="seen\x1b[2J")
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S - 20, "ann", note="of another alarm", alarm=11)
    return store


def run(store: MemoryStore, number: int = 12) -> tuple[str, int]:
    """What is printed, with single blanks, and the exit code."""
    out = io.StringIO()
    code = run_alarm_show(store, parse(["alarm", "show", str(number)]), utc_s=NOON_UTC_S, out=out)
    return "\n".join(" ".join(line.split()) for line in out.getvalue().splitlines()), code


def told(store: MemoryStore, number: int = 12) -> dict[str, Any]:
    """The JSON, read back."""
    out = io.StringIO()
    run_alarm_show(store, parse(["alarm", "show", str(number), "--json"]), utc_s=NOON_UTC_S, out=out)
    read: dict[str, Any] = json.loads(out.getvalue())
    return read


def test_what_to_do_stands_before_what_happened() -> None:
    """What is lost, the steps with their ticks, whom to call, how long one has still."""
    text, code = run(story())
    assert code == 0
    assert text.splitlines() == [
        "! P2 alarm 12, new: Mast North: down, no reply in time, 1 min 2 s (priority high)",
        "",
        "What is lost",
        "Officers are without radio.",
        "",
        "What to do",
        "[ ] 1. Move talk groups.",
        "[x] 2. Call the engineer.",
        "",
        "Whom to call",
        "Radio duty engineer, ext. 4711",
        "",
        "Time to respond",
        "5 min, of which 3 min 58 s are left",
        "",
        "Notes",
        "2027-01-15 08:59:30 ann: seen\\x1b[2J",
        "",
        "What happened, Europe/Berlin (+01:00)",
        "2027-01-15 08:59:00 Alarm 12 raised, priority 2: Mast North: down, no reply in time.",
        "2027-01-15 08:59:30 Note by ann on alarm 12, Mast North: “seen\\x1b[2J”",
    ]


def test_the_json_holds_the_same() -> None:
    """In figures and codes."""
    read = told(story())
    assert read["card"] == {
        "consequence": "Officers are without radio.",
        "steps": [
            {"number": 1, "words": "Move talk groups.", "done": False},
            {"number": 2, "words": "Call the engineer.", "done": True},
        ],
        "call": "Radio duty engineer, ext. 4711",
        "time_to_respond_s": 300.0,
        "time_left_s": 238.0,
    }
    assert [each["kind"] for each in read["timeline"]] == ["alarm_raised", "note"]
    assert read["notes"] == [
        {"at": "2027-01-15T07:59:30.000+00:00", "operator": "ann", "note": "seen\x1b[2J"}
    ]
    assert (read["first_out"], read["members"], read["joined"]) == (None, [], 0)
    assert read["alarm"]["steps_done"] == [2]


def test_a_time_that_is_over_says_since_when() -> None:
    """And none runs for what is over or hidden."""
    store = story()
    store.all_alarms = [replace(store.all_alarms[0], since_utc_s=NOON_UTC_S - 420)]
    assert "5 min, and over for 2 min" in run(store)[0]
    assert told(store)["card"]["time_left_s"] == -120.0
    for state in (AlarmState.RETURNED_UNACKNOWLEDGED, AlarmState.NORMAL):
        store.all_alarms = [replace(store.all_alarms[0], state=state)]
        assert "Time to respond" not in run(store)[0]
    store.all_alarms = [replace(alarm("mast-north"), suppressed_by="behind:x")]
    assert told(store)["card"]["time_left_s"] is None


def test_an_incident_names_its_parts_and_what_fell_first() -> None:
    """By what its alarm says, else by whose fault is the oldest."""
    store = hidden("mast-1", "mast-2", "mast-3", "mast-4")
    lead, second, third, fourth = store.all_alarms
    older = replace(fourth, part_of=12, suppressed_by="part_of:group:duct", since_utc_s=NOON_UTC_S - 90)
    store.all_alarms = [lead, second, third, replace(older, out_of_service="")]
    store.tell(LogKind.ALARM_SUPPRESSED, "mast-4", NOON_UTC_S - 60, alarm=15, part_of=12)
    text, _ = run(store)
    assert "2 in it\nfirst Mast 4\n15 Mast 4: down, no reply in time\n14 Mast 3: down" in text
    assert told(store)["joined"] == 1
    store.all_alarms[0] = replace(lead, cause=Cause.GROUP_LOST, reason="lost:2:mast-3")
    read = told(store)
    assert read["first_out"] == "mast-3"
    assert [member["number"] for member in read["members"]] == [15, 14]


def test_what_others_stand_behind_fell_first_itself_where_it_did() -> None:
    """The router before those behind it, also where its first loss is as old as theirs."""
    store = hidden("mast-1", "mast-2", "mast-3", "mast-4")
    lead, second, *_ = store.all_alarms
    child = replace(second, part_of=12, suppressed_by="behind:mast-1", since_utc_s=lead.since_utc_s)
    store.all_alarms = [lead, replace(child, out_of_service="", shelved_utc_s=None)]
    assert told(store)["first_out"] == lead.subject
    store.all_alarms[1] = replace(store.all_alarms[1], since_utc_s=lead.since_utc_s - 5)
    assert told(store)["first_out"] == "mast-2"


def test_an_alarm_that_has_ended_is_shown_as_well() -> None:
    """With whoever had it in hand."""
    store = story()
    over = replace(alarm("mast-north", AlarmState.NORMAL), acknowledged_by="ann", owner="ann")
    store.all_alarms = [over]
    text, _ = run(store)
    assert "alarm 12, ended: Mast North" in text
    assert "By ann." in text
