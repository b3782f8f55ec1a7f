"""The typed model of one control room's configuration. It reads no file and never changes.

What the operator wrote stands here; what the engine learns never does.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny

from controlroom.probe import ProbeParameters
from controlroom.reading import ProbeKey

FORMAT = 1
"""The version of the site file's format that this program writes and reads."""

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""Lower-case letters, digits and hyphens: stable, typable, safe in a file name and on every screen."""

Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text for people, without control characters."""

Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""Text for people; tabs and line ends allowed."""


class Configured(BaseModel):
    """Base of everything configured: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EndpointKind(enum.StrEnum):
    """What an endpoint is to the control room; the desk groups by it, in this order."""

    RADIO_GATEWAY = "radio-gateway"
    MOBILE_LINK = "mobile-link"
    CLOUD = "cloud"
    PARTNER = "partner"
    INFRASTRUCTURE = "infrastructure"


class Criticality(enum.StrEnum):
    """How much hangs on an endpoint; an alarm's priority follows from it."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Limit(Configured):
    """Two values with a gap between, so that a figure at the edge does not flap (hysteresis)."""

    metric: Line = Field(description="The metric judged, such as rtt_s, or loss_ratio of any probe.")
    raise_above: float | None = Field(None, description="Degraded when the figure rises above this.")
    clear_below: float | None = Field(None, description="Good again when it falls below this.")
    raise_below: float | None = Field(None, description="Degraded when the figure falls below this.")
    clear_above: float | None = Field(None, description="Good again when it rises above this.")
    window_readings: int = Field(60, ge=1, le=3600, description="How many readings are judged.")
    minimum_readings: int = Field(20, ge=1, le=3600, description="Fewer readings claim nothing.")


class Probe(Configured):
    """A repeated measurement of an endpoint: the common part, and the type's own parameters."""

    type: Line = Field(description="The probe type: icmp, snmp or host.")
    name: Identifier = Field(description="Unique within its endpoint; the type's name by default.")
    period_s: float = Field(ge=0.2, le=86400, description="Seconds from one beat to the next.")
    timeout_s: float = Field(gt=0, le=60, description="Seconds after which a reply counts as lost.")
    confirm_attempts: int = Field(
        7, ge=1, le=30, description="Failures in a row that make a failure certain (hard)."
    )
    return_attempts: int = Field(
        3, ge=1, le=30, description="Replies in a row that make a recovery certain (hard)."
    )
    limits: tuple[Limit, ...] = Field((), description="When an answering endpoint is degraded.")
    parameters: SerializeAsAny[ProbeParameters]


class Endpoint(Configured):
    """Something with an address that the control room must be able to reach."""

    id: Identifier
    name: Line
    kind: EndpointKind
    address: Line = Field(description="A host name, or a literal IPv4 or IPv6 address.")
    criticality: Criticality = Criticality.MEDIUM
    location: Line = ""
    contact: Line = Field("", description="Whom to call when it fails.")
    consequence: Text = Field("", description="What the control room loses when it fails.")
    what_to_do: Text = Field("", description="What the operator does when it fails.")
    time_to_respond_s: float = Field(300, gt=0, description="Seconds an operator has to act.")
    risk_groups: tuple[Identifier, ...] = ()
    probes: tuple[Probe, ...] = ()

    def key(self, probe: Probe) -> ProbeKey:
        """The key under which a probe of this endpoint is measured and stored."""
        return ProbeKey(self.id, probe.name)


class RiskGroup(Configured):
    """What can take several endpoints at once: a carrier, a duct, a mast, a building, a feed."""

    id: Identifier
    name: Line
    kind: Literal["carrier", "duct", "mast", "building", "power", "region", "staff", "other"] = "other"
    member_of: tuple[Identifier, ...] = ()


class Path(Configured):
    """Endpoints that must all work for the path to work."""

    id: Identifier
    name: Line = ""
    endpoints: tuple[Identifier, ...] = Field(min_length=1)


class AllOf(Configured):
    """Every one of these needs must hold."""

    all: tuple[Need, ...] = Field(min_length=1)


class AnyOf(Configured):
    """One of these needs must hold."""

    any: tuple[Need, ...] = Field(min_length=1)


class AtLeast(Configured):
    """At least k of these needs must hold."""

    at_least: int = Field(ge=1)
    of: tuple[Need, ...] = Field(min_length=1)


Need = Identifier | AllOf | AnyOf | AtLeast
"""A path's id, or a nested need."""


class Service(Configured):
    """A mission-critical capability that needs some of its paths."""

    id: Identifier
    name: Line
    criticality: Criticality = Criticality.CRITICAL
    what_to_do: Text = ""
    paths: tuple[Path, ...] = Field(min_length=1)
    needs: Need


class OwnConnectivity(Configured):
    """How the engine knows that it can reach anything at all, before it blames an endpoint."""

    anchors: tuple[Identifier, ...] = Field(
        (), description="Endpoints that are independent of each other, such as gateway and resolver."
    )


class Site(Configured):
    """One control room's configuration."""

    format: Literal[1] = 1
    name: Line
    time_zone: Line = Field("UTC", description="An IANA zone name; times on screen are in it.")
    own_connectivity: OwnConnectivity = OwnConnectivity()
    risk_groups: tuple[RiskGroup, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    services: tuple[Service, ...] = ()

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        """Find an endpoint by its id, or ``None`` where the site no longer has it."""
        return next((endpoint for endpoint in self.endpoints if endpoint.id == endpoint_id), None)
