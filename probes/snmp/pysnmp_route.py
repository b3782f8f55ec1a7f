"""A way to one agent for pysnmp: a connected socket, so that refusals are told and strangers are not heard.

pysnmp's own transport is one unconnected socket for all agents; the system tells it of no closed port.
Here each agent is a transport domain of its own below the standard one, which pysnmp allows.
"""

from __future__ import annotations

import asyncio
import ipaddress
from typing import Protocol

# pysnmp ships no type information; hence these ignores and those at the classes.
from pysnmp.carrier.asyncio.dgram import udp, udp6  # type: ignore[import-untyped]
from pysnmp.hlapi.v3arch.asyncio import (  # type: ignore[import-untyped]
    Udp6TransportTarget,
    UdpTransportTarget,
)

_LIBRARY_TIMEOUT_S = 65
"""Beyond every deadline of ours: the library's own timer only clears its memory."""


class Listener(Protocol):
    """Who is told what the socket of an agent tells."""

    def heard(self, datagram: bytes) -> None:
        """Something came from the agent; pysnmp gets it as well."""

    def refused(self, error: Exception) -> None:
        """The system says that the agent cannot be reached."""


class _Connected(udp.UdpAsyncioTransport):  # type: ignore[misc] # pysnmp has no types
    """A datagram transport that knows one peer."""

    def __init__(self, peer: tuple[str, int], listener: Listener) -> None:
        super().__init__()
        self._peer = peer
        self._listener = listener

    def open_client_mode(self, iface: object = None, allow_broadcast: bool = False) -> _Connected:
        opening = self.loop.create_datagram_endpoint(lambda: self, remote_addr=self._peer)
        self._lport = asyncio.ensure_future(opening)
        return self

    def datagram_received(self, datagram: bytes, transportAddress: object) -> None:  # noqa: N803 - pysnmp's name
        self._listener.heard(datagram)
        super().datagram_received(datagram, transportAddress)

    def error_received(self, error: Exception) -> None:
        self._listener.refused(error)


class _Connected6(_Connected, udp6.Udp6AsyncioTransport):  # type: ignore[misc] # pysnmp has no types
    """The same over IPv6."""

    SOCK_FAMILY = udp6.Udp6AsyncioTransport.SOCK_FAMILY
    ADDRESS_TYPE = udp6.Udp6TransportAddress


class _Route4(UdpTransportTarget):  # type: ignore[misc] # pysnmp has no types
    """What pysnmp calls a transport target, with a domain and a socket of its own."""

    _domain: tuple[int, ...] = udp.DOMAIN_NAME
    _transport = _Connected

    def __init__(self, address: str, port: int, number: int, listener: Listener) -> None:
        self.transport_address = (address, port)
        self.TRANSPORT_DOMAIN = (*self._domain, number)
        self._listener = listener
        super().__init__(timeout=_LIBRARY_TIMEOUT_S, retries=0)

    def open_client_mode(self) -> _Connected:
        self.transport = self._transport(self.transport_address, self._listener).open_client_mode()
        return self.transport


class _Route6(_Route4, Udp6TransportTarget):  # type: ignore[misc] # pysnmp has no types
    """The same over IPv6."""

    _domain = udp6.DOMAIN_NAME
    PROTO_TRANSPORT = udp6.Udp6AsyncioTransport
    _transport = _Connected6


def route_to(address: str, port: int, number: int, listener: Listener) -> _Route4:
    """Make the way to a literal address; ``number`` tells the ways of one engine apart."""
    version = ipaddress.ip_address(address.partition("%")[0]).version
    route_type = _Route6 if version == 6 else _Route4
    return route_type(address, port, number, listener)
