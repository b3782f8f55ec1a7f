"""The command ``alarm show``: all that is known of one alarm, for people or as JSON.

The JSON, whose keys stay:

    {"at", "site", "simulated", "engine_alive", "alarm": ALARM, "text",
     "card": {"consequence", "steps": [{"number", "words", "done"}], "call", "time_to_respond_s",
              "time_left_s"},
     "first_out", "members": [ALARM], "joined",
     "notes": [{"at", "operator", "note"}],
     "timeline": [{"number", "at", "kind", "operator", "text"}]}

An ALARM has the keys that ``alarm_json.py`` tells; ``text`` says in words what it is about. ``time_left_s``
is below 0 where the time to respond is over, and ``null`` where none runs. ``members`` are part of it now,
``joined`` counts how often another became part of it, ``first_out`` is what fell first, or ``null``.

Text of the site or of an operator is data: never markup, never a control sequence.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Final, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from controlroom.logbook.entry import Entry
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text, local_text, utc_text
from controlroom.report.log_sentences import log_sentence
from controlroom.store.interface import ReadStore
from ui.terminal.alarm_facts import AlarmFacts, facts_of
from ui.terminal.alarm_json import alarm_json
from ui.terminal.alarm_line import about, badge, told, whose, why_hidden
from ui.terminal.alarm_list import print_head
from ui.terminal.exit_codes import FOUND_TROUBLE
from ui.terminal.named_alarms import named_alarms
from ui.terminal.picture import engine_of
from ui.terminal.status import plain_console

_MOST_MEMBERS: Final = 20
"""More than these are counted in the text, not listed; the JSON has all."""


def run_alarm_show(store: ReadStore, chosen: argparse.Namespace, *, utc_s: float, out: TextIO) -> int:
    """Print the alarm and return the exit code: 1 where no engine runs; raise ``ControlroomError``."""
    (alarm,) = named_alarms(store, chosen.numbers).values()
    facts, engine = facts_of(store, alarm, utc_s), engine_of(store.heartbeat(), utc_s, None)
    if chosen.json:
        shown = {"at": utc_text(utc_s), "engine_alive": engine.alive, **_as_json(facts)}
        out.write(json.dumps(shown, indent=1, allow_nan=False) + "\n")
    else:
        console = plain_console(out)
        print_head(console, facts.view, engine)
        _print(facts, console)
    return 0 if engine.alive else FOUND_TROUBLE


def _as_json(facts: AlarmFacts) -> Mapping[str, object]:
    left_s = facts.time_left_s
    card: Mapping[str, object] = {
        "consequence": facts.card.consequence,
        "steps": [
            {"number": number, "words": step, "done": facts.alarm.is_step_done(number)}
            for number, step in enumerate(facts.card.steps, start=1)
        ],
        "call": facts.card.call,
        "time_to_respond_s": facts.card.time_to_respond_s,
        "time_left_s": None if left_s is None else round(left_s, 3),
    }
    return {
        "site": facts.view.name,
        "simulated": facts.view.simulated,
        "alarm": alarm_json(facts.alarm, len(facts.members)),
        "text": about(facts.alarm, facts.view),
        "card": card,
        "first_out": facts.first_out or None,
        "members": [alarm_json(member, 0) for member in facts.members],
        "joined": len(facts.history.joined),
        "notes": [
            {"at": utc_text(each.at_utc_s), "operator": each.operator, "note": str(each.facts.get("note"))}
            for each in facts.history.notes
        ],
        "timeline": [_entry(each, facts) for each in facts.history.entries],
    }


def _entry(entry: Entry, facts: AlarmFacts) -> Mapping[str, object]:
    return {
        "number": entry.number,
        "at": utc_text(entry.at_utc_s),
        "kind": entry.kind.value,
        "operator": entry.operator,
        "text": log_sentence(entry, facts.view),
    }


def _print(facts: AlarmFacts, console: Console) -> None:
    alarm = facts.alarm
    head = Text(overflow="fold").append(*badge(alarm))
    priority = wording.priority_words(alarm.priority)
    console.print(head.append(f" {told(alarm, facts.view, facts.at_utc_s)} (priority {priority})"))
    for words in (why_hidden(alarm, facts.view, facts.at_utc_s), whose(alarm, facts.at_utc_s)):
        if words:
            console.print(Text(f"{words[0].upper()}{words[1:]}."))
    for title, lines in _blocks(facts):
        _block(console, title, list(lines))


def _blocks(facts: AlarmFacts) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    """Give each part its title and its lines, each with what stands before it."""
    card, zone_name = facts.card, facts.view.time_zone
    yield "What is lost", (("", each) for each in (card.consequence,) if each)
    yield "What to do", _steps(facts)
    yield "Whom to call", (("", each) for each in (card.call,) if each)
    yield "Time to respond", (("", each) for each in (_time_words(facts),) if each)
    yield f"{len(facts.members):,} in it", _members(facts)
    yield (
        "Notes",
        (
            (local_text(each.at_utc_s, zone_name, with_zone=False), f"{each.operator}: {each.facts['note']}")
            for each in facts.history.notes
        ),
    )
    yield (
        f"What happened, {local_text(facts.at_utc_s, zone_name)[20:]}",
        (
            (local_text(each.at_utc_s, zone_name, with_zone=False), log_sentence(each, facts.view))
            for each in facts.history.entries
        ),
    )


def _steps(facts: AlarmFacts) -> Iterator[tuple[str, str]]:
    for number, step in enumerate(facts.card.steps, start=1):
        yield f"[{'x' if facts.alarm.is_step_done(number) else ' '}] {number}.", step


def _time_words(facts: AlarmFacts) -> str:
    left_s = facts.time_left_s
    if left_s is None:
        return ""
    whole = duration_text(facts.card.time_to_respond_s)
    if left_s < 0:
        return f"{whole}, and over for {duration_text(-left_s)}"
    return f"{whole}, of which {duration_text(left_s)} are left"


def _members(facts: AlarmFacts) -> Iterator[tuple[str, str]]:
    if not facts.members:
        return
    yield "first", wording.subject_words(facts.first_out, facts.view)
    for member in facts.members[:_MOST_MEMBERS]:
        yield str(member.number), about(member, facts.view)
    more = len(facts.members) - _MOST_MEMBERS
    if more > 0:
        yield "", f"… and {more:,} more"


def _block(console: Console, title: str, lines: list[tuple[str, str]]) -> None:
    """Print a title and its lines; a part without any is left out."""
    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for before, words in lines:
        table.add_row(Text(before), Text(printable(words)))
    console.print(table)
