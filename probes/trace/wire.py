"""One socket of a trace: packets out with a limit of hops, packets and ICMP errors in. It matches nothing.

Linux alone: the queue of errors and the receive stamps are Linux options; elsewhere it does not open.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from probes.datagram import waited_s
from probes.icmp.packet import Version

# Numbers of <asm-generic/socket.h>, <linux/in.h> and <linux/in6.h> that Python has no names for.
_SO_TIMESTAMPNS: Final = 35
_RECVERR: Final[dict[Version, tuple[int, int]]] = {4: (socket.IPPROTO_IP, 11), 6: (socket.IPPROTO_IPV6, 25)}
_HOPS: Final[dict[Version, tuple[int, int]]] = {
    4: (socket.IPPROTO_IP, socket.IP_TTL),
    6: (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT),
}
_MSG_ERRQUEUE: Final = 0x2000
_EXTENDED_ERROR: Final = struct.Struct("@IBBBBII")  # struct sock_extended_err
_SOCKADDR_IN: Final = struct.Struct("@HH4s")
_SOCKADDR_IN6: Final = struct.Struct("@HHI16s")
_FROM_ICMP: Final[dict[Version, int]] = {4: 2, 6: 3}  # SO_EE_ORIGIN_ICMP and SO_EE_ORIGIN_ICMP6
_PACKET_BYTES: Final = 2048
_CONTROL_BYTES: Final = 512

Control = list[tuple[int, int, bytes]]


@dataclass(frozen=True, slots=True)
class QueuedError:
    """An ICMP error from the kernel's queue: about which destination, from whom, with what it quotes."""

    icmp_type: int
    code: int
    destination: tuple[str, int]
    offender: str
    data: bytes
    at_s: float


class Wire:
    """A socket that was set up for tracing. Its ``socket`` is for options and for waiting alone."""

    def __init__(
        self, version: Version, kind: socket.SocketKind, protocol: int, monotonic_s: Callable[[], float]
    ) -> None:
        """Open it; ``OSError`` where that cannot be."""
        if sys.platform != "linux":
            # Elsewhere the option numbers above stand for other things.
            raise OSError(errno.EPROTONOSUPPORT, os.strerror(errno.EPROTONOSUPPORT))
        self._version: Version = version
        self._monotonic_s = monotonic_s
        family = socket.AF_INET if version == 4 else socket.AF_INET6
        self.socket = socket.socket(family, kind, protocol)
        try:
            self.socket.setblocking(False)
            self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
            if kind is socket.SOCK_DGRAM:
                self.socket.setsockopt(*_RECVERR[version], 1)
        except OSError:
            self.socket.close()
            raise

    def bound_port(self) -> int:
        """Bind to no address, and return the port that the kernel has chosen: a ping socket's identifier."""
        self.socket.bind(("", 0))
        return int(self.socket.getsockname()[1])

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()

    def send(self, data: bytes, address: tuple[object, ...], hops: int) -> None:
        """Send a packet to live so many hops; ``OSError`` where it did not leave.

        A pending error of an earlier packet is told by the next call, whoever it is for; reading it takes it
        away, and the packet is sent once more.
        """
        control = [(*_HOPS[self._version], struct.pack("@i", hops))]
        try:
            self.socket.sendmsg([data], control, 0, address)
        except BlockingIOError:
            raise
        except OSError:
            self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            self.socket.sendmsg([data], control, 0, address)

    def packets(self, limit: int) -> Iterator[tuple[bytes, str, float]]:
        """Take waiting packets: their bytes, who sent them, when they arrived."""
        return ((data, host, at_s) for data, host, at_s, _ in self.datagrams(limit))

    def datagrams(self, limit: int) -> Iterator[tuple[bytes, str, float, int]]:
        """Take waiting packets as ``packets`` does, with the port that each came from."""
        for _ in range(limit):
            try:
                data, control, _flags, address = self.socket.recvmsg(_PACKET_BYTES, _CONTROL_BYTES)
            except BlockingIOError:
                return
            except OSError:
                continue  # a pending error; its story is in the queue
            yield data, str(address[0]), self._monotonic_s() - waited_s(control), int(address[1])

    def errors(self, limit: int) -> Iterator[QueuedError]:
        """Take ICMP errors from the kernel's queue."""
        for _ in range(limit):
            try:
                data, control, _flags, address = self.socket.recvmsg(
                    _PACKET_BYTES, _CONTROL_BYTES, _MSG_ERRQUEUE
                )
            except OSError:
                return
            found = self._error(data, control, address)
            if found is not None:
                yield found

    def _error(self, data: bytes, control: Control, address: tuple[object, ...]) -> QueuedError | None:
        for level, kind, value in control:
            if (level, kind) != _RECVERR[self._version] or len(value) < _EXTENDED_ERROR.size:
                continue
            _errno, origin, icmp_type, code, *_ = _EXTENDED_ERROR.unpack_from(value)
            offender = _offender(self._version, value[_EXTENDED_ERROR.size :])
            if origin != _FROM_ICMP[self._version] or not offender or len(address) < 2:
                return None
            to = (str(address[0]), int(str(address[1])))
            at_s = self._monotonic_s() - waited_s(control)
            return QueuedError(icmp_type, code, to, offender, data, at_s)
        return None


def _offender(version: Version, address: bytes) -> str:
    """Return who sent an ICMP error; empty where the kernel does not tell."""
    layout = _SOCKADDR_IN if version == 4 else _SOCKADDR_IN6
    if len(address) < layout.size:
        return ""
    fields = layout.unpack_from(address)
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    return socket.inet_ntop(family, fields[-1]) if fields[0] == family else ""
