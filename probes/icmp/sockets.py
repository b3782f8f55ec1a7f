"""The ICMP sockets: opened, set up, written to and drained. It matches nothing and judges nothing.

The only file of the ping probe that knows an operating system. Linux alone: kernel receive time
stamps, the packet filter, the drop counter and the error queue are Linux options; elsewhere the
sockets do not open and every question is answered ``not_run``.

Plain sockets rather than icmplib's: making the socket is one call, all the work is in the options
below, and icmplib hides which error the operating system gave, on which the reason depends. Its
sending and receiving (wall clock in user space, a name look-up and two options set per packet) do not
fit the beat.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from controlroom.reading import Reason
from probes.icmp.arrival import Arrival, Intake, QueuedError
from probes.icmp.filter import assemble
from probes.icmp.packet import Version
from probes.icmp.parameters import DEFAULT_TTL, IcmpParameters
from probes.icmp.target import SocketAddress

# Numbers of <asm-generic/socket.h>, <linux/in.h> and <linux/in6.h> that Python has no names for.
_SO_ATTACH_FILTER: Final = 26
_SO_RCVBUFFORCE: Final = 33
_SO_TIMESTAMPNS: Final = 35
_SO_MEMINFO: Final = 55
_IP_RECVERR: Final = 11
_IPV6_RECVERR: Final = 25
_MSG_ERRQUEUE: Final = 0x2000
_IP_PKTINFO: Final = 8
_IPV6_PKTINFO: Final = 50
_IP_MTU_DISCOVER: Final = 10
_IPV6_MTU_DISCOVER: Final = 23
_IPV6_DONTFRAG: Final = 62
_PMTUDISC_DONT: Final = 0
# Forbids fragments and does not remember an MTU told before: every request asks the path anew.
_PMTUDISC_PROBE: Final = 3

# The stock of every packet: the names of ``socket`` are enumerations, which compare slowly.
_SOL_SOCKET: Final = int(socket.SOL_SOCKET)
_TIMESPEC_BYTES: Final = struct.calcsize("@ll")
_read_timespec: Final = struct.Struct("@ll").unpack_from
_EXTENDED_ERROR: Final = struct.Struct("@IBBBBII")  # struct sock_extended_err
_SOCKADDR_IN: Final = struct.Struct("@HH4s")
_SOCKADDR_IN6: Final = struct.Struct("@HHI16s")
_MEMINFO: Final = struct.Struct("@9I")
_FROM_ICMP: Final = {2: 4, 3: 6}  # SO_EE_ORIGIN_ICMP and SO_EE_ORIGIN_ICMP6, and the version they speak of

WANTED_BUFFER_BYTES: Final = 8 * 1024 * 1024
_PACKET_BYTES: Final = 2048
_CONTROL_BYTES: Final = 256
_ERROR_CONTROL_BYTES: Final = 512

NO_PRIVILEGE_ERRORS: Final = frozenset({errno.EPERM, errno.EACCES})
NO_FAMILY_ERRORS: Final = frozenset({errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ENOPROTOOPT})
_NO_ROUTE_ERRORS: Final = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)
_NO_SOURCE_ERRORS: Final = frozenset({errno.EADDRNOTAVAIL, errno.EINVAL, errno.ENODEV, errno.ENXIO})
_BUFFER_ERRORS: Final = frozenset({errno.ENOBUFS, errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOMEM})

Control = list[tuple[int, int, bytes]]


class Channel:
    """An ICMP socket of a family, raw or datagram.

    For a datagram socket the kernel sets the identifier and the checksum, and hands over only the
    replies to its own requests.
    """

    def __init__(self, opened: socket.socket, intake: Intake) -> None:
        """Keep the opened socket; ``open_channel`` makes and sets it up."""
        self.intake = intake
        self._socket = opened
        self._stamps_proven = False
        _fill, self.buffer_bytes, self._drops_seen = self._memory()
        self._fullest_lately = 0
        self._expects_until_s: float | None = None

    def send(
        self, packet: bytes, address: SocketAddress, control: Control, wall_ns: Callable[[], int]
    ) -> int:
        """Send now and return the wall clock immediately before; OSError when it did not leave.

        A pending error of an earlier packet is reported by the next call on the socket, whoever it is
        for; such a send is tried once more, so that nobody pays for another's error.
        """
        try:
            return self._send(packet, address, control, wall_ns)
        except OSError as error:
            if error.errno in _BUFFER_ERRORS:  # no packet of another can have caused that
                raise
            # Reading the pending error takes it away.
            self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return self._send(packet, address, control, wall_ns)

    def expect(self, until_s: float) -> None:
        """Remember that a reply may come in time until then, on the monotonic clock."""
        if self._expects_until_s is None or until_s > self._expects_until_s:
            self._expects_until_s = until_s

    def expects(self) -> bool:
        """Whether a reply may still come in time."""
        return self._expects_until_s is not None

    def expect_no_more(self, by_s: float) -> None:
        """Stop expecting when everything expected was due by then; only after a read of all that waited."""
        if self._expects_until_s is not None and self._expects_until_s <= by_s:
            self._expects_until_s = None

    def receive(self, arrivals: list[Arrival], limit: int, wall_ns: Callable[[], int]) -> bool:
        """Append up to ``limit`` waiting packets; True when nothing is left waiting."""
        receive = self._socket.recvmsg
        for _ in range(limit):
            before_ns = 0 if self._stamps_proven else wall_ns()
            try:
                data, control, _flags, address = receive(_PACKET_BYTES, _CONTROL_BYTES)
            except BlockingIOError:
                return True
            except OSError:
                # A pending error is reported here; its story is in the error queue.
                continue
            arrivals.append(Arrival(self.intake, data, address[0], self._stamp(control, before_ns)))
        return False

    def errors(self, limit: int) -> list[QueuedError]:
        """Empty the error queue; a raw socket gets ICMP errors as packets, so there it tells nothing new."""
        found: list[QueuedError] = []
        for _ in range(limit):
            try:
                data, control, _flags, address = self._socket.recvmsg(
                    _PACKET_BYTES, _ERROR_CONTROL_BYTES, _MSG_ERRQUEUE
                )
            except OSError:
                break
            if self.intake.raw:
                continue
            error = self._queued_error(data, control, address[0] if address else "")
            if error is not None:
                found.append(error)
        return found

    def dropped_by_us(self) -> int:
        """Return how many packets our own full buffer has dropped since the last call.

        Reads the counter that SO_RXQ_OVFL attaches to packets through SO_MEMINFO, because a packet may
        never come after the last drop. The kernel also counts damaged ICMPv6 packets there, which
        anyone can send; a drop is ours only when the buffer was found at least half full.
        """
        fill_bytes, _size, drops = self._memory()
        fullest, self._fullest_lately = max(fill_bytes, self._fullest_lately), fill_bytes
        new = (drops - self._drops_seen) & 0xFFFF_FFFF
        self._drops_seen = drops
        return new if fullest * 2 >= self.buffer_bytes else 0

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send(
        self, packet: bytes, address: SocketAddress, control: Control, wall_ns: Callable[[], int]
    ) -> int:
        if control:
            stamp_ns = wall_ns()
            self._socket.sendmsg([packet], control, 0, address)
            return stamp_ns
        send = self._socket.sendto
        stamp_ns = wall_ns()
        send(packet, address)
        return stamp_ns

    def _stamp(self, control: Control, before_ns: int) -> int | None:
        """Return the kernel's receive stamp in nanoseconds since the epoch.

        The kernel switches stamping on a moment after it was asked, and until then stamps packets when
        they are read. So the stamps count from the first that is older than the reading of its packet.
        """
        for level, kind, value in control:
            if level == _SOL_SOCKET and kind == _SO_TIMESTAMPNS and len(value) >= _TIMESPEC_BYTES:
                seconds, nanoseconds = _read_timespec(value)
                stamp_ns: int = seconds * 1_000_000_000 + nanoseconds
                if self._stamps_proven:
                    return stamp_ns
                self._stamps_proven = stamp_ns < before_ns
                return stamp_ns if self._stamps_proven else None
        return None

    def _queued_error(self, data: bytes, control: Control, destination: str) -> QueuedError | None:
        """Read one message of the error queue; None when it is no ICMP error of this family."""
        for level, kind, value in control:
            of_ip = (level, kind) in {(socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)}
            if not of_ip or len(value) < _EXTENDED_ERROR.size:
                continue
            number, origin, icmp_type, code, _pad, info, _data = _EXTENDED_ERROR.unpack_from(value)
            if _FROM_ICMP.get(origin) != self.intake.version:
                return None
            offender = _offender(self.intake.version, value[_EXTENDED_ERROR.size :])
            stamp_ns = self._stamp(control, 0) if self._stamps_proven else None
            mtu = info if number == errno.EMSGSIZE else 0
            return QueuedError(self.intake, icmp_type, code, destination, offender, data, stamp_ns, mtu)
        return None

    def _memory(self) -> tuple[int, int, int]:
        """Return the bytes waiting, the size of the receive buffer, and the packets dropped so far."""
        values = _MEMINFO.unpack(self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))
        return values[0], values[1], values[8]


def open_channel(
    version: Version, buffer_bytes: int = WANTED_BUFFER_BYTES, *, dont_fragment: bool = False
) -> Channel:
    """Open a raw socket, or a datagram socket when raw is refused; OSError when neither can be had."""
    if sys.platform != "linux":
        # Elsewhere the option numbers above stand for other things.
        raise OSError(errno.EPROTONOSUPPORT, os.strerror(errno.EPROTONOSUPPORT))
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    protocol = socket.IPPROTO_ICMP if version == 4 else socket.IPPROTO_ICMPV6
    try:
        opened, raw = socket.socket(family, socket.SOCK_RAW, protocol), True
    except PermissionError:
        opened, raw = socket.socket(family, socket.SOCK_DGRAM, protocol), False
    try:
        _set_fragmenting(version, opened, forbidden=dont_fragment)
        return _set_up(version, opened, raw=raw, buffer_bytes=buffer_bytes)
    except OSError:
        opened.close()
        raise


def reason_of_open_error(error: OSError) -> Reason:
    """Return why questions of a family without a socket cannot be asked."""
    if error.errno in NO_PRIVILEGE_ERRORS:
        return Reason.NO_PRIVILEGE
    return Reason.UNSUPPORTED if error.errno in NO_FAMILY_ERRORS else Reason.SEND_FAILED


def reason_of_send_error(error: OSError, parameters: IcmpParameters | None = None) -> Reason:
    """Return why a packet did not leave. EPERM means a local packet filter: the socket is already ours.

    ``parameters`` are those of a ping, which may set a source. Some kernels report a source address that
    is not ours as a missing route, so that is looked at.
    """
    source = "" if parameters is None else parameters.source_address
    interface = "" if parameters is None else parameters.interface
    if (source or interface) and error.errno in _NO_SOURCE_ERRORS:
        return Reason.NO_SOURCE
    if source and error.errno in _NO_ROUTE_ERRORS and not _is_ours(source):
        return Reason.NO_SOURCE
    if error.errno in _NO_ROUTE_ERRORS:
        return Reason.NO_ROUTE
    if error.errno == errno.EMSGSIZE:
        return Reason.PACKET_TOO_BIG
    return Reason.OWN_BUFFER_FULL if error.errno in _BUFFER_ERRORS else Reason.SEND_FAILED


def control_for(version: Version, parameters: IcmpParameters) -> Control:
    """Return the control messages for what differs from the socket's own; none for a plain ping.

    Raises ``OSError`` where this machine has no such interface, or the source is of the other family.
    """
    level = socket.IPPROTO_IP if version == 4 else socket.IPPROTO_IPV6
    control: Control = []
    if parameters.ttl != DEFAULT_TTL:
        kind = socket.IP_TTL if version == 4 else socket.IPV6_HOPLIMIT
        control.append((level, kind, struct.pack("@i", parameters.ttl)))
    if parameters.dscp_number:
        kind = socket.IP_TOS if version == 4 else socket.IPV6_TCLASS
        control.append((level, kind, struct.pack("@i", parameters.dscp_number << 2)))
    if parameters.source_address or parameters.interface:
        kind = _IP_PKTINFO if version == 4 else _IPV6_PKTINFO
        control.append((level, kind, _packet_info(version, parameters)))
    return control


def _packet_info(version: Version, parameters: IcmpParameters) -> bytes:
    """Return the ``in_pktinfo`` or ``in6_pktinfo`` that names the interface and the source address."""
    index = socket.if_nametoindex(parameters.interface) if parameters.interface else 0
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    source = parameters.source_address or ("0.0.0.0" if version == 4 else "::")  # noqa: S104 - any, not a listener
    packed = socket.inet_pton(family, source.partition("%")[0])
    return struct.pack("@i4s4s", index, packed, b"") if version == 4 else struct.pack("@16si", packed, index)


def _is_ours(address: str) -> bool:
    """Whether this machine has an address, told by binding to it; nothing is sent or listened to."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((address, 0))
        except OSError as error:
            return error.errno != errno.EADDRNOTAVAIL
    return True


