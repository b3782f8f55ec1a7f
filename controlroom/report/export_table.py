"""An export laid out: which columns, which rows, and what must be said beside them. It writes no format."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from controlroom.errors import ControlroomError
from controlroom.report import export_rows, simulation
from controlroom.report.export_rows import Row
from controlroom.report.range import Span
from controlroom.site.view import SiteView
from controlroom.store.interface import BlindTime, PassedOver, ReadStore

DEFAULT_SAMPLES_S = 86400.0
"""How far back samples reach where no beginning is given: a day."""


class ExportKind(enum.StrEnum):
    """What can be exported."""

    SAMPLES = "samples"
    EVENTS = "events"
    ALARMS = "alarms"
    LOG = "log"


COLUMNS: Mapping[ExportKind, tuple[str, ...]] = {
    ExportKind.SAMPLES: ("at", "endpoint", "probe", "metric", "value", "unit", "outcome", "reason", "beat"),
    ExportKind.EVENTS: ("number", "at", "until", "kind", "subject", "name", "operator", "text", "note"),
    ExportKind.ALARMS: (
        *("number", "subject", "name", "cause", "reason", "text", "priority", "state", "occurrences"),
        *("since", "raised", "acknowledged", "acknowledged_by", "returned", "note"),
        *("shown_state", "acknowledged_until", "owner", "steps_done"),
        *("shelved", "shelved_until", "shelved_by", "shelved_why", "one_shot", "suppressed_by", "part_of"),
        *("out_of_service", "out_of_service_by", "out_of_service_why"),
    ),
    ExportKind.LOG: (
        *("number", "at", "at_us", "kind", "subject", "name", "operator", "text", "facts"),
        *("previous_hash", "hash"),
    ),
}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export. ``series`` are patterns such as ``mast-north/*/rtt_s``; none means all."""

    kind: ExportKind
    span: Span = field(default_factory=Span)
    series: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """An export ready to be written. ``rows`` can be gone through once.

    Where ``simulated``, the last column and every row say so. ``broken_at`` is the number of the first log
    entry that does not fit the chain, or ``None``.
    """

    kind: ExportKind
    site: str
    span: Span
    blind_time: Sequence[BlindTime]
    columns: Sequence[str]
    rows: Iterator[Row]
    broken_at: int | None = None
    simulated: bool = False
    passed_over: Callable[[], Sequence[PassedOver]] = tuple
    """What could not be read of the rows that were gone through."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: how many rows, how much blind time touches the range, and a broken chain.

    ``passed_over`` is what would have been written too, and could not be read.
    """

    rows: int
    blind_spans: int
    blind_s: float
    broken_at: int | None
    passed_over: Sequence[PassedOver] = ()


def site_view(store: ReadStore) -> SiteView | None:
    """Read the site that the engine runs, or ``None`` before the first engine."""
    text = store.site_json()
    if text is None:
        return None
    try:
        return SiteView.model_validate_json(text)
    except ValidationError:
        raise ControlroomError(
            "site-unreadable",
            "The site kept in the store cannot be read by this version of Controlroom.",
            "Start an engine of this version on it once.",
        ) from None


def table(store: ReadStore, request: ExportRequest, now_utc_s: float) -> Table:
    """Lay an export out; raise ``ControlroomError`` where the request fits nothing."""
    view = site_view(store)
    store.passed_over()  # what was met before is of other questions
    span = _bounded(request, now_utc_s)
    rows, broken_at = _rows(store, request, span, view, now_utc_s)
    columns, simulated = COLUMNS[request.kind], view is not None and view.simulated
    if simulated:
        columns, rows = (*columns, simulation.COLUMN), ((*row, True) for row in rows)
    until_utc_s = now_utc_s if span.until_utc_s is None else span.until_utc_s
    since_utc_s = 0.0 if span.since_utc_s is None else span.since_utc_s
    return Table(
        kind=request.kind,
        site=view.name if view is not None else "",
        span=span,
        blind_time=tuple(store.blind_time(since_utc_s, until_utc_s)),
        columns=columns,
        rows=rows,
        broken_at=broken_at,
        simulated=simulated,
        passed_over=store.passed_over,
    )


def exported(laid_out: Table, rows: int, passed_over: Sequence[PassedOver]) -> Exported:
    """Sum up an export that has been written; blind time counts as far as it lies in the range."""
    since_utc_s = -math.inf if laid_out.span.since_utc_s is None else laid_out.span.since_utc_s
    until_utc_s = math.inf if laid_out.span.until_utc_s is None else laid_out.span.until_utc_s
    blind_s = sum(
        max(0.0, min(blind.until_utc_s, until_utc_s) - max(blind.from_utc_s, since_utc_s))
        for blind in laid_out.blind_time
    )
    return Exported(rows, len(laid_out.blind_time), blind_s, laid_out.broken_at, tuple(passed_over))


def _bounded(request: ExportRequest, now_utc_s: float) -> Span:
    span = request.span
    if request.kind is not ExportKind.SAMPLES:
        return span
    until_utc_s = now_utc_s if span.until_utc_s is None else span.until_utc_s
    since_utc_s = until_utc_s - DEFAULT_SAMPLES_S if span.since_utc_s is None else span.since_utc_s
    return Span(since_utc_s, until_utc_s)


def _rows(
    store: ReadStore, request: ExportRequest, span: Span, view: SiteView | None, now_utc_s: float
) -> tuple[Iterator[Row], int | None]:
    match request.kind:
        case ExportKind.SAMPLES:
            chosen = export_rows.chosen_series(store, request.series, view)
            return export_rows.samples(store, chosen, span, view), None
        case ExportKind.ALARMS:
            subjects = export_rows.chosen_subjects(store, request.series, view)
            return export_rows.alarms(store, subjects, span, view), None
        case ExportKind.EVENTS:
            subjects = export_rows.chosen_subjects(store, request.series, view)
            return export_rows.events(store, subjects, span, view, now_utc_s), None
        case ExportKind.LOG:
            return export_rows.log(store, request.series, span, view)
