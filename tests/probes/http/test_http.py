"""The HTTP probe against real servers: phases, what is expected, redirects, secrets, and hostile answers."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from controlroom.errors import SecretError
from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from probes.http import HTTP, HttpParameters
from tests.probes.connection.authority import Signed, sign
from tests.probes.connection.peers import (
    KEY,
    Behaviour,
    answer,
    flooding,
    free_port,
    quiet,
    reset,
    saying,
    serving,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nall units fine"


def ask(
    behave: Behaviour,
    *,
    context: ssl.SSLContext | None = None,
    name: str = "",
    timeout_s: float = 3.0,
    secrets: dict[str, str] | None = None,
    **given: object,
) -> Reading:
    """Ask a server once; it is HTTPS where there is a context."""

    def secret(reference: str) -> str:
        if secrets is None or reference not in secrets:
            raise SecretError("secret-missing", f"{reference} is not there.", "Write it.")
        return secrets[reference]

    async def whole() -> Reading:
        async with serving(behave, context) as port:
            parameters = HttpParameters.model_validate({"tls": context is not None, "port": port, **given})
            return await answer(HTTP, parameters, name=name, timeout_s=timeout_s, secret=secret)

    return asyncio.run(whole())


class Recorder:
    """Answers each request with the next of its answers, and keeps what was asked."""

    def __init__(self, *answers: bytes) -> None:
        """The last answer serves for all that follow."""
        self._answers = [*answers]
        self.heads: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        port = str(writer.get_extra_info("sockname")[1]).encode()
        writer.write(answer.replace(b"PORT", port))
        await writer.drain()


def redirect(location: bytes, status: bytes = b"302 Found") -> bytes:
    """Write an answer that leads elsewhere."""
    return b"HTTP/1.1 " + status + b"\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"


def test_every_phase_is_measured() -> None:
    """Resolve, connect and first byte are parts of the whole; the slow part is where the server was slow."""
    reading = ask(saying(OK, pause_s=0.2), name="localhost")
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    values = reading.values
    assert set(values) == {"total_s", "resolve_s", "connect_s", "first_byte_s", "body_bytes"}
    assert values["first_byte_s"] >= 0.2
    assert values["connect_s"] < 0.1
    parts = values["resolve_s"] + values["connect_s"] + values["first_byte_s"]
    assert parts <= values["total_s"] < parts + 0.1
    assert values["body_bytes"] == 14
    assert "HTTP/1.1 200 OK" in reading.detail


def test_https(tmp_path: Path) -> None:
    """TLS is a phase of its own, and the certificate's days are told."""
    root = sign("Test authority", days=900, authority=True)
    leaf = sign("server", root, days=30, names=("localhost",))
    context = leaf.server(tmp_path)
    reading = ask(saying(OK), context=context, name="localhost", authorities=root.trusted(tmp_path))
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    assert set(reading.values) == {metric.name for metric in HTTP.metrics(HttpParameters())}
    assert reading.values["certificate_days"] == pytest.approx(30, abs=0.01)


def test_nothing_is_sent_over_a_certificate_that_does_not_hold(tmp_path: Path) -> None:
    """The secret stays here; what was measured is told."""
    recorder = Recorder(OK)
    lonely: Signed = sign("device", days=-1, names=("localhost",))
    reading = ask(
        recorder,
        context=lonely.server(tmp_path),
        name="localhost",
        authorities=lonely.trusted(tmp_path),
        authorization="file:token",
        secrets={"file:token": "Bearer hunter22"},
    )
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.CERTIFICATE_EXPIRED)
    assert set(reading.values) == {"resolve_s", "connect_s", "certificate_days", "tls_version"}
    assert recorder.heads == []


