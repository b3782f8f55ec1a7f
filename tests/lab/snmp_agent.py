"""An SNMP agent on loopback that answers what a recorded device would have, for the length of a test.

Versions 1 and 2c: GET, GETNEXT and GETBULK. It changes nothing and refuses SET. The encoding is that of
pysnmp's own library; nothing of what is tested is used to serve.

Rules
1. An agent may have limits as devices do: ``most_objects`` in a message, beyond which it says ``tooBig``.
2. ``changed`` replaces an object while it serves, as a counter or an index does.
"""

from __future__ import annotations

import socket
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

# pysnmp and pyasn1 ship no type information; hence these ignores.
from pyasn1.codec.ber import decoder, encoder  # type: ignore[import-untyped]
from pysnmp.proto import rfc1902, rfc1905  # type: ignore[import-untyped]
from pysnmp.proto.api import decodeMessageVersion, v1, v2c  # type: ignore[import-untyped]

from tests.lab import snmp_recording as recording
from tests.lab.snmp_recording import Recorded

COMMUNITY: Final = "lab-community"
_TOO_BIG: Final = 1
_NO_SUCH_NAME: Final = 2
_NOT_WRITABLE: Final = 17
_LARGEST: Final = 65_535

Arcs = tuple[int, ...]


class RecordedAgent:
    """A device as it was recorded, served by a thread of its own."""

    def __init__(self, objects: Sequence[Recorded], *, most_objects: int = 1000) -> None:
        """Bind a free port of loopback; nothing is answered before ``start``."""
        self._objects = {_arcs(each.oid): each for each in objects}
        self._order = sorted(self._objects)
        self._most_objects = most_objects
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.asked = 0
        """How many messages were answered."""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._ending = False

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more."""
        self._ending = True
        self._socket.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join()
        self._socket.close()

    def changed(self, each: Recorded) -> None:
        """Have an object from now on as it is here."""
        self._objects[_arcs(each.oid)] = each
        self._order = sorted(self._objects)

    def gone(self, oid: str) -> None:
        """Have an object no more."""
        del self._objects[_arcs(oid)]
        self._order = sorted(self._objects)

    def _serve(self) -> None:
        while True:
            datagram, peer = self._socket.recvfrom(_LARGEST)
            if self._ending:
                return
            answer = self._answer(datagram)
            if answer is not None:
                self._socket.sendto(answer, peer)

    def _answer(self, datagram: bytes) -> bytes | None:
        library: Any = {0: v1, 1: v2c}[int(decodeMessageVersion(datagram))]
        message, _ = decoder.decode(datagram, asn1Spec=library.Message())
        if bytes(library.apiMessage.get_community(message)) != COMMUNITY.encode():
            return None
        self.asked += 1
        response = library.apiMessage.get_response(message)
        asked, answered = library.apiMessage.get_pdu(message), library.apiMessage.get_pdu(response)
        wanted = [_arcs(str(name)) for name, _ in library.apiPDU.get_varbinds(asked)]
        status, at, found = self._found(library, asked, wanted)
        if status:
            library.apiPDU.set_error_status(answered, status)
            library.apiPDU.set_error_index(answered, at)
            found = list(library.apiPDU.get_varbinds(asked))
        library.apiPDU.set_varbinds(answered, found)
        return bytes(encoder.encode(response))

    def _found(self, library: Any, asked: Any, wanted: list[Arcs]) -> tuple[int, int, list[Any]]:  # noqa: ANN401
        """Return an error's status and place, and the variables."""
        if asked.isSameTypeWith(library.GetRequestPDU()):
            found = [(each, self._objects.get(each)) for each in wanted]
        elif asked.isSameTypeWith(library.GetNextRequestPDU()):
            found = [self._next(each) for each in wanted]
        elif library is v2c and asked.isSameTypeWith(v2c.GetBulkRequestPDU()):
            found = self._bulk(int(v2c.apiBulkPDU.get_max_repetitions(asked)), wanted)
        else:
            return _NOT_WRITABLE if library is v2c else _NO_SUCH_NAME, 1, []
        if len(found) > self._most_objects:
            return _TOO_BIG, 0, []
        missing = [place for place, (_, each) in enumerate(found, 1) if each is None]
        if missing and library is v1:
            return _NO_SUCH_NAME, missing[0], []
        at_end = not asked.isSameTypeWith(library.GetRequestPDU())
        return 0, 0, [(_name(oid), _value(each, at_end=at_end)) for oid, each in found]

    def _next(self, oid: Arcs) -> tuple[Arcs, Recorded | None]:
        place = bisect_right(self._order, oid)
        if place == len(self._order):
            return oid, None
        return self._order[place], self._objects[self._order[place]]

    def _bulk(self, repetitions: int, wanted: list[Arcs]) -> list[tuple[Arcs, Recorded | None]]:
        found: list[tuple[Arcs, Recorded | None]] = []
        for oid in wanted:
            for _ in range(repetitions):
                oid, each = self._next(oid)
                found.append((oid, each))
                if each is None or len(found) >= self._most_objects:
                    break
        return found


@contextmanager
def serving(objects: Sequence[Recorded], *, most_objects: int = 1000) -> Iterator[RecordedAgent]:
    """Serve a recording for a while."""
    agent = RecordedAgent(objects, most_objects=most_objects)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop()


def _arcs(oid: str) -> Arcs:
    return tuple(map(int, oid.removeprefix(".").split(".")))


def _name(arcs: Arcs) -> Any:  # noqa: ANN401 - the library has no types
    return rfc1902.ObjectName(arcs)


def _value(each: Recorded | None, *, at_end: bool) -> Any:  # noqa: ANN401 - the library has no types
    if each is None:
        return rfc1905.endOfMibView if at_end else rfc1905.noSuchInstance
    kinds: dict[int, Any] = {
        recording.INTEGER: rfc1902.Integer32,
        recording.COUNTER32: rfc1902.Counter32,
        recording.GAUGE: rfc1902.Gauge32,
        recording.TICKS: rfc1902.TimeTicks,
        recording.COUNTER64: rfc1902.Counter64,
        recording.OPAQUE: rfc1902.Opaque,
        recording.ADDRESS: rfc1902.IpAddress,
        recording.IDENTIFIER: rfc1902.ObjectIdentifier,
    }
    return kinds.get(each.tag, rfc1902.OctetString)(each.value)
