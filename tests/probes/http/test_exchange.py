"""Whatever a server says, in whatever pieces, an exchange ends with an answer or with a reason."""

from __future__ import annotations

import asyncio

import h11
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Outcome, Reason
from probes import errand
from probes.connection.measured import Measured
from probes.errand import UnansweredError
from probes.http.exchange import LARGEST_HEAD_BYTES, Answer, Exchange

MOST_BODY_BYTES = 100

_PIECES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 302 Found\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        *(b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n"),
        *(b"Location: /a\r\n", b"Upgrade: x\r\n", b"\r\n", b"\n", b"\x00"),
        *(b"5\r\nhello\r\n", b"0\r\n\r\n", b"ffffffffff\r\n", b"hello", b"x" * 70_000),
    ]
)


class Played:
    """A stream that says what was given, piece by piece, and then ends."""

    def __init__(self, pieces: list[bytes]) -> None:
        """Empty pieces are left out: they would mean the end."""
        self._pieces = [piece for piece in pieces if piece]

    async def send(self, data: bytes) -> None:
        """Take it."""

    async def receive(self) -> bytes:
        """Say the next piece."""
        return self._pieces.pop(0) if self._pieces else b""

    def close(self) -> None:
        """Nothing to give back."""


@given(st.lists(st.one_of(_PIECES, st.binary(max_size=200)), max_size=30))
def test_every_answer_ends(pieces: list[bytes]) -> None:
    """Without any other error, with bounded memory, and never as our own fault."""
    exchange = Exchange(Played(pieces), Measured(lambda: 0.0, lambda: 0.0), MOST_BODY_BYTES)
    request = h11.Request(method="GET", target="/", headers=[("Host", "a.example")])
    told: Answer | errand.Answer
    try:
        told = asyncio.run(exchange.ask(request))
    except UnansweredError as failure:
        told = failure.answer
    if isinstance(told, Answer):
        assert 200 <= told.status <= 999
        assert len(told.body) <= MOST_BODY_BYTES
        assert len(told.location) <= LARGEST_HEAD_BYTES
    else:
        assert told.outcome is Outcome.REFUSED
        assert told.reason in (Reason.CONNECTION_CLOSED, Reason.ANSWER_CUT, Reason.WRONG_PROTOCOL)