def test_the_request() -> None:
    """Host, path and headers are as set, each secret in its place; the body of HEAD is not waited for."""
    recorder = Recorder(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n")
    reading = ask(
        recorder,
        name="cad.example",
        server_name="api.example",
        method="HEAD",
        path="/health?full=1",
        headers=[
            {"name": "X-Key", "value": "Key", "secret": "file:key"},
            {"name": "User-Agent", "value": "x"},
        ],
        authorization="file:token",
        secrets={"file:key": "s3same", "file:token": "Bearer hunter22"},
    )
    assert reading.outcome is Outcome.REPLIED
    head = recorder.heads[0]
    assert head.startswith("HEAD /health?full=1 HTTP/1.1\r\nHost: api.example:")
    for line in ("X-Key: Key s3same", "User-Agent: x", "Authorization: Bearer hunter22", "Connection: close"):
        assert f"\r\n{line}\r\n" in head
    assert head.lower().count("user-agent") == 1


def test_a_name_that_cannot_be_resolved_is_no_fault_of_the_endpoint() -> None:
    """The address that is known is asked, and said so; there is no time for the look-up."""
    reading = ask(saying(OK), name="no-such-name.invalid")
    assert reading.outcome is Outcome.REPLIED
    assert "resolve_s" not in reading.values
    assert "could not be resolved" in reading.detail


@pytest.mark.parametrize(
    ("line", "expected", "fine"),
    [
        (b"204 No Content", ["200-299"], True),
        (b"503 Service Unavailable", ["200-299"], False),
        (b"401 Unauthorized", ["200", "401"], True),
        (b"302 Found", ["200-299"], False),
        (b"302 Found", ["300-399"], True),
    ],
)
def test_status(line: bytes, expected: list[str], fine: bool) -> None:
    """Another status than expected has its own reason, and so has a redirect; what was measured is told."""
    reading = ask(saying(redirect(b"/away", line)), expected_status=expected)
    if fine:
        assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    else:
        reason = Reason.REDIRECTED if line.startswith(b"302") else Reason.STATUS_UNEXPECTED
        assert (reading.outcome, reading.reason) == (Outcome.REFUSED, reason)
    assert "total_s" in reading.values
    assert line.decode() in reading.detail


@pytest.mark.parametrize(
    ("given", "fine"),
    [
        ({"body_contains": ["all units", "fine"]}, True),
        ({"body_contains": ["all units", "Fine"]}, False),
        ({"body_lacks": ["error"]}, True),
        ({"body_lacks": ["error", "units"]}, False),
        ({"body_pattern": r"units\s+(fine|well)$"}, True),
        ({"body_pattern": r"^fine"}, False),
        ({"body_contains": ["all"], "most_body_bytes": 5}, True),
        ({"body_contains": ["fine"], "most_body_bytes": 5}, False),
    ],
)
def test_content(given: dict[str, Any], fine: bool) -> None:
    """What the body must hold and must not; what was not read is not found, and said so."""
    reading = ask(saying(OK), **given)
    if fine:
        assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    else:
        assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.CONTENT_UNEXPECTED)
    if not fine and "most_body_bytes" in given:
        assert "in the 5 bytes that were read" in reading.detail


def test_a_redirect_is_followed_as_often_as_allowed() -> None:
    """Each hop goes to the same host with the same headers; one too many is told."""
    hops = (redirect(b"/two"), redirect(b"http://localhost:PORT/three?x=1"), OK)
    recorder = Recorder(*hops)
    reading = ask(recorder, name="localhost", redirects=2)
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    assert [head.split(" ")[1] for head in recorder.heads] == ["/", "/two", "/three?x=1"]

    short = Recorder(*hops)
    reading = ask(short, name="localhost", redirects=1)
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.REDIRECTED)
    assert "three?x=1, after 1 that were followed" in reading.detail
    assert len(short.heads) == 2


