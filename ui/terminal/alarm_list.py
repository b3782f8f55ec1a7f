"""The command ``alarm list``: the alarms as a table for people, or as JSON for programs.

The JSON, whose keys stay:

    {"at", "site", "simulated", "engine_alive", "which", "alarms": [ALARM],
     "hidden": {"shelved", "suppressed", "out_of_service"}}

An ALARM has the keys that ``alarm_json.py`` tells. ``which`` is ``active``, ``all``, ``shelved``,
``suppressed``, ``out-of-service`` or ``ended``; ``hidden`` counts whatever is hidden, listed or not.

Rules:
1. The most urgent first, among equals the newest; suppressed ones by the alarm that tells of them.
2. What stands there is no trouble of the command: exit 0. Where no engine runs it says what was known last,
   and that with exit 1.
3. Text of the site or of an operator is data: never markup, never a control sequence.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.report import wording
from controlroom.report.export_table import site_view
from controlroom.report.figures import duration_text, local_text, utc_text
from controlroom.report.range import span
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.terminal.alarm_json import alarm_json, members_of
from ui.terminal.alarm_line import about, badge, hidden_counts, whose, why_hidden
from ui.terminal.exit_codes import FOUND_TROUBLE
from ui.terminal.picture import EnginePicture, engine_of, urgency
from ui.terminal.status import plain_console
from ui.terminal.store_progress import SIMULATED_LINE

_ACTIVE: Final = "active"
_ENDED: Final = "ended"
_FITS: Final[Mapping[str, Callable[[Alarm], bool]]] = {
    _ACTIVE: lambda alarm: not alarm.hidden,
    "all": lambda alarm: True,
    "shelved": lambda alarm: alarm.shelved,
    "suppressed": lambda alarm: bool(alarm.suppressed_by),
    "out-of-service": lambda alarm: bool(alarm.out_of_service),
}
_NONE: Final = {
    _ACTIVE: "No alarms.",
    "all": "No alarms, and none is hidden.",
    "shelved": "No alarm is shelved.",
    "suppressed": "No alarm is suppressed.",
    "out-of-service": "Nothing is out of service.",
    _ENDED: "No alarm has ended since then.",
}
_HIDDEN: Final = (AlarmState.SHELVED, AlarmState.SUPPRESSED, AlarmState.OUT_OF_SERVICE)


@dataclass(frozen=True, slots=True)
class _List:
    """What was asked for, what stands, and when and where that is."""

    which: str
    listed: Sequence[Alarm]
    standing: Sequence[Alarm]
    view: SiteView | None
    engine: EnginePicture
    utc_s: float


def run_alarm_list(store: ReadStore, chosen: argparse.Namespace, *, utc_s: float, out: TextIO) -> int:
    """Print the list that was asked for and return the exit code; raise ``ControlroomError``."""
    view, engine = site_view(store), engine_of(store.heartbeat(), utc_s, None)
    which = _ENDED if chosen.ended_since is not None else chosen.which or _ACTIVE
    standing = store.alarms()
    listed = _listed(store, which, standing, _since_utc_s(chosen, view, utc_s))
    found = _List(which, listed, standing, view, engine, utc_s)
    if chosen.json:
        out.write(json.dumps(_as_json(found), indent=1, allow_nan=False) + "\n")
    else:
        console = plain_console(out)
        print_head(console, view, engine)
        _print(console, found)
    return 0 if engine.alive else FOUND_TROUBLE


def print_head(console: Console, view: SiteView | None, engine: EnginePicture) -> None:
    """Say what must be known before anything is believed: that it is simulated, or not of now."""
    if view is not None and view.simulated:
        console.print(Text(SIMULATED_LINE))
    if engine.alive:
        return
    beat = engine.heartbeat
    zone_name = "UTC" if view is None else view.time_zone
    known = (
        "nothing was ever known here" if beat is None else f"known at {local_text(beat.at_utc_s, zone_name)}"
    )
    console.print(Text(f" MONITORING IS NOT RUNNING: {known} ", style="bold white on red"))


def _since_utc_s(chosen: argparse.Namespace, view: SiteView | None, utc_s: float) -> float:
    zone_name = "UTC" if view is None else view.time_zone
    return span(chosen.ended_since, None, now_utc_s=utc_s, zone_name=zone_name).since_utc_s or 0.0


def _listed(store: ReadStore, which: str, standing: Sequence[Alarm], since_utc_s: float) -> Sequence[Alarm]:
    """Choose the alarms and put them in their order (rule 1)."""
    if which == _ENDED:
        return [alarm for alarm in store.alarms(ended_since_utc_s=since_utc_s) if alarm.ended]
    listed = sorted(filter(_FITS[which], standing), key=urgency)
    return sorted(listed, key=lambda alarm: alarm.part_of or 0) if which == "suppressed" else listed


def _as_json(found: _List) -> Mapping[str, object]:
    members, counts = members_of(found.standing), Counter(each.shown_state for each in found.standing)
    return {
        "at": utc_text(found.utc_s),
        "site": None if found.view is None else found.view.name,
        "simulated": found.view is not None and found.view.simulated,
        "engine_alive": found.engine.alive,
        "which": found.which,
        "alarms": [alarm_json(alarm, members.get(alarm.number, 0)) for alarm in found.listed],
        "hidden": {state.value: counts[state] for state in _HIDDEN},
    }


def _print(console: Console, found: _List) -> None:
    console.print(_table(found) if found.listed else Text(_NONE[found.which]))
    hidden = hidden_counts(alarm for alarm in found.standing if alarm.hidden)
    if hidden and found.which in (_ACTIVE, _ENDED):
        console.print(Text(f"Not shown: {hidden}.", style="italic"))


def _table(found: _List) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("Alarm", justify="right", no_wrap=True)
    table.add_column("What", overflow="fold")
    table.add_column("For", justify="right", no_wrap=True)
    table.add_column("State", overflow="fold")
    table.add_column("Whose, or why", overflow="fold")
    members = members_of(found.standing)
    for alarm in _with_leads(found):
        table.add_row(*_cells(alarm, members.get(alarm.number, 0), found))
    return table


def _with_leads(found: _List) -> Iterator[Alarm]:
    """Put the alarm that tells of suppressed ones before them (rule 1)."""
    leads, led_by = {alarm.number: alarm for alarm in found.standing}, 0
    for alarm in found.listed:
        if found.which == "suppressed" and alarm.part_of in leads and alarm.part_of != led_by:
            led_by = alarm.part_of
            yield leads[led_by]
        yield alarm


def _cells(alarm: Alarm, members: int, found: _List) -> list[Text]:
    over_utc_s = None if alarm.active else alarm.returned_utc_s
    lasted_s = (found.utc_s if over_utc_s is None else over_utc_s) - alarm.since_utc_s
    inside = f" ({members:,} alarm{'' if members == 1 else 's'} in it)" if members else ""
    why = (whose(alarm, found.utc_s), why_hidden(alarm, found.view, found.utc_s))
    return [
        Text(*badge(alarm)),
        Text(str(alarm.number)),
        Text(about(alarm, found.view) + inside),
        Text(duration_text(lasted_s)),
        Text(wording.alarm_state_words(alarm.shown_state)),
        Text("; ".join(part for part in why if part)),
    ]
