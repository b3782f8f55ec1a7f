"""Echo requests with a limited life, and who answers them: by a raw socket, or by an unprivileged one.

Rules
1. An answer counts when it names our identifier, a number that was sent, and the secret of this trace. An
   error may quote too little for the secret; identifier and number, both by chance, must do then.
2. Whatever else arrives is passed over: anybody can send anything.
3. An unprivileged socket is given its errors by the kernel's queue, which tells who sent them.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from typing import Final

from controlroom.reading import Reason
from controlroom.route.trace import TraceMeans
from probes.icmp.filter import assemble
from probes.icmp.packet import (
    TOKEN_BYTES,
    EchoReply,
    QuotedRequest,
    Version,
    build_request,
    parse_message,
    parse_quoted_request,
    reason_for,
    without_ipv4_header,
)
from probes.icmp.sockets import attach_filter
from probes.icmp.target import Target
from probes.trace.sighting import Sighting
from probes.trace.wire import Wire

_PAYLOAD_BYTES: Final = 56
_PROTOCOL: Final[dict[Version, int]] = {4: socket.IPPROTO_ICMP, 6: socket.IPPROTO_ICMPV6}
_NUMBERS: Final = 1 << 31


class EchoWay:
    """Sends echo requests; use it as a context, so that its socket never stays open."""

    means = TraceMeans.ECHO

    def __init__(self, target: Target, monotonic_s: Callable[[], float], *, raw: bool) -> None:
        """Open the socket; ``OSError`` where this machine does not let us."""
        self._target, self._raw = target, raw
        self._token = secrets.token_bytes(TOKEN_BYTES)
        self._first = secrets.randbelow(_NUMBERS)
        self._sent = 0
        kind = socket.SOCK_RAW if raw else socket.SOCK_DGRAM
        self._wire = Wire(target.version, kind, _PROTOCOL[target.version], monotonic_s)
        self._identifier = self._own_identifier()

    def _own_identifier(self) -> int:
        """Choose an identifier, or learn the one that the kernel has chosen."""
        try:
            if not self._raw:
                return self._wire.bound_port()
            identifier = 1 + secrets.randbelow(0xFFFF)
            attach_filter(self._wire.socket, assemble(self._target.version, identifier))
        except OSError:
            self._wire.close()
            raise
        return identifier

    def fileno(self) -> int:
        """The socket, for a loop that waits for it."""
        return self._wire.socket.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._wire.close()

    def send(self, number: int, hops: int) -> None:
        """Send the packet of that number to live so many hops; ``OSError`` where it did not leave."""
        self._sent = max(self._sent, number + 1)
        packet = build_request(
            self._target.version, self._identifier, self._first + number, self._token, _PAYLOAD_BYTES
        )
        self._wire.send(packet, self._target.sockaddr, hops)

    def take(self, limit: int) -> list[Sighting]:
        """Take up to ``limit`` arrivals; what is not for this trace is passed over (rules 1 and 2)."""
        found = [self._of_packet(*arrived) for arrived in self._wire.packets(limit)]
        if not self._raw:
            for error in self._wire.errors(limit):
                quoted = parse_quoted_request(self._target.version, self._target.packed, error.data)
                reason = reason_for(self._target.version, error.icmp_type, error.code)
                if error.destination[0] == self._target.host:
                    found.append(self._of_quote(quoted, error.offender, reason, error.at_s))
        return [sighting for sighting in found if sighting is not None]

    def _of_packet(self, data: bytes, host: str, at_s: float) -> Sighting | None:
        version = self._target.version
        message = without_ipv4_header(data) if self._raw and version == 4 else data
        parsed = None if message is None else parse_message(version, message)
        if isinstance(parsed, EchoReply):
            ours = parsed.identifier == self._identifier and parsed.token == self._token
            number = self._number(parsed.number)
            known = ours and host == self._target.host and number is not None
            return Sighting(number or 0, host, Reason.NONE, at_s) if known else None
        if parsed is None or not self._raw:
            return None
        reason = reason_for(version, parsed.icmp_type, parsed.code)
        return self._of_quote(parsed.quoted, host, reason, at_s)

    def _of_quote(
        self, quoted: QuotedRequest | None, host: str, reason: Reason, at_s: float
    ) -> Sighting | None:
        if quoted is None or quoted.destination != self._target.packed:
            return None
        # The kernel matched an unprivileged socket's errors; the quote may hold the number before its own.
        if self._raw and quoted.identifier != self._identifier:
            return None
        if quoted.token is not None and quoted.token != self._token:
            return None
        number = self._of_sequence(quoted.sequence) if quoted.number is None else self._number(quoted.number)
        return None if number is None else Sighting(number, host, reason, at_s)

    def _number(self, number: int) -> int | None:
        sent = number - self._first
        return sent if 0 <= sent < self._sent else None

    def _of_sequence(self, sequence: int) -> int | None:
        return self._number(self._first + ((sequence - self._first) & 0xFFFF))