def test_a_redirect_up_to_tls(tmp_path: Path) -> None:
    """From the clear to TLS on another port of the same host, and the days of the certificate there."""
    lonely = sign("device", days=50, names=("localhost",))

    async def whole() -> Reading:
        async with serving(saying(OK), lonely.server(tmp_path)) as secure:
            leading = Recorder(redirect(f"https://localhost:{secure}/".encode()))
            async with serving(leading) as port:
                parameters = HttpParameters(
                    tls=False, port=port, redirects=1, authorities=lonely.trusted(tmp_path)
                )
                return await answer(HTTP, parameters, name="localhost")

    reading = asyncio.run(whole())
    assert reading.outcome is Outcome.REPLIED
    assert reading.values["certificate_days"] == pytest.approx(50, abs=0.01)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        *((each, Reason.REDIRECTED) for each in (b"http://evil.example/", b"//evil.example/")),
        *((each, Reason.REDIRECTED) for each in (b"http://localhost:1/", b"ftp://localhost/")),
        (b"https://user@evil.example/", Reason.REDIRECTED),
        *((each, Reason.STATUS_UNEXPECTED) for each in (b"http://[", b"a b", b"/" + b"x" * 3000)),
    ],
)
def test_a_redirect_elsewhere_is_not_followed(location: bytes, reason: Reason) -> None:
    """Another host, port or scheme, and what is no address at all."""
    recorder = Recorder(redirect(location), OK)
    reading = ask(recorder, name="localhost", redirects=3)
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, reason)
    assert len(recorder.heads) == 1


def test_a_secret_is_never_shown() -> None:
    """Not even where the server sends it back, in a status line or in a redirect."""
    for echo in (
        b"HTTP/1.1 500 hunter22\r\nContent-Length: 0\r\n\r\n",
        redirect(b"/?t=hunter22"),
        b"Bearer hunter22 is no status line\r\n\r\n",
    ):
        secrets = {"file:token": "Bearer hunter22"}
        reading = ask(saying(echo), authorization="file:token", secrets=secrets)
        assert reading.outcome is Outcome.REFUSED
        assert "***" in reading.detail
        assert "hunter22" not in reading.detail


@pytest.mark.parametrize("secrets", [{}, {"file:token": "two\r\nlines"}, {"file:token": "schlüssel"}])
def test_a_secret_that_cannot_be_had_or_sent(secrets: dict[str, str]) -> None:
    """Our own fault, and nothing was asked."""
    recorder = Recorder(OK)
    reading = ask(recorder, authorization="file:token", secrets=secrets)
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_SECRET)
    assert recorder.heads == []
    assert "schlüssel" not in reading.detail


HEAD = b"HTTP/1.1 200 OK\r\n"
DRIPS = [bytes([byte]) for byte in OK]
CRUMB = b"1;" + b"x" * 60 + b"\r\na\r\n"
"""One byte of a body, with all that may stand around it."""


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), Reason.WRONG_PROTOCOL),
        (saying(bytes(range(256)) * 8), Reason.WRONG_PROTOCOL),
        (
            saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
            Reason.WRONG_PROTOCOL,
        ),
        (saying(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), Reason.WRONG_PROTOCOL),
        (saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n"), Reason.WRONG_PROTOCOL),
        (flooding(HEAD, b"X-Flood: " + b"x" * 1000 + b"\r\n"), Reason.WRONG_PROTOCOL),
        (flooding(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Reason.WRONG_PROTOCOL),
        (flooding(b"", b"x" * 4096), Reason.WRONG_PROTOCOL),
        (saying(b""), Reason.CONNECTION_CLOSED),
        (saying(b"SSH-2.0-OpenSSH_9.2\r\n"), Reason.WRONG_PROTOCOL),
        (saying(b"HT"), Reason.WRONG_PROTOCOL),
        (saying(HEAD + b"Content-Length: 50\r\n\r\nhalf"), Reason.ANSWER_CUT),
        (saying(HEAD + b"Server: x\r\n"), Reason.ANSWER_CUT),
        (reset, Reason.CONNECTION_CLOSED),
    ],
)
def test_answers_that_make_no_sense(behave: Behaviour, reason: Reason) -> None:
    """Garbage, floods and broken-off answers fail at once, each with its reason, and never time out."""
    began_s = time.monotonic()
    reading = ask(behave)
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, reason)
    assert "total_s" not in reading.values
    assert time.monotonic() - began_s < 2


