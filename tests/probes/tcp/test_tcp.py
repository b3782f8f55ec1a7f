"""The TCP probe: what it measures, every way in which it fails, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from probes.connection.parameters import MinimumTls
from probes.tcp import TCP, TcpParameters
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


@pytest.fixture(scope="module")
def root() -> Signed:
    """An authority that holds for years."""
    return sign("Test authority", days=3000, authority=True)


RECORD = b"\x16\x03\x03\x40\x00" + bytes(16384)
ENDLESS_HELLO = b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + bytes(16380)
"""Records of a handshake message that says it has 16 MB."""


def ask_plain(behave: Behaviour, *, timeout_s: float = 3.0, **given: object) -> Reading:
    """Try a server in the clear, or speak TLS to it with ``tls``."""

    async def whole() -> Reading:
        async with serving(behave) as port:
            parameters = TcpParameters.model_validate({"port": port, **given})
            return await answer(TCP, parameters, timeout_s=timeout_s)

    return asyncio.run(whole())


def ask_tls(context: ssl.SSLContext, *, name: str = "localhost", **given: object) -> Reading:
    """Speak TLS to a server that shows what the context holds."""

    async def whole() -> Reading:
        async with serving(quiet, context) as port:
            parameters = TcpParameters.model_validate({"port": port, "tls": True, **given})
            return await answer(TCP, parameters, name=name)

    return asyncio.run(whole())


def test_a_service_that_listens() -> None:
    """The time to connect is measured, within what the whole asking took."""
    began_s = time.monotonic()
    reading = ask_plain(quiet)
    assert (reading.outcome, reading.reason, [*reading.values]) == (
        Outcome.REPLIED,
        Reason.NONE,
        ["connect_s"],
    )
    assert 0 < reading.values["connect_s"] < time.monotonic() - began_s


def test_nobody_listens() -> None:
    """A refused connection says so, and has no time to connect."""
    reading = asyncio.run(answer(TCP, TcpParameters(port=free_port())))
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)
    assert not reading.values


def test_a_full_listener_is_silence_at_the_deadline() -> None:
    """Where the kernel drops what we send, the deadline answers, on time, and the socket is closed."""

    async def whole() -> tuple[Reading, float]:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            port = listener.getsockname()[1]
            waiting = [socket.socket() for _ in range(3)]
            for one in waiting:
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", port))
            began_s = time.monotonic()
            reading = await answer(TCP, TcpParameters(port=port), timeout_s=0.3)
            for one in waiting:
                one.close()
            return reading, time.monotonic() - began_s

    reading, took_s = asyncio.run(whole())
    assert (reading.outcome, reading.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert "connecting" in reading.detail
    assert 0.3 <= took_s < 0.6
    assert not reading.values


def test_a_certificate_that_holds(root: Signed, tmp_path: Path) -> None:
    """Everything is measured; of the whole chain the certificate that expires first counts."""
    middle = sign("Middle authority", root, days=20, authority=True)
    leaf = sign("server", middle, days=40, names=("localhost",))
    reading = ask_tls(leaf.server(tmp_path), authorities=root.trusted(tmp_path))
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    assert set(reading.values) == {metric.name for metric in TCP.metrics(TcpParameters(port=1, tls=True))}
    assert reading.values["certificate_days"] == pytest.approx(20, abs=0.01)
    assert reading.values["tls_version"] == 1.3
    assert 0 < reading.values["tls_s"] < 3
    assert "CN=server until 20" in reading.detail


def test_a_certificate_above_that_is_not_needed_does_not_count(root: Signed, tmp_path: Path) -> None:
    """A server may send one that has expired along: what counts is the chain that holds."""
    leaf = sign("server", root, days=40, names=("localhost",))
    old = sign("Old authority", days=-5, authority=True)
    context = Signed(leaf.certificate, leaf.key, old).server(tmp_path)
    reading = ask_tls(context, authorities=root.trusted(tmp_path))
    assert reading.outcome is Outcome.REPLIED
    assert reading.values["certificate_days"] == pytest.approx(40, abs=0.01)


@pytest.mark.parametrize(
    ("reason", "days", "from_days", "names"),
    [
        (Reason.CERTIFICATE_EXPIRED, -2.0, -400.0, ("localhost",)),
        (Reason.CERTIFICATE_NOT_YET_VALID, 60.0, 2.0, ("localhost",)),
        (Reason.CERTIFICATE_WRONG_NAME, 60.0, -400.0, ("another.example",)),
    ],
)
def test_a_certificate_that_does_not_hold(
    root: Signed, tmp_path: Path, reason: Reason, days: float, from_days: float, names: tuple[str, ...]
) -> None:
    """Each trouble has its own reason; what was measured is told all the same, and no handshake time."""
    leaf = sign("server", root, days=days, from_days=from_days, names=names)
    reading = ask_tls(leaf.server(tmp_path), authorities=root.trusted(tmp_path))
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, reason)
    assert reading.values["certificate_days"] == pytest.approx(days, abs=0.01)
    assert reading.values["tls_version"] == 1.3
    assert "connect_s" in reading.values
    assert "tls_s" not in reading.values


def test_an_issuer_we_do_not_trust(root: Signed, tmp_path: Path) -> None:
    """Whether the authority is not known, or its certificate was not sent along, nobody vouches."""
    leaf = sign("server", root, names=("localhost",))
    stranger = sign("Stranger", authority=True).trusted(tmp_path)
    whole = ask_tls(leaf.server(tmp_path), authorities=stranger)
    alone = ask_tls(leaf.server(tmp_path, above=False), authorities=stranger)
    by_the_system = ask_tls(leaf.server(tmp_path))
    for reading in (whole, alone, by_the_system):
        assert (reading.outcome, reading.reason) == (Outcome.REFUSED, Reason.CERTIFICATE_UNKNOWN_ISSUER)


def test_a_certificate_that_signed_itself(tmp_path: Path) -> None:
    """It is told as such; trusted by its own file it serves."""
    lonely = sign("device", names=("localhost",))
    refused = ask_tls(lonely.server(tmp_path))
    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, Reason.CERTIFICATE_SELF_SIGNED)
    trusted = ask_tls(lonely.server(tmp_path), authorities=lonely.trusted(tmp_path))
    assert trusted.outcome is Outcome.REPLIED


def test_without_verification_the_days_are_told_all_the_same(tmp_path: Path) -> None:
    """Whoever wants no verdict still learns when the certificate expires."""
    lonely = sign("device", days=-3, names=("another.example",))
    reading = ask_tls(lonely.server(tmp_path), verify_certificate=False)
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    assert reading.values["certificate_days"] == pytest.approx(-3, abs=0.01)


def test_whom_the_certificate_must_be_for(root: Signed, tmp_path: Path) -> None:
    """The name set, else the endpoint's own, else its address."""
    trust = root.trusted(tmp_path)
    named = sign("named", root, names=("radio.example",)).server(tmp_path)
    numbered = sign("numbered", root, names=("127.0.0.1",)).server(tmp_path)
    assert ask_tls(named, name="radio.example.", authorities=trust).reason is Reason.NONE
    assert ask_tls(named, server_name="radio.example", authorities=trust).reason is Reason.NONE
    assert ask_tls(numbered, name="127.0.0.1", authorities=trust).reason is Reason.NONE
    assert ask_tls(numbered, name="", authorities=trust).reason is Reason.NONE
    assert ask_tls(named, name="127.0.0.1", authorities=trust).reason is Reason.CERTIFICATE_WRONG_NAME


