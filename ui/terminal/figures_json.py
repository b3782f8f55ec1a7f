"""The figures of a window as JSON, whose keys stay. It computes nothing; docs/figures.md explains each.

    {"at", "site", "simulated", "window": {"name", "since", "until", "length_s"}, "blind_s",
     "endpoints": [E], "services": [S], "unreadable": [{"file", "since", "until"}]}

What is not known is ``null``, never 0. Times are ISO 8601 in UTC with the offset, units stand in the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from controlroom.measure.arrival import ArrivalFigures
from controlroom.measure.availability import Availability, Spent
from controlroom.measure.error_budget import Burn
from controlroom.measure.figures import LinkFigures
from controlroom.measure.grade import Graded, Unshown
from controlroom.measure.jitter import JitterFigures
from controlroom.measure.latency import Latency
from controlroom.measure.loss import Loss, LossFigures
from controlroom.measure.voice import NoEstimate, VoiceAssumptions, VoiceEstimate
from controlroom.report.endpoint_figures import EndpointFigures
from controlroom.report.figures import utc_text
from controlroom.report.grade_words import grade_reason_words
from controlroom.report.objective_figures import ObjectiveFigures
from controlroom.report.service_figures import PathFigures, ServiceFigures
from controlroom.report.window_figures import WindowFigures
from controlroom.store.interface import PassedOver
from ui.terminal.learning_json import learning_json

if TYPE_CHECKING:
    from ui.terminal.figures import SiteFigures

Item = Mapping[str, object]
_SOURCES = {60: "minutes", 3600: "hours"}


def as_json(found: SiteFigures, passed_over: Sequence[PassedOver], now_utc_s: float) -> Item:
    """Return all that was found as JSON's own types."""
    window = found.window
    return {
        "at": utc_text(now_utc_s),
        "site": found.view.name,
        "simulated": found.view.simulated,
        "window": {
            "name": window.name,
            "since": utc_text(window.since_utc_s),
            "until": utc_text(window.until_utc_s),
            "length_s": round(window.length_s, 3),
        },
        "blind_s": round(found.blind_s, 3),
        "endpoints": [_endpoint(each) for each in found.endpoints],
        "services": [_service(each) for each in found.services],
        "unreadable": [
            {"file": each.file, "since": utc_text(each.since_utc_s), "until": utc_text(each.until_utc_s)}
            for each in passed_over
        ],
    }


def _endpoint(found: EndpointFigures) -> Item:
    return {
        "id": found.seen.id,
        "name": found.seen.name,
        "link": None if found.link is None else _link(found.link, found),
        "availability": _availability(found.worked),
        "objective": _objective(found.objective),
    }


def _link(link: WindowFigures, found: EndpointFigures) -> Item:
    told = link.told
    singles = _singles(told) if isinstance(told, LinkFigures) else _NO_SINGLES
    quality = link.quality
    return {
        "probe": link.probe.name,
        "period_s": link.probe.period_s,
        "from": "readings" if isinstance(told, LinkFigures) else _SOURCES.get(told.bucket_s),
        "since": utc_text(told.since_utc_s),
        "until": utc_text(told.until_utc_s),
        "asked": told.asked,
        "unmeasured": told.unmeasured,
        "rtt": _latency(told.latency),
        "loss": _loss(link.loss),
        **singles,
        "profile": None if found.profile is None else found.profile.id,
        "grade": None if quality is None or found.profile is None else _grade(quality.graded, found),
        "voice": None if quality is None else _voice(quality.voice),
        "learning": learning_json(found.learning),
    }


_NO_SINGLES: Item = {
    "loss_runs": None,
    "jitter_s": None,
    "neighbours": None,
    "delay_variation": None,
    "order": None,
}


def _singles(told: LinkFigures) -> Item:
    """Tell what only single readings tell."""
    return {
        "loss_runs": _loss_runs(told.losses),
        "jitter_s": told.jitter.jitter_s,
        "neighbours": _neighbours(told.jitter),
        "delay_variation": _variation(told.jitter),
        "order": _order(told.arrivals),
    }


def _latency(latency: Latency) -> Item:
    return {
        "replies": latency.count,
        "median_s": latency.median_s,
        "p95_s": latency.p95_s,
        "p99_s": latency.p99_s,
        "min_s": latency.min_s,
        "max_s": latency.max_s,
        "mean_s": latency.mean_s,
        "median_deviation_s": latency.deviation_s,
    }


def _loss(loss: Loss) -> Item:
    known = loss.ratio is not None
    return {
        "lost": loss.lost if known else None,
        "ratio": loss.ratio,
        "low_ratio": loss.low if known else None,
        "high_ratio": loss.high if known else None,
    }


def _loss_runs(losses: LossFigures) -> Item:
    gilbert = losses.gilbert
    return {
        "runs": losses.runs if losses.loss.ratio is not None else None,
        "longest_probes": losses.longest_run,
        "mean_probes": losses.mean_run,
        "mean_distance_probes": losses.mean_gap,
        "noticeable_ratio": losses.noticeable_ratio,
        "burst_ratio": losses.burst_ratio,
        "gilbert_worsens_ratio": None if gilbert is None else gilbert.worsens,
        "gilbert_recovers_ratio": None if gilbert is None else gilbert.recovers,
    }


