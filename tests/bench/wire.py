"""What the kernel saw on the lab's tunnel, stamped by the kernel: the truth that wakes nobody up.

A packet socket with a large buffer is read only when all is over, so watching takes no processor time
from what is measured.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from tests.lab.namespace import LabNetwork

_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35
_SO_MEMINFO = 55
_EVERY_PROTOCOL = 0x0003  # only such a socket is shown what leaves
_BUFFER_BYTES = 256 * 1024 * 1024
_KEPT_BYTES = 64
_MOST_PACKETS = 1_000_000

_Key = tuple[bytes, int, int]


@dataclass(slots=True)
class Passage:
    """One echo request and when it and its reply passed, in nanoseconds of the wall clock."""

    address: str
    request_ns: int
    reply_ns: int | None = None

    @property
    def rtt_s(self) -> float | None:
        """The round-trip time on the wire; None when no reply passed."""
        return None if self.reply_ns is None else (self.reply_ns - self.request_ns) / 1e9


class Wire:
    """Watches the IPv4 echo packets of a lab while entered."""

    def __init__(self, lab: LabNetwork) -> None:
        """Watch the tunnel of this lab."""
        self._lab = lab

    def __enter__(self) -> Self:
        """Begin to watch."""
        with self._lab.enter():
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERY_PROTOCOL))
            self._socket.bind((self._lab.device, _EVERY_PROTOCOL))
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop watching."""
        self._socket.close()

    def passages(self) -> list[Passage]:
        """Return every echo request that passed so far, in order, with its reply."""
        found: list[Passage] = []
        open_requests: dict[_Key, Passage] = {}
        for _ in range(_MOST_PACKETS):
            try:
                data, control, _flags, _address = self._socket.recvmsg(_KEPT_BYTES, 128)
            except BlockingIOError:
                break
            if len(data) < 28 or data[0] != 0x45 or data[9] != 1:
                continue
            seconds, nanoseconds = struct.unpack("@ll", control[0][2])
            stamp_ns = seconds * 1_000_000_000 + nanoseconds
            identifier, sequence = struct.unpack_from("!HH", data, 24)
            if data[20] == 8:
                passage = Passage(socket.inet_ntoa(data[16:20]), stamp_ns)
                found.append(passage)
                open_requests[data[16:20], identifier, sequence] = passage
            elif data[20] == 0:
                asked = open_requests.pop((data[12:16], identifier, sequence), None)
                if asked is not None:
                    asked.reply_ns = stamp_ns
        self._refuse_gaps()
        return found

    def _refuse_gaps(self) -> None:
        """Raise when packets were missed, for then there is no truth to hold anything against."""
        drops = struct.unpack("@9I", self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))[8]
        if drops:
            message = f"the packet socket missed {drops} packets"
            raise RuntimeError(message)
