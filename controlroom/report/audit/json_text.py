"""An audit as one JSON object. docs/audit.md documents the keys, which stay; units stand in them."""

from __future__ import annotations

import json
from datetime import date
from typing import Final

from controlroom.measure.availability import Spent
from controlroom.report.audit.audit import Audit
from controlroom.report.audit.data_quality import ProbeQuality
from controlroom.report.audit.finding import AuditFinding
from controlroom.report.audit.measured import Measured
from controlroom.report.audit.training import ShiftRecord, Training
from controlroom.report.expectation_json import expectation_json, margin_json
from controlroom.report.figures import utc_text
from controlroom.site.view import SeenEndpoint, SeenRiskGroup, SeenService

FORMAT: Final = 1


def audit_json(audit: Audit) -> str:
    """Write the object."""
    return json.dumps(_as_json(audit), indent=1, allow_nan=False) + "\n"


def _as_json(audit: Audit) -> dict[str, object]:
    view = audit.view
    return {
        "format": FORMAT,
        "at": utc_text(audit.at_utc_s),
        "today": audit.today.isoformat(),
        "site": view.name,
        "site_digest": view.digest,
        "simulated": view.simulated,
        "has_measurements": audit.measured is not None,
        "findings": [_finding(place, each) for place, each in enumerate(audit.findings, 1)],
        "services": [_service(each, audit) for each in view.services],
        "risk_groups": [_group(each) for each in view.risk_groups],
        "inventory": [_endpoint(each) for each in view.endpoints],
        "data": None if audit.measured is None else _measured(audit.measured),
        "training": None if audit.training is None else _training(audit.training),
    }


def _finding(rank: int, each: AuditFinding) -> dict[str, object]:
    return {
        "rank": rank,
        "seriousness": each.seriousness.value,
        "area": each.area.value,
        "code": each.code,
        "what": each.what,
        "where": list(each.where),
        "why": each.why,
        "do": each.advice,
    }


def _service(seen: SeenService, audit: Audit) -> dict[str, object]:
    standing, long = audit.outlook.standings[seen.id], audit.outlook.long
    cuts = audit.outlook.cuts[seen.id]
    return {
        "id": seen.id,
        "name": seen.name,
        "criticality": seen.criticality.value,
        "owner": seen.owner,
        "contact": seen.contact,
        "whole_margin": standing.whole,
        "state": standing.state.value if audit.measured is not None else None,
        "margin": margin_json(standing.margin) if audit.measured is not None else None,
        "single_points": list(standing.single),
        "cut_set_counts": {str(size): count for size, count in cuts.counts.items()},
        "expected": None if long is None else expectation_json(long.services[seen.id]),
    }


def _group(each: SeenRiskGroup) -> dict[str, object]:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind,
        "members": list(each.members),
        "owner": each.owner,
        "contact": each.contact,
    }


def _endpoint(each: SeenEndpoint) -> dict[str, object]:
    return {
        "id": each.id,
        "name": each.name,
        "kind": each.kind.value,
        "criticality": each.criticality.value,
        "address": each.address,
        "location": each.location,
        "owner": each.owner,
        "contact": each.contact,
        "review_date": _day(each.review_date),
        "agreement": each.agreement,
        "agreement_expires": _day(each.agreement_expires),
        "own_card": bool(each.what_to_do),
        "probes": [f"{each.id}/{probe.name}" for probe in each.probes],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _measured(found: Measured) -> dict[str, object]:
    return {
        "since": utc_text(found.since_utc_s),
        "until": utc_text(found.until_utc_s),
        "bucket_s": found.bucket_s,
        "blind_s": found.blind_s,
        "endpoints": [
            {
                "id": name,
                "availability_ratio": each.ratio,
                "measured_s": each.measured_s,
                "down_s": each.time_s(Spent.DOWN),
                "blind_s": each.time_s(Spent.BLIND),
                "unknown_s": each.time_s(Spent.UNKNOWN),
                "maintenance_s": each.time_s(Spent.MAINTENANCE),
                "outages": each.outages,
            }
            for name, each in found.worked.items()
        ],
        "probes": [_probe(each) for each in found.probes],
        "stuck": [
            {
                "series": str(each.series),
                "value": each.value,
                "readings": each.readings,
                "since": utc_text(each.since_utc_s),
                "until": utc_text(each.until_utc_s),
            }
            for each in found.stuck
        ],
        "clock_offsets_s": dict(found.offsets_s),
        "clock_steps": len(found.steps),
    }


def _probe(each: ProbeQuality) -> dict[str, object]:
    return {
        "probe": str(each.probe),
        "period_s": each.period_s,
        "expected": each.expected,
        "readings": each.readings,
        "lost": each.lost,
        "not_run": each.not_run,
        "coverage_ratio": each.coverage,
        "gaps": each.gaps,
        "longest_gap_s": each.longest_gap_s,
    }


def _training(found: Training) -> dict[str, object]:
    return {
        "since": utc_text(found.since_utc_s),
        "until": utc_text(found.until_utc_s),
        "shifts": [_shift(each) for each in found.shifts],
        "services": [
            {
                "id": each.service_id,
                "alarms": each.alarms,
                "steps_ticked": each.steps,
                "standby": [{"path": path, "exercised": day or None} for path, day in each.standby.items()],
            }
            for each in found.services
        ],
    }


def _shift(each: ShiftRecord) -> dict[str, object]:
    return {
        "shift": each.shift,
        "operators": len(each.operators),
        "alarms": each.alarms,
        "acknowledged": each.acknowledged,
        "acknowledged_in_time": each.in_time,
        "median_answer_s": each.median_answer_s,
        "acts": {kind.value: count for kind, count in each.counts.items()},
    }
