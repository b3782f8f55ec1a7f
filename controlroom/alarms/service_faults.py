"""Which fault a service has by how it stands, and how urgent that is. It keeps none and knows no clock.

Rules:
1. *Lost* is a service that what has truly failed loses, also where it is in maintenance; *at risk* one whose
   margin fell to one, or was one and has a further single point now, or that rests on what is in maintenance
   alone; *degraded* one of which too little is good enough for its use. A service has one fault: the first of
   these that holds.
2. What is planned puts no service at risk by itself: a margin is at risk where something failed besides and
   left less than the plan did.
3. What is unknown raises nothing: a fault is certain where it holds with everything unknown taken for
   working. Nor does it end anything: a known fault stands for as long as it may still hold.
4. *Lost* is as urgent as the service is critical, *at risk* and *degraded* one step less, lost diversity and
   a dead standby two steps less; below the least urgent priority there is none.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.alarms.service_subject import path_subject, service_subject
from controlroom.alarms.transitions import Fault
from controlroom.alarms.urgency import PRIORITY_OF
from controlroom.resilience.expression import fails
from controlroom.resilience.standing import LegState, Standing
from controlroom.resilience.structure import ServiceStructure
from controlroom.site.criticality import Criticality

NOTHING: Final[frozenset[str]] = frozenset()
_STILL_WORKS: Final = frozenset({LegState.WORKING, LegState.DEGRADED})


class Level(enum.IntEnum):
    """How bad it is for a service; each includes that nothing worse holds."""

    WELL = 0
    DEGRADED = 1
    AT_RISK = 2
    LOST = 3


_CAUSES: Final[Mapping[Level, Cause]] = {
    Level.DEGRADED: Cause.SERVICE_DEGRADED,
    Level.AT_RISK: Cause.SERVICE_AT_RISK,
    Level.LOST: Cause.SERVICE_LOST,
}
_LEVELS: Final[Mapping[Cause, Level]] = {cause: level for level, cause in _CAUSES.items()}
_STEPS: Final[Mapping[Cause, int]] = {
    Cause.SERVICE_LOST: 0,
    Cause.SERVICE_AT_RISK: 1,
    Cause.SERVICE_DEGRADED: 1,
    Cause.DIVERSITY_LOST: 2,
    Cause.STANDBY_DEAD: 2,
}


class Levels(NamedTuple):
    """How bad it is for certain, and how bad it may be (rule 3)."""

    certain: Level
    perhaps: Level


def service_priority(criticality: Criticality, cause: Cause) -> Priority:
    """Return how urgent a fault of a service is (rule 4)."""
    return Priority(min(PRIORITY_OF[criticality] + _STEPS[cause], Priority.LOW))


def levels_of(
    standing: Standing, structure: ServiceStructure, planned_down: Collection[str] = NOTHING
) -> Levels:
    """Tell how bad a service stands. ``planned_down`` are those in maintenance that have truly failed."""
    base = _base(standing, structure)
    further = _has_further_single(standing)
    certain = _level(standing.margin.most, base, standing.quality.most, further=further)
    perhaps_further = further or bool(standing.unknown and not standing.planned)
    perhaps = _level(standing.margin.least, base, standing.quality.least, further=perhaps_further)
    truly = {*standing.failed, *planned_down}
    if standing.planned and not fails(structure.lost, truly):
        certain = _without_loss(certain, standing.margin.most, base)
    if standing.planned and not fails(structure.lost, truly | {*standing.unknown}):
        perhaps = _without_loss(perhaps, standing.margin.least, base)
    return Levels(certain, max(perhaps, certain))


def fault_of(
    standing: Standing,
    structure: ServiceStructure,
    since_utc_s: float = 0.0,
    *,
    planned_down: Collection[str] = NOTHING,
    known: Cause | None = None,
) -> Fault | None:
    """Return the fault that a service has; ``known`` is that of the alarm that it has already (rule 3)."""
    certain, perhaps = levels_of(standing, structure, planned_down)
    stands = Level.WELL if known is None else _LEVELS.get(known, Level.WELL)
    level = min(max(stands, certain), perhaps)
    if level is Level.WELL:
        return None
    cause = _CAUSES[level]
    return Fault(
        service_subject(standing.service_id),
        cause,
        _reason(level, standing, planned_down).code,
        service_priority(structure.criticality, cause),
        since_utc_s,
    )


def faults_of(before: Standing | None, after: Standing, structure: ServiceStructure) -> tuple[Fault, ...]:
    """Return the faults of which alarms would come if a service stood so: new ones, and worse ones.

    ``before`` is how it stands now, with its alarm; ``None`` tells of a service that nobody looked at yet.
    """
    fault = fault_of(after, structure)
    if fault is None:
        return ()
    had = Level.WELL if before is None else levels_of(before, structure).certain
    return (fault,) if _LEVELS[fault.cause] > had else ()


def reason_of(standing: Standing) -> str:
    """Return the code of why a service stands as it does, whether that is a fault or not."""
    if standing.margin.most == 0 and not standing.rests_on_planned:
        return _reason(Level.LOST, standing, NOTHING).code
    return _reason(Level.AT_RISK, standing, NOTHING).code


def _level(margin: int, base: int, quality: int, *, further: bool) -> Level:
    if margin == 0:
        return Level.LOST
    if margin == 1 and (base > 1 or further):
        return Level.AT_RISK
    return Level.DEGRADED if quality == 0 else Level.WELL


def _has_further_single(standing: Standing) -> bool:
    """Whether a single failure loses a service now that would not with nothing failed.

    Where something of it is in maintenance, its margin without the failures tells instead (rule 2).
    """
    if standing.planned or standing.margin.most != 1:
        return False
    return any(name not in standing.single for found in standing.next_to_fail.sets for name in found)


def _without_loss(level: Level, margin: int, base: int) -> Level:
    """Tell the level where nothing is lost but by what is planned (rules 1 and 2)."""
    if level is not Level.LOST:
        return level
    return Level.AT_RISK if margin < base else Level.WELL


def _base(standing: Standing, structure: ServiceStructure) -> int:
    """Return the margin with nothing but what is planned, 2 for all that is more (rule 2)."""
    if not standing.planned:
        return standing.whole
    planned = frozenset(standing.planned)
    if fails(structure.lost, planned):
        return 0
    single = any(fails(structure.lost, planned | {name}) for name in structure.components)
    return 1 if single else 2


def _reason(level: Level, standing: Standing, planned_down: Collection[str]) -> ServiceReason:
    service_id = standing.service_id
    left = Named.of(path_subject(service_id, leg.id) for leg in standing.legs if leg.state in _STILL_WORKS)
    failed = Named.of((*standing.failed, *sorted(planned_down)))
    if level is Level.LOST:
        return ServiceReason(failed=failed)
    poor, unknown = Named.of(standing.poor), Named.of(standing.unknown)
    if level is Level.DEGRADED:
        return ServiceReason(failed=failed, poor=poor, unknown=unknown)
    following = Named.of(
        (name for found in standing.next_to_fail.sets for name in found if len(found) == 1),
        standing.next_to_fail.more,
    )
    planned = Named.of(standing.planned) if standing.rests_on_planned else Named()
    return ServiceReason(
        failed=failed, next=following, left=left, poor=poor, planned=planned, unknown=unknown
    )
