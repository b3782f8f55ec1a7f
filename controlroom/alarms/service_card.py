"""The action card of an alarm about a service: what is lost, what to do, whom to call. It judges nothing.

1. What the service says of itself is about its loss. While it works, the card says so, has mended what failed
   and spared what is left first, and then has the loss prepared for by the service's own steps.
2. Who is called is whom the service names, and whom those name that failed or are not good enough, each once.
3. Where the site is silent, the card says what is usual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.alarms.service_reason import ServiceReason
from controlroom.alarms.service_subject import service_of
from controlroom.resilience.component import group_of
from controlroom.site.action_card import ActionCard, steps_of
from controlroom.site.usual_cards import FAILED_S, UNSTABLE_S, WARNING_S, WORKING_S
from controlroom.site.view import SeenService, SiteView

_IT: Final = "Your own IT or network staff on call"
_NOBODY: Final = ServiceReason()


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual for one cause. ``first`` are the steps that go before those of the service itself."""

    consequence: str
    first: tuple[str, ...]
    time_to_respond_s: float


_MENDED: Final = "Have what failed mended: make the calls that stand on this card."
_USUAL: Final[Mapping[Cause, _Usual]] = {
    Cause.SERVICE_LOST: _Usual("It cannot be had.", (), FAILED_S),
    Cause.SERVICE_AT_RISK: _Usual(
        "It still works, and one more failure loses it.",
        (_MENDED, "Have no works done on what is left, and watch it."),
        UNSTABLE_S,
    ),
    Cause.SERVICE_DEGRADED: _Usual(
        "It works, but not well enough for its use.",
        ("Find out whether it is still good enough. Where it is not, go on.", _MENDED),
        WORKING_S,
    ),
    Cause.DIVERSITY_LOST: _Usual(
        "It works. Paths that were to be apart can now fail together.",
        ("Ask the carrier whether the route was changed on purpose, and have it put back.",),
        WARNING_S,
    ),
    Cause.STANDBY_DEAD: _Usual(
        "It works. A path that is to stand in for others would not.",
        ("Find out why this path does not work, and have it mended before it is needed.",),
        WARNING_S,
    ),
}
_USUAL_STEPS: Final = (
    "Go over to what stands in for it, on paper or by telephone where there is nothing else.",
    "Tell all desks that it is lost, and since when.",
    _MENDED,
)


def service_card(alarm: Alarm, site: SiteView) -> ActionCard | None:
    """Return the card of a service's alarm; ``None`` for an alarm about anything else."""
    service_id, usual = service_of(alarm.subject), _USUAL.get(alarm.cause)
    if service_id is None:
        return None
    seen = next((each for each in site.services if each.id == service_id), None)
    told = ServiceReason.read(alarm.reason) or _NOBODY
    if usual is None:
        return ActionCard()
    lost = alarm.cause is Cause.SERVICE_LOST
    return ActionCard(
        consequence=_consequence(usual, seen, lost=lost),
        steps=_steps(usual, seen, lost=lost),
        call="; ".join(dict.fromkeys(_contacts(seen, told, site))) or _IT,
        time_to_respond_s=usual.time_to_respond_s,
    )


def _consequence(usual: _Usual, seen: SeenService | None, *, lost: bool) -> str:
    own = "" if seen is None else seen.consequence.strip()
    if not own:
        return usual.consequence
    return own if lost else f"{usual.consequence} When it is lost: {own}"


def _steps(usual: _Usual, seen: SeenService | None, *, lost: bool) -> tuple[str, ...]:
    own = () if seen is None else steps_of(seen.what_to_do)
    if lost:
        return own or _USUAL_STEPS
    return (*usual.first, *(f"Get ready: {step}" for step in own))


def _contacts(seen: SeenService | None, told: ServiceReason, site: SiteView) -> Iterator[str]:
    """Say whom to call, each with what for (rule 2)."""
    if seen is not None and seen.contact:
        yield f"{seen.name}: {seen.contact}"
    endpoints = {endpoint.id: endpoint for endpoint in site.endpoints}
    for name in (*told.failed.names, *told.poor.names, *told.shared.names):
        group_id = group_of(name)
        found = endpoints.get(name) if group_id is None else site.risk_group(group_id)
        if found is not None and found.contact:
            yield f"{found.name}: {found.contact}"