def refuse_one(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Take one connection, and fail its handshake."""
    connected, _ = listener.accept()
    with connected, pytest.raises(ssl.SSLError):
        context.wrap_socket(connected, server_side=True)


def test_versions_of_tls(root: Signed, tmp_path: Path) -> None:
    """The version in use is told; one that is too old fails the handshake, with the server's own words."""
    context = sign("server", root, names=("localhost",)).server(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    trust = root.trusted(tmp_path)
    assert ask_tls(context, authorities=trust).values["tls_version"] == 1.2
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # A server of OpenSSL's own: asyncio's goes without the word that the protocol has for it.
        server = threading.Thread(target=refuse_one, args=(listener, context))
        server.start()
        parameters = TcpParameters(
            port=listener.getsockname()[1], tls=True, authorities=trust, minimum_tls=MinimumTls.V1_3
        )
        refused = asyncio.run(answer(TCP, parameters, name="localhost"))
        server.join()
    assert (refused.outcome, refused.reason) == (Outcome.REFUSED, Reason.TLS_FAILED)
    assert "protocol version" in refused.detail


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (saying(b"220 mail.example ESMTP\r\n", wait=False), Reason.WRONG_PROTOCOL),
        (saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Reason.WRONG_PROTOCOL),
        (saying(b""), Reason.CONNECTION_CLOSED),
        (reset, Reason.CONNECTION_CLOSED),
        (flooding(ENDLESS_HELLO, RECORD), Reason.TLS_FAILED),
    ],
)
def test_what_does_not_speak_tls(behave: Behaviour, reason: Reason) -> None:
    """Another protocol, an end, a reset and a message without end each fail at once, with their reason."""
    began_s = time.monotonic()
    reading = ask_plain(behave, tls=True, verify_certificate=False)
    assert (reading.outcome, reading.reason) == (Outcome.REFUSED, reason)
    assert [*reading.values] == ["connect_s"]
    assert time.monotonic() - began_s < 2


