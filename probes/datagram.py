"""One UDP socket to one address, for one errand: sends, and hands over what comes with its time of arrival.

The socket is connected, so the kernel lets in what comes from the asked address and port alone, and tells of
ICMP errors that quote what this socket sent. What a datagram means, its errand judges. Where the system has
no queue of errors and no receive stamps (elsewhere than on Linux) it does without them.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from controlroom.reading import Reason
from probes.connection.failure import failure_of, not_run, refused
from probes.errand import UnansweredError
from probes.icmp.packet import Version
from probes.icmp.word import failure_told, first_word, listen_for_words

_SO_TIMESTAMPNS: Final = 35  # of <asm-generic/socket.h>
_TIMESPEC: Final = struct.Struct("@ll")

_LARGEST_DATAGRAM: Final = 65_535
_CONTROL_BYTES: Final = 512
_MOST_AT_ONCE: Final = 64
"""Datagrams judged in one go; a flood of them holds up nobody else."""

Met = TypeVar("Met")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A datagram and when it reached this machine, on the monotonic clock."""

    data: bytes
    monotonic_s: float


class Datagram:
    """A UDP socket connected to one address; use it as a context, so that it never stays open."""

    def __init__(self, address: str, port: int, monotonic_s: Callable[[], float], *, dscp: int = 0) -> None:
        """Open and connect; ``UnansweredError`` says why that cannot be."""
        self._monotonic_s = monotonic_s
        self._address = address
        self.version, sockaddr = destination(address, port)
        family = socket.AF_INET if self.version == 4 else socket.AF_INET6
        try:
            self._socket = socket.socket(family, socket.SOCK_DGRAM)
        except OSError as error:
            raise not_run(Reason.UNSUPPORTED, _words(error)) from None
        try:
            self._set_up(dscp)
            self._socket.connect(sockaddr)
        except OSError as error:
            self._socket.close()
            raise _ours(error) from None

    def __enter__(self) -> Datagram:
        """Hand over the open socket."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it, whatever came."""
        self._socket.close()

    @property
    def own_address(self) -> tuple[str, int]:
        """The address and port that the kernel sends from."""
        host, port = self._socket.getsockname()[:2]
        return str(host).partition("%")[0], int(port)

    def send(self, data: bytes) -> float:
        """Send now, and return the monotonic time just before."""
        at_s = self._monotonic_s()
        try:
            self._socket.send(data)
        except OSError as error:
            raise self._refusal(error) or _ours(error) from None
        return at_s

    async def reply(
        self, judge: Callable[[Arrival], Met | None], until_s: float, *, due_s: float | None = None
    ) -> Met | None:
        """Wait for the first arrival that ``judge`` knows as ours; ``None`` when none came until then.

        What reached this machine in time counts also where the loop comes late to it. ``due_s`` is when that
        time is over, where the wait ends before it and is taken up again.
        """
        counts_until_s = until_s if due_s is None else due_s
        while True:
            late = self._monotonic_s() >= until_s
            for _ in range(_MOST_AT_ONCE):
                arrival = self._take()
                if arrival is None:
                    break
                met = judge(arrival) if arrival.monotonic_s <= counts_until_s else None
                if met is not None:
                    return met
            else:
                await asyncio.sleep(0)
                if not late:
                    continue
            if late:
                return None
            await self._readable(until_s - self._monotonic_s())

    def _set_up(self, dscp: int) -> None:
        self._socket.setblocking(False)
        listen_for_words(self._socket, self.version)
        if sys.platform == "linux":
            self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        if dscp and self.version == 4:
            self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, dscp << 2)
        elif dscp:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, dscp << 2)

    def _take(self) -> Arrival | None:
        """Take one waiting datagram; a waiting error ends the errand."""
        try:
            data, control, _flags, _address = self._socket.recvmsg(_LARGEST_DATAGRAM, _CONTROL_BYTES)
        except BlockingIOError:
            refusal = self._queued_refusal()
            if refusal is not None:
                raise refusal from None
            return None
        except OSError as error:
            raise self._refusal(error) or refused(Reason.OTHER_ICMP_ERROR, _words(error)) from None
        return Arrival(data, self._monotonic_s() - waited_s(control))

    async def _readable(self, for_s: float) -> None:
        loop = asyncio.get_running_loop()
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self._socket, _settle, ready)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, for_s)):
                    await ready
        finally:
            loop.remove_reader(self._socket)

    def _refusal(self, error: OSError) -> UnansweredError | None:
        """Return what the network said, where it was the network; the queue tells more than the number."""
        refusal = self._queued_refusal()
        if refusal is not None:
            return refusal
        if error.errno == errno.ECONNREFUSED:
            return refused(Reason.PORT_UNREACHABLE)
        return None

    def _queued_refusal(self) -> UnansweredError | None:
        """Return what the first ICMP error in the queue means, and empty the queue."""
        word = first_word(self._socket)
        return None if word is None else failure_told(word, self._address)


def destination(address: str, port: int) -> tuple[Version, tuple[object, ...]]:
    """Read a literal address of one machine; ``UnansweredError`` where it is none."""
    try:
        parsed = ipaddress.ip_address(address)
        if parsed.is_unspecified or parsed.is_multicast:
            raise not_run(Reason.NO_NAME, "not the address of one machine")
        # Numbers alone: nothing is looked up.
        found = socket.getaddrinfo(
            address, port, type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        )
    except (ValueError, OSError):
        text = "not a literal IPv4 or IPv6 address"
        raise not_run(Reason.NO_NAME, text) from None
    return parsed.version, found[0][4]


def waited_s(control: list[tuple[int, int, bytes]]) -> float:
    """Tell how long a datagram waited in the buffer, by the kernel's stamp.

    Only that wait is taken by the wall clock, so a clock that is set spoils no more than a wait; one that
    would be negative or longer than anything waits counts as none.
    """
    for level, kind, value in control:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS and len(value) >= _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack_from(value)
            waited_s = (time.time_ns() - (seconds * 1_000_000_000 + nanoseconds)) / 1e9
            return waited_s if 0.0 <= waited_s <= _LONGEST_WAIT_S else 0.0
    return 0.0


_LONGEST_WAIT_S: Final = 60.0


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _ours(error: OSError) -> UnansweredError:
    """Make the failure of a packet that did not leave."""
    return failure_of(error.errno or 0, at_once=True)


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__