@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not HTTP: the answer begins with SSH-2.0-OpenSSH_9.2"),
        (b"HTTP/1.1 abc\r\n\r\n", "not HTTP: the answer begins with HTTP/1.1 abc"),
        (b"HTTP/2.x\x1b[31m\r\n\r\n", "not HTTP: the answer begins with HTTP/2.x"),
    ],
)
def test_what_is_no_http_is_quoted(said: bytes, detail: str) -> None:
    """As it was said, in one line, without a word of the language that this program is written in."""
    told = ask(saying(said)).detail
    assert detail in told
    assert "bytearray" not in told
    assert told.isprintable()


def test_nobody_listens() -> None:
    """A refused connection is told as with any other probe."""
    reading = asyncio.run(answer(HTTP, HttpParameters(tls=False, port=free_port())))
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)


@pytest.mark.parametrize(
    ("behave", "where", "values"),
    [
        (quiet, "waiting for the first byte", {"connect_s"}),
        (saying(*DRIPS, pause_s=0.02), "reading the answer", {"connect_s", "first_byte_s"}),
        (flooding(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CRUMB), None, None),
    ],
)
def test_slow_and_crumbling_answers_meet_the_deadline(
    behave: Behaviour, where: str | None, values: set[str] | None
) -> None:
    """Silence and single bytes end on time with what was measured; a body in crumbs holds up nobody.

    Held up is told by what this thread computes between two turns of another task: on a machine that is busy
    with other things a turn may come late for no fault of ours.
    """

    async def whole() -> tuple[Reading, float]:
        longest_s = 0.0

        async def watch() -> None:
            nonlocal longest_s
            while True:
                before_s = time.thread_time()
                await asyncio.sleep(0.001)
                longest_s = max(longest_s, time.thread_time() - before_s)

        async with serving(behave) as port:
            watching = asyncio.create_task(watch())
            parameters = HttpParameters(tls=False, port=port, most_body_bytes=200_000)
            reading = await answer(HTTP, parameters, timeout_s=0.5)
            watching.cancel()
        return reading, longest_s

    began_s = time.monotonic()
    reading, longest_s = asyncio.run(whole())
    assert time.monotonic() - began_s < 1.5
    assert longest_s < 0.2
    if where is not None:
        assert (reading.outcome, reading.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
        assert where in reading.detail
        assert set(reading.values) == values


def test_an_answer_without_a_length_ends_with_the_connection() -> None:
    """As HTTP/1.0 has it."""
    reading = ask(
        saying(b"HTTP/1.0 200 OK\r\n\r\nall units", b" fine", pause_s=0.01), body_contains=["units fine"]
    )
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    assert reading.values["body_bytes"] == 14


def test_a_secret_that_is_not_accepted_is_read_anew() -> None:
    """So that a changed one counts without a restart."""
    read: list[str] = []

    def secret(reference: str) -> str:
        read.append(reference)
        return f"Bearer token{len(read)}"

    async def whole() -> list[str]:
        recorder = Recorder(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
        async with serving(recorder) as port:
            readings: asyncio.Queue[Reading] = asyncio.Queue()
            prober = HTTP.create(ProberContext(readings.put_nowait, time.time, time.monotonic, secret))
            await prober.start()
            parameters = HttpParameters(tls=False, port=port, authorization="file:token")
            for _ in range(2):
                prober.ask(Question(KEY, "127.0.0.1", parameters, 3.0))
                await readings.get()
            await prober.stop()
        return [head.partition("Authorization: ")[2].splitlines()[0] for head in recorder.heads]

    assert asyncio.run(whole()) == ["Bearer token1", "Bearer token2"]


def test_ipv6_literals_have_brackets() -> None:
    """In the Host header, as RFC 9110 has it."""
    recorder = Recorder(OK)

    async def whole() -> Reading:
        async with serving(recorder, host="::1") as port:
            return await answer(HTTP, HttpParameters(tls=False, port=port), address="::1", name="::1")

    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert asyncio.run(whole()).outcome is Outcome.REPLIED
    assert "\r\nHost: [::1]:" in recorder.heads[0]
