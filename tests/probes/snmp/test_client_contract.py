"""One contract for both SNMP stacks, against a real Net-SNMP agent."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from controlroom.reading import Outcome, Reason
from probes.snmp.client import (
    Answer,
    AuthProtocol,
    Credentials,
    Get,
    PrivacyProtocol,
    SnmpClient,
    Version,
    Walk,
)
from probes.snmp.gufo_client import GufoClient
from probes.snmp.pysnmp_client import PysnmpClient
from probes.snmp.two_stacks import TwoStacks
from tests.lab import snmpd
from tests.lab.snmpd import AUTH_PASSWORD, COMMUNITY, PRIVACY_PASSWORD

pytestmark = pytest.mark.lab

Result = TypeVar("Result")
Stack = Callable[[], SnmpClient]


def both() -> SnmpClient:
    """The fast stack, with the portable one for what that lacks."""
    return TwoStacks(GufoClient(), PysnmpClient())


STACKS = [pytest.param(both, id="gufo and pysnmp"), pytest.param(PysnmpClient, id="pysnmp")]
V2C = Credentials(Version.V2C, community=COMMUNITY)
SEALED = Credentials(
    Version.V3,
    user="sealed-sha-aes",
    auth_protocol=AuthProtocol.SHA1,
    auth=AUTH_PASSWORD,
    privacy_protocol=PrivacyProtocol.AES128,
    privacy=PRIVACY_PASSWORD,
)


def signed(user: str, protocol: AuthProtocol, password: str = AUTH_PASSWORD) -> Credentials:
    """Credentials of a user who signs and does not encrypt."""
    return Credentials(Version.V3, user=user, auth_protocol=protocol, auth=password)


def sealed(user: str, protocol: AuthProtocol, privacy: PrivacyProtocol) -> Credentials:
    """Credentials of a user who signs and encrypts."""
    return Credentials(
        Version.V3,
        user=user,
        auth_protocol=protocol,
        auth=AUTH_PASSWORD,
        privacy_protocol=privacy,
        privacy=PRIVACY_PASSWORD,
    )


def run(stack: Stack, asking: Callable[[SnmpClient], Awaitable[Result]]) -> Result:
    """Start a stack, let a test ask, and stop the stack."""

    async def whole() -> Result:
        client = stack()
        await client.start()
        try:
            return await asking(client)
        finally:
            await client.stop()

    return asyncio.run(whole())


def get(
    agent: snmpd.Agent,
    credentials: Credentials,
    oids: tuple[str, ...] = (snmpd.UPTIME,),
    timeout_s: float = 2.0,
) -> Get:
    """A question to the agent."""
    return Get(snmpd.ADDRESS, agent.port, credentials, oids, timeout_s)


@pytest.fixture(scope="module", params=STACKS)
def stack(request: pytest.FixtureRequest) -> Stack:
    """Each stack in turn."""
    chosen: Stack = request.param
    return chosen


READERS = {
    "v1": Credentials(Version.V1, community=COMMUNITY),
    "v2c": V2C,
    "v3 plain": Credentials(Version.V3, user="plain"),
    "v3 MD5": signed("signed-md5", AuthProtocol.MD5),
    "v3 SHA1": signed("signed-sha", AuthProtocol.SHA1),
    "v3 SHA224": signed("signed-sha224", AuthProtocol.SHA224),
    "v3 SHA256": signed("signed-sha256", AuthProtocol.SHA256),
    "v3 SHA384": signed("signed-sha384", AuthProtocol.SHA384),
    "v3 SHA512": signed("signed-sha512", AuthProtocol.SHA512),
    "v3 SHA1 AES128": SEALED,
    "v3 SHA256 AES192": sealed("sealed-sha256-aes192", AuthProtocol.SHA256, PrivacyProtocol.AES192),
    "v3 SHA512 AES256": sealed("sealed-sha512-aes256", AuthProtocol.SHA512, PrivacyProtocol.AES256),
    "v3 SHA1 AES192C": sealed("sealed-sha-aes192c", AuthProtocol.SHA1, PrivacyProtocol.AES192C),
    "v3 SHA1 AES256C": sealed("sealed-sha-aes256c", AuthProtocol.SHA1, PrivacyProtocol.AES256C),
    "v3 SHA256 AES128": Credentials(
        Version.V3,
        user="sealed-sha256-aes",
        auth_protocol=AuthProtocol.SHA256,
        auth=AUTH_PASSWORD,
        privacy_protocol=PrivacyProtocol.AES128,
        privacy=PRIVACY_PASSWORD,
    ),
    "v3 MD5 DES": Credentials(
        Version.V3,
        user="sealed-md5-des",
        auth_protocol=AuthProtocol.MD5,
        auth=AUTH_PASSWORD,
        privacy_protocol=PrivacyProtocol.DES,
        privacy=PRIVACY_PASSWORD,
    ),
}
ALL_KINDS = (snmpd.UPTIME, snmpd.OBJECT_ID, snmpd.CONTACT, snmpd.LOCATION, snmpd.LOAD)


def test_every_version_and_level_reads_every_kind_of_value(stack: Stack, agent: snmpd.Agent) -> None:
    """All credentials get the same values: numbers, names, texts and an opaque float."""

    async def ask_all(client: SnmpClient) -> dict[str, tuple[Answer, Answer]]:
        # Twice: the second question goes through a session that exists.
        return {
            name: (
                await client.get(get(agent, credentials, ALL_KINDS)),
                await client.get(get(agent, credentials, ALL_KINDS)),
            )
            for name, credentials in READERS.items()
        }

    for name, answers in run(stack, ask_all).items():
        for answer in answers:
            assert answer.outcome is Outcome.REPLIED, (name, answer)
            assert isinstance(answer.values[snmpd.UPTIME], int), name
            assert str(answer.values[snmpd.OBJECT_ID]).startswith("1.3.6.1.4.1.8072."), name
            assert answer.values[snmpd.CONTACT] == b"-98 dBm", name
            assert answer.values[snmpd.LOCATION] == b"north mast", name
            load = answer.values[snmpd.LOAD]
            assert isinstance(load, bytes), name
            assert load.startswith(b"\x9f\x78\x04"), name


def test_a_wrong_community_is_silence(stack: Stack, agent: snmpd.Agent) -> None:
    """An agent does not answer a stranger, so the deadline decides, and on time."""
    wrong = Credentials(Version.V2C, community="not-the-community")

    async def asked(client: SnmpClient) -> tuple[Answer, float]:
        await client.get(get(agent, V2C))  # what a stack needs to get ready is not the deadline's
        started = time.monotonic()
        answer = await client.get(get(agent, wrong, timeout_s=0.4))
        return answer, time.monotonic() - started

    answer, waited_s = run(stack, asked)
    assert (answer.outcome, answer.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert 0.35 < waited_s < 5


@pytest.mark.parametrize(
    "stranger",
    [
        pytest.param(signed("signed-sha", AuthProtocol.SHA1, "a-wrong-password"), id="wrong password"),
        pytest.param(signed("nobody", AuthProtocol.SHA1), id="unknown user"),
        pytest.param(Credentials(Version.V3, user="nobody"), id="unknown user without signature"),
        pytest.param(signed("signed-sha", AuthProtocol.SHA256), id="wrong protocol"),
    ],
)
def test_a_v3_stranger_is_refused(stack: Stack, agent: snmpd.Agent, stranger: Credentials) -> None:
    """A wrong password and an unknown user are told apart from silence, without naming a secret."""
    answer = run(stack, lambda client: client.get(get(agent, stranger)))
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED)
    assert "password" not in repr(answer)


def test_a_missing_object_is_absent(stack: Stack, agent: snmpd.Agent) -> None:
    """What the agent has not leaves the rest of the answer whole."""
    asked = get(agent, V2C, (snmpd.UPTIME, snmpd.NO_OBJECT))
    answer = run(stack, lambda client: client.get(asked))
    assert answer.outcome is Outcome.REPLIED
    assert set(answer.values) == {snmpd.UPTIME}


def test_version_1_refuses_the_whole_question(stack: Stack, agent: snmpd.Agent) -> None:
    """RFC 1157 knows no absent object: one that is missing makes the answer noSuchName."""
    asked = get(agent, READERS["v1"], (snmpd.UPTIME, snmpd.NO_OBJECT))
    answer = run(stack, lambda client: client.get(asked))
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.NO_SUCH_OBJECT)


@pytest.mark.parametrize("credentials", [V2C, SEALED], ids=["v2c", "v3"])
def test_a_closed_port_refuses(stack: Stack, credentials: Credentials) -> None:
    """A port that nobody listens on is told by the system, at once."""
    closed = snmpd.Agent(snmpd.free_port(), 0)
    answer = run(stack, lambda client: client.get(get(closed, credentials, timeout_s=3)))
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)


def test_many_at_once(stack: Stack, agent: snmpd.Agent) -> None:
    """Sixty questions open at once to one agent each get their own answer."""
    asked = [get(agent, V2C if number % 2 else SEALED, timeout_s=8) for number in range(60)]

    async def ask_all(client: SnmpClient) -> list[Answer]:
        return [*await asyncio.gather(*map(client.get, asked))]

    assert [answer.outcome for answer in run(stack, ask_all)] == [Outcome.REPLIED] * 60


def test_a_changed_password_of_one_user_name(stack: Stack, agent: snmpd.Agent) -> None:
    """A wrong and a right password of one user name, in turn, do not spoil each other."""
    right = signed("signed-sha", AuthProtocol.SHA1)
    wrong = signed("signed-sha", AuthProtocol.SHA1, "a-wrong-password")

    async def ask_in_turn(client: SnmpClient) -> list[Outcome]:
        return [(await client.get(get(agent, who))).outcome for who in (wrong, right, wrong, right)]

    assert run(stack, ask_in_turn) == [Outcome.REFUSED, Outcome.REPLIED] * 2


def test_an_agent_that_starts_again(stack: Stack, tmp_path: Path) -> None:
    """After a restart of the agent (its engine boots once more) a v3 user reads on without a failure."""
    if (reason := snmpd.why_not()) is not None:
        pytest.skip(reason)

    async def ask_across_restart(client: SnmpClient) -> list[Answer]:
        with snmpd.running_agent(tmp_path) as first:
            answers = [await client.get(get(first, SEALED))]
        with snmpd.running_agent(tmp_path, port=first.port) as second:
            return [*answers, await client.get(get(second, SEALED))]

    assert [answer.outcome for answer in run(stack, ask_across_restart)] == [Outcome.REPLIED] * 2


@pytest.mark.parametrize("credentials", [SEALED, READERS["v3 SHA512 AES256"]], ids=["AES128", "AES256"])
def test_another_privacy_password_is_told_from_an_agent_that_is_gone(
    tmp_path: Path, stack: Stack, credentials: Credentials
) -> None:
    """It is silent to what it cannot decrypt, and still names its engine: the second silence tells.

    One that is gone names nothing, so it stays silence, also where it was silent to a key before; and one
    that answered before and then has another key is told as well.
    """
    if (reason := snmpd.why_not()) is not None:
        pytest.skip(reason)
    wrong = replace(credentials, privacy="another-password")

    async def ask(client: SnmpClient) -> list[Answer]:
        await client.prepare(wrong)
        with snmpd.running_agent(tmp_path) as agent:
            answers = [await client.get(get(agent, wrong, timeout_s=0.5)) for _ in range(3)]
            answers.append(await client.get(get(agent, credentials)))
        return [*answers, await client.get(get(agent, wrong, timeout_s=0.5))]

    first, second, third, right, gone = run(stack, ask)
    assert (first.outcome, first.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    for told in (second, third):
        assert (told.outcome, told.reason) == (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED)
        assert "privacy password" in told.text
    assert right.outcome is Outcome.REPLIED
    assert gone.reason in (Reason.DEADLINE, Reason.PORT_UNREACHABLE)


def test_a_silent_agent_is_silent_to_the_first_question_as_well(stack: Stack) -> None:
    """Whatever a stack must get ready for it: keys and processes are no matter of the agent's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((snmpd.ADDRESS, 0))
        nobody = snmpd.Agent(silent.getsockname()[1], 0)

        async def ask(client: SnmpClient) -> list[Answer]:
            answers = []
            for credentials in (READERS["v3 SHA512 AES256"], READERS["v3 SHA1 AES192C"]):
                await client.prepare(credentials)
                answers.append(await client.get(get(nobody, credentials, timeout_s=0.3)))
            return answers

        answers = run(stack, ask)
    assert [(each.outcome, each.reason) for each in answers] == [(Outcome.NO_REPLY, Reason.DEADLINE)] * 2


