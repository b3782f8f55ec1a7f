"""What can be set for a TCP probe. It opens nothing."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from controlroom.probe import ProbeParameters
from controlroom.site.only_with import only_with
from probes.connection import parameters as shared
from probes.connection.parameters import FilePath, MinimumTls, Port, ServerName, SourceAddress
from probes.connection.trust import TlsSettings

_OF_TLS: Final = frozenset({"server_name", "verify_certificate", "authorities", "minimum_tls"})


class TcpParameters(ProbeParameters):
    """Which port is tried, and whether TLS is set up on it."""

    port: Port = Field(description="The TCP port that the service listens on.")
    tls: bool = Field(False, description="Whether TLS is set up and the certificate looked at.")
    server_name: Annotated[ServerName, only_with("tls", True)] = Field("", description=shared.SERVER_NAME)
    verify_certificate: Annotated[bool, only_with("tls", True)] = Field(True, description=shared.VERIFY)
    authorities: Annotated[FilePath, only_with("tls", True), only_with("verify_certificate", True)] = Field(
        "", description=shared.AUTHORITIES
    )
    minimum_tls: Annotated[MinimumTls, only_with("tls", True)] = Field(
        MinimumTls.V1_2, description=shared.MINIMUM_TLS
    )
    source_address: SourceAddress = Field("", description=shared.SOURCE_ADDRESS)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        idle = sorted(self.model_fields_set & _OF_TLS) if not self.tls else []
        if idle:
            raise ValueError("; ".join(f"{name}: means something only with tls = true" for name in idle))
        if self.authorities and not self.verify_certificate:
            raise ValueError("authorities: mean something only where the certificate is verified")
        return self

    @property
    def tls_settings(self) -> TlsSettings:
        """How TLS is spoken."""
        return TlsSettings(self.verify_certificate, self.authorities, self.minimum_tls.value)