def _set_fragmenting(version: Version, opened: socket.socket, *, forbidden: bool) -> None:
    """Let packets be cut into pieces where the path needs it, or forbid that on the whole path."""
    if version == 4:
        opened.setsockopt(
            socket.IPPROTO_IP, _IP_MTU_DISCOVER, _PMTUDISC_PROBE if forbidden else _PMTUDISC_DONT
        )
    elif forbidden:
        opened.setsockopt(socket.IPPROTO_IPV6, _IPV6_MTU_DISCOVER, _PMTUDISC_PROBE)
        opened.setsockopt(socket.IPPROTO_IPV6, _IPV6_DONTFRAG, 1)


def _set_up(version: Version, opened: socket.socket, *, raw: bool, buffer_bytes: int) -> Channel:
    """Set the options of a new socket and throw away what came in before they held."""
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    _widen(opened, buffer_bytes)
    if version == 4:
        opened.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, DEFAULT_TTL)
    else:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, DEFAULT_TTL)
    # Without it a raw socket keeps quiet about requests that this machine's own queue dropped. An
    # unprivileged one for IPv6 does so in any case.
    option = (socket.IPPROTO_IP, _IP_RECVERR) if version == 4 else (socket.IPPROTO_IPV6, _IPV6_RECVERR)
    opened.setsockopt(*option, 1)
    if raw:
        identifier = 1 + secrets.randbelow(0xFFFF)
        attach_filter(opened, assemble(version, identifier))
        _discard_waiting(opened)
    else:
        opened.bind(("0.0.0.0" if version == 4 else "::", 0))  # noqa: S104 - a ping socket listens to nothing
        identifier = opened.getsockname()[1]
    return Channel(opened, Intake(version, raw, identifier))


def _widen(opened: socket.socket, buffer_bytes: int) -> None:
    """Take the receive buffer that was asked for, or the most that an unprivileged process may have."""
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    with suppress(PermissionError):
        opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, buffer_bytes)


def attach_filter(opened: socket.socket, program: bytes) -> None:
    """Attach a packet filter; the kernel copies the program before the call returns."""
    memory = ctypes.create_string_buffer(program, len(program))
    descriptor = struct.pack("@HP", len(program) // 8, ctypes.addressof(memory))
    opened.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, descriptor)


def _discard_waiting(opened: socket.socket) -> None:
    """Throw away what came in between opening and filtering; a busy machine may fill a buffer at most."""
    for _ in range(10_000):
        try:
            opened.recv(1)
        except BlockingIOError:
            return


def _offender(version: Version, address: bytes) -> str:
    """Return who sent an ICMP error, from the socket address behind it; empty when it is not told."""
    layout = _SOCKADDR_IN if version == 4 else _SOCKADDR_IN6
    if len(address) < layout.size:
        return ""
    fields = layout.unpack_from(address)
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    return socket.inet_ntop(family, fields[-1]) if fields[0] == family else ""