def test_silence_and_dripping_in_the_handshake() -> None:
    """Who takes our hello and says nothing, or one byte at a time, meets the deadline."""
    hello = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76" + bytes(100)
    for behave in (quiet, saying(*(bytes([byte]) for byte in hello), pause_s=0.05)):
        reading = ask_plain(behave, tls=True, verify_certificate=False, timeout_s=0.4)
        assert (reading.outcome, reading.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
        assert "setting up TLS" in reading.detail
        assert [*reading.values] == ["connect_s"]


def test_authorities_that_cannot_be_had(tmp_path: Path) -> None:
    """A missing file and one without certificates are our own fault: not run."""
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate\n")
    for path in (str(tmp_path / "missing.pem"), str(empty)):
        reading = ask_plain(quiet, tls=True, authorities=path)
        assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_AUTHORITIES)
        assert path in reading.detail


def test_the_source_address() -> None:
    """It is kept; one that is not ours, or of the other version of IP, is our own fault: not run."""
    peers: list[str] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peers.append(writer.get_extra_info("peername")[0])

    assert ask_plain(note, source_address="127.0.0.5").outcome is Outcome.REPLIED
    assert peers == ["127.0.0.5"]
    for source in ("192.0.2.77", "::1"):
        reading = ask_plain(note, source_address=source)
        assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_SOURCE)
        assert "source address" in reading.detail or source in reading.detail


def test_ipv6() -> None:
    """An IPv6 address is asked as well, where this machine has any."""

    async def whole() -> Reading:
        async with serving(quiet, host="::1") as port:
            return await answer(TCP, TcpParameters(port=port), address="::1")

    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    assert asyncio.run(whole()).outcome is Outcome.REPLIED


def test_a_stop_answers_what_is_open() -> None:
    """Stopping breaks a handshake off, answers it once, and a question after the stop as well."""

    async def whole() -> list[Reading]:
        readings: list[Reading] = []
        async with serving(quiet) as port:
            prober = TCP.create(ProberContext(readings.append, time.time, time.monotonic, str))
            await prober.start()
            parameters = TcpParameters(port=port, tls=True, verify_certificate=False)
            prober.ask(Question(KEY, "127.0.0.1", parameters, 5.0))
            await asyncio.sleep(0.1)
            await prober.stop()
            prober.ask(Question(KEY, "127.0.0.1", parameters, 5.0))
            await asyncio.sleep(0.05)
        return readings

    readings = asyncio.run(whole())
    assert [(one.outcome, one.reason) for one in readings] == [(Outcome.NOT_RUN, Reason.STOPPED)] * 2


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"port": 0},
        {"port": 443, "server_name": "radio.example"},
        {"port": 443, "tls": True, "server_name": "https://radio.example"},
        {"port": 443, "tls": True, "authorities": "relative.pem"},
        {"port": 443, "tls": True, "authorities": "/a.pem", "verify_certificate": False},
        {"port": 443, "source_address": "eth0"},
        {"port": 443, "source_address": "0.0.0.0"},  # noqa: S104 - that it is refused is the test
        {"port": 443, "tls": True, "minimum_tls": "1.1"},
    ],
)
def test_parameters_that_mean_nothing(given: dict[str, object]) -> None:
    """What cannot be asked, or would be passed over, is a mistake."""
    with pytest.raises(ValidationError):
        TcpParameters.model_validate(given)
