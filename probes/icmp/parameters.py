"""What can be set for a ping. It sends nothing."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from controlroom.probe import ProbeParameters

DEFAULT_TTL: Final = 64


class IcmpParameters(ProbeParameters):
    """How one echo request looks on the wire."""

    payload_bytes: int = Field(
        default=56,
        ge=16,
        le=1472,
        description="Bytes of data in each request; 56 is what ping sends, 1472 fills one Ethernet frame.",
    )
    ttl: int = Field(
        default=DEFAULT_TTL,
        ge=1,
        le=255,
        description="How many routers the request may pass (IPv6: hop limit).",
    )
    dscp: int = Field(
        default=0,
        ge=0,
        le=63,
        description="Traffic class of the request (DSCP): 0 is best effort, 46 is expedited, as for voice.",
    )
