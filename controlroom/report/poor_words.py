"""Why a link that works is not good enough for a service, in words. It judges no link itself.

Rules:
1. Where the service names what is good enough, the grade by that is told, else that for the link's own use.
2. Of a grade for a service only the grade is kept. Its reason is found again in the figures that are; where
   they do not give the same grade, the grade is told without a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from controlroom.condition.assessment import Assessment
from controlroom.measure.grade import Figure, grade
from controlroom.report.grade_words import grade_reason_words, grade_words
from controlroom.site.profile import FigureName, Profile
from controlroom.site.view import SeenEndpoint

_KEPT_AS: Final[Mapping[FigureName, str]] = {
    FigureName.RTT_S: "rtt_median_s",
    FigureName.RTT_P95_S: "rtt_p95_s",
    FigureName.JITTER_S: "jitter_s",
    FigureName.MOS: "mos",
}
"""Which figure of an assessment is which figure of a profile; loss has an interval besides."""


def poor_words(
    found: Assessment, seen: SeenEndpoint, own: Profile | None, service: Profile | None = None
) -> str:
    """Say for which use a link is how poor, and why: ``poor for Voice: loss is 3 %, above 1 %``."""
    profile = service or own
    told = found.grade if service is None else found.serving.get(service.id, "")
    if not told:
        return ""
    reason = found.reason if service is None else _reason(found, service, told)
    use = f" for {profile.title}" if profile is not None else ""
    why = f": {grade_reason_words(reason, seen=seen)}" if reason else ""
    return f"{grade_words(told)}{use}{why}"


def _reason(found: Assessment, profile: Profile, told: str) -> str:
    """Return the reason of a grade by a profile; empty where it cannot be told (rule 2)."""
    again = grade(profile, dict(_figures(found)))
    return again.reason if again.grade == told else ""


def _figures(found: Assessment) -> Iterator[tuple[FigureName, Figure]]:
    known, count = found.figures, int(found.figures.get("asked", 0))
    for name, kept_as in _KEPT_AS.items():
        if kept_as in known:
            yield name, Figure(known[kept_as], count)
    if "loss_ratio" in known:
        ends = known.get("loss_low_ratio"), known.get("loss_high_ratio")
        yield FigureName.LOSS_RATIO, Figure(known["loss_ratio"], count, *ends)
