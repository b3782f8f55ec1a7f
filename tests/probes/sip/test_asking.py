"""Asking a telephone server: over every way, again where nothing comes, and believing only its own answer."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import ValidationError

from controlroom.reading import Outcome, Reading, Reason
from probes.sip import SIP
from probes.sip.parameters import SipParameters
from tests.lab.scripted import Script, datagram_server, stream_server
from tests.lab.snmpd import free_port
from tests.probes.asking import Asked, ask
from tests.probes.sip.servers import certificate, header, respond


def by_udp(script: Script, *, timeout_s: float = 1.0, **given: object) -> Asked:
    """Ask a server that answers by the script."""
    with datagram_server(script) as server:
        return ask(SIP, SipParameters.model_validate({"port": server.port, **given}), timeout_s=timeout_s)


def test_a_server_answers() -> None:
    """With its status, its time, and what it says of itself."""
    more = "Server: Lab PBX 1.2\x1b[2J\r\nAllow: INVITE, OPTIONS\r\n"
    read = by_udp(lambda data, _number: [respond(data, more=more)]).only()
    assert (read.outcome, read.reason) == (Outcome.REPLIED, Reason.NONE)
    assert read.values["status_code"] == 200.0
    assert read.values["retransmissions_count"] == 0.0
    assert 0.0 < read.values["rtt_s"] < 0.3
    assert read.detail == "200 OK; server Lab PBX 1.2\\x1b[2J; allows INVITE, OPTIONS"
    assert set(read.values) == {metric.name for metric in SIP.metrics(SipParameters())}


@pytest.mark.parametrize(
    ("accepted", "status", "reason"),
    [
        ([], "200 OK", Reason.NONE),
        ([], "404 Not Found", Reason.NONE),
        ([], "401 Unauthorized", Reason.NONE),
        ([], "486 Busy Here", Reason.NONE),
        ([], "503 Service Unavailable", Reason.SIP_UNAVAILABLE),
        ([], "408 Request Timeout", Reason.SIP_UNAVAILABLE),
        (["2xx", "486"], "200 OK", Reason.NONE),
        (["2xx", "486"], "486 Busy Here", Reason.NONE),
        (["2xx", "486"], "404 Not Found", Reason.SIP_OTHER_STATUS),
        (["503"], "503 Service Unavailable", Reason.NONE),
        (["200"], "503 Service Unavailable", Reason.SIP_UNAVAILABLE),
    ],
)
def test_which_answers_are_right(accepted: list[str], status: str, reason: Reason) -> None:
    """Any shows that it lives, but some say that it cannot serve; or as the site says."""
    read = by_udp(lambda data, _number: [respond(data, status)], accepted_statuses=accepted).only()
    assert read.reason is reason
    assert read.outcome is (Outcome.REPLIED if reason is Reason.NONE else Outcome.REFUSED)
    assert read.detail.startswith(status)


def test_a_lost_request_is_sent_again_and_counted() -> None:
    """After half a second, then after one more; the same request, so that one answer fits all."""

    def script(data: bytes, number: int) -> Sequence[bytes]:
        return [respond(data)] if number == 2 else []

    with datagram_server(script) as server:
        done = ask(SIP, SipParameters(port=server.port), timeout_s=4.0)
    assert done.only().outcome is Outcome.REPLIED
    assert done.only().values["retransmissions_count"] == 2.0
    assert done.only().values["rtt_s"] == pytest.approx(1.5, abs=0.2)
    assert done.health["sip_retransmissions"] == 2.0
    assert len(set(server.received)) == 1
    gaps_s = [
        server.received_at_s[1] - server.received_at_s[0],
        server.received_at_s[2] - server.received_at_s[1],
    ]
    assert gaps_s == pytest.approx([0.5, 1.0], abs=0.15)


def test_an_answer_between_two_sendings_counts() -> None:
    """The wait is cut into pieces, and nothing falls between them."""
    read = by_udp(lambda data, number: [0.55, respond(data)] if number == 0 else [], timeout_s=2.0).only()
    assert read.outcome is Outcome.REPLIED
    assert read.values["retransmissions_count"] == 1.0


def test_a_server_at_work_is_not_pressed() -> None:
    """Once it has said so, it is asked again only every four seconds."""

    def script(data: bytes, number: int) -> Sequence[bytes | float]:
        return [respond(data, "100 Trying"), 2.0, respond(data)] if number == 0 else []

    with datagram_server(script) as server:
        read = ask(SIP, SipParameters(port=server.port), timeout_s=3.0).only()
    assert read.outcome is Outcome.REPLIED
    assert read.values["retransmissions_count"] == 1.0


def test_silence() -> None:
    """Also behind a word that it is at work; and what was sent again does not outlast the deadline."""
    silent = by_udp(lambda _data, _number: [], timeout_s=0.7)
    assert (silent.only().outcome, silent.only().reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert silent.took_s < 0.9
    at_work = by_udp(lambda data, _number: [respond(data, "100 Trying")], timeout_s=0.2).only()
    assert (at_work.outcome, at_work.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert "at work" in at_work.detail


def test_forged_and_unreadable_answers() -> None:
    """Are counted, and the right one is taken; alone they are no reply."""

    def script(data: bytes, _number: int) -> Sequence[bytes]:
        wrong = respond(data, "200 OK", changed={"Call-ID": "guessed"})
        return [wrong, b"nonsense", b"\r\n\r\n", data, respond(data, "404 Not Found")]

    done = by_udp(script)
    assert done.only().values["status_code"] == 404.0
    assert done.health["sip_forged"] == 1.0
    assert done.health["sip_malformed"] == 2.0
    nonsense = by_udp(lambda _data, _number: [b"nonsense"], timeout_s=0.2).only()
    assert (nonsense.outcome, nonsense.reason) == (Outcome.NO_REPLY, Reason.UNDECODABLE)


def test_a_closed_port() -> None:
    """By either way."""
    for transport in ("udp", "tcp"):
        given = SipParameters.model_validate({"port": free_port(), "transport": transport})
        read = ask(SIP, given).only()
        assert (read.outcome, read.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)


def test_the_request_names_where_it_comes_from() -> None:
    """So that a server finds the way back."""
    with datagram_server(lambda data, _number: [respond(data)]) as server:
        ask(SIP, SipParameters(port=server.port))
    assert header(server.received[0], "Via").startswith("SIP/2.0/UDP 127.0.0.1:")


def by_tcp(script: Script, *, timeout_s: float = 0.5) -> Reading:
    """Ask a server that answers by the script on a stream."""
    with stream_server(script) as server:
        given = SipParameters.model_validate({"port": server.port, "transport": "tcp"})
        return ask(SIP, given, timeout_s=timeout_s).only()


def test_by_tcp() -> None:
    """In one piece or in several, behind others, with a body."""

    def whole(data: bytes, _number: int) -> Sequence[bytes | float]:
        return [respond(data, body="v=0")]

    def pieces(data: bytes, _number: int) -> Sequence[bytes | float]:
        other = respond(data, changed={"CSeq": "1 OPTIONS"}, body="SIP/2.0 200 OK\r\n\r\n")
        answer = b"\r\n\r\n" + other + respond(data, "100 Trying") + respond(data, "480 Away")
        return [answer[:50], 0.05, answer[50:-30], 0.05, answer[-30:]]

    for script, status in ((whole, 200.0), (pieces, 480.0)):
        read = by_tcp(script)
        assert (read.outcome, read.values["status_code"]) == (Outcome.REPLIED, status), read.detail
        assert set(read.values) == {"rtt_s", "status_code", "connect_s"}


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        ([], Outcome.NO_REPLY, Reason.DEADLINE),
        ([b"SIP/2.0 200 OK\r\n"], Outcome.NO_REPLY, Reason.DEADLINE),
        ([b"SIP/2.0 200 OK\r\n", b""], Outcome.REFUSED, Reason.ANSWER_CUT),
        ([b"SIP/2.0 200 OK\r\nContent-Length: many\r\n\r\n"], Outcome.NO_REPLY, Reason.UNDECODABLE),
        ([b"x" * 200_000], Outcome.NO_REPLY, Reason.UNDECODABLE),
        ([b"nonsense\r\n\r\n"], Outcome.NO_REPLY, Reason.UNDECODABLE),
    ],
)
def test_by_tcp_in_vain(answer: Sequence[bytes], outcome: Outcome, reason: Reason) -> None:
    """Each is what it is, by the deadline."""
    read = by_tcp(lambda _data, _number: answer, timeout_s=0.3)
    assert (read.outcome, read.reason, read.values) == (outcome, reason, {})


def test_by_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate is believed by its authority and its name, or not looked at where the site says so."""
    chain, context = certificate(tmp_path)
    with stream_server(lambda data, _number: [respond(data)], context) as server:

        def reading(**given: object) -> Reading:
            base: dict[str, object] = {"port": server.port, "transport": "tls"}
            return ask(SIP, SipParameters.model_validate(base | given), timeout_s=2.0).only()

        stranger = reading()
        assert (stranger.outcome, stranger.reason) == (Outcome.REFUSED, Reason.CERTIFICATE_SELF_SIGNED)
        assert "self-signed" in stranger.detail
        assert reading(verify_certificate=False).outcome is Outcome.REPLIED
        assert reading(authorities=str(chain)).outcome is Outcome.REPLIED
        assert reading(authorities=str(tmp_path / "none.pem")).reason is Reason.NO_AUTHORITIES
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
        assert reading().outcome is Outcome.REPLIED
        assert reading(server_name="trunk.lab.test").outcome is Outcome.REPLIED
        other = reading(server_name="other.lab.test")
        assert (other.outcome, other.reason) == (Outcome.REFUSED, Reason.CERTIFICATE_WRONG_NAME)
        assert "other.lab.test" in other.detail


def test_a_server_that_never_shakes_hands() -> None:
    """The deadline holds there too."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        given = SipParameters.model_validate({"port": listening.getsockname()[1], "transport": "tls"})
        done = ask(SIP, given, timeout_s=0.3)
    assert (done.only().outcome, done.only().reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert done.took_s < 0.6


@pytest.mark.parametrize("given", [{"transport": "tcp"}, {"transport": "tls", "verify_certificate": False}])
def test_authorities_stand_where_somebody_looks_at_the_certificate(given: dict[str, object]) -> None:
    """Elsewhere they would be idle, and whoever wrote them would think to be safe."""
    with pytest.raises(ValidationError, match="authorities: mean something only"):
        SipParameters.model_validate({"authorities": "/etc/ssl/trunk.pem", **given})
