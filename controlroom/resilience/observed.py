"""What is known of the endpoints at one moment, as far as services depend on it. It judges nothing.

Rules:
1. Down and unreachable are failed. Unknown is neither failed nor working, and nobody guesses.
2. Degraded, or graded poor or worse by a profile, works and is not good enough. For a service with a profile
   of its own it is the grade by that one that counts, and an endpoint that was not graded by it does.
3. In maintenance is planned: nobody may rely on it, though it may answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.site.profile import Grade
from controlroom.site.view import SeenService

FAILED: Final = frozenset({Condition.DOWN, Condition.UNREACHABLE})
NOT_GOOD_ENOUGH: Final = frozenset({Grade.POOR, Grade.UNUSABLE})
NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Observed:
    """The endpoints that are not simply up and good, each in one of the first three sets at most.

    ``failed`` may hold the names of risk groups too, as of a what-if. ``poor`` are those that work and are
    not good enough for their own use; ``poor_for`` names those that are not for the use of a service that
    has a profile of its own, by the service's id, and takes the place of ``poor`` there.
    """

    failed: frozenset[str] = NOTHING
    unknown: frozenset[str] = NOTHING
    planned: frozenset[str] = NOTHING
    poor: frozenset[str] = NOTHING
    poor_for: Mapping[str, frozenset[str]] = field(default_factory=dict)
    supposed: frozenset[str] = NOTHING
    """Those among the failed that nobody saw fail: what answers is no evidence against a supposition."""

    def poor_in(self, service_id: str) -> frozenset[str]:
        """Return what is not good enough for a service."""
        return self.poor_for.get(service_id, self.poor)


def observed(
    endpoint_ids: Iterable[str],
    states: Mapping[str, EndpointState],
    assessments: Mapping[str, Assessment] | None = None,
    services: Iterable[SeenService] = (),
) -> Observed:
    """Sort endpoints by their states and grades; one without a state is unknown.

    ``services`` are those whose own profiles count (rule 2).
    """
    failed, unknown, planned, degraded, works = set(), set(), set(), set(), set()
    for endpoint_id in endpoint_ids:
        state = states.get(endpoint_id)
        condition = Condition.UNKNOWN if state is None else state.condition
        if condition in FAILED:
            failed.add(endpoint_id)
        elif condition is Condition.UNKNOWN:
            unknown.add(endpoint_id)
        elif condition is Condition.MAINTENANCE:
            planned.add(endpoint_id)
        elif condition is Condition.DEGRADED:
            degraded.add(endpoint_id)
        else:
            works.add(endpoint_id)
    grades = assessments or {}
    poor = {each for each in works if each in grades and grades[each].grade in NOT_GOOD_ENOUGH}
    poor_for = {
        service.id: frozenset(degraded.union(each for each in works if _poor_by(service, grades.get(each))))
        for service in services
        if service.profile
    }
    return Observed(
        frozenset(failed), frozenset(unknown), frozenset(planned), frozenset(degraded | poor), poor_for
    )


def _poor_by(service: SeenService, found: Assessment | None) -> bool:
    return found is not None and found.serving.get(service.profile) in NOT_GOOD_ENOUGH
