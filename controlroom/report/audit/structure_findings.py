"""What a structure gives away: single points of failure, shared risks, standby paths nobody tried. Pure.

Rules:
1. What loses a service by itself while nothing has failed is a single point of failure, told once with all
   the services that it loses.
2. Paths of which fewer are needed than there are stand in for each other. What they share is a shared risk
   where it loses the service with one other failure; where it does so alone, the single point of failure says
   that they share it, and it is not told twice.
3. A standby path was exercised when the site says on which day; more than a year ago is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, counted, listed
from controlroom.report.audit.shared_advice import shared_advice
from controlroom.resilience.alternatives import alternative_pairs
from controlroom.resilience.cut_sets import cut_sets
from controlroom.resilience.expression import components
from controlroom.resilience.structure import ServiceStructure
from controlroom.site.criticality import Criticality
from controlroom.site.view import SiteView

NameOf = Callable[[str], str]
LONGEST_UNTRIED: Final = timedelta(days=365)
_WEIGHTY: Final = frozenset({Criticality.CRITICAL, Criticality.HIGH})
_PAIR: Final = 2


def structure_findings(
    view: SiteView, structures: Mapping[str, ServiceStructure], name_of: NameOf, today: date
) -> Iterator[AuditFinding]:
    """Find them."""
    if not structures:
        yield AuditFinding(
            "no_service",
            Seriousness.IMPORTANT,
            Area.STRUCTURE,
            "The site has no service.",
            (),
            "Without services nobody can say how far the room is from losing what it must be able to do.",
            "Describe each thing that the room must be able to do as a service with its paths.",
        )
    cuts = {name: cut_sets(each.lost, _PAIR).sets for name, each in structures.items()}
    yield from _single_points(view, structures, cuts, name_of)
    for name, each in structures.items():
        found = _shared_risk(view, each, cuts[name], name_of)
        if found is not None:
            yield found
    yield from _standby(view, today)


def single_points(cuts: Sequence[tuple[str, ...]]) -> list[str]:
    """Return what loses a service by itself."""
    return [each[0] for each in cuts if len(each) == 1]


def _single_points(
    view: SiteView,
    structures: Mapping[str, ServiceStructure],
    cuts: Mapping[str, Sequence[tuple[str, ...]]],
    name_of: NameOf,
) -> Iterator[AuditFinding]:
    losing: dict[str, list[ServiceStructure]] = {}
    for name, structure in structures.items():
        for component in single_points(cuts[name]):
            losing.setdefault(component, []).append(structure)
    for component, services in sorted(losing.items(), key=lambda each: -len(each[1])):
        weighty = any(each.criticality in _WEIGHTY for each in services)
        names = listed(each.name for each in services)
        yield AuditFinding(
            "single_point_of_failure",
            Seriousness.SERIOUS if weighty else Seriousness.IMPORTANT,
            Area.STRUCTURE,
            f"{name_of(component)} alone loses {counted(len(services), 'service')}: {names}.",
            (component, *(each.id for each in services)),
            _why_alone(component, services),
            f"{shared_advice([component], view)}, or agree in writing to live with it, and drill it.",
        )


def _why_alone(component: str, services: Sequence[ServiceStructure]) -> str:
    """Say why it matters, and of which services paths that stand in for each other share it."""
    sharing = [f"“{each.name}”" for each in services if component in _shared(each)]
    if not sharing:
        return "One fault is enough, and nothing stands in for it."
    return f"Paths that stand in for each other share it: {listed(sharing)}. One fault takes them all."


def _shared_risk(
    view: SiteView, structure: ServiceStructure, cuts: Sequence[tuple[str, ...]], name_of: NameOf
) -> AuditFinding | None:
    pairs = {name for each in cuts if len(each) == _PAIR for name in each}
    shared = _shared(structure) & pairs
    if not shared:
        return None
    told = [name for name in structure.components if name in shared]
    each = "It loses" if len(told) == 1 else "Each of them loses"
    return AuditFinding(
        "shared_risk",
        Seriousness.IMPORTANT,
        Area.STRUCTURE,
        f"Paths of “{structure.name}” that stand in for each other share {listed(map(name_of, told))}.",
        (structure.id, *told),
        f"{each} the service together with one other failure: what looks like two ways is one there.",
        f"{shared_advice(told, view)}.",
    )


def _shared(structure: ServiceStructure) -> frozenset[str]:
    """Return what paths that stand in for each other have in common."""
    legs = {leg.id: frozenset(components(leg.lost)) for leg in structure.legs}
    pairs = alternative_pairs(structure.needs)
    return frozenset(name for one, other in pairs for name in legs[one] & legs[other])


def _standby(view: SiteView, today: date) -> Iterator[AuditFinding]:
    for service in view.services:
        for path in service.paths:
            if not path.standby or (path.exercised and today - path.exercised <= LONGEST_UNTRIED):
                continue
            name, never = path.name or path.id, path.exercised is None
            told = (
                "was never exercised, as far as the site says"
                if never
                else f"was last exercised on {path.exercised}"
            )
            yield AuditFinding(
                "standby_never_exercised" if never else "standby_exercised_long_ago",
                Seriousness.IMPORTANT,
                Area.TRAINING,
                f"The standby path “{name}” of “{service.name}” {told}.",
                (service.id, *path.endpoints),
                "A standby that nobody has used fails on the day that it is needed, and nobody knows how.",
                "Carry real traffic over it on a quiet day, note it, and enter the day as exercised.",
            )
