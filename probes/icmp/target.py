"""From a literal address to what sending and matching need. It looks nothing up and sends nothing."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
from dataclasses import dataclass, field
from typing import Final

from probes.icmp.packet import TOKEN_BYTES, Version

_MOST_KEPT: Final = 65_536

SocketAddress = tuple[str, int] | tuple[str, int, int, int]


@dataclass(slots=True)
class Target:
    """An address as needed for sending and matching.

    ``host`` is the address as the kernel writes the source of a reply, ``packed`` as errors quote it.
    ``token`` is what echo data must hold to be believed of this target. ``endpoint_ids`` are those that it
    is asked for. ``quiet`` tells that it has not answered since its last loss, or never.
    """

    version: Version
    sockaddr: SocketAddress
    host: str
    packed: bytes
    token: bytes
    endpoint_ids: set[str] = field(default_factory=set, compare=False)
    quiet: bool = field(default=True, compare=False)


class AddressError(ValueError):
    """The text is no literal address that can be pinged; the message says why."""


class Targets:
    """The addresses asked so far, each read once. Their number is bounded; beyond it all are read anew."""

    def __init__(self, secret: bytes) -> None:
        """Know no address yet; ``secret`` keys the tokens."""
        self._secret = secret
        self._by_address: dict[str, Target] = {}
        self._by_host: dict[str, Target] = {}

    def of(self, address: str) -> Target:
        """Return the target of a literal address; ``AddressError`` when it is none."""
        target = self._by_address.get(address)
        if target is None:
            target = read_target(address, self._secret)
            if len(self._by_address) >= _MOST_KEPT:
                self._by_address.clear()
                self._by_host.clear()
            self._by_address[address] = self._by_host[target.host] = target
        return target

    def at(self, host: str) -> Target | None:
        """Return the target with that source address, as the kernel writes it."""
        return self._by_host.get(host)


def read_target(address: str, secret: bytes) -> Target:
    """Read a literal IPv4 or IPv6 address (with zone, for link-local ones); ``AddressError`` otherwise.

    The token is a keyed hash of the address: a target learns its own token from our requests, and
    with it still cannot answer in the name of another.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        message = "not a literal IPv4 or IPv6 address"
        raise AddressError(message) from None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if parsed.is_unspecified or parsed.is_multicast:
        message = "an unspecified or multicast address cannot be pinged"
        raise AddressError(message)
    token = hashlib.blake2b(parsed.packed, key=secret, digest_size=TOKEN_BYTES).digest()
    if isinstance(parsed, ipaddress.IPv4Address):
        return Target(4, (str(parsed), 0), str(parsed), parsed.packed, token)
    scope = _scope_number(parsed.scope_id)
    sockaddr = (str(ipaddress.IPv6Address(parsed.packed)), 0, 0, scope)
    host = socket.getnameinfo(sockaddr, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)[0]
    return Target(6, sockaddr, host, parsed.packed, token)


def _scope_number(zone: str | None) -> int:
    """Return the interface number of an IPv6 zone, which is a name or a number; 0 for no zone."""
    if zone is None:
        return 0
    if zone.isascii() and zone.isdigit() and len(zone) < 10:
        return int(zone)
    try:
        return socket.if_nametoindex(zone)
    except OSError:
        message = "no network interface has the name of the address's zone"
        raise AddressError(message) from None
