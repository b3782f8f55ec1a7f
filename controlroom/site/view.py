"""The site as desks and reports see it: without parameters, without references to secrets.

The engine keeps this view in the store, so that a desk needs neither the site file nor the probe
types to name what it shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict

from controlroom.probe import Metric, ProbeTypes
from controlroom.reading import ProbeKey
from controlroom.site.action_card import ActionCard
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.card_deck import CardDeck
from controlroom.site.duty import Weekday
from controlroom.site.model import (
    Criticality,
    Endpoint,
    EndpointKind,
    Limit,
    Probe,
    Site,
    Voice,
)
from controlroom.site.profile import NO_PROFILES, Profile, Profiles
from controlroom.site.profile_override import ProfileOverride, overridden
from controlroom.site.risk_group import RiskGroup
from controlroom.site.risk_members import members_of
from controlroom.site.rule_book import RuleBook
from controlroom.site.service import AllOf, AnyOf, Need, Service
from controlroom.site.simulation import is_simulated
from controlroom.site.usual_cards import FAILED_S
from controlroom.site.voice import voice_at


class Seen(BaseModel):
    """Base of the view: frozen; keys of a newer program are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SeenMetric(Seen):
    """A value that a probe yields. ``unit`` is the unit of the stored value (``"s"``).

    ``when_low`` says what it means where the value is below its limit, if it does not speak for itself;
    ``{figure}`` in it stands for the value. ``meanings`` says what each code of a state means,
    and how bad that is; ``judges`` names the state that the value judges.
    """

    name: str
    unit: str
    title: str
    when_low: str = ""
    meanings: tuple[tuple[int, str, str], ...] = ()
    judges: str = ""


class SeenProbe(Seen):
    """A probe without its parameters. ``title`` names its type, and itself where others are of that type."""

    name: str
    type: str
    title: str
    period_s: float
    timeout_s: float
    reaches: bool = True
    """Whether its silence means that the endpoint cannot be reached, so that its loss is always limited."""
    limits: tuple[Limit, ...] = ()
    metrics: tuple[SeenMetric, ...] = ()


class SeenEndpoint(Seen):
    """An endpoint with all that an operator may want to read about it."""

    id: str
    name: str
    kind: EndpointKind
    address: str
    criticality: Criticality
    location: str = ""
    owner: str = ""
    """Who answers for it."""
    contact: str = ""
    consequence: str = ""
    what_to_do: str = ""
    usual_advice: str = ""
    """What to do in general with what it is, for where the site says nothing of its own."""
    time_to_respond_s: float = 300
    risk_groups: tuple[str, ...] = ()
    """The ids of what can take it down together with other endpoints."""
    behind: tuple[str, ...] = ()
    """What it can be reached through alone; in an entry with ``|`` one of those named is enough."""
    serves: tuple[str, ...] = ()
    """The names of the services that have a path through this endpoint."""
    profile: str = ""
    """The id of the profile that says what is good enough; ``SiteView.profile_of`` gives its numbers."""
    profile_limits: tuple[ProfileOverride, ...] = ()
    objective: float | None = None
    """The share of time that it shall work."""
    voice: Voice = Voice()
    """What the estimate of voice quality assumes here, the endpoint's own before the site's."""
    review_date: date | None = None
    """The day by which its owner looks again whether what is configured is right."""
    agreement: str = ""
    """The reference of the agreement under which data are shared with it."""
    agreement_expires: date | None = None
    """The last day on which that holds."""
    cards: Mapping[str, int] = {}
    """By the code of a fault, which of the view's action cards it has; none for a fault that is an event."""
    probes: tuple[SeenProbe, ...] = ()

    def key(self, probe: SeenProbe) -> ProbeKey:
        """The key under which a probe of this endpoint is measured and stored."""
        return ProbeKey(self.id, probe.name)


class SeenRiskGroup(Seen):
    """What can take several endpoints at once. ``card`` is the place of its action card in the view."""

    id: str
    name: str
    kind: str = "other"
    members: tuple[str, ...] = ()
    """The endpoints that it takes with it, also through smaller groups."""
    member_of: tuple[str, ...] = ()
    """The ids of larger groups that take it with them."""
    routers: tuple[str, ...] = ()
    """IP addresses and networks of its routers, as a trace of a route shows them."""
    owner: str = ""
    contact: str = ""
    card: int | None = None


