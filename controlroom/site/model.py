"""The typed model of one control room's configuration. It reads no file and never changes.

What the operator wrote stands here; what the engine learns never does.
"""

from __future__ import annotations

import enum
from datetime import date
from typing import Literal

from pydantic import Field, SerializeAsAny

from controlroom.probe import ProbeParameters
from controlroom.reading import ProbeKey
from controlroom.site.alarm_rule import AlarmRule
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.configured import WHEN_EMPTY, Alternatives, Configured, Identifier, Line, Text
from controlroom.site.criticality import Criticality as Criticality
from controlroom.site.duty import Contact, Escalation, QuietHours, Shift
from controlroom.site.endpoint_kind import EndpointKind as EndpointKind
from controlroom.site.profile_override import ProfileOverride
from controlroom.site.risk_group import RiskGroup as RiskGroup
from controlroom.site.service import Service as Service

FORMAT = 1
"""The version of the site file's format that this program writes and reads."""


class Limit(Configured):
    """Two values with a gap between, so that a figure at the edge does not flap (hysteresis)."""

    metric: Line = Field(description="The metric judged, such as rtt_s, or loss_ratio of any probe.")
    raise_above: float | None = Field(None, description="Degraded when the figure rises above this.")
    clear_below: float | None = Field(None, description="Good again when it falls below this.")
    raise_below: float | None = Field(None, description="Degraded when the figure falls below this.")
    clear_above: float | None = Field(None, description="Good again when it rises above this.")
    window_readings: int = Field(60, ge=1, le=600, description="How many readings are judged.")
    minimum_readings: int = Field(20, ge=1, le=600, description="Fewer readings claim nothing.")
    beyond_readings: int | None = Field(
        None,
        ge=1,
        le=600,
        description="So many of them must be beyond, in place of their median; not for loss_ratio.",
    )
    on_delay_s: float = Field(
        0.0, ge=0, le=86400, description="Seconds that it must stay beyond before it counts as degraded."
    )
    off_delay_s: float = Field(
        0.0, ge=0, le=86400, description="Seconds that it must stay within before it counts as good again."
    )


class LimitWherePresent(Limit):
    """A usual limit of a probe's type on a figure that not everyone has, and that nobody misses then.

    No site writes one: ``usual.py`` makes it.
    """

    told_by: str = ""
    """The state that says why, where the figure is only how bad that is."""


class Probe(Configured):
    """A repeated measurement of an endpoint: the common part, and the type's own parameters."""

    type: Line = Field(
        description="The probe type: icmp, snmp, tcp, http, dns, ntp, sip, udp-echo, host or simulated."
    )
    name: Identifier = Field(description="Unique within its endpoint; the type's name by default.")
    period_s: float = Field(ge=0.2, le=86400, description="Seconds from one beat to the next.")
    timeout_s: float = Field(gt=0, le=60, description="Seconds after which a reply counts as lost.")
    confirm_attempts: int | None = Field(
        None,
        ge=1,
        le=30,
        description="Failures in a row that make a failure certain (hard). Learned from the link's own losses"
        " where it is not set: seven for one that loses 5 % at random.",
        json_schema_extra={WHEN_EMPTY: "learned from the link"},
    )
    return_attempts: int = Field(
        3,
        ge=1,
        le=30,
        description="Replies in a row that make a recovery certain (hard); more are needed where"
        " single ones came to nothing.",
    )
    limits: tuple[Limit, ...] = Field((), description="When an answering endpoint is degraded.")
    parameters: SerializeAsAny[ProbeParameters] = Field(
        description="The type's own keys; in a site file they stand beside the others."
    )


class Codec(enum.StrEnum):
    """How speech is coded on its way; ``measure/codec.py`` has what is published of each."""

    NO_VOICE = "no-voice"
    G711 = "g711"
    G711_PLC = "g711-plc"
    G729A_VAD = "g729a-vad"
    G723_1_VAD = "g723-1-vad"
    GSM_EFR = "gsm-efr"
    AMR_12_2 = "amr-12-2"
    TETRA_ACELP = "tetra-acelp"
    EVS = "evs"
    OTHER = "other"


