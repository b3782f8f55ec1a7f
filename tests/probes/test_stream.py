"""One connection for one errand: how it fails, and that it is gone afterwards."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
import time

import pytest

from controlroom.reading import Outcome, Reason
from probes.errand import Answer, UnansweredError
from probes.stream import open_stream
from tests.lab.scripted import stream_server

LOCAL = "127.0.0.1"


def failure(
    port: int, *, address: str = LOCAL, within_s: float = 1.0, tls: ssl.SSLContext | None = None
) -> Answer:
    """Send ``hello``, wait for four bytes, and return why they did not come."""

    async def go() -> None:
        async with (
            asyncio.timeout(within_s),
            open_stream(address, port, tls=tls, server_name="x") as (
                reader,
                writer,
            ),
        ):
            writer.write(b"hello")
            await reader.readexactly(4)

    with pytest.raises(UnansweredError) as caught:
        asyncio.run(go())
    return caught.value.answer


def free_port() -> int:
    """Find a TCP port on loopback that nobody listens on."""
    with socket.socket() as taken:
        taken.bind((LOCAL, 0))
        return int(taken.getsockname()[1])


def test_a_closed_port_refuses() -> None:
    """Nothing listens there."""
    answer = failure(free_port())
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)


def test_a_closed_connection_is_told() -> None:
    """The service is reached, and hangs up."""
    with stream_server(lambda _data, _number: [b"ab", b""]) as server:
        answer = failure(server.port)
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.ANSWER_CUT)
    assert answer.text == "closed by the other side after 2 bytes of an answer"


@pytest.mark.parametrize(
    ("error", "reason", "text"),
    [
        (OSError(errno.EHOSTUNREACH, "x"), Reason.HOST_UNREACHABLE, "No route to host"),
        (OSError(errno.EACCES, "x"), Reason.PROHIBITED, "Permission denied"),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), Reason.DEADLINE, "Connection timed out"),
        (ConnectionResetError("Connection lost"), Reason.CONNECTION_CLOSED, "Connection lost"),
        (OSError("unheard of"), Reason.SEND_FAILED, "unheard of"),
    ],
)
def test_what_the_system_says_is_told(error: OSError, reason: Reason, text: str) -> None:
    """Whatever breaks an open connection, and also where the library has words for it alone."""

    async def go() -> None:
        async with open_stream(LOCAL, server.port):
            raise error

    with stream_server(lambda _data, _number: []) as server, pytest.raises(UnansweredError) as caught:
        asyncio.run(go())
    assert (caught.value.answer.reason, caught.value.answer.text) == (reason, text)


def test_what_does_not_speak_tls_is_told() -> None:
    """With the library's word for it."""
    with stream_server(lambda _data, _number: [b"no TLS here"]) as server:
        answer = failure(server.port, tls=ssl.create_default_context())
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.WRONG_PROTOCOL)
    assert answer.text


def test_a_server_that_hangs_up_instead_of_speaking_tls_is_told() -> None:
    """It was reached: that is no trouble of ours."""
    with stream_server(lambda _data, _number: [b""]) as server:
        answer = failure(server.port, tls=ssl.create_default_context())
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.CONNECTION_CLOSED)


def test_what_the_system_refuses_at_once_is_our_own_trouble() -> None:
    """Nothing left this machine: there is no way to an address of everybody."""
    answer = failure(9, address="255.255.255.255")
    assert (answer.outcome, answer.reason) == (Outcome.NOT_RUN, Reason.NO_ROUTE)


def test_a_deadline_cuts_the_connection() -> None:
    """The caller's time-out comes through as such, and the server sees the end."""
    ended: list[float] = []

    async def go() -> None:
        async with asyncio.timeout(0.1), open_stream(LOCAL, server.port) as (reader, writer):
            writer.write(b"hello")
            await reader.readexactly(4)

    with stream_server(lambda _data, _number: []) as server:
        with pytest.raises(TimeoutError):
            asyncio.run(go())
        ended.append(time.monotonic())
    assert server.received == [b"hello"]


def test_a_name_is_not_looked_up() -> None:
    """The engine has done that; here only numbers count."""

    async def go() -> None:
        async with open_stream("localhost", 1):
            raise AssertionError

    with pytest.raises(UnansweredError) as caught:
        asyncio.run(go())
    assert caught.value.answer.reason is Reason.NO_NAME
