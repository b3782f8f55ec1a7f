"""What one probe run yields: an outcome with a reason code, and values. It judges nothing."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class Outcome(enum.StrEnum):
    """How the asking went. ``NOT_RUN`` says something of us, never of the endpoint."""

    REPLIED = "replied"
    NO_REPLY = "no_reply"
    REFUSED = "refused"
    NOT_RUN = "not_run"


class Reason(enum.StrEnum):
    """Why an outcome is what it is: a stable code, worded only at the edge.

    The order is the order in the store: append, never insert or rename.
    """

    NONE = "none"
    # no_reply
    DEADLINE = "deadline"
    # refused: the network or the target said no
    NETWORK_UNREACHABLE = "network_unreachable"
    HOST_UNREACHABLE = "host_unreachable"
    PORT_UNREACHABLE = "port_unreachable"
    PROHIBITED = "prohibited"
    TTL_EXCEEDED = "ttl_exceeded"
    FRAGMENTATION_NEEDED = "fragmentation_needed"
    OTHER_ICMP_ERROR = "other_icmp_error"
    AUTHENTICATION_FAILED = "authentication_failed"
    NO_SUCH_OBJECT = "no_such_object"
    DEVICE_ERROR = "device_error"
    # not_run: we could not ask
    NO_PRIVILEGE = "no_privilege"
    NO_ROUTE = "no_route"
    NO_NAME = "no_name"
    NO_SECRET = "no_secret"  # noqa: S105 - a reason, not a password
    SEND_FAILED = "send_failed"
    OWN_BUFFER_FULL = "own_buffer_full"
    OVERLOADED = "overloaded"
    CLOCK_STEPPED = "clock_stepped"
    ASLEEP = "asleep"
    STOPPED = "stopped"
    UNSUPPORTED = "unsupported"
    UNDECODABLE = "undecodable"
    # refused: what name servers, time servers and telephone servers say, or what they are caught at
    CONNECTION_CLOSED = "connection_closed"
    TLS_FAILED = "tls_failed"
    DNS_FORMAT_ERROR = "dns_format_error"
    DNS_SERVER_FAILURE = "dns_server_failure"
    DNS_NO_SUCH_NAME = "dns_no_such_name"
    DNS_NOT_IMPLEMENTED = "dns_not_implemented"
    DNS_REFUSED = "dns_refused"
    DNS_OTHER_ERROR = "dns_other_error"
    DNS_NO_RECORDS = "dns_no_records"
    DNS_OTHER_ANSWER = "dns_other_answer"
    DNS_NOT_AUTHENTIC = "dns_not_authentic"
    NTP_UNSYNCHRONISED = "ntp_unsynchronised"
    NTP_TOO_OFTEN = "ntp_too_often"
    NTP_DENIED = "ntp_denied"
    NTP_RESTRICTED = "ntp_restricted"
    NTP_OTHER_KISS = "ntp_other_kiss"
    SIP_UNAVAILABLE = "sip_unavailable"
    SIP_OTHER_STATUS = "sip_other_status"
    # refused: certificates, web services, and what speaks another language
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_WRONG_NAME = "certificate_wrong_name"
    CERTIFICATE_SELF_SIGNED = "certificate_self_signed"
    CERTIFICATE_UNKNOWN_ISSUER = "certificate_unknown_issuer"
    CERTIFICATE_INVALID = "certificate_invalid"
    STATUS_UNEXPECTED = "status_unexpected"
    CONTENT_UNEXPECTED = "content_unexpected"
    WRONG_PROTOCOL = "wrong_protocol"
    # not_run: we could not ask
    NO_AUTHORITIES = "no_authorities"
    # not_run: what was set for the probe cannot be had on this machine
    NO_SOURCE = "no_source"
    PACKET_TOO_BIG = "packet_too_big"
    # not_run: asked while our own connection was lost. With no_reply or refused: what was seen of a question
    # asked before we knew that (see ``Reading.corrects``)
    BLIND = "blind"
    # no_reply: our own link knows nobody to hand the question to
    NO_NEIGHBOUR = "no_neighbour"
    ROUTER_SILENT = "router_silent"
    # not_run: this machine's own routes or firewall
    FORBIDDEN_HERE = "forbidden_here"
    # refused: answers that do not come to their end, or lead elsewhere
    ANSWER_CUT = "answer_cut"
    REDIRECTED = "redirected"


class Telling(enum.Enum):
    """Whether a reading is the first word of its question, and the only one.

    An overdue answer to a beat is told as lost, for silence alone, before its deadline; what comes of it in
    the end counts for the loss ratio and, where that is an answer, for everything.
    """

    ONCE = enum.auto()
    OVERDUE = enum.auto()
    AGAIN = enum.auto()


PATH_MTU_BYTES = "path_mtu_bytes"
"""The value of a reading refused as ``FRAGMENTATION_NEEDED``: the largest packet that a router passes on."""

ALIVE_BUT_UNMEASURED = frozenset(
    {
        Reason.AUTHENTICATION_FAILED,
        Reason.NO_SUCH_OBJECT,
        Reason.DEVICE_ERROR,
        Reason.DNS_FORMAT_ERROR,
        Reason.DNS_NOT_IMPLEMENTED,
        Reason.DNS_REFUSED,
        Reason.NTP_TOO_OFTEN,
        Reason.NTP_DENIED,
        Reason.NTP_RESTRICTED,
    }
)
"""Refusals that only the endpoint itself can send: it lives, but leaves us without a figure."""

SERVICE_FAILED = frozenset(
    {
        Reason.CONNECTION_CLOSED,
        Reason.TLS_FAILED,
        Reason.DNS_SERVER_FAILURE,
        Reason.DNS_NO_SUCH_NAME,
        Reason.DNS_OTHER_ERROR,
        Reason.DNS_NO_RECORDS,
        Reason.DNS_OTHER_ANSWER,
        Reason.DNS_NOT_AUTHENTIC,
        Reason.NTP_UNSYNCHRONISED,
        Reason.NTP_OTHER_KISS,
        Reason.SIP_UNAVAILABLE,
        Reason.SIP_OTHER_STATUS,
        Reason.CERTIFICATE_EXPIRED,
        Reason.CERTIFICATE_NOT_YET_VALID,
        Reason.CERTIFICATE_WRONG_NAME,
        Reason.CERTIFICATE_SELF_SIGNED,
        Reason.CERTIFICATE_UNKNOWN_ISSUER,
        Reason.CERTIFICATE_INVALID,
        Reason.STATUS_UNEXPECTED,
        Reason.CONTENT_UNEXPECTED,
        Reason.WRONG_PROTOCOL,
        Reason.ANSWER_CUT,
        Reason.REDIRECTED,
    }
)
"""Refusals by an endpoint that is reached and does not do what it is there for: as bad as silence."""


SAYS_NOTHING_OF_LOSS = ALIVE_BUT_UNMEASURED | {Reason.BLIND}
"""Reasons with which a reading counts neither as asked nor as lost, whatever was seen."""


def shows_loss(outcome: Outcome, reason: Reason) -> bool | None:
    """Tell whether what was asked was lost; ``None`` where nothing can be said of that.

    *Not run* was never asked, an endpoint that turns us away has not lost our question, and while our own
    connection is lost silence is ours.
    """
    if outcome is Outcome.NOT_RUN or reason in SAYS_NOTHING_OF_LOSS:
        return None
    return outcome is not Outcome.REPLIED


@dataclass(frozen=True, slots=True)
class ProbeKey:
    """Which probe of which endpoint; both are ids of the site, unique together."""

    endpoint_id: str
    probe_name: str

    def __str__(self) -> str:
        """Write the key as people type it: ``endpoint/probe``."""
        return f"{self.endpoint_id}/{self.probe_name}"


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """One numeric value over time: a metric of a probe of an endpoint."""

    endpoint_id: str
    probe_name: str
    metric: str

    def __str__(self) -> str:
        """Write the key as people type it: ``endpoint/probe/metric``."""
        return f"{self.endpoint_id}/{self.probe_name}/{self.metric}"

    @property
    def probe(self) -> ProbeKey:
        """The probe that yields this series."""
        return ProbeKey(self.endpoint_id, self.probe_name)


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of asking once.

    ``sent_utc_s`` is POSIX seconds, for people; ``sent_monotonic_s`` is the engine's monotonic
    clock, for durations. ``values`` holds only what was measured: a lost probe has no round-trip
    time, so the key is absent, never zero. ``beat`` is false for re-probes, which count neither for
    loss nor for availability. ``detail`` is raw evidence for a person (bounded, untrusted text); a part
    ``METRIC: unknown (WHY)`` of it says of a value without a number why it has none (``measure/remark``).
    ``telling`` is for the judging alone.
    """

    probe: ProbeKey
    sent_utc_s: float
    sent_monotonic_s: float
    outcome: Outcome
    reason: Reason = Reason.NONE
    values: Mapping[str, float] = field(default_factory=dict)
    beat: bool = True
    detail: str = ""
    telling: Telling = Telling.ONCE

    @property
    def corrects(self) -> bool:
        """Whether this is a reading told again, and takes the place of the one that was told first.

        It was lost before we knew that our own connection was: what was seen stays, and counts no more.
        """
        return self.reason is Reason.BLIND and self.outcome is not Outcome.NOT_RUN


def reason_code(reason: Reason, values: Mapping[str, float]) -> str:
    """Return the code of a reason with the figure that belongs to it: ``fragmentation_needed:1400``."""
    mtu = values.get(PATH_MTU_BYTES)
    if mtu is None or reason is not Reason.FRAGMENTATION_NEEDED:
        return reason.value
    return f"{reason.value}:{mtu:.0f}"


def lacking_code(metrics: Iterable[str]) -> str:
    """Return the code of what the answers lack: ``no_such_object:rsrp_dbm,load_ratio``."""
    return f"{Reason.NO_SUCH_OBJECT}:{','.join(dict.fromkeys(metrics))}"


def lacking_of(code: str) -> tuple[str, ...]:
    """Return the metrics that a code says to be lacking; none where it says no such thing."""
    reason, _, metrics = code.partition(":")
    return tuple(filter(None, metrics.split(","))) if reason == Reason.NO_SUCH_OBJECT else ()
