"""The command ``backtest``: what settings would have made of the past, as text or as JSON.

Rules:
1. Nothing is printed before all is replayed: where a row is wrong, nothing is.
2. What was found is no trouble: exit 0. Exit 1 is for history that could not be read, which is named.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TextIO

from controlroom.errors import ControlroomError
from controlroom.report.availability_words import availability_sentence
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text, local_text, zone
from controlroom.report.learning_words import learning_sentence
from controlroom.report.replayed import Moment, Replayed
from controlroom.report.replayed_words import (
    alarm_sentence,
    alarms_sentence,
    change_sentence,
    changes_sentence,
    entry_sentence,
    late_sentence,
)
from controlroom.store.care import Tell
from controlroom.store.interface import PassedOver
from ui.terminal.backtest_json import as_json as told_as_json
from ui.terminal.passed_over import tell_passed_over
from ui.terminal.store_progress import SIMULATED_LINE, ProgressLine

_NOTHING: Final = "No single readings are kept in this range."


@dataclass(frozen=True, slots=True)
class BacktestMeans:
    """What the command needs: the replay, and what could not be read during it."""

    replay: Callable[[Tell], Iterable[Replayed]]
    monotonic_s: Callable[[], float]
    passed_over: Callable[[], Sequence[PassedOver]] = tuple


def refuse_contradiction(chosen: argparse.Namespace) -> None:
    """Raise ``ControlroomError`` (``options-contradict``) where a CSV is given, and what it does not have."""
    given = {"--data": chosen.data, "--site": chosen.site, "--endpoint": chosen.endpoints}
    beside = [option for option, value in given.items() if value]
    if chosen.csv is not None and beside:
        happened = f"{', '.join(beside)} cannot stand beside --csv, which is of one link alone."
        raise ControlroomError("options-contradict", happened, "Leave out the one or the other.")


def run_backtest(means: BacktestMeans, *, as_json: bool, named: bool, out: TextIO, err: TextIO) -> int:
    """Replay, print what was found, and return the exit code; ``named`` names endpoints in the JSON."""
    with ProgressLine(err, means.monotonic_s) as tell:
        found = list(means.replay(tell))
    if as_json:
        out.write(json.dumps(told_as_json(found, named=named), indent=1, allow_nan=False) + "\n")
    else:
        out.writelines(f"{line}\n" for line in _lines(found))
    return tell_passed_over(means.passed_over(), err)


def _lines(found: Sequence[Replayed]) -> Iterator[str]:
    if any(each.view.simulated for each in found):
        yield SIMULATED_LINE
    for place, replayed in enumerate(found):
        if place:
            yield ""
        yield from _endpoint_lines(replayed)
    if len(found) > 1:
        alarms = sum(len(each.alarms) for each in found)
        touched = sum(bool(each.alarms) for each in found)
        yield ""
        yield f"In all: {alarms:,} alarms on {touched:,} of {len(found):,} endpoints."


def _endpoint_lines(replayed: Replayed) -> Iterator[str]:
    name = printable(next(iter(replayed.view.endpoints)).name)
    if not replayed.rows:
        yield f"{name}: {_NOTHING}"
        yield from _warnings(replayed)
        return
    place = replayed.view.time_zone
    span = " until ".join(local_text(at, place, with_zone=False) for at in _ends(replayed))
    yield f"{name}: {replayed.rows:,} rows from {span} ({zone(place)[1]})"
    for moment, kind, sentence in sorted(_events(replayed), key=lambda each: each[0].at_utc_s):
        at = local_text(moment.at_utc_s, place, with_zone=False)
        yield f"{at}  row {moment.row:<8} {kind:<10}  {sentence}"
    yield from _warnings(replayed)
    if replayed.late_replies:
        yield f"Late replies  {late_sentence(replayed)}"
    yield f"Alarms        {alarms_sentence(replayed)}"
    yield f"Changes       {changes_sentence(replayed)}"
    if learning := learning_sentence(replayed.learning):
        yield f"Normal        {learning}"
    yield f"Availability  {availability_sentence(replayed.availability)}"


def _warnings(replayed: Replayed) -> Iterator[str]:
    for doubt in replayed.doubts:
        yield f"Warning       {doubt.words} {doubt.cure}"


def _ends(replayed: Replayed) -> tuple[float, float]:
    return replayed.since_utc_s, replayed.until_utc_s


def _events(replayed: Replayed) -> Iterator[tuple[Moment, str, str]]:
    view = replayed.view
    for found in replayed.changes:
        yield found.moment, "change", change_sentence(found)
    for told in replayed.conditions:
        yield told.moment, "condition", entry_sentence(told, view)
    for told in replayed.grades:
        yield told.moment, "grade", entry_sentence(told, view)
    for alarm in replayed.alarms:
        for place, raising in enumerate(alarm.raisings):
            then = replace(alarm, cause=raising.cause, reason=raising.reason)
            priority = f"{'Now priority' if place else 'Priority'} {raising.priority}"
            yield raising.moment, "alarm", f"{priority}, {alarm_sentence(then, view)}"
        sentence = alarm_sentence(alarm, view)
        if alarm.returned is not None:
            lasted = duration_text(alarm.lasted_s(replayed.until_utc_s))
            yield alarm.returned, "alarm over", f"After {lasted}: {sentence}"
