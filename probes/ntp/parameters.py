"""What can be set for an NTP probe. It asks nobody."""

from __future__ import annotations

from pydantic import Field

from controlroom.probe import ProbeParameters


class NtpParameters(ProbeParameters):
    """How a time server is asked."""

    port: int = Field(123, ge=1, le=65535, description="The UDP port that the time server listens on.")
    version: int = Field(
        4, ge=3, le=4, description="The version of NTP that is spoken; 3 for servers that do not know 4."
    )
    highest_stratum: int = Field(
        15,
        ge=1,
        le=15,
        description="How far the server may be from a clock that keeps time by itself: 1 is the server of "
        "such a clock. One that is further away counts as unsynchronised.",
    )
