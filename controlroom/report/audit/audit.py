"""The audit of one site at one moment: findings, services, records, measurement, training, read at one go.

It words the findings through their own files, and lays nothing out.

Rules:
1. Without a store only what the site says is judged; the parts that need measurements say so.
2. *Today* is the day in the site's zone at the moment that comes in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.finding import Doubt
from controlroom.reading import ProbeKey
from controlroom.report.audit.finding import AuditFinding, ranked
from controlroom.report.audit.measured import Measured, read_measured
from controlroom.report.audit.measured_findings import measured_findings
from controlroom.report.audit.record_findings import asking_findings, record_findings
from controlroom.report.audit.route_findings import hops_of, route_findings
from controlroom.report.audit.structure_findings import structure_findings
from controlroom.report.audit.training import TRAINING_KINDS, Training, training_of
from controlroom.report.audit.training_findings import training_findings
from controlroom.report.figures import zone
from controlroom.report.long_view import year_of
from controlroom.report.service_outlook import Outlook, read_outlook
from controlroom.report.service_state_words import component_name
from controlroom.resilience.live import Resilience
from controlroom.resilience.structure import ServiceStructure
from controlroom.route.kept import RouteKind
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore

YEAR_S: Final = 365 * 86_400.0
PAIRS: Final = 2


@dataclass(frozen=True, slots=True)
class Asking:
    """What is said against how the site asks: doubts of its probes, and those by SNMP 1 or 2c."""

    doubts: Sequence[tuple[ProbeKey, Doubt]] = ()
    in_clear: Sequence[ProbeKey] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """All of it; ``measured`` and ``training`` are ``None`` without a store."""

    view: SiteView
    at_utc_s: float
    today: date
    findings: Sequence[AuditFinding]
    outlook: Outlook
    measured: Measured | None
    training: Training | None


def read_audit(view: SiteView, store: ReadStore | None, asking: Asking, now_utc_s: float) -> Audit:
    """Read and judge; raise ``StructureError`` where the site's services cannot be structures."""
    where = zone(view.time_zone)[0]
    today = datetime.fromtimestamp(now_utc_s, where).date()
    resilience = Resilience(view)
    found = [*_of_site(view, resilience.structures, asking, today)]
    measured, training, spans = None, None, None
    if store is not None:
        until_utc_s = _until(store, now_utc_s)
        spans = year_of(store, view, until_utc_s)
        measured = read_measured(store, view, spans, until_utc_s)
        training = _training(store, view, now_utc_s)
        found += route_findings(resilience, _routes(store, view), lambda name: component_name(name, view))
        found += measured_findings(view, measured)
        found += training_findings(training)
    outlook = read_outlook(view, store, (), PAIRS, now_utc_s, spans)
    return Audit(view, now_utc_s, today, ranked(found), outlook, measured, training)


def _of_site(
    view: SiteView, structures: Mapping[str, ServiceStructure], asking: Asking, today: date
) -> Iterator[AuditFinding]:
    yield from structure_findings(view, structures, lambda name: component_name(name, view), today)
    yield from asking_findings(view, asking.doubts, asking.in_clear)
    yield from record_findings(view, today)


def _until(store: ReadStore, now_utc_s: float) -> float:
    """Return until when was measured: what came after the last sign of life is no fault of the data."""
    heartbeat = store.heartbeat()
    return now_utc_s if heartbeat is None else min(now_utc_s, heartbeat.at_utc_s)


def _routes(store: ReadStore, view: SiteView) -> Mapping[str, frozenset[str]]:
    kept = ((each.id, store.routes(each.id).get(RouteKind.GOOD)) for each in view.endpoints)
    return {name: hops_of(route.trace) for name, route in kept if route is not None}


def _training(store: ReadStore, view: SiteView, now_utc_s: float) -> Training:
    since_utc_s = now_utc_s - YEAR_S
    entries = store.entries(since_utc_s=since_utc_s, kinds=TRAINING_KINDS)
    first = store.entries(since_utc_s=since_utc_s, newest=None)[:1]
    begun_utc_s = max(since_utc_s, first[0].at_utc_s) if first else now_utc_s
    name = zone(view.time_zone)[1]
    alarms = store.alarms(ended_since_utc_s=since_utc_s)
    return training_of(view, alarms, entries, ZoneInfo(name), (begun_utc_s, now_utc_s))
