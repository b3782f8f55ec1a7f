"""What can be set for a SIP probe. It asks nobody."""

from __future__ import annotations

import enum
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from controlroom.probe import ProbeParameters
from controlroom.site.only_with import only_with
from probes.connection.parameters import AUTHORITIES, FilePath
from probes.connection.trust import TlsSettings

UNAVAILABLE: Final = frozenset({408, 503})
"""What a server says that lives itself, while what stands behind it does not answer or cannot serve."""

User = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.!~*'()&=+$,/-]*$")]
Domain = Annotated[str, Field(max_length=255, pattern=r"^[A-Za-z0-9_.:-]*$")]
Status = Annotated[str, Field(pattern=r"^[2-6](xx|[0-9]{2})$")]


class Transport(enum.StrEnum):
    """How the question travels."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class SipParameters(ProbeParameters):
    """How a telephone server is asked, in whose name, and which answers are right."""

    transport: Transport = Field(
        Transport.UDP, description="udp, asked again where no answer comes; tcp; or tls."
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="The server's port; 5060, and with tls 5061, where it is left out."
    )
    user: User = Field("", description="Whom at the server the question is for, such as a trunk's number.")
    domain: Domain = Field("", description="The domain that is asked; the endpoint's address by default.")
    from_user: User = Field(
        "controlroom", description="Who asks, for servers that only answer those they know."
    )
    from_domain: Domain = Field("", description="The domain of who asks; this machine's address by default.")
    accepted_statuses: tuple[Status, ...] = Field(
        (),
        max_length=32,
        description="Which final answers are right, such as 200, 486 or 4xx. Left out, all are, for whoever "
        "answers lives; but 408 and 503 say that the server cannot serve.",
    )
    verify_certificate: Annotated[bool, only_with("transport", "tls")] = Field(
        True, description="Whether the certificate must be valid, by the authorities known here."
    )
    authorities: Annotated[FilePath, only_with("transport", "tls"), only_with("verify_certificate", True)] = (
        Field("", description=AUTHORITIES)
    )
    server_name: Annotated[Domain, only_with("transport", "tls")] = Field(
        "", description="The name in the certificate; the endpoint's address by default."
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.authorities and self.transport is not Transport.TLS:
            raise ValueError('authorities: mean something only with transport = "tls"')
        if self.authorities and not self.verify_certificate:
            raise ValueError("authorities: mean something only where the certificate is verified")
        return self

    @property
    def tls_settings(self) -> TlsSettings:
        """How TLS is spoken."""
        return TlsSettings(self.verify_certificate, self.authorities)

    @property
    def wire_port(self) -> int:
        """The port that is asked."""
        return self.port or (5061 if self.transport is Transport.TLS else 5060)

    def accepts(self, status: int) -> bool:
        """Whether a final answer is right."""
        if not self.accepted_statuses:
            return status not in UNAVAILABLE
        return bool({str(status), f"{status // 100}xx"} & {*self.accepted_statuses})