def test_an_agent_that_is_replaced(tmp_path: Path, stack: Stack) -> None:
    """Another device at the same address (another engine) is found out within one question."""
    if (reason := snmpd.why_not()) is not None:
        pytest.skip(reason)

    async def ask_both(client: SnmpClient) -> list[Answer]:
        with snmpd.running_agent(tmp_path / "old") as first:
            answers = [await client.get(get(first, SEALED))]
        with snmpd.running_agent(tmp_path / "new", port=first.port) as second:
            return [*answers, await client.get(get(second, SEALED)), await client.get(get(second, SEALED))]

    answers = run(stack, ask_both)
    assert answers[0].outcome is Outcome.REPLIED
    assert answers[-1].outcome is Outcome.REPLIED


def test_two_agents_with_one_engine_id_are_named(tmp_path: Path, stack: Stack) -> None:
    """Copies of one device; whoever asks the second one is told of the first, and the first is not blamed."""
    if (reason := snmpd.why_not()) is not None:
        pytest.skip(reason)

    async def ask_both(client: SnmpClient) -> list[Answer]:
        with (
            snmpd.running_agent(tmp_path / "one", engine_id="copied-device") as one,
            snmpd.running_agent(tmp_path / "two", engine_id="copied-device") as two,
        ):
            return [await client.get(get(agent, SEALED)) for agent in (one, two, one)]

    first, second, again = run(stack, ask_both)
    assert first.outcome is Outcome.REPLIED
    assert "is also that of" not in first.text + again.text
    assert "is also that of 127.0.0.1 port " in second.text
    assert second.twin.startswith("127.0.0.1 port ")
    assert (first.twin, again.twin) == ("", "")


