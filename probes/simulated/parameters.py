"""What can be set for a simulated probe: its link, its usual round trip, its story. It answers nothing."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from controlroom.probe import ProbeParameters
from probes.simulated.link import Link
from probes.simulated.service import Service
from probes.simulated.story import fault_of, story_of


def _told(text: str) -> str:
    fault_of(text)
    return text


FaultText = Annotated[str, Field(max_length=60), AfterValidator(_told)]
"""One fault as people tell it, such as ``2:00-5:00 loses 30 %``."""


class SimulatedParameters(ProbeParameters):
    """How a simulated endpoint behaves, in general and in the story of fifteen minutes."""

    link: Link = Field(
        Link.FIBRE, description="What the way there is made of; round trip, spread and loss follow from it."
    )
    usual_rtt_s: float | None = Field(
        None,
        gt=0,
        le=5,
        description="The usual round trip in seconds; one that fits the link where it is left out.",
    )
    faults: tuple[FaultText, ...] = Field(
        (),
        max_length=32,
        description='What goes wrong in the story of 15 minutes, such as "2:00-5:00 silent", "loses 30 %", '
        '"slower 180 ms", "fades 60 %", "flaps 20 s", "rejects" or "unreachable" in the place of silent.',
    )
    service: Service = Field(
        Service.NONE,
        description="What is asked there: none for an echo alone, tls for a port with TLS, web for a page; "
        "dns, ntp, sip or udp-echo for what the probe type of that name asks.",
    )
    certificate_days: float = Field(
        60, ge=0, le=3650, description="For how many days the certificate of tls or web holds; it never ages."
    )
    seed: int = Field(1, ge=0, le=999_999, description="Another number, and chance falls another way.")

    @field_validator("faults")
    @classmethod
    def _one_at_a_time(cls, faults: tuple[str, ...]) -> tuple[str, ...]:
        story_of(faults)
        return faults
