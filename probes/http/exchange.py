"""One request and its answer over a connection, through h11. It opens and closes nothing.

1. The head of an answer has at most ``LARGEST_HEAD_BYTES``, interim answers included, and of the body no more
   is kept than was asked for.
2. Between small parts of an answer the loop turns, so that a body in crumbs holds up nobody.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final

import h11

from controlroom.reading import Reason
from controlroom.report.escaping import printable
from probes.connection.failure import refused
from probes.connection.measured import Measured
from probes.connection.wire import Stream
from probes.errand import UnansweredError

FIRST_BYTE_S: Final = "first_byte_s"
LARGEST_HEAD_BYTES: Final = 32 * 1024

_HTTP: Final = b"HTTP/"
_SHOWN_BYTES: Final = 60

_EVENTS_A_TURN: Final = 64
_PYTHON_BYTES: Final = re.compile(r"(?:bytearray\()?b(['\"])(.*?)\1\)?")


@dataclass(slots=True)
class Answer:
    """An answer as far as it was read. ``whole`` tells that the body came to its end."""

    status: int = 0
    said: str = ""
    location: str = ""
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False


class Exchange:
    """Sends one request and reads its answer."""

    def __init__(self, stream: Stream, measured: Measured, most_body_bytes: int) -> None:
        """Nothing is sent yet."""
        self._stream, self._measured, self._most_body_bytes = stream, measured, most_body_bytes
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD_BYTES)
        self._answer = Answer()
        self._start = b""
        self._taken = 0
        self._ended = False

    async def ask(self, request: h11.Request) -> Answer:
        """Return the answer; raise ``UnansweredError`` where none comes that can be read."""
        head = self._parser.send(request) or b""
        with self._measured.phase(FIRST_BYTE_S, "waiting for the first byte"):
            await self._stream.send(head + (self._parser.send(h11.EndOfMessage()) or b""))
            await self._take()
        if self._ended:
            raise refused(Reason.CONNECTION_CLOSED, "closed by the other side without an answer")
        self._measured.doing = "reading the answer"
        await self._read()
        return self._answer

    async def _take(self) -> None:
        data = await self._stream.receive()
        self._taken += len(data)
        self._start += data[: _SHOWN_BYTES - len(self._start)]
        self._ended = not data
        self._check_start()
        self._parser.receive_data(data)

    def _check_start(self) -> None:
        """See to it that it is HTTP, which shows in its first bytes."""
        start = self._start.lstrip(b"\r\n")
        if start and not (start.startswith(_HTTP) or (_HTTP.startswith(start) and not self._ended)):
            raise self._not_http()

    def _not_http(self) -> UnansweredError:
        start = self._start.lstrip(b"\r\n").partition(b"\r\n")[0].decode("latin-1")
        return refused(Reason.WRONG_PROTOCOL, f"not HTTP: the answer begins with {printable(start)}")

    async def _read(self) -> None:
        events = 0
        while True:
            event = self._next()
            events += 1
            if events % _EVENTS_A_TURN == 0:
                await asyncio.sleep(0)  # rule 2
            if event is h11.NEED_DATA and not self._ended:
                if not self._answer.status and self._taken > LARGEST_HEAD_BYTES:
                    raise refused(Reason.WRONG_PROTOCOL, "a head without end")
                await self._take()
            elif isinstance(event, h11.Response):
                self._note_head(event)
            elif isinstance(event, h11.Data):
                if not self._keep(bytes(event.data)):
                    return
            elif isinstance(event, h11.EndOfMessage):
                self._answer.whole = True
                return
            elif not isinstance(event, h11.InformationalResponse):
                raise refused(Reason.CONNECTION_CLOSED, "closed by the other side without an answer")

    def _next(self) -> object:
        try:
            return self._parser.next_event()
        except h11.RemoteProtocolError as error:
            if self._ended:
                raise refused(Reason.ANSWER_CUT, "closed in the middle of the answer") from None
            if not self._answer.status and str(error).startswith("illegal status line"):
                raise self._not_http() from None
            said = _PYTHON_BYTES.sub(r"\2", str(error))
            raise refused(Reason.WRONG_PROTOCOL, f"not HTTP: {said}"[:300]) from None

    def _note_head(self, head: h11.Response) -> None:
        self._answer.status = head.status_code
        version, said = head.http_version.decode("latin-1"), head.reason.decode("latin-1")
        self._answer.said = f"HTTP/{version} {head.status_code} {said[:100]}".rstrip()
        locations = [value for name, value in head.headers if name == b"location"]
        self._answer.location = locations[0].decode("latin-1") if locations else ""

    def _keep(self, data: bytes) -> bool:
        """Keep what is wanted of a part of the body; ``False`` when there is more than that."""
        room = self._most_body_bytes - len(self._answer.body)
        self._answer.body += data[:room]
        return len(data) <= room
