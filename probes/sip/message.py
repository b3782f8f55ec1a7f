"""SIP messages as bytes (RFC 3261): builds OPTIONS, reads a response. No sockets, no clock.

Rules
1. A response is ours when the branch of its topmost Via, its Call-ID and its CSeq are those of our request;
   branch and Call-ID are of chance, so that nobody can guess them.
2. What cannot be read is ``None``, never an exception.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from probes.sip.parameters import SipParameters, Transport

LARGEST_BODY_BYTES: Final = 16_384
MOST_HEADERS: Final = 200

_MAGIC: Final = "z9hG4bK"
_STATUS_LINE: Final = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.IGNORECASE)
_BRANCH: Final = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.IGNORECASE)
_SEQUENCE: Final = re.compile(r"([0-9]{1,10})\s+([A-Za-z]+)")
_SHORT_NAMES: Final = {"v": "via", "i": "call-id", "f": "from", "t": "to", "l": "content-length"}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What makes a request known again in its response."""

    branch: str = field(default_factory=lambda: _MAGIC + secrets.token_hex(12))
    call_id: str = field(default_factory=lambda: secrets.token_hex(16))
    tag: str = field(default_factory=lambda: secrets.token_hex(8))
    sequence: int = field(default_factory=lambda: 1 + secrets.randbelow(0x7FFF_FFFE))


@dataclass(frozen=True, slots=True)
class Response:
    """A response: its status, and the first value of each header, by its long name in small letters."""

    status: int
    phrase: str
    headers: Mapping[str, str]

    @property
    def final(self) -> bool:
        """Whether nothing more will come."""
        return self.status >= 200

    def answers(self, ticket: Ticket) -> bool:
        """Whether this is the response to the request with that ticket."""
        branch = _BRANCH.search(self.headers.get("via", "").partition(",")[0])
        sequence = _SEQUENCE.fullmatch(self.headers.get("cseq", ""))
        return (
            branch is not None
            and branch[1] == ticket.branch
            and self.headers.get("call-id") == ticket.call_id
            and sequence is not None
            and (int(sequence[1]), sequence[2]) == (ticket.sequence, "OPTIONS")
        )


def build_options(parameters: SipParameters, ticket: Ticket, address: str, own: tuple[str, int]) -> bytes:
    """Build the request to ``address`` from our own address and port."""
    here, transport = f"{_host(own[0])}:{own[1]}", parameters.transport
    marked = ";transport=tcp" if transport is Transport.TCP else ""
    asked = _uri(parameters.user, parameters.domain or address)
    caller = _uri(parameters.from_user, parameters.from_domain or own[0])
    lines = (
        f"OPTIONS {asked}:{parameters.wire_port}{marked} SIP/2.0",
        f"Via: SIP/2.0/{transport.value.upper()} {here};branch={ticket.branch};rport",
        "Max-Forwards: 70",
        f"From: <{caller}>;tag={ticket.tag}",
        f"To: <{asked}>",
        f"Call-ID: {ticket.call_id}",
        f"CSeq: {ticket.sequence} OPTIONS",
        f"Contact: <{_uri(parameters.from_user, own[0])}:{own[1]}{marked}>",
        "Accept: application/sdp",
        "User-Agent: Controlroom",
        "Content-Length: 0",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def parse_response(data: bytes) -> Response | None:
    """Read a response from its first line to the end of its headers; ``None`` when it is none."""
    head, _, _ = data.replace(b"\r\n", b"\n").partition(b"\n\n")
    first, _, rest = head.decode("utf-8", "replace").partition("\n")
    status = _STATUS_LINE.fullmatch(first.rstrip("\r"))
    headers = _headers(rest)
    if status is None or headers is None:
        return None
    return Response(int(status[1]), (status[2] or "").strip(), headers)


def body_bytes(response: Response) -> int | None:
    """Tell how long the body behind the headers is; ``None`` where that cannot be told, or is too much."""
    text = response.headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        return None
    return int(text) if int(text) <= LARGEST_BODY_BYTES else None


def _headers(text: str) -> dict[str, str] | None:
    """Read the headers; a line that begins with a blank goes on with the one before (RFC 3261, 7.3.1)."""
    lines = re.sub(r"\n[ \t]+", " ", text).split("\n")
    if len(lines) > MOST_HEADERS:
        return None
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            if line.strip():
                return None
            continue
        word = name.strip().lower()
        found.setdefault(_SHORT_NAMES.get(word, word), value.strip())
    return found


def _uri(user: str, host: str) -> str:
    return f"sip:{user}@{_host(host)}" if user else f"sip:{_host(host)}"


def _host(host: str) -> str:
    """Write a host as a URI does: an IPv6 address in brackets, without its zone."""
    bare = host.partition("%")[0]
    return f"[{bare}]" if ":" in bare else bare