class JitterBufferRule(enum.StrEnum):
    """By which rule a jitter buffer is taken to hold speech back."""

    FIXED = "fixed"
    TWICE_JITTER = "twice-jitter"
    DELAY_VARIATION = "delay-variation"


class Voice(Configured):
    """What the estimate of voice quality assumes, beyond what is measured. What is ``None`` is not said here.

    An endpoint's own goes before the site's (``site/voice.py``).
    """

    codec: Codec | None = Field(
        None,
        description="How speech is coded; no quality is estimated without it, or with no-voice. The values "
        "of tetra-acelp, evs and other are not published: set ie, bpl and packetisation_s.",
    )
    packetisation_s: float | None = Field(
        None, gt=0, le=0.5, description="Seconds of speech in one packet. Default: as is usual for the codec."
    )
    look_ahead_s: float | None = Field(
        None, ge=0, le=0.5, description="Seconds that the codec looks ahead. Default: the codec's, else 0."
    )
    jitter_buffer_rule: JitterBufferRule | None = Field(
        None,
        description="How long the jitter buffer holds back: fixed, for jitter_buffer_s; twice-jitter (the "
        "default), for twice the jitter measured and at least jitter_buffer_s; delay-variation, for the 99th "
        "percentile of the delay variation measured.",
    )
    jitter_buffer_s: float | None = Field(
        None, ge=0, le=2, description="Seconds that the jitter buffer holds back by design. Default: 0.04."
    )
    extra_delay_s: float | None = Field(
        None,
        ge=0,
        le=5,
        description="Seconds of delay that no probe sees, such as of a radio network behind the endpoint. "
        "Default: 0.",
    )
    ie: float | None = Field(
        None,
        ge=0,
        le=94,
        description="The codec's equipment impairment factor Ie, where another than the published one holds.",
    )
    bpl: float | None = Field(
        None, gt=0, le=100, description="The codec's packet-loss robustness factor Bpl; goes with ie."
    )


class Endpoint(Configured):
    """Something with an address that the control room must be able to reach."""

    id: Identifier = Field(description="Unique among the endpoints, and kept for ever: records hang on it.")
    name: Line = Field(description="What people call it.")
    kind: EndpointKind = Field(description="What it is to the control room; the desk groups by it.")
    address: Line = Field(description="A host name, or a literal IPv4 or IPv6 address.")
    criticality: Criticality = Field(
        Criticality.MEDIUM, description="How much hangs on it; the priority of its alarm follows."
    )
    location: Line = Field("", description="Where it stands.")
    owner: Line = Field("", description="Who answers for it, and for its entry here being right.")
    contact: Line = Field("", description="Whom to call when it fails.")
    consequence: Text = Field("", description="What the control room loses when it fails.")
    what_to_do: Text = Field("", description="What the operator does when it fails.")
    time_to_respond_s: float | None = Field(
        None,
        gt=0,
        description="Seconds an operator has to act when it fails; the priority of its alarm follows.",
        json_schema_extra={WHEN_EMPTY: "as is usual for the fault"},
    )
    risk_groups: tuple[Identifier, ...] = Field(
        (), description="Ids of what can take it down together with other endpoints."
    )
    behind: tuple[Alternatives, ...] = Field(
        (),
        max_length=64,
        description="Ids of endpoints that it can be reached through alone, such as a router; all are "
        "needed. With | between them one is enough, as of two uplinks: uplink-a | uplink-b.",
    )
    profile: Line = Field("", description="The id of the profile that says what is good enough for its use.")
    profile_limits: tuple[ProfileOverride, ...] = Field(
        (), description="Numbers in the place of the profile's, one table a figure."
    )
    objective: float | None = Field(
        None, ge=0.5, le=0.999999, description="The share of time that it shall work, such as 0.999."
    )
    review_date: date | None = Field(
        None, description="The day by which its owner looks again whether this is still right."
    )
    agreement: Line = Field(
        "",
        description="The reference of the agreement under which data are shared with it.",
    )
    agreement_expires: date | None = Field(None, description="The last day on which that agreement holds.")
    voice: Voice = Field(
        Voice(), description="What the estimate of voice quality assumes here and not in the whole site."
    )
    probes: tuple[Probe, ...] = Field((), description="How it is measured; at least one in a site file.")

    def key(self, probe: Probe) -> ProbeKey:
        """The key under which a probe of this endpoint is measured and stored."""
        return ProbeKey(self.id, probe.name)