def _neighbours(jitter: JitterFigures) -> Item:
    near = jitter.neighbours
    return {
        "count": near.count,
        "least_s": near.least_s,
        "most_s": near.most_s,
        "mean_size_s": near.mean_size_s,
    }


def _variation(jitter: JitterFigures) -> Item:
    varied = jitter.round_trip_delay_variation
    return {
        "median_s": varied.median_s,
        "p95_s": varied.p95_s,
        "p99_s": varied.p99_s,
        "p999_s": varied.p999_s,
        "max_s": varied.max_s,
    }


def _order(arrivals: ArrivalFigures) -> Item:
    received = arrivals.received
    return {
        "received": received,
        "reordered": arrivals.reordered if received else None,
        "reordered_ratio": arrivals.reordered_ratio,
        "duplicates": arrivals.duplicates,
    }


def _grade(graded: Graded, found: EndpointFigures) -> Item:
    return {
        "grade": graded.grade.value,
        "code": graded.reason,
        "reason": grade_reason_words(graded.reason, found.profile, found.seen),
        "not_shown": [_unshown(each) for each in graded.unshown],
    }


def _unshown(unshown: Unshown) -> Item:
    return {
        "figure": unshown.figure.value,
        "why": unshown.doubt.value,
        "readings": unshown.count,
        "readings_needed": unshown.needed,
    }


def _voice(found: VoiceEstimate | NoEstimate) -> Item:
    """Tell an estimate with all that it assumes, or why there is none."""
    if isinstance(found, NoEstimate):
        return {"mos": None, "why_none": found.reason.value, "missing": list(found.missing)}
    return {
        "mos": found.score,
        "mos_low": found.score_least,
        "mos_high": found.score_most,
        "rating": found.rating,
        "band": found.band.value,
        "doubts": [doubt.value for doubt in found.doubts],
        "replies": found.replies,
        "link_delay_s": found.link_delay_s,
        "buffer_s": found.buffer_s,
        "mouth_to_ear_s": found.delay_s,
        "link_loss_ratio": found.link_loss_ratio,
        "late_ratio": found.late_ratio,
        "loss_ratio": found.loss_ratio,
        "burst_ratio": found.burst_ratio,
        "assumed": _assumed(found.assumptions),
    }


def _assumed(assumed: VoiceAssumptions) -> Item:
    return {
        "codec": assumed.codec.value,
        "ie": assumed.ie,
        "bpl": assumed.bpl,
        "source": assumed.source or None,
        "packetisation_s": assumed.packetisation_s,
        "look_ahead_s": assumed.look_ahead_s,
        "jitter_buffer_rule": assumed.jitter_buffer_rule.value,
        "jitter_buffer_s": assumed.jitter_buffer_s,
        "extra_delay_s": assumed.extra_delay_s,
        "one_way_share_ratio": assumed.one_way_share,
    }


def _availability(found: Availability) -> Item:
    measured = found.measured_s > 0
    return {
        "ratio": found.ratio,
        "measured_s": found.measured_s,
        **{f"{spent.value}_s": found.time_s(spent) for spent in Spent},
        "reclassified_s": found.reclassified_s,
        "outages": found.outages if measured else None,
        "ongoing": found.ongoing if measured else None,
        "mtbf_s": found.between_failures_s,
        "mttr_s": found.mttr_s,
        "longest_outage_s": found.longest_outage_s if found.outages else None,
    }


def _objective(found: ObjectiveFigures | None) -> Item | None:
    if found is None:
        return None
    budget, measured = found.budget, found.measured.measured_s > 0
    return {
        "objective_ratio": found.objective,
        "measured_s": found.measured.measured_s,
        "budget_allowed_s": budget.allowed_s,
        "budget_spent_s": budget.spent_s if measured else None,
        "budget_left_s": budget.left_s if measured else None,
        "burns": [_burn(burn) for burn in found.burns],
    }


def _burn(burn: Burn) -> Item:
    return {
        "long_s": burn.pair.long_s,
        "long_rate": burn.long_rate,
        "short_s": burn.pair.short_s,
        "short_rate": burn.short_rate,
        "matters_from_rate": burn.pair.burn_rate,
        "burning": burn.burning,
    }


def _service(found: ServiceFigures) -> Item:
    return {
        "id": found.seen.id,
        "name": found.seen.name,
        "availability": _availability(found.worked),
        "objective": _objective(found.objective),
        "paths": [_path(each) for each in found.paths],
    }


def _path(found: PathFigures) -> Item:
    return {
        "id": found.path.id,
        "name": found.path.name or None,
        "endpoints": list(found.path.endpoints),
        "voice": None if found.voice is None else _voice(found.voice),
        "voice_assumed_of": found.assumed_of or None,
        "availability": _availability(found.worked),
    }
