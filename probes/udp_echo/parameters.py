"""What can be set for a UDP echo probe. It sends nothing."""

from __future__ import annotations

import enum

from pydantic import Field

from controlroom.probe import ProbeParameters
from probes.traffic_class import NAMES_AND_NUMBERS, TrafficClass, dscp_number


class Mode(enum.StrEnum):
    """What is spoken with the other end."""

    ECHO = "echo"
    STAMP = "stamp"


class UdpEchoParameters(ProbeParameters):
    """How a burst looks on the wire."""

    mode: Mode = Field(
        Mode.ECHO,
        description="echo sends each packet for the other end to send back; stamp speaks STAMP or TWAMP "
        "Light with a router's reflector, which tells forward and backward apart.",
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="The UDP port; 7 for echo and 862 for stamp where it is left out."
    )
    packets: int = Field(10, ge=1, le=50, description="How many packets are sent each time.")
    gap_s: float = Field(
        0.02,
        ge=0.001,
        le=1.0,
        allow_inf_nan=False,
        description="Seconds from one packet to the next; less where they would take more than half of the "
        "timeout.",
    )
    payload_bytes: int = Field(
        172, ge=44, le=1400, description="Bytes of data in each packet; 172 is a voice packet (G.711, 20 ms)."
    )
    dscp: TrafficClass = Field(0, description=f"Traffic class of the packets (DSCP), {NAMES_AND_NUMBERS}.")

    @property
    def dscp_number(self) -> int:
        """The traffic class as it stands on the wire, 0 to 63."""
        return dscp_number(self.dscp)

    @property
    def wire_port(self) -> int:
        """The port that is asked."""
        return self.port or (7 if self.mode is Mode.ECHO else 862)

    def pace_s(self, timeout_s: float) -> float:
        """Seconds from one packet to the next, so that half of the timeout is left for the last."""
        return min(self.gap_s, timeout_s / 2 / max(1, self.packets - 1))
