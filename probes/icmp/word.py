"""What an ICMP error says to a connected socket, who says it, and what that means. It sends nothing.

The kernel lines such errors up behind a socket that asks for it (Linux; for TCP since 5.11). Elsewhere there
is only the number of an error, which does not tell who sent it.

1. The endpoint's own word, and a router's: *refused*, with the reason that its type and code stand for.
2. A word of this very machine is none of the network's. That nobody was found on the link is *no reply*; that
   our own routes or firewall forbid it is *not run*.
"""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from controlroom.reading import PATH_MTU_BYTES, Outcome, Reason
from probes.errand import UnansweredError
from probes.icmp.packet import Version, reason_for
from probes.vicinity import is_ours, missing_hop

# Numbers of <linux/in.h>, <linux/in6.h> and <linux/errqueue.h> that Python has no names for.
_RECVERR: Final[dict[Version, tuple[int, int]]] = {
    4: (socket.IPPROTO_IP, 11),
    6: (socket.IPPROTO_IPV6, 25),
}
_MSG_ERRQUEUE: Final = 0x2000
_EXTENDED_ERROR: Final = struct.Struct("@IBBBBII")  # struct sock_extended_err
_OFFENDER: Final[dict[Version, struct.Struct]] = {4: struct.Struct("@HH4s"), 6: struct.Struct("@HHI16s")}
_FROM_ICMP: Final[dict[int, Version]] = {2: 4, 3: 6}  # SO_EE_ORIGIN_ICMP and SO_EE_ORIGIN_ICMP6
_CONTROL_BYTES: Final = 512
_MOST_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class IcmpWord:
    """An ICMP error. ``sender`` is empty where it is not told; ``mtu`` is 0 where nothing is said of that."""

    version: Version
    icmp_type: int
    code: int
    sender: str
    mtu: int = 0

    @property
    def reason(self) -> Reason:
        """What type and code stand for."""
        return reason_for(self.version, self.icmp_type, self.code)

    def __str__(self) -> str:
        """Say it as evidence for a person."""
        sender = f" from {self.sender}" if self.sender else ""
        mtu = f", MTU {self.mtu}" if self.mtu else ""
        return f"ICMP type {self.icmp_type} code {self.code}{sender}{mtu}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is asked of this machine to tell its own words from the network's."""

    is_ours: Callable[[str], bool] = is_ours
    missing_hop: Callable[[str], Reason] = missing_hop


def meaning(word: IcmpWord, asked: str, around: Surroundings | None = None) -> tuple[Outcome, Reason]:
    """Say what a word about a question to the address ``asked`` means (rules 1 and 2)."""
    around = around or Surroundings()
    reason = word.reason
    if not word.sender or _same(word.sender, asked) or not around.is_ours(word.sender):
        return Outcome.REFUSED, reason
    if reason is Reason.HOST_UNREACHABLE:
        return Outcome.NO_REPLY, around.missing_hop(asked)
    if reason is Reason.NETWORK_UNREACHABLE:
        return Outcome.NOT_RUN, Reason.NO_ROUTE
    if reason in (Reason.PROHIBITED, Reason.PORT_UNREACHABLE):
        return Outcome.NOT_RUN, Reason.FORBIDDEN_HERE
    return Outcome.REFUSED, reason


def failure_told(word: IcmpWord, asked: str) -> UnansweredError:
    """Make the failure that a word means."""
    outcome, reason = meaning(word, asked)
    mtu = reason is Reason.FRAGMENTATION_NEEDED and word.mtu
    values = {PATH_MTU_BYTES: float(word.mtu)} if mtu else {}
    return UnansweredError(outcome, reason, str(word), values)


def listen_for_words(connected: socket.socket, version: Version, *, on: bool = True) -> None:
    """Have the kernel line errors up behind a socket, or no longer."""
    if sys.platform == "linux":
        connected.setsockopt(*_RECVERR[version], int(on))


def first_word(connected: socket.socket) -> IcmpWord | None:
    """Empty the queue of errors and return the first that is of ICMP."""
    first: IcmpWord | None = None
    for _ in range(_MOST_AT_ONCE if sys.platform == "linux" else 0):
        try:
            _data, control, _flags, _address = connected.recvmsg(1, _CONTROL_BYTES, _MSG_ERRQUEUE)
        except OSError:
            break
        first = first or word_in(control)
    return first


def word_in(control: list[tuple[int, int, bytes]]) -> IcmpWord | None:
    """Read the ICMP error that stands in control messages; ``None`` where there is none."""
    for level, kind, value in control:
        if (level, kind) not in _RECVERR.values() or len(value) < _EXTENDED_ERROR.size:
            continue
        _errno, origin, icmp_type, code, _pad, info, _data = _EXTENDED_ERROR.unpack_from(value)
        version = _FROM_ICMP.get(origin)
        if version is not None:
            too_big = reason_for(version, icmp_type, code) is Reason.FRAGMENTATION_NEEDED
            sender = _sender(version, value[_EXTENDED_ERROR.size :])
            return IcmpWord(version, icmp_type, code, sender, info if too_big else 0)
    return None


def _sender(version: Version, address: bytes) -> str:
    layout = _OFFENDER[version]
    if len(address) < layout.size:
        return ""
    fields = layout.unpack_from(address)
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    return socket.inet_ntop(family, fields[-1]) if fields[0] == family else ""


def _same(one: str, other: str) -> bool:
    try:
        return ipaddress.ip_address(one.partition("%")[0]) == ipaddress.ip_address(other.partition("%")[0])
    except ValueError:
        return False