def walk(
    agent: snmpd.Agent, credentials: Credentials, oid: str, *, timeout_s: float = 2.0, most: int = 1000
) -> Walk:
    """A walk through a subtree of the agent."""
    return Walk(snmpd.ADDRESS, agent.port, credentials, oid, timeout_s, most=most)


@pytest.mark.parametrize("credentials", [READERS["v1"], V2C, SEALED], ids=["v1", "v2c", "v3"])
def test_a_walk_brings_a_subtree_and_nothing_else(
    stack: Stack, agent: snmpd.Agent, credentials: Credentials
) -> None:
    """In the agent's order, each object once, whatever the version; a leading dot changes nothing."""
    answer = run(stack, lambda client: client.walk(walk(agent, credentials, ".1.3.6.1.2.1.1")))
    assert (answer.outcome, answer.reason) == (Outcome.REPLIED, Reason.NONE)
    arcs = [tuple(map(int, oid.split("."))) for oid in answer.values]
    assert arcs == sorted(set(arcs))
    assert {each[:7] for each in arcs} == {(1, 3, 6, 1, 2, 1, 1)}
    assert len(arcs) > 10
    assert answer.values[snmpd.CONTACT] == b"-98 dBm"


def test_a_walk_where_nothing_is_brings_nothing(stack: Stack, agent: snmpd.Agent) -> None:
    """It is an answer: the agent has no such objects. At the end of all objects too."""
    for oid in ("1.3.6.1.4.1.99999", "1.3.6.1.7", "2.5"):
        answer = run(stack, lambda client, oid=oid: client.walk(walk(agent, V2C, oid)))  # type: ignore[misc]
        assert (answer.outcome, dict(answer.values)) == (Outcome.REPLIED, {})


def test_a_walk_ends_at_its_most(stack: Stack, agent: snmpd.Agent) -> None:
    """However much there is."""
    answer = run(stack, lambda client: client.walk(walk(agent, V2C, "1.3.6.1", most=60)))
    assert len(answer.values) == 60


def test_a_walk_past_a_stranger_is_told(stack: Stack, agent: snmpd.Agent) -> None:
    """Silence for a wrong community, a report for an unknown user; nothing is made up."""
    wrong = Credentials(Version.V2C, community="nobody")
    answer = run(stack, lambda client: client.walk(walk(agent, wrong, "1.3.6.1.2.1.1", timeout_s=0.3)))
    assert (answer.outcome, answer.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    unknown = Credentials(Version.V3, user="nobody")
    answer = run(stack, lambda client: client.walk(walk(agent, unknown, "1.3.6.1.2.1.1")))
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED)
