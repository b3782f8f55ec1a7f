"""What can be supposed to fail: the risk groups and endpoints of a site, by kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from controlroom.report import wording
from controlroom.resilience.component import group_component
from controlroom.site.model import EndpointKind
from controlroom.site.view import SeenService, SiteView

CHOSEN = "Chosen on the desk"
RISK_GROUPS = "Risk groups"


@dataclass(frozen=True, slots=True)
class Choice:
    """One endpoint or risk group; ``more`` says what else helps to find it."""

    component: str
    name: str
    more: str = ""

    def fits(self, typed: str) -> bool:
        """Whether all the words typed occur in it."""
        told = f"{self.name} {self.more} {self.component}".casefold()
        return all(word in told for word in typed.casefold().split())


def choices_of(site: SiteView, service_id: str = "", chosen: str = "") -> list[tuple[str, list[Choice]]]:
    """Return the headings with what stands under each.

    First stands what a service rests on, where one is named, and before all the endpoint that was ``chosen``
    when it was opened, so that the list begins at its top all the same.
    """
    endpoints = {
        endpoint.id: Choice(endpoint.id, endpoint.name, endpoint.address) for endpoint in site.endpoints
    }
    groups = [
        Choice(group_component(group.id), group.name, _size(len(group.members))) for group in site.risk_groups
    ]
    headed = [(RISK_GROUPS, groups)]
    for kind in EndpointKind:
        of_kind = [endpoints[each.id] for each in site.endpoints if each.kind is kind]
        headed.append((wording.kind_words(kind, many=True), of_kind))
    service = next((each for each in site.services if each.id == service_id), None)
    if service is not None:
        headed.insert(0, (f"Paths of {service.name}", _of_service(service, endpoints)))
    if chosen in endpoints:
        headed.insert(0, (CHOSEN, [endpoints[chosen]]))
    return [(heading, choices) for heading, choices in headed if choices]


def fitting(
    headed: Iterable[tuple[str, list[Choice]]], typed: str, ticked: frozenset[str]
) -> list[tuple[str, list[Choice]]]:
    """Return what fits the words typed, and what is ticked in any case: nothing ticked is out of sight."""
    kept = (
        (heading, [each for each in choices if each.component in ticked or each.fits(typed)])
        for heading, choices in headed
    )
    return [(heading, choices) for heading, choices in kept if choices]


def _of_service(service: SeenService, endpoints: dict[str, Choice]) -> list[Choice]:
    used = dict.fromkeys(each for path in service.paths for each in path.endpoints)
    return [endpoints[each] for each in used if each in endpoints]


def _size(count: int) -> str:
    return f"{count} endpoint{'' if count == 1 else 's'}"
