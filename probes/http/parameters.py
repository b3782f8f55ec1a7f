"""What can be set for an HTTP probe, and how its keys hang together. Secrets are named here, never held."""

from __future__ import annotations

import enum
import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from controlroom.probe import ProbeParameters
from controlroom.site.only_with import only_with
from controlroom.site.secret import SecretReference
from probes.connection import parameters as shared
from probes.connection.parameters import FilePath, MinimumTls, Port, ServerName, SourceAddress
from probes.connection.trust import TlsSettings
from probes.http.content import compile_pattern

MOST_HEADERS: Final = 16
LARGEST_BODY_BYTES: Final = 256 * 1024
LARGEST_MATCHED_BYTES: Final = 64 * 1024
MOST_REDIRECTS: Final = 5

_OURS: Final = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "te"}
)
_OF_TLS: Final = frozenset({"verify_certificate", "authorities", "minimum_tls"})
_STATUS: Final = re.compile(r"([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?")


class Method(enum.StrEnum):
    """What is asked: neither changes anything on the server."""

    GET = "GET"
    HEAD = "HEAD"


def _status(text: str) -> str:
    found = _STATUS.fullmatch(text)
    if found is None or int(found[1]) > int(found[2] or found[1]):
        raise ValueError("is no status such as 200, nor a range such as 200-299")
    return text


def _pattern(text: str) -> str:
    if text:
        compile_pattern(text)
    return text


StatusText = Annotated[str, Field(max_length=7), AfterValidator(_status)]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Pattern = Annotated[str, Field(max_length=200), AfterValidator(_pattern)]
Target = Annotated[str, Field(max_length=2000, pattern=r"^/[!-\"$-~]*$")]
HeaderName = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")]
HeaderValue = Annotated[str, Field(max_length=1000, pattern=r"^([!-~]([ -~]*[!-~])?)?$")]


class HttpHeader(BaseModel):
    """One line of the request's head."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: HeaderName = Field(description="The header's name, such as X-Api-Key.")
    value: HeaderValue = Field("", description="Its value, or what stands before the secret, such as Bearer.")
    secret: SecretReference | None = Field(
        None, description="Where the secret part of the value is kept: file:PATH or keyring:SERVICE/USER."
    )

    @model_validator(mode="after")
    def _is_not_ours(self) -> Self:
        if self.name.lower() in _OURS:
            raise ValueError(f"name: {self.name} is set by the probe itself")
        return self


class HttpParameters(ProbeParameters):
    """What is asked, and what the answer must be. Secrets are references, never the secret itself."""

    tls: bool = Field(True, description="Whether it is HTTPS; without, nothing is encrypted.")
    port: Port | None = Field(None, description="The TCP port; 443 with TLS and 80 without where left out.")
    path: Target = Field("/", description="What is asked for, with the query: /health?full=1.")
    method: Method = Field(Method.GET, description="GET, or HEAD for the head of the answer alone.")
    expected_status: tuple[StatusText, ...] = Field(
        ("200-299",),
        min_length=1,
        max_length=16,
        description="The statuses that are well, each as 200 or as a range such as 200-299.",
    )
    body_contains: Annotated[tuple[Words, ...], only_with("method", "GET")] = Field(
        (), max_length=16, description="Texts that the body must all contain, letter by letter."
    )
    body_lacks: Annotated[tuple[Words, ...], only_with("method", "GET")] = Field(
        (), max_length=16, description="Texts of which the body may contain none."
    )
    body_pattern: Annotated[Pattern, only_with("method", "GET")] = Field(
        "", description="A regular expression that the body must match somewhere, without look-around."
    )
    most_body_bytes: Annotated[int, only_with("method", "GET")] = Field(
        LARGEST_MATCHED_BYTES,
        ge=0,
        le=LARGEST_BODY_BYTES,
        description="How much of the body is read; with a pattern at most 65536.",
    )
    redirects: int = Field(
        0,
        ge=0,
        le=MOST_REDIRECTS,
        description="How many redirects are followed, on the same host alone; without, one is no success.",
    )
    headers: tuple[HttpHeader, ...] = Field(
        (), max_length=MOST_HEADERS, description="Further headers of the request."
    )
    authorization: SecretReference | None = Field(
        None,
        description=(
            "Where the value of the Authorization header is kept, such as Bearer and a token: file:PATH or "
            "keyring:SERVICE/USER. Without TLS everybody on the way can read it."
        ),
    )
    server_name: ServerName = Field(
        "", description="The name asked for, which the certificate must be for; the address where left out."
    )
    verify_certificate: bool = Field(True, description=shared.VERIFY)
    authorities: Annotated[FilePath, only_with("verify_certificate", True)] = Field(
        "", description=shared.AUTHORITIES
    )
    minimum_tls: MinimumTls = Field(MinimumTls.V1_2, description=shared.MINIMUM_TLS)
    source_address: SourceAddress = Field("", description=shared.SOURCE_ADDRESS)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        # 1. What is about TLS stands with TLS; authorities stand where somebody looks at the certificate.
        # 2. A body is looked at only where one is asked for, and read.
        # 3. A header stands once.
        mistakes = [*self._tls_mistakes(), *self._body_mistakes(), *self._header_mistakes()]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _tls_mistakes(self) -> list[str]:
        idle = sorted(self.model_fields_set & _OF_TLS) if not self.tls and not self.redirects else []
        mistakes = [f"{name}: means something only with tls = true" for name in idle]
        if self.authorities and not self.verify_certificate:
            mistakes.append("authorities: mean something only where the certificate is verified")
        return mistakes

    def _body_mistakes(self) -> list[str]:
        if not (self.body_contains or self.body_lacks or self.body_pattern):
            return []
        mistakes = ["method: HEAD has no body to look at"] if self.method is Method.HEAD else []
        if self.most_body_bytes == 0:
            mistakes.append("most_body_bytes: nothing is read of the body that is looked at")
        if self.body_pattern and self.most_body_bytes > LARGEST_MATCHED_BYTES:
            mistakes.append(f"most_body_bytes: at most {LARGEST_MATCHED_BYTES} with a pattern")
        return mistakes

    def _header_mistakes(self) -> list[str]:
        names = [header.name.lower() for header in self.headers]
        if self.authorization is not None:
            names.append("authorization")
        return [f"headers: {name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]

    @property
    def tls_settings(self) -> TlsSettings:
        """How TLS is spoken."""
        return TlsSettings(self.verify_certificate, self.authorities, self.minimum_tls.value, ("http/1.1",))

    def expects(self, status: int) -> bool:
        """Whether a status is one of those that are well."""
        spans = [text.partition("-") for text in self.expected_status]
        return any(int(first) <= status <= int(last or first) for first, _, last in spans)
