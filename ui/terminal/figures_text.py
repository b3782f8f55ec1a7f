"""The figures of a window as text for people: an overview, each endpoint, each service. It reads no store.

Rules:
1. The worst endpoint comes first, and the loss stands beside the round trips everywhere.
2. Text of the site is data: never a control sequence.
3. Where the site is simulated the first line says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from controlroom.measure.availability import Availability
from controlroom.measure.voice import NoEstimate, NoEstimateReason, VoiceEstimate
from controlroom.report.availability_words import (
    availability_sentence,
    budget_sentence,
    burn_words,
    objective_words,
    repair_words,
    share_text,
)
from controlroom.report.endpoint_figures import EndpointFigures
from controlroom.report.escaping import printable
from controlroom.report.figure_words import NOT_FROM_BUCKETS, Row, link_rows
from controlroom.report.figures import duration_text, local_text, value_text
from controlroom.report.grade_words import grade_reason_words, grade_words, unshown_words
from controlroom.report.learning_words import learning_sentence
from controlroom.report.objective_figures import ObjectiveFigures
from controlroom.report.service_figures import PathFigures, ServiceFigures
from controlroom.report.unknown_words import UNKNOWN
from controlroom.report.voice_words import assumption_words, basis_words, estimate_words
from ui.terminal.store_progress import SIMULATED_LINE

if TYPE_CHECKING:
    from ui.terminal.figures import SiteFigures

BY_FIGURES_ALONE: Final = ", by these figures alone"
"""A grade of a window knows no sign and no condition, which the engine's grade does."""

_NO_LINK: Final = "nothing measures round trips"
_TITLE_WIDTH: Final = 16


def print_figures(found: SiteFigures, console: Console) -> None:
    """Print everything, however long."""
    if found.view.simulated:
        console.print(Text(SIMULATED_LINE))
    console.print(Text(_head(found)))
    if not found.endpoints:
        console.print(Text("The site has no endpoint."))
        return
    if len(found.endpoints) > 1:
        console.print()
        console.print(_overview(found, console.width))
    for each in found.endpoints:
        _block(console, _name_of(each), _endpoint_rows(each))
    for service in found.services:
        _block(console, f"Service {printable(service.seen.name, 120)}", _service_rows(service))
        for path in service.paths:
            title = printable(path.path.name or path.path.id, 80)
            through = ", ".join(printable(each, 63) for each in path.path.endpoints)
            _block(console, f"Path {title}: {through}", _path_rows(path))


def _head(found: SiteFigures) -> str:
    window, place = found.window, found.view.time_zone
    since = local_text(window.since_utc_s, place, with_zone=False)
    until = local_text(window.until_utc_s, place)
    blind = "never blind"
    if found.blind_s:
        lasted = duration_text(found.blind_s) if found.blind_s >= 1 else "less than a second"
        blind = f"blind for {lasted} of it"
    return f"{duration_text(window.length_s)}, {since} until {until}; {blind}"


def _overview(found: SiteFigures, width: int) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", width=width)
    table.add_column("Endpoint", ratio=3, overflow="fold")
    for title in ("Median", "95 %", "99 %", "Lost", "95 % sure", "Jitter", "Not measured", "Worked"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("Grade", no_wrap=True)
    for each in found.endpoints:
        table.add_row(*map(Text, _overview_cells(each)))
    return table


def _overview_cells(found: EndpointFigures) -> list[str]:
    link, name = found.link, printable(found.seen.name, 120)
    worked = share_text(found.worked.ratio)
    if link is None:
        return [name, *[""] * 7, worked, _NO_LINK]
    told, loss, quality = link.told, link.loss, link.quality
    latency = told.latency
    times = [value_text(each, "s") for each in (latency.median_s, latency.p95_s, latency.p99_s)]
    low, high = (value_text(each if loss.sent else None, "ratio") for each in (loss.low, loss.high))
    lost = [value_text(loss.ratio, "ratio"), f"{low} to {high}" if loss.sent else low]
    jitter = value_text(quality.figures.jitter.jitter_s if quality is not None else None, "s")
    all_asked = told.asked + told.unmeasured
    unmeasured = value_text(told.unmeasured / all_asked if all_asked else None, "ratio")
    graded = quality is not None and found.profile is not None
    grade = grade_words(quality.graded.grade) if quality is not None and graded else ""
    return [name, *times, *lost, jitter, unmeasured, worked, grade]


def _block(console: Console, title: str, rows: Iterator[Row]) -> None:
    """Print a title, and below it each row's words beside its title, broken where the line ends."""
    console.print()
    console.print(Text(title, style="bold"))
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    table.add_column(width=_TITLE_WIDTH, no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in rows:
        table.add_row(Text(name, style="dim"), Text(words))
    console.print(table)


def _name_of(found: EndpointFigures) -> str:
    name = f"{printable(found.seen.name, 120)} ({printable(found.seen.id, 63)})"
    if found.link is None:
        return f"{name}: {_NO_LINK}"
    probe = found.link.probe
    return f"{name}, {printable(probe.title, 60)} every {probe.period_s:g} s"


def _endpoint_rows(found: EndpointFigures) -> Iterator[Row]:
    if found.link is not None:
        yield from link_rows(found.link.told)
        yield "Grade", _grade(found)
        if found.link.quality is not None:
            for unshown in found.link.quality.graded.unshown:
                yield "", f"Not shown: {unshown_words(unshown)}."
            yield from _voice_rows(found.link.quality.voice)
    if learning := learning_sentence(found.learning):
        yield "Normal", learning
    yield from _worked_rows(found.worked, found.objective)


def _grade(found: EndpointFigures) -> str:
    quality = None if found.link is None else found.link.quality
    if quality is None:
        return f"{UNKNOWN}: {NOT_FROM_BUCKETS}"
    graded = quality.graded
    use = f" for {found.profile.title}" if found.profile is not None else ""
    why = grade_reason_words(graded.reason, found.profile, found.seen)
    alone = BY_FIGURES_ALONE if found.profile is not None else ""
    return f"{grade_words(graded.grade)}{use}{alone}: {why}"


def _voice_rows(found: VoiceEstimate | NoEstimate) -> Iterator[Row]:
    yield "Voice", estimate_words(found)
    if isinstance(found, VoiceEstimate):
        yield "", basis_words(found)
        yield "", assumption_words(found.assumptions)


def _worked_rows(worked: Availability, objective: ObjectiveFigures | None) -> Iterator[Row]:
    yield "Worked", availability_sentence(worked)
    if repair := repair_words(worked):
        yield "", f"{repair}."
    if objective is None:
        return
    yield "Objective", f"{objective_words(objective.objective)} of 30 d; {_budget(objective)}"
    for burn in objective.burns:
        yield ("Burning" if burn.burning else ""), burn_words(burn)


def _budget(found: ObjectiveFigures) -> str:
    if not found.measured.measured_s:
        return f"nothing was measured, so what is left is {UNKNOWN}"
    return budget_sentence(found.budget)


def _service_rows(found: ServiceFigures) -> Iterator[Row]:
    yield from _worked_rows(found.worked, found.objective)


def _path_rows(found: PathFigures) -> Iterator[Row]:
    if found.voice is None:
        yield "Voice", f"{UNKNOWN}: not all round trips on this path were measured reading by reading"
    elif isinstance(found.voice, VoiceEstimate):
        yield from _voice_rows(found.voice)
        yield "", f"As {printable(found.assumed_of, 63)} assumes; delays added, losses combined."
    elif found.voice.reason is not NoEstimateReason.NO_CODEC:
        yield from _voice_rows(found.voice)
    yield from _worked_rows(found.worked, None)