class SeenPath(Seen):
    """Endpoints, by their ids, that must all work for the path to work."""

    id: str
    name: str
    endpoints: tuple[str, ...]
    standby: bool = False
    """Whether it is meant to carry traffic only when others fail."""
    exercised: date | None = None
    """The day on which it last carried traffic on purpose."""


class SeenNeed(Seen):
    """So many of these must hold: ids of paths, and needs of their own."""

    at_least: int
    of: tuple[str | SeenNeed, ...]


class SeenService(Seen):
    """A mission-critical capability, its paths, and how many of them it needs."""

    id: str
    name: str
    criticality: Criticality
    objective: float | None = None
    """The share of time that it shall work."""
    owner: str = ""
    contact: str = ""
    consequence: str = ""
    what_to_do: str = ""
    profile: str = ""
    """The id of the profile that says what is good enough for this service."""
    paths: tuple[SeenPath, ...] = ()
    needs: SeenNeed = SeenNeed(at_least=1, of=())


class SeenShift(Seen):
    """When a shift is on duty, by the site's clock on the wall; no days are every day."""

    id: str
    days: tuple[Weekday, ...] = ()
    begin: str
    until: str


class SiteView(Seen):
    """The whole site as seen by a desk."""

    name: str
    time_zone: str = "UTC"
    endpoints: tuple[SeenEndpoint, ...] = ()
    anchors: tuple[str, ...] = ()
    digest: str = ""
    """The SHA-256 of the site file that the engine runs; another one on disk has been changed since."""
    simulated: bool = False
    """Whether every reading is invented; then every view and every export says so."""
    profiles: tuple[Profile, ...] = ()
    """Those that an endpoint or a service names, as they come with the program that the engine is."""
    services: tuple[SeenService, ...] = ()
    """None where the engine is of an older program."""
    cards: tuple[ActionCard, ...] = ()
    """The action cards, each once, for many share them; none where the engine is of an older program."""
    risk_groups: tuple[SeenRiskGroup, ...] = ()
    longest_shelf_s: float = AlarmSettings().longest_shelf_s
    """For how long an alarm may be shelved without a justification."""
    shifts: tuple[SeenShift, ...] = ()
    """None where the engine is of an older program."""
    inferred_card: int | None = None
    """The place of the card for a common cause that was only inferred."""

    def card_of(self, endpoint: SeenEndpoint, cause: str) -> ActionCard | None:
        """Return the action card of a fault of an endpoint; ``None`` where there is none."""
        return self.card_at(endpoint.cards.get(cause))

    def card_at(self, place: int | None) -> ActionCard | None:
        """Return the card in a place; ``None`` where there is none."""
        return self.cards[place] if place is not None and 0 <= place < len(self.cards) else None

    def risk_group(self, group_id: str) -> SeenRiskGroup | None:
        """Find a risk group by its id."""
        return next((group for group in self.risk_groups if group.id == group_id), None)

    def profile_of(self, endpoint: SeenEndpoint) -> Profile | None:
        """Return an endpoint's profile with the site's own numbers in it, or ``None`` where it names none."""
        named = self._profile(endpoint.profile)
        return None if named is None else overridden(named, endpoint.profile_limits)

    def profile_of_service(self, service: SeenService) -> Profile | None:
        """Return what is good enough for a service, or ``None`` where it names no profile."""
        return self._profile(service.profile)

    def _profile(self, profile_id: str) -> Profile | None:
        return next((profile for profile in self.profiles if profile.id == profile_id), None)


def view_of(
    site: Site, probe_types: ProbeTypes, digest: str = "", profiles: Profiles = NO_PROFILES
) -> SiteView:
    """Show a site as desks may see it, with each probe's metrics from its type's declaration."""
    named = {one.profile for one in site.endpoints} | {one.profile for one in site.services}
    deck = CardDeck(RuleBook(site))
    endpoints = tuple(_seen_endpoint(endpoint, site, probe_types, deck) for endpoint in site.endpoints)
    groups = tuple(_seen_group(group, site, deck) for group in site.risk_groups)
    inferred = deck.of_group(None)
    return SiteView(
        name=site.name,
        time_zone=site.time_zone,
        endpoints=endpoints,
        anchors=site.own_connectivity.anchors,
        digest=digest,
        simulated=is_simulated(site, probe_types),
        profiles=tuple(profile for profile in profiles.values() if profile.id in named),
        services=tuple(_seen_service(service) for service in site.services),
        cards=deck.cards,
        risk_groups=groups,
        longest_shelf_s=site.alarms.longest_shelf_s,
        shifts=tuple(
            SeenShift(id=shift.id, days=shift.days, begin=shift.begin, until=shift.until)
            for shift in site.shifts
        ),
        inferred_card=inferred,
    )


