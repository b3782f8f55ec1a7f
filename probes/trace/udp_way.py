"""UDP to high ports with a limited life, and who answers: for an account that may not send echo requests.

Rules
1. Each packet goes to a port of its own, from 33434 as traceroute has it, so the port tells the packet even
   where an error quotes little. Where it quotes the secret too, that must be ours.
2. The target answers that nothing listens on the port; a datagram from there is an answer as well.
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from typing import Final

from controlroom.reading import Reason
from controlroom.route.trace import TraceMeans
from probes.icmp.packet import reason_for
from probes.icmp.target import Target
from probes.trace.sighting import Sighting
from probes.trace.wire import QueuedError, Wire

FIRST_PORT: Final = 33434
_SECRET_BYTES: Final = 16


class UdpWay:
    """Sends datagrams; use it as a context, so that its socket never stays open."""

    means = TraceMeans.UDP

    def __init__(self, target: Target, monotonic_s: Callable[[], float]) -> None:
        """Open the socket; ``OSError`` where there is none of this family."""
        self._target = target
        self._secret = secrets.token_bytes(_SECRET_BYTES)
        self._sent = 0
        self._wire = Wire(target.version, socket.SOCK_DGRAM, socket.IPPROTO_UDP, monotonic_s)

    def fileno(self) -> int:
        """The socket, for a loop that waits for it."""
        return self._wire.socket.fileno()

    def close(self) -> None:
        """Close the socket."""
        self._wire.close()

    def send(self, number: int, hops: int) -> None:
        """Send the packet of that number to live so many hops; ``OSError`` where it did not leave."""
        self._sent = max(self._sent, number + 1)
        host, _, *more = self._target.sockaddr
        self._wire.send(self._secret, (host, FIRST_PORT + number, *more), hops)

    def take(self, limit: int) -> list[Sighting]:
        """Take up to ``limit`` arrivals; what is not for this trace is passed over."""
        found = [
            self._sighting(port, host, Reason.NONE, at_s)
            for _, host, at_s, port in self._wire.datagrams(limit)
            if host == self._target.host
        ]
        found += [self._of_error(error) for error in self._wire.errors(limit)]
        return [sighting for sighting in found if sighting is not None]

    def _of_error(self, error: QueuedError) -> Sighting | None:
        host, port = error.destination
        quoted = error.data[:_SECRET_BYTES]
        if host != self._target.host or (len(quoted) == _SECRET_BYTES and quoted != self._secret):
            return None
        reason = reason_for(self._target.version, error.icmp_type, error.code)
        if reason is Reason.PORT_UNREACHABLE and error.offender == self._target.host:
            reason = Reason.NONE
        return self._sighting(port, error.offender, reason, error.at_s)

    def _sighting(self, port: int, host: str, reason: Reason, at_s: float) -> Sighting | None:
        number = port - FIRST_PORT
        return Sighting(number, host, reason, at_s) if 0 <= number < self._sent and host else None
