"""What a socket hands over for judging: packets and queued errors as received. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from probes.icmp.packet import Version


@dataclass(frozen=True, slots=True)
class Intake:
    """The socket that a packet came through, as far as judging it needs that.

    ``raw`` tells a raw socket, whose IPv4 packets begin with the IP header, from an unprivileged
    datagram ("ping") socket. ``identifier`` is the one our requests carry.
    """

    version: Version
    raw: bool
    identifier: int


class Arrival(NamedTuple):
    """A packet as received. ``stamp_ns`` is the kernel's wall clock, None where it cannot be trusted.

    A tuple, because one is made for every packet and a frozen dataclass costs four times as much.
    """

    intake: Intake
    data: bytes
    host: str
    stamp_ns: int | None


@dataclass(frozen=True, slots=True)
class QueuedError:
    """An ICMP error from the error queue of a datagram socket; ``data`` is the quoted request.

    ``destination`` is whom the request was for, ``offender`` who sent the error. ``mtu`` is what a router
    says that it can pass on whole; 0 where it says nothing of that.
    """

    intake: Intake
    icmp_type: int
    code: int
    destination: str
    offender: str
    data: bytes
    stamp_ns: int | None
    mtu: int = 0