def _seen_group(group: RiskGroup, site: Site, deck: CardDeck) -> SeenRiskGroup:
    return SeenRiskGroup(
        id=group.id,
        name=group.name,
        kind=group.kind,
        members=members_of(site, group.id),
        member_of=group.member_of,
        routers=group.routers,
        owner=group.owner,
        contact=group.contact,
        card=deck.of_group(group.id),
    )


def _seen_service(service: Service) -> SeenService:
    paths = (
        SeenPath(
            id=path.id,
            name=path.name,
            endpoints=path.endpoints,
            standby=path.standby,
            exercised=path.exercised,
        )
        for path in service.paths
    )
    return SeenService(
        id=service.id,
        name=service.name,
        criticality=service.criticality,
        objective=service.objective,
        owner=service.owner,
        contact=service.contact,
        consequence=service.consequence,
        what_to_do=service.what_to_do,
        profile=service.profile,
        paths=tuple(paths),
        needs=_seen_need(service.needs),
    )


def _seen_need(need: Need) -> SeenNeed:
    """Tell every kind of need as so many of a list."""
    if isinstance(need, str):
        return SeenNeed(at_least=1, of=(need,))
    if isinstance(need, AllOf):
        least, parts = len(need.all), need.all
    elif isinstance(need, AnyOf):
        least, parts = 1, need.any
    else:
        least, parts = need.at_least, need.of
    of = (part if isinstance(part, str) else _seen_need(part) for part in parts)
    return SeenNeed(at_least=least, of=tuple(of))


def _services_through(endpoint: Endpoint, site: Site) -> tuple[str, ...]:
    return tuple(
        service.name
        for service in site.services
        if any(endpoint.id in path.endpoints for path in service.paths)
    )


def _title(endpoint: Endpoint, probe: Probe, probe_types: ProbeTypes) -> str:
    """Name a probe; two pings of one endpoint, say in two traffic classes, must not look the same."""
    title = probe_types[probe.type].title
    alike = sum(other.type == probe.type for other in endpoint.probes)
    return title if alike == 1 else f"{title} {probe.name}"


def _usual_advice(endpoint: Endpoint, probe_types: ProbeTypes) -> str:
    """Return what the types say of what they ask, each once."""
    asked = ((probe_types[probe.type].advice, probe.parameters) for probe in endpoint.probes)
    said = (advice(parameters).strip() for advice, parameters in asked if advice is not None)
    return "\n".join(dict.fromkeys(filter(None, said)))


def _seen_metric(metric: Metric) -> SeenMetric:
    return SeenMetric(
        name=metric.name,
        unit=metric.unit,
        title=metric.title,
        when_low=metric.when_low,
        meanings=metric.meanings,
        judges=metric.judges,
    )


def _seen_endpoint(endpoint: Endpoint, site: Site, probe_types: ProbeTypes, deck: CardDeck) -> SeenEndpoint:
    advice = _usual_advice(endpoint, probe_types)
    probes = tuple(
        SeenProbe(
            name=probe.name,
            type=probe.type,
            title=_title(endpoint, probe, probe_types),
            period_s=probe.period_s,
            timeout_s=probe.timeout_s,
            reaches=probe_types[probe.type].reaches,
            limits=probe.limits,
            metrics=tuple(
                _seen_metric(metric) for metric in probe_types[probe.type].metrics(probe.parameters)
            ),
        )
        for probe in endpoint.probes
    )
    return SeenEndpoint(
        id=endpoint.id,
        name=endpoint.name,
        kind=endpoint.kind,
        address=endpoint.address,
        criticality=endpoint.criticality,
        location=endpoint.location,
        owner=endpoint.owner,
        contact=endpoint.contact,
        consequence=endpoint.consequence,
        what_to_do=endpoint.what_to_do,
        usual_advice=advice,
        time_to_respond_s=endpoint.time_to_respond_s or FAILED_S,
        risk_groups=endpoint.risk_groups,
        behind=endpoint.behind,
        serves=_services_through(endpoint, site),
        profile=endpoint.profile,
        profile_limits=endpoint.profile_limits,
        objective=endpoint.objective,
        voice=voice_at(site, endpoint),
        review_date=endpoint.review_date,
        agreement=endpoint.agreement,
        agreement_expires=endpoint.agreement_expires,
        cards=deck.of_endpoint(endpoint, advice),
        probes=probes,
    )
