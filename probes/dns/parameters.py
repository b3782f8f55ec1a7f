"""What can be set for a DNS probe, and its rules. It asks nobody."""

from __future__ import annotations

import enum
from typing import Annotated, Self

from pydantic import Field, model_validator

from controlroom.probe import ProbeParameters


class RecordType(enum.StrEnum):
    """What is asked about a name."""

    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    TXT = "TXT"
    SRV = "SRV"
    CNAME = "CNAME"
    NS = "NS"
    SOA = "SOA"
    PTR = "PTR"


class Comparison(enum.StrEnum):
    """How the answer stands to the expected values."""

    SAME = "same"
    AT_LEAST = "at-least"
    AMONG = "among"


class Transport(enum.StrEnum):
    """How the question travels."""

    UDP = "udp"
    TCP = "tcp"


Value = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]+$")]


class DnsParameters(ProbeParameters):
    """What a name server is asked, and which answer is right."""

    query_name: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x20\x7f]+$")] = Field(
        description="The name that is asked for, such as dispatch.example.org; for PTR an address will do."
    )
    record_type: RecordType = Field(RecordType.A, description="What is asked about the name.")
    expected: tuple[Value, ...] = Field(
        (),
        max_length=32,
        description="The right answer, one value each: an address, a name, a text, or as in a zone file "
        "(10 mail.example.org). Left out, any answer is right.",
    )
    comparison: Comparison = Field(
        Comparison.SAME,
        description="How the answer stands to the expected values: the same, with all of them at least, or "
        "with none but those among them.",
    )
    require_dnssec: bool = Field(
        False,
        description="Whether the server must mark the answer as proven by DNSSEC (AD flag), as a validating "
        "resolver does for a signed zone.",
    )
    recursion: bool = Field(
        True,
        description="Whether the server may ask others on our behalf; without it only what it knows itself "
        "is an answer.",
    )
    transport: Transport = Field(
        Transport.UDP, description="udp, with TCP where the answer does not fit; or tcp from the start."
    )
    port: int = Field(53, ge=1, le=65535, description="The port that the server listens on.")

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        # The message library takes a while to load, and not every site needs it: where a site is read, off
        # the loop, all of it that asking needs is loaded along.
        from probes.dns.message import build_query
        from probes.dns.question import QuestionError

        try:
            build_query(self, 0)
        except QuestionError as error:
            raise ValueError(str(error)) from None
        return self