class OwnConnectivity(Configured):
    """How the engine knows that it can reach anything at all, before it blames an endpoint."""

    anchors: tuple[Identifier, ...] = Field(
        (), description="Endpoints that are independent of each other, such as gateway and resolver."
    )


class History(Configured):
    """How much of what was measured is kept. The log and the alarms are kept for ever.

    Days, months and years count by those in which something was measured.
    """

    raw_days: int = Field(14, ge=1, le=3660, description="Days of which every single reading is kept.")
    minute_months: int = Field(13, ge=1, le=1200, description="Months of which every minute is kept.")
    hour_years: int = Field(10, ge=1, le=100, description="Years of which every hour and day is kept.")
    most_gb: float = Field(
        60.0, ge=0.1, le=100_000, description="Gigabytes for all of it; beyond them the oldest goes first."
    )


class Routes(Configured):
    """Whether the routes to endpoints are traced without being asked for."""

    trace: bool = Field(
        True,
        description="Whether routes are traced hourly and as an endpoint turns bad; an operator may always.",
    )


class Changes(Configured):
    """How readily a change of a link is told that is within all limits."""

    false_call_days: float = Field(
        30.0,
        ge=1,
        le=365,
        description="At most one false call of a link in so many days; fewer find slighter changes sooner.",
    )


class Site(Configured):
    """One control room's configuration."""

    format: Literal[1] = Field(1, description="The version of this format.")
    name: Line = Field(description="The control room's name.")
    time_zone: Line = Field("UTC", description="An IANA zone name; times on screen are in it.")
    own_connectivity: OwnConnectivity = Field(
        OwnConnectivity(), description="How the engine knows that it can reach anything at all."
    )
    history: History = Field(History(), description="How much of what was measured is kept.")
    routes: Routes = Field(Routes(), description="Whether routes are traced without being asked for.")
    changes: Changes = Field(Changes(), description="How readily changes of links are told.")
    voice: Voice = Field(Voice(), description="What the estimate of voice quality assumes.")
    alarms: AlarmSettings = Field(AlarmSettings(), description="How alarms behave in the whole site.")
    alarm_rules: tuple[AlarmRule, ...] = Field(
        (), description="What holds for the alarms of some faults of some endpoints; the first that fits."
    )
    contacts: tuple[Contact, ...] = Field((), description="Who can be called.")
    shifts: tuple[Shift, ...] = Field((), description="Who is on duty, and when.")
    escalations: tuple[Escalation, ...] = Field(
        (), description="Who is told while nobody acknowledges an alarm."
    )
    quiet_hours: tuple[QuietHours, ...] = Field((), description="When nobody is called for what can wait.")
    risk_groups: tuple[RiskGroup, ...] = Field((), description="What can take several endpoints at once.")
    endpoints: tuple[Endpoint, ...] = Field((), description="What is monitored.")
    services: tuple[Service, ...] = Field((), description="What the control room must be able to do.")

    def endpoint(self, endpoint_id: str) -> Endpoint | None:
        """Find an endpoint by its id, or ``None`` where the site no longer has it."""
        return next((endpoint for endpoint in self.endpoints if endpoint.id == endpoint_id), None)
