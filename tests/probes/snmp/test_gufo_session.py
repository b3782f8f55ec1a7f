"""What the gufo stack believes, against agents that lie: each hostile datagram is scripted."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Mapping

import pytest

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, AuthProtocol, Credentials, Get, Version
from probes.snmp.gufo_client import GufoClient
from tests.lab import snmpd
from tests.probes.snmp.messages import UPTIME_NAME, element, response, scripted_agent, variable

V2C = Credentials(Version.V2C, community="c")
TICKS = variable(element(0x43, b"\x05"))


def ask(
    reply: Callable[[bytes], list[bytes]], credentials: Credentials = V2C, timeout_s: float = 0.25
) -> tuple[Answer, Mapping[str, float]]:
    """Ask a scripted agent once; give the answer and what the stack counted."""

    async def whole() -> tuple[Answer, Mapping[str, float]]:
        client = GufoClient()
        async with scripted_agent(reply) as port:
            answer = await client.get(Get("127.0.0.1", port, credentials, (snmpd.UPTIME,), timeout_s))
        health = client.health()
        await client.stop()
        return answer, health

    return asyncio.run(whole())


HOSTILE = {
    "no octet of a length": lambda request: b"\x30\x84",
    "a variable without contents": lambda request: response(request, element(0x30, b"")),
    "a value cut short": lambda request: response(request, element(0x30, UPTIME_NAME + b"\x43\x04\x05")),
    "a huge length": lambda request: response(
        request, element(0x30, UPTIME_NAME + b"\x04\x84\xff\xff\xff\xff")
    ),
    "an empty name": lambda request: response(request, variable(b"\x43\x01\x05", b"\x06\x00")),
    "text": lambda request: b"hello",
    "octets beyond the end": lambda request: response(request, TICKS) + b"\x00",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_malformed_datagram_is_counted_and_passed_over(hostile: Callable[[bytes], bytes]) -> None:
    """The right answer behind a malformed datagram is still taken; alone it is no reply."""
    answer, health = ask(lambda request: [hostile(request), response(request, TICKS)])
    assert answer.values == {snmpd.UPTIME: 5}
    assert health["snmp_malformed"] == 1

    alone, _ = ask(lambda request: [hostile(request)])
    assert (alone.outcome, alone.reason) == (Outcome.NO_REPLY, Reason.UNDECODABLE)
    assert "0x" in alone.text


def test_another_community_or_number_is_never_believed() -> None:
    """A forged reply (community) and a stale one (number) are counted, and silence stays silence."""
    forged, health = ask(lambda request: [response(request, TICKS, community=b"x")])
    assert (forged.outcome, health["snmp_forged"]) == (Outcome.NO_REPLY, 1)

    stale, health = ask(lambda request: [_renumbered(response(request, TICKS))])
    assert (stale.outcome, health["snmp_stale"]) == (Outcome.NO_REPLY, 1)


def _renumbered(message: bytes) -> bytes:
    """Change the last octet of the request number, which stands first in the PDU."""
    at = message.index(b"\xa2") + 2
    last = at + 1 + message[at + 1]
    return message[:last] + bytes([message[last] ^ 1]) + message[last + 1 :]


@pytest.mark.parametrize(
    ("status", "reason", "text"),
    [
        (1, Reason.DEVICE_ERROR, "tooBig"),
        (2, Reason.NO_SUCH_OBJECT, "noSuchName at object 1"),
        (5, Reason.DEVICE_ERROR, "genErr at object 1"),
        (16, Reason.AUTHENTICATION_FAILED, "authorizationError"),
        (99, Reason.DEVICE_ERROR, "error-status 99"),
    ],
)
def test_an_error_status_refuses(status: int, reason: Reason, text: str) -> None:
    """What the device says of its trouble reaches the person."""
    null = variable(b"\x05\x00")
    answer, _ = ask(lambda request: [response(request, null, status=status, index=1)])
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, reason)
    assert text in answer.text


def test_a_value_that_cannot_be_decoded_is_a_reply() -> None:
    """A well-formed answer of a kind unknown to the decoder shows that the device is there."""
    answer, _ = ask(lambda request: [response(request, variable(element(0x45, b"\x05")))])
    assert (answer.outcome, answer.reason) == (Outcome.REPLIED, Reason.UNDECODABLE)
    assert answer.text.startswith("0x30")


def test_a_pdu_that_is_no_response_is_passed_over() -> None:
    """A request sent back, or a SET, is no answer."""
    answer, health = ask(lambda request: [request, response(request, TICKS, tag=0xA3)])
    assert answer.outcome is Outcome.NO_REPLY
    assert health["snmp_malformed"] == 2


ENGINE_ID = bytes.fromhex("80001f8804636f6e74726f6c")
PASSWORD = "a-signing-password"  # noqa: S105 - a password for the test's own agent


def _signing_agent(request: bytes, *, sign_with: bytes) -> list[bytes]:
    """A v3 agent: it names its engine to strangers, and answers users under a signature of ours."""
    header_at = request.index(b"\x02\x01\x03\x30") + 5
    message_id = request[header_at : header_at + 2 + request[header_at + 1]]
    pdu_at = request.rindex(b"\x04\x00\xa0") + 2  # behind the empty name of the context
    number = request[pdu_at + 2 : pdu_at + 4 + request[pdu_at + 3]]
    if b"signer" not in request:
        counter = element(0x06, bytes([0x2B, 6, 1, 6, 3, 15, 1, 1, 4, 0]))
        return [_v3(message_id, number, b"\x00", b"", b"", 0xA8, variable(element(0x41, b"\x01"), counter))]
    unsigned = _v3(message_id, number, b"\x01", b"signer", bytes(12), 0xA2, TICKS)
    digest = hmac.new(sign_with, unsigned, hashlib.sha1).digest()[:12]
    return [_v3(message_id, number, b"\x01", b"signer", digest, 0xA2, TICKS)]


def _v3(
    message_id: bytes, number: bytes, flags: bytes, user: bytes, signature: bytes, tag: int, variables: bytes
) -> bytes:
    zero = element(2, b"\x00")
    usm = element(4, ENGINE_ID) + element(2, b"\x01") + element(2, b"\x09")
    usm += element(4, user) + element(4, signature) + element(4, b"")
    pdu = element(tag, number + zero + zero + element(0x30, variables))
    scoped = element(0x30, element(4, ENGINE_ID) + element(4, b"") + pdu)
    header = element(0x30, message_id + element(2, b"\x05\xdc") + element(4, flags) + element(2, b"\x03"))
    return element(0x30, element(2, b"\x03") + header + element(4, element(0x30, usm)) + scoped)


def _localised(password: str) -> bytes:
    """Make the key as RFC 3414, A.2 writes it: a megabyte of the password, then the engine between."""
    stretched = (password * (2**20 // len(password) + 1))[: 2**20].encode()
    key = hashlib.sha1(stretched).digest()  # noqa: S324 - what RFC 3414 prescribes
    return hashlib.sha1(key + ENGINE_ID + key).digest()  # noqa: S324 - what RFC 3414 prescribes


@pytest.mark.parametrize(
    ("password", "outcome"), [(PASSWORD, Outcome.REPLIED), ("another one", Outcome.NO_REPLY)]
)
def test_a_v3_reply_needs_the_right_signature(password: str, outcome: Outcome) -> None:
    """A reply signed with another key is counted as forged, whatever its numbers say."""
    signer = Credentials(Version.V3, user="signer", auth_protocol=AuthProtocol.SHA1, auth=PASSWORD)
    key = _localised(password)
    answer, health = ask(lambda request: _signing_agent(request, sign_with=key), signer)
    assert answer.outcome is outcome
    assert health["snmp_forged"] == (outcome is Outcome.NO_REPLY)


def test_a_late_reply_does_not_answer_the_next_question() -> None:
    """A reply that comes after its deadline is dropped, and the next question gets its own."""

    async def whole() -> list[Answer]:
        client = GufoClient()
        held: list[bytes] = []

        def reply(request: bytes) -> list[bytes]:
            held.append(response(request, variable(element(0x43, bytes([len(held) + 1])))))
            # The first stays out; the second question brings both, the late one first.
            return [] if len(held) == 1 else held

        async with scripted_agent(reply) as port:
            asked = Get("127.0.0.1", port, V2C, (snmpd.UPTIME,), 0.1)
            answers = [await client.get(asked), await client.get(asked)]
        await client.stop()
        return answers

    first, second = asyncio.run(whole())
    assert first.outcome is Outcome.NO_REPLY
    assert second.values == {snmpd.UPTIME: 2}


def test_idle_sockets_are_bounded() -> None:
    """However many agents are asked, no more sockets than allowed stay open between questions."""

    async def whole() -> float:
        client = GufoClient(maximum_idle=2)
        async with scripted_agent(lambda request: [response(request, TICKS)]) as port:
            for name in "abcd":
                who = Credentials(Version.V2C, community=name)
                await client.get(Get("127.0.0.1", port, who, (snmpd.UPTIME,), 1))
        idle = client.health()["snmp_idle_sessions"]
        await client.stop()
        return idle

    assert asyncio.run(whole()) == 2
