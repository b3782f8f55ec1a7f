"""Maintenance by hand: the list of windows, and what is asked of the engine. It plans nothing itself.

Rules:
1. What is typed is checked here, so that a mistake costs no act; the engine checks it again.
2. A plan is told back as it was understood, with what the clock does to it; one that recurs with its next
   five times.
3. Time in which the log tells of no down time is not counted as maintenance. Where it does not know all of
   that time, the engine is asked all the same, and what is unknown is said.
4. What a window would leave of services is said before it is planned; it is planned all the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TextIO

from rich.table import Table
from rich.text import Text

from controlroom.condition.maintenance.flat import flat_plan
from controlroom.condition.maintenance.occurrences import Occurrence, occurrences
from controlroom.condition.maintenance.planning import refuse_unknown_targets
from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.standing import Standing, standing_of
from controlroom.condition.maintenance.wall_clock import zone_of
from controlroom.condition.maintenance.window import MaintenanceWindow, OneOff, Recurring
from controlroom.condition.maintenance.wish import Wish, moment_of, typed_start, window_of_wish
from controlroom.errors import ControlroomError
from controlroom.logbook.act import ActKind, Detail
from controlroom.measure.availability import Spent
from controlroom.report.condition_spans import spans_of
from controlroom.report.escaping import printable
from controlroom.report.export_table import site_view
from controlroom.report.log_sentences import log_sentence
from controlroom.report.maintenance_sentences import MAINTENANCE_TELLERS
from controlroom.report.maintenance_words import (
    clock_words,
    occurrence_words,
    plan_words,
    standing_words,
    targets_words,
)
from controlroom.report.plan_refusals import plan_refusal_words
from controlroom.report.plan_warnings import plan_warnings
from controlroom.report.wording import answer_words
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import observed
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.terminal.acting import LONGEST_S, Acting, ask, new_act
from ui.terminal.maintenance_json import as_json
from ui.terminal.status import plain_console
from ui.terminal.store_progress import SIMULATED_LINE

SHOWN_AHEAD: Final = 5
_TWO_YEARS_S: Final = 731 * 86_400.0
_TOLD: Final = frozenset(MAINTENANCE_TELLERS)
_KNOWN: Final = frozenset({Spent.UP, Spent.DEGRADED, Spent.MAINTENANCE})
_ROUNDED_S: Final = 0.001
_BEFORE_S: Final = 7200.0


def run_maintenance(chosen: argparse.Namespace, acting: Acting, out: TextIO) -> int:
    """Do what was typed; 0 where all is well, 1 where the engine did not do it."""
    if chosen.maintenance == "list":
        return run_list(acting.store, chosen, acting.clocks.utc_s(), out)
    return _RUNS[chosen.maintenance](acting, chosen, out)


def run_list(store: ReadStore, chosen: argparse.Namespace, now_utc_s: float, out: TextIO) -> int:
    """Print the windows, what is in force first; 0 always."""
    view = site_view(store)
    found = [(window, standing_of(window, now_utc_s)) for window in store.maintenance()]
    if not chosen.all:
        found = [(window, standing) for window, standing in found if not standing.status.is_past]
    found.sort(key=_place)
    if chosen.json:
        out.write(as_json(found, view, now_utc_s))
        return 0
    console = plain_console(out)
    if view is not None and view.simulated:
        console.print(Text(SIMULATED_LINE))
    if not found:
        ahead = "" if chosen.all else " in force or ahead; --all shows those that are over"
        console.print(Text(f"No maintenance window{ahead}."))
        return 0
    console.print(_table(found, view, now_utc_s))
    return 0


def run_plan(acting: Acting, chosen: argparse.Namespace, out: TextIO) -> int:
    """Have a window planned and tell it back; 0 where the engine took it, 1 where not."""
    view, now_utc_s = _view(acting), acting.clocks.utc_s()
    wish = Wish(
        title=chosen.title,
        reason=chosen.reason,
        zone_name=chosen.zone or view.time_zone,
        begins=chosen.begins,
        ends=chosen.ends,
        length=chosen.length,
        rule=chosen.rule,
        flexible=chosen.flexible,
        endpoint_ids=tuple(chosen.endpoints),
        group_ids=tuple(chosen.groups),
        planned_by=acting.operator,
    )
    try:
        window = window_of_wish(wish, now_utc_s)
        endpoint_ids, group_ids = ({each.id for each in some} for some in (view.endpoints, view.risk_groups))
        refuse_unknown_targets(window, endpoint_ids, group_ids)
    except PlanRefusedError as error:
        raise _refused("The window cannot be planned", error) from None
    out.writelines(f"{line}\n" for line in _warnings(acting.store, view, window, now_utc_s))
    done = _ask(acting, ActKind.PLAN_MAINTENANCE, out, note=window.reason, details=flat_plan(window))
    if done == 0 and isinstance(window.plan, Recurring):
        _print_ahead(window, view, now_utc_s, out)
    if done == 0 and isinstance(window.plan, OneOff):
        out.write(_clock_line(window.plan, wish, window.zone_name))
    return done


def _warnings(store: ReadStore, view: SiteView, window: MaintenanceWindow, now_utc_s: float) -> Sequence[str]:
    """Say what a window would leave of services (rule 4)."""
    if not view.services:
        return ()
    states = {state.endpoint_id: state for state in store.states()}
    seen = observed((endpoint.id for endpoint in view.endpoints), states)
    return plan_warnings(Resilience(view), seen, window, store.maintenance(), now_utc_s=now_utc_s)


def run_end(acting: Acting, chosen: argparse.Namespace, out: TextIO) -> int:
    """Have a window ended or cancelled; 0 where the engine did, 1 where not."""
    details: dict[str, Detail] = {"window": chosen.number, "cancel": chosen.cancel}
    return _ask(acting, ActKind.END_MAINTENANCE, out, note=chosen.note, details=details)


def run_reclassify(acting: Acting, chosen: argparse.Namespace, out: TextIO) -> int:
    """Have down time counted as maintenance; 0 where the engine did, 1 where not."""
    view, now_utc_s = _view(acting), acting.clocks.utc_s()
    try:
        zone = zone_of(chosen.zone or view.time_zone)
        since_utc_s, until_utc_s = (moment_of(text, zone, now_utc_s) for text in (chosen.begins, chosen.ends))
    except PlanRefusedError as error:
        raise _refused("Down time cannot be counted so", error) from None
    if since_utc_s < until_utc_s and any(each.id == chosen.endpoint for each in view.endpoints):
        out.write(_doubt(acting.store, chosen.endpoint, since_utc_s, until_utc_s))
    details: dict[str, Detail] = {"from_utc_s": since_utc_s, "until_utc_s": until_utc_s}
    return _ask(
        *(acting, ActKind.RECLASSIFY, out),
        note=chosen.reason,
        details=details,
        subject=chosen.endpoint,
    )


def _doubt(store: ReadStore, endpoint_id: str, since_utc_s: float, until_utc_s: float) -> str:
    """Refuse time in which nothing was down; return a line where only a part of it is known (rule 3)."""
    # From before it on: what answered first within a range is known only from then on.
    spans = [
        each
        for each in spans_of(store, endpoint_id, since_utc_s - _BEFORE_S, until_utc_s)
        if each.until_utc_s > since_utc_s
    ]
    if any(Spent.DOWN in (each.spent, each.was) for each in spans):
        return ""
    known_s = sum(
        each.until_utc_s - max(each.since_utc_s, since_utc_s) for each in spans if each.spent in _KNOWN
    )
    if known_s >= until_utc_s - since_utc_s - _ROUNDED_S:
        raise ControlroomError(
            "bad-plan", "Down time cannot be counted so: nothing was down then, as the log has it."
        )
    return "The log tells of no down time then, but does not know all of that time.\n"


def _ask(
    acting: Acting,
    kind: ActKind,
    out: TextIO,
    *,
    note: str,
    details: Mapping[str, Detail],
    subject: str = "engine",
) -> int:
    """Put an act, wait, and print what the log tells of it."""
    before = acting.store.entries(newest=1)
    act = new_act(acting, kind, subject, None, note, details)
    asked = ask(acting, [act])
    answer = asked.answers.get(act.id)
    if not asked.put:
        out.write(f"No engine runs on {acting.place}, so that nobody would do it. Start one first.\n")
        return 1
    if answer is None:
        out.write(f"The engine has not answered within {LONGEST_S:.0f} s; it takes the act when it can.\n")
        return 1
    if not answer.accepted:
        out.write(f"Refused, because {answer_words(answer.answer)}.\n")
        return 1
    number = before[-1].number if before else 0
    view = site_view(acting.store)
    for entry in acting.store.entries(after_number=number, kinds=_TOLD):
        out.write(f"{log_sentence(entry, view)}\n")
    return 0


def _print_ahead(window: MaintenanceWindow, view: SiteView, now_utc_s: float, out: TextIO) -> None:
    """Print the next times of a recurring window (rule 2)."""
    zone = zone_of(window.zone_name)
    out.write(f"Next, in {printable(view.time_zone, 60)}:\n")
    for found in occurrences(window, now_utc_s, now_utc_s + _TWO_YEARS_S, SHOWN_AHEAD):
        out.write(f"  {occurrence_words(found, zone, view.time_zone)}\n")


def _clock_line(plan: OneOff, wish: Wish, zone_name: str) -> str:
    """Say what the clock does to a window that comes once; empty where it does nothing (rule 2)."""
    found = Occurrence(plan.begins_utc_s, plan.ends_utc_s, typed_start(wish))
    note = clock_words(found, zone_of(zone_name))
    return f"Mind the clock of {printable(zone_name, 60)}: {note}.\n" if note else ""


def _view(acting: Acting) -> SiteView:
    view = site_view(acting.store)
    if view is None:
        raise ControlroomError("engine-never-ran", "No engine has run here yet, so that no site is known.")
    return view


def _refused(what: str, error: PlanRefusedError) -> ControlroomError:
    named = f" It says “{printable(error.what, 120)}”." if error.what else ""
    cure = _CURES.get(error.code, "")
    return ControlroomError("bad-plan", f"{what}: {plan_refusal_words(error.code)}.{named}{cure}")


def _place(found: tuple[MaintenanceWindow, Standing]) -> tuple[int, float, int]:
    window, standing = found
    order = list(type(standing.status)).index(standing.status)
    begins_utc_s = standing.later.begins_utc_s if standing.later is not None else 0.0
    return order, begins_utc_s, -window.number if standing.status.is_past else window.number


def _table(found: list[tuple[MaintenanceWindow, Standing]], view: SiteView | None, now_utc_s: float) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("No.", justify="right", no_wrap=True)
    for title in ("Stands", "Title", "About", "When", "By, why"):
        table.add_column(title, overflow="fold")
    for window, standing in found:
        cells = (
            str(window.number),
            standing_words(window, standing, now_utc_s, view),
            printable(window.title, 200),
            targets_words(window, view),
            plan_words(window, "" if view is None else view.time_zone),
            f"{printable(window.planned_by, 100)}: {printable(window.reason, 200)}",
        )
        table.add_row(*map(Text, cells))
    return table


_CURES: Final[Mapping[Refusal, str]] = MappingProxyType(
    {
        Refusal.NO_END: " Give --until or --length.",
        Refusal.NO_LATEST_END: " Give --until and --length.",
        Refusal.FLEXIBLE_RECURS: " Leave out --flexible or --rrule.",
        Refusal.LENGTH_AND_END_DIFFER: " Leave out --length or --until.",
        Refusal.OVER_ALREADY: " The command for that is: controlroom maintenance reclassify.",
    }
)
"""What to type instead, after the words of a refusal."""

_RUNS: Final[Mapping[str, Callable[[Acting, argparse.Namespace, TextIO], int]]] = MappingProxyType(
    {"plan": run_plan, "end": run_end, "reclassify": run_reclassify}
)
