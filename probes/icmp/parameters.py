"""What can be set for a ping. It sends nothing."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from controlroom.probe import IpVersion, ProbeParameters
from probes.traffic_class import NAMES_AND_NUMBERS, TrafficClass, dscp_number

DEFAULT_TTL: Final = 64

_VERSIONS: Final[dict[str, IpVersion]] = {"ipv4": 4, "ipv6": 6}


def _an_address_or_none(given: str) -> str:
    """Refuse a source address that is no literal address."""
    if given:
        try:
            ipaddress.ip_address(given)
        except ValueError:
            message = "not an IPv4 or IPv6 address"
            raise ValueError(message) from None
    return given


class IcmpParameters(ProbeParameters):
    """How an endpoint is pinged."""

    payload_bytes: int = Field(
        default=56,
        ge=16,
        le=8972,
        description=(
            "Bytes of data in each request; 56 is what ping sends, 1472 fills one Ethernet frame, "
            "8972 a jumbo frame."
        ),
    )
    ttl: int = Field(
        default=DEFAULT_TTL,
        ge=1,
        le=255,
        description="How many routers the request may pass (IPv6: hop limit).",
    )
    dscp: TrafficClass = Field(
        default=0,
        description=(
            f"Traffic class of the request (DSCP), {NAMES_AND_NUMBERS}. Two probes of one endpoint show two "
            "classes side by side."
        ),
    )
    dont_fragment: bool = Field(
        default=False,
        description=(
            "Forbid the network to cut the request into pieces: "
            "shows whether packets of this size pass whole."
        ),
    )
    ip_version: Literal["any", "ipv4", "ipv6"] = Field(
        default="any",
        description="Which of its addresses an endpoint with a name is asked at.",
    )
    source_address: Annotated[str, AfterValidator(_an_address_or_none)] = Field(
        default="",
        max_length=64,
        description="Address of this machine that requests are sent from; empty lets the system choose.",
    )
    interface: str = Field(
        default="",
        max_length=15,
        description="Network interface of this machine that requests leave by; empty lets the system choose.",
    )
    burst_count: int = Field(
        default=1,
        ge=1,
        le=20,
        description=(
            "Requests sent on each beat, 20 ms apart, as one reading: the median round-trip time, and the "
            "loss, jitter and spread within the burst. 1 is a plain ping."
        ),
    )

    @property
    def dscp_number(self) -> int:
        """The traffic class as it stands on the wire, 0 to 63."""
        return dscp_number(self.dscp)

    @property
    def wanted_ip_version(self) -> IpVersion | None:
        """The one IP version that is asked by; None for whichever address comes first."""
        return _VERSIONS.get(self.ip_version)
