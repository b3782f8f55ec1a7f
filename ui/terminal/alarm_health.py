"""The command ``alarm health``: what the operators were given over a range, as text or as JSON.

Rules:
1. What was found is no trouble of the command: exit 0.
2. While an engine lives, now is its newest second.
3. Text of the site and of operators is data: never a control sequence.
4. Where the site is simulated the first line says so.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import Final, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from controlroom.alarms.health.targets import Verdict
from controlroom.errors import ControlroomError
from controlroom.report.alarm_advice_words import AdviceWords, Saying, advice_words
from controlroom.report.alarm_health import DAY_S, USUAL_DAYS, HealthRead, newest_utc_s, read_alarm_health
from controlroom.report.alarm_health_words import (
    MEASURES,
    PUBLISHED,
    answered_words,
    chatter_words,
    count_words,
    doubts_of_range,
    flood_words,
    hiding_words,
    range_words,
    share_text,
    shelved_words,
    source_words,
    target_words,
    unauthorised_words,
    value_words,
    verdict_words,
)
from controlroom.report.export_table import site_view
from controlroom.report.range import TimePoint, span
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.terminal.alarm_health_json import as_json
from ui.terminal.status import plain_console
from ui.terminal.store_progress import SIMULATED_LINE

_SHAPES: Final = {
    Verdict.MET: "●",
    Verdict.MANAGEABLE: "▲",
    Verdict.NOT_MET: "■",
    Verdict.UNKNOWN: "–",
    Verdict.TOO_FEW: "–",
}
_STYLES: Final = {Verdict.MANAGEABLE: "bold yellow", Verdict.NOT_MET: "bold white on red"}
_MOST_LISTED: Final = 10


def run_alarm_health(store: ReadStore, chosen: argparse.Namespace, *, utc_s: float, out: TextIO) -> int:
    """Read what was asked for, print it, and return the exit code.

    Raise ``ControlroomError``: ``options-contradict``, ``empty-range``, ``bad-time``.
    """
    view = site_view(store)
    zone_name = "UTC" if view is None else view.time_zone
    utc_s = newest_utc_s(store, utc_s)
    since_utc_s, until_utc_s = _range(chosen.days, chosen.since, chosen.until, utc_s, zone_name)
    read = read_alarm_health(store, since_utc_s, until_utc_s, chosen.positions)
    if chosen.json:
        out.write(json.dumps(as_json(read, view, utc_s), indent=1, allow_nan=False) + "\n")
    else:
        print_alarm_health(read, view, plain_console(out))
    return 0


def print_alarm_health(read: HealthRead, view: SiteView | None, console: Console) -> None:
    """Print everything that there is to say."""
    zone_name = "UTC" if view is None else view.time_zone
    if view is not None and view.simulated:
        console.print(Text(SIMULATED_LINE))
    console.print(Text(f"Alarm health: {range_words(read, zone_name)}"))
    for doubt in doubts_of_range(read):
        console.print(Text(doubt))
    console.print(Text(count_words(read)))
    console.print()
    console.print(_figures(read))
    positions = read.health.positions
    shared = "" if positions == 1 else f" The alarms are shared by {positions} positions."
    console.print(Text(f"{PUBLISHED}{shared}", style="dim"))
    for title, lines in _parts(read, view, zone_name):
        _block(console, title, lines)


def _range(
    days: int | None, since: TimePoint | None, until: TimePoint | None, utc_s: float, zone_name: str
) -> tuple[float, float]:
    """Return the range that was typed."""
    if since is None and until is None:
        return utc_s - (days or USUAL_DAYS) * DAY_S, utc_s
    if days is not None:
        happened = "--days ends now and cannot stand beside --since or --until."
        raise ControlroomError("options-contradict", happened, "Leave out the one or the other.")
    if since is None:
        happened = "--until alone says no range."
        raise ControlroomError("options-contradict", happened, "Give --since as well, such as --since 30d.")
    typed = span(since, until, now_utc_s=utc_s, zone_name=zone_name)
    since_utc_s = utc_s if typed.since_utc_s is None else typed.since_utc_s
    until_utc_s = min(utc_s, utc_s if typed.until_utc_s is None else typed.until_utc_s)
    if since_utc_s >= until_utc_s:
        happened = "The range has no length."
        raise ControlroomError("empty-range", happened, "Give an --until that is later than --since.")
    return since_utc_s, until_utc_s


def _figures(read: HealthRead) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Figure", overflow="fold")
    table.add_column("Here", justify="right", no_wrap=True)
    table.add_column("Target", overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column("", style="dim", overflow="fold")
    for each in read.health.judged:
        title, counts = MEASURES[each.measure]
        verdict = Text(
            f"{_SHAPES[each.verdict]} {verdict_words(each.verdict)}", _STYLES.get(each.verdict, "")
        )
        table.add_row(title, value_words(each), target_words(each.measure), verdict, counts)
    return table


def _parts(
    read: HealthRead, view: SiteView | None, zone_name: str
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Give each part its title and its lines, each with a figure in front of it."""
    health, ran = read.health, read.health.ran
    yield "Answered", [("", answered_words(read))]
    top = [
        (f"{each.count:,}", f"{share_text(each.share)}  {source_words(each.source, view)}")
        for each in health.top
    ]
    yield "Sources with the most alarms", top
    floods = health.floods[-_MOST_LISTED:]
    titled = "Floods" if len(floods) == len(health.floods) else f"Floods, the last {len(floods)} of them"
    yield titled, [("", flood_words(each, view, zone_name)) for each in floods]
    yield "Chattering", [("", chatter_words(each, view)) for each in health.chattering[:_MOST_LISTED]]
    fleeting = health.fleeting[:_MOST_LISTED]
    yield "Fleeting", [(f"{count:,}", source_words(source, view)) for source, count in fleeting]
    stale = health.stale_now[:_MOST_LISTED]
    yield "Stale now", [(f"{each.number}", source_words(each.source, view)) for each in stale]
    shelved = [("", shelved_words(each, ran.until_utc_s, view)) for each in health.shelved_now]
    yield "Hidden", [("", hiding_words(read)), *shelved]
    doubtful = health.unauthorised[-_MOST_LISTED:]
    yield "Without authority", [("", unauthorised_words(each, view, zone_name)) for each in doubtful]
    saying = Saying(view, zone_name, ran.until_utc_s - ran.since_utc_s)
    said = [advice_words(each, saying) for each in health.advice]
    yield "Advice", [line for number, each in enumerate(said, start=1) for line in _numbered(number, each)]


def _numbered(number: int, said: AdviceWords) -> list[tuple[str, str]]:
    return [(f"{number}.", said.sentence), *([("", said.command)] if said.command else [])]


def _block(console: Console, title: str, lines: list[tuple[str, str]]) -> None:
    """Print a title and its lines; a part without any is left out."""
    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    if any(figure for figure, _ in lines):
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="fold")
        for figure, words in lines:
            table.add_row(Text(figure), Text(words))
    else:
        table.add_column(overflow="fold")
        for _, words in lines:
            table.add_row(Text(words))
    console.print(table)
