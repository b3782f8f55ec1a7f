"""The outlook of services as JSON: docs/audit.md documents the keys, which stay. It reads no store."""

from __future__ import annotations

from typing import Final

from controlroom.report.expectation_json import expectation_json, margin_json
from controlroom.report.figures import utc_text
from controlroom.report.service_outlook import Outlook
from controlroom.resilience.component_model import ComponentModel
from controlroom.resilience.listed_cuts import ListedCuts
from controlroom.resilience.standing import Standing
from controlroom.site.view import SeenService

FORMAT: Final = 1


def as_json(found: Outlook) -> dict[str, object]:
    """Tell everything."""
    return {
        "format": FORMAT,
        "at": utc_text(found.at_utc_s),
        "site": found.view.name,
        "simulated": found.view.simulated,
        "observed": {
            "from": "nothing_failed" if found.as_of_utc_s is None else "store",
            "as_of": None if found.as_of_utc_s is None else utc_text(found.as_of_utc_s),
            "engine_alive": found.alive,
        },
        "supposed_failed": list(found.supposed),
        "order": "all" if found.asked_order is None else found.asked_order,
        "services": [_service(seen, found) for seen in found.view.services],
        "components": [] if found.long is None else [_component(each) for each in found.long.models.values()],
        "watched_since": None if found.long is None else utc_text(found.long.since_utc_s),
    }


def _service(seen: SeenService, found: Outlook) -> dict[str, object]:
    standing, before = found.standings[seen.id], found.before.get(seen.id)
    return {
        "id": seen.id,
        "name": seen.name,
        "criticality": seen.criticality.value,
        **_standing(standing),
        "whole_margin": standing.whole,
        "single_points": list(standing.single),
        "legs": [
            {"id": leg.id, "name": leg.name, "state": leg.state.value, "because_of": list(leg.because_of)}
            for leg in standing.legs
        ],
        "next_to_fail": {
            "sets": [list(each) for each in standing.next_to_fail.sets],
            "more": standing.next_to_fail.more,
        },
        "next_to_fail_for_quality": {
            "sets": [list(each) for each in standing.quality_next.sets],
            "more": standing.quality_next.more,
        },
        "before": None if before is None else _standing(before),
        "cut_sets": _cuts(found.cuts[seen.id]),
        "expected": None if found.long is None else expectation_json(found.long.services[seen.id]),
    }


def _standing(standing: Standing) -> dict[str, object]:
    return {
        "state": standing.state.value,
        "margin": margin_json(standing.margin),
        "quality_margin": margin_json(standing.quality),
        "quality_lost": standing.quality_lost,
        "rests_on_planned": standing.rests_on_planned,
        "failed": list(standing.failed),
        "poor": list(standing.poor),
        "unknown": list(standing.unknown),
        "planned": list(standing.planned),
    }


def _cuts(found: ListedCuts) -> dict[str, object]:
    return {
        "order": "all" if found.order is None else found.order,
        "whole": found.whole,
        "counts": {str(size): count for size, count in found.counts.items()},
        "sets": [list(each) for each in found.sets],
    }


def _component(model: ComponentModel) -> dict[str, object]:
    history = model.history
    return {
        "component": history.component,
        "up_s": history.up_s,
        "down_s": history.down_s,
        "failures": history.failures,
        "repairs": history.repairs,
        "mtbf_s": model.mean_up_s,
        "mttr_s": model.mean_repair_s,
        "mttr_from": model.repair_from.value,
        "unavailability_ratio": model.unavailability,
    }
