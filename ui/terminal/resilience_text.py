"""The outlook of services as text for people: an overview, then each service. It reads no store.

Rules:
1. The nearest to loss comes first; services alike keep the site's order.
2. Text of the site is data: never a control sequence.
3. Where the site is simulated the first line says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from controlroom.report.escaping import printable
from controlroom.report.expectation_words import (
    expected_share,
    expected_words,
    is_telling,
    naive_words,
    rank_words,
    unwatched_words,
)
from controlroom.report.figures import local_text
from controlroom.report.service_outlook import Outlook
from controlroom.report.service_state_words import (
    component_name,
    leg_line,
    margin_number,
    margin_sentence,
    next_lines,
    quality_sentence,
    set_words,
    single_words,
    state_title,
)
from controlroom.resilience.component import group_of
from controlroom.resilience.expected import Expectation
from controlroom.resilience.listed_cuts import ListedCuts
from controlroom.resilience.standing import LegStanding, ServiceState, Standing
from controlroom.site.view import SeenService

_STYLES: Final = {
    ServiceState.LOST: "bold white on red",
    ServiceState.AT_RISK: "bold yellow",
    ServiceState.DEGRADED: "bold yellow",
    ServiceState.UNKNOWN: "bold magenta",
}
_TITLE_WIDTH: Final = 16
_MOST_RANKS: Final = 5
_MOST_SETS: Final = 10
_PAIR: Final = 2
_SIMULATED: Final = "SIMULATED: nothing in this site is real."


def print_outlook(found: Outlook, console: Console) -> None:
    """Print everything that there is to say."""
    if found.view.simulated:
        console.print(Text(_SIMULATED))
    for line in _head(found):
        console.print(Text(line))
    if not found.view.services:
        console.print(Text("The site has no service: nothing is known that the room must be able to do."))
        return
    services = sorted(found.view.services, key=lambda each: found.standings[each.id].margin.least)
    console.print()
    console.print(_overview(found, services))
    for seen in services:
        console.print()
        console.print(Text(printable(seen.name, 120), style="bold"))
        for title, words in _rows(seen, found):
            console.print(Text(f"  {title:{_TITLE_WIDTH}}{words}", overflow="fold"))


def _head(found: Outlook) -> Iterator[str]:
    if found.as_of_utc_s is None:
        yield f"{printable(found.view.name, 120)}: as it is laid out, with nothing failed"
    else:
        told = local_text(found.as_of_utc_s, found.view.time_zone)
        late = "" if found.alive else ". No engine runs: this is what was known last"
        yield f"{printable(found.view.name, 120)}: as of {told}{late}"
    if found.supposed:
        names = ", ".join(printable(component_name(each, found.view), 80) for each in found.supposed)
        yield f"Supposed to have failed: {names}"
    if found.long is not None:
        yield f"Watched since {local_text(found.long.since_utc_s, found.view.time_zone)}"


def _overview(found: Outlook, services: list[SeenService]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Service", overflow="fold")
    table.add_column("State")
    table.add_column("Margin", justify="right")
    table.add_column("Laid out", justify="right")
    table.add_column("Single points", justify="right")
    table.add_column("Expected", justify="right")
    for seen in services:
        standing = found.standings[seen.id]
        expected = None if found.long is None else found.long.services[seen.id]
        told = expected_share(expected)
        table.add_row(
            Text(printable(seen.name, 60)),
            Text(state_title(standing.state), style=_STYLES.get(standing.state, "")),
            Text(_margin(found, seen, standing)),
            Text(str(standing.whole)),
            Text(str(len(standing.single))),
            Text(told),
        )
    return table


def _margin(found: Outlook, seen: SeenService, standing: Standing) -> str:
    before = found.before.get(seen.id)
    now = margin_number(standing.margin)
    if before is None or before.margin == standing.margin:
        return now
    return f"{margin_number(before.margin)} → {now}"


def _rows(seen: SeenService, found: Outlook) -> Iterator[tuple[str, str]]:
    standing = found.standings[seen.id]

    def name_of(component: str) -> str:
        return printable(component_name(component, found.view), 80)

    yield state_title(standing.state), margin_sentence(standing)
    if quality := quality_sentence(standing):
        yield "Quality", quality
    for place, leg in enumerate(standing.legs):
        yield "" if place else "Legs", printable(leg_line(leg, name_of) + _supposed(leg, found, name_of), 240)
    if single := single_words(standing, name_of):
        yield "As laid out", single
    for place, line in enumerate(next_lines(standing.next_to_fail, name_of)):
        yield "" if place else "Next to fail", line
    for place, line in enumerate(next_lines(standing.quality_next, name_of)):
        yield "" if place else "Next for quality", line
    cuts = found.cuts[seen.id]
    yield "Lost together", _counts(cuts)
    beyond = _beyond(cuts, standing)
    for each in beyond[:_MOST_SETS]:
        yield "", set_words(each, name_of)
    if len(beyond) > _MOST_SETS:
        yield "", f"and {len(beyond) - _MOST_SETS:,} more"
    if found.long is not None:
        yield from _expected(found.long.services[seen.id], name_of)


def _expected(expected: Expectation | None, name_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    told = (expected_words(expected), naive_words(expected), unwatched_words(expected, name_of))
    for place, line in enumerate(filter(None, told)):
        yield "" if place else "Expected", line
    ranks = expected.ranks[:_MOST_RANKS] if is_telling(expected) and expected else ()
    for place, rank in enumerate(ranks):
        yield "" if place else "Mend first", rank_words(rank, name_of)


def _supposed(leg: LegStanding, found: Outlook, name_of: Callable[[str], str]) -> str:
    """Say which supposed group takes what makes a leg so; empty where none does."""
    groups = ((each, found.view.risk_group(group_of(each) or "")) for each in found.supposed)
    named = [name_of(each) for each, group in groups if group and {*leg.because_of} & {*group.members}]
    return f" (supposed: {', '.join(named)})" if named else ""


def _counts(cuts: ListedCuts) -> str:
    """Say how many sets there are of each size."""
    if cuts.counts.get(0):
        return "nothing further is needed"
    sizes = [_of_size(size, count) for size, count in sorted(cuts.counts.items())]
    upto = "all there are" if cuts.order is None else f"up to {cuts.order} together"
    short = "" if cuts.whole else "; there are too many to look further"
    return f"{', '.join(sizes) or 'none'} ({upto}{short})"


def _of_size(size: int, count: int) -> str:
    if size == 1:
        return f"{count:,} alone"
    if size == _PAIR:
        return f"{count:,} {'pair' if count == 1 else 'pairs'}"
    return f"{count:,} of {size} together"


def _beyond(cuts: ListedCuts, standing: Standing) -> list[tuple[str, ...]]:
    """Return the sets that were not told as next to fail: the smallest first, then those of most groups."""
    told = {frozenset(each) for each in standing.next_to_fail.sets}
    left = [each for each in cuts.sets if each and frozenset(each) not in told]
    return sorted(left, key=lambda each: (len(each), sum(group_of(name) is None for name in each)))
