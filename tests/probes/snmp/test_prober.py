"""The SNMP prober: each question answered once, whatever the stack, the secret or the device does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.errors import SecretError
from controlroom.measure.remark import unknown_of
from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from probes.snmp import SnmpParameters, SnmpProber
from probes.snmp.client import Answer, Credentials, Get, SnmpClient, Version, Walk
from probes.snmp.gufo_client import GufoClient
from probes.snmp.prober import fastest_client
from probes.snmp.pysnmp_client import PysnmpClient
from probes.snmp.two_stacks import TwoStacks
from probes.snmp.values import DETAIL_CHARACTERS
from tests.lab import snmpd

KEY = ProbeKey("modem", "snmp")
UPTIME, SIGNAL, NAME = "1.3.6.1.2.1.1.3.0", "1.3.6.1.4.1.1.1.0", "1.3.6.1.2.1.1.6.0"
PARAMETERS = SnmpParameters.model_validate(
    {
        "community": "file:community",
        "objects": [
            {"oid": UPTIME, "metric": "uptime_s", "unit": "s", "scale": 0.01},
            {"oid": f".{SIGNAL}", "metric": "rsrp_dbm", "unit": "dBm"},
        ],
    }
)


class Scripted:
    """A stack that answers as a test tells it, and remembers what it was asked."""

    def __init__(self, answer: Callable[[Get], Awaitable[Answer]]) -> None:
        """``answer`` may wait, fail or be slow."""
        self._answer = answer
        self.asked: list[Get] = []

    async def start(self) -> None:
        """Nothing to take."""

    async def stop(self) -> None:
        """Nothing to give back."""

    def health(self) -> Mapping[str, float]:
        """One counter, to see that it is passed on."""
        return {"scripted": 1.0}

    async def prepare(self, credentials: Credentials) -> None:
        """Nothing to make."""

    async def walk(self, asked: Walk) -> Answer:
        """No test walks here."""
        raise AssertionError(asked)

    async def get(self, asked: Get) -> Answer:
        """Answer by the script."""
        self.asked.append(asked)
        return await self._answer(asked)


def at_once(answer: Answer) -> Scripted:
    """A stack that always gives this answer."""

    async def give(asked: Get) -> Answer:
        return answer

    return Scripted(give)


def question(
    parameters: SnmpParameters = PARAMETERS, timeout_s: float = 1.0, address: str = "127.0.0.1"
) -> Question:
    """One asking."""
    return Question(KEY, address, parameters, timeout_s)


def ask(
    client: SnmpClient,
    questions: list[Question],
    *,
    resolve: Callable[[str], str] = lambda reference: "the-community",
    ceiling: int = 500,
    stop_after: int | None = None,
    in_turn: bool = False,
) -> list[Reading]:
    """Ask all, wait for so many answers, stop, and give every reading."""

    async def whole() -> list[Reading]:
        readings: list[Reading] = []
        came: asyncio.Queue[Reading] = asyncio.Queue()

        def sink(reading: Reading) -> None:
            readings.append(reading)
            came.put_nowait(reading)

        context = ProberContext(sink, time.time, time.monotonic, resolve)
        prober = SnmpProber(context, client, ceiling=ceiling)
        await prober.start()
        for one in questions:
            prober.ask(one)
            if in_turn:
                await came.get()
        for _ in range(0 if in_turn else len(questions) if stop_after is None else stop_after):
            await asyncio.wait_for(came.get(), 5)
        await prober.stop()
        return readings

    return asyncio.run(whole())


def one(answer: Answer, parameters: SnmpParameters = PARAMETERS) -> Reading:
    """The reading that comes of one answer of the stack."""
    (reading,) = ask(at_once(answer), [question(parameters)])
    return reading


def test_values_are_scaled_and_the_raw_answer_is_kept() -> None:
    """Hundredths of seconds become seconds, a text becomes its number, and both stand in the detail."""
    reading = one(Answer(Outcome.REPLIED, values={UPTIME: 12_345, SIGNAL: b"-98 dBm"}))
    assert (reading.outcome, reading.reason, reading.probe) == (Outcome.REPLIED, Reason.NONE, KEY)
    assert reading.values == {"uptime_s": pytest.approx(123.45), "rsrp_dbm": -98.0}
    assert reading.detail == f'{UPTIME} = 12345; {SIGNAL} = "-98 dBm"'


def test_what_is_missing_or_no_number_has_no_value() -> None:
    """One missing object leaves the other; no number at all is undecodable; nothing at all is a refusal."""
    missing = one(Answer(Outcome.REPLIED, values={UPTIME: 100}))
    assert missing.values == {"uptime_s": 1.0}
    assert missing.detail == f"rsrp_dbm: unknown (no such object); {UPTIME} = 100"
    words = one(Answer(Outcome.REPLIED, values={SIGNAL: b"no service"}))
    assert (words.outcome, words.reason, dict(words.values)) == (Outcome.REPLIED, Reason.UNDECODABLE, {})
    assert words.detail == (
        'rsrp_dbm: unknown (no number: "no service"); uptime_s: unknown (no such object); '
        f'{SIGNAL} = "no service"'
    )
    assert unknown_of(words.detail) == {"rsrp_dbm": 'no number: "no service"', "uptime_s": "no such object"}
    octets = one(Answer(Outcome.REPLIED, values={UPTIME: 100, SIGNAL: b"\x80\xff"}))
    assert unknown_of(octets.detail) == {"rsrp_dbm": "no number: 0x80ff"}
    nothing = one(Answer(Outcome.REPLIED))
    assert (nothing.outcome, nothing.reason) == (Outcome.REFUSED, Reason.NO_SUCH_OBJECT)
    assert nothing.detail == "uptime_s, rsrp_dbm: unknown (no such object)"


def test_however_many_are_missing_the_detail_is_bounded() -> None:
    """A whole list of objects that an agent has not keeps to the length of any evidence."""
    objects = [{"oid": f"1.3.6.1.4.1.99999.{number}.0", "metric": f"m{number}_count"} for number in range(32)]
    reading = one(
        Answer(Outcome.REPLIED), SnmpParameters.model_validate({"community": "file:c", "objects": objects})
    )
    assert len(reading.detail) <= DETAIL_CHARACTERS
    assert unknown_of(reading.detail) == {f"m{number}_count": "no such object" for number in range(32)}


def test_what_is_unknown_is_not_cut_off_by_what_came() -> None:
    """However long the texts are that came in the place of numbers, each value is named with some of them."""
    objects = [{"oid": f"1.3.6.1.4.1.99999.{number}.0", "metric": f"m{number}_count"} for number in range(12)]
    values = {each["oid"]: f"{number} words: {'x' * 240}".encode() for number, each in enumerate(objects)}
    reading = one(
        Answer(Outcome.REPLIED, values=values),
        SnmpParameters.model_validate({"community": "file:c", "objects": objects}),
    )
    found = unknown_of(reading.detail)
    assert len(found) == 12
    assert all(why.startswith(f'no number: "{name[1:-6]} words: x') for name, why in found.items())


def test_device_text_is_escaped() -> None:
    """A device cannot put control characters into the log."""
    reading = one(Answer(Outcome.REFUSED, Reason.DEVICE_ERROR, text="\x1b[2J\u202eboom"))
    assert "boom" in reading.detail
    assert not any(letter in reading.detail for letter in "\x1b\u202e")


@pytest.mark.parametrize("tells_where", [True, False])
def test_version_1_leaves_out_what_is_missing(*, tells_where: bool) -> None:
    """Where one missing object spoils a version 1 answer, the others are still read."""

    async def as_version_1(asked: Get) -> Answer:
        if SIGNAL in asked.oids:
            place = asked.oids.index(SIGNAL) + 1 if tells_where else 0
            return Answer(Outcome.REFUSED, Reason.NO_SUCH_OBJECT, text="noSuchName", at=place)
        return Answer(Outcome.REPLIED, values={UPTIME: 200})

    client = Scripted(as_version_1)
    version_1 = PARAMETERS.model_copy(update={"version": Version.V1})
    (reading,) = ask(client, [question(version_1)])
    assert reading.values == {"uptime_s": 2.0}
    again = [(UPTIME,)] if tells_where else [(UPTIME,), (SIGNAL,)]
    assert [asked.oids for asked in client.asked] == [(UPTIME, SIGNAL), *again]


def test_no_secret_is_not_run_and_is_asked_for_again() -> None:
    """A secret that cannot be had leads to unknown with the reason; the next question tries again."""
    tries: list[str] = []

    def resolve(reference: str) -> str:
        tries.append(reference)
        if len(tries) == 1:
            raise SecretError("secret-missing", "There is no secret file community.", "Write it.")
        return "the-community"

    client = at_once(Answer(Outcome.REPLIED, values={UPTIME: 1}))
    first, second = ask(client, [question(), question()], resolve=resolve, in_turn=True)
    assert (first.outcome, first.reason) == (Outcome.NOT_RUN, Reason.NO_SECRET)
    assert "There is no secret file" in first.detail
    assert second.outcome is Outcome.REPLIED
    assert tries == ["file:community", "file:community"]


def test_a_secret_is_read_once_and_anew_after_it_was_not_accepted() -> None:
    """Many questions cause one reading of the file; a refusal or a stranger's silence causes another."""
    reads: list[str] = []

    def resolve(reference: str) -> str:
        reads.append(reference)
        return "the-community"

    fine = at_once(Answer(Outcome.REPLIED, values={UPTIME: 1}))
    ask(fine, [question() for _ in range(20)], resolve=resolve)
    assert len(reads) == 1
    reads.clear()
    refused = at_once(Answer(Outcome.REFUSED, Reason.AUTHENTICATION_FAILED))
    ask(refused, [question()] * 3, resolve=resolve, in_turn=True)
    assert len(reads) == 3
    reads.clear()
    silent = at_once(Answer(Outcome.NO_REPLY, Reason.DEADLINE))
    ask(silent, [question()] * 3, resolve=resolve, in_turn=True)
    assert len(reads) == 3


def test_a_secret_that_hangs_meets_the_deadline() -> None:
    """A keyring that waits for somebody blocks neither the loop nor the question."""

    def resolve(reference: str) -> str:
        time.sleep(0.6)
        return "too-late"

    started = time.monotonic()
    (reading,) = ask(at_once(Answer(Outcome.REPLIED)), [question(timeout_s=0.05)], resolve=resolve)
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_SECRET)
    assert time.monotonic() - started < 0.5


async def never(asked: Get) -> Answer:
    """Hang as a broken stack does."""
    await asyncio.Event().wait()
    raise AssertionError


async def broken(asked: Get) -> Answer:
    """Fail with what was asked in the error's text."""
    raise ValueError(f"cannot encode {asked.credentials.community}")


class PanicError(BaseException):
    """What a Rust panic becomes: no ordinary exception."""


async def panics(asked: Get) -> Answer:
    """Fail as a panic of a Rust library does."""
    raise PanicError("index out of bounds")


def test_a_stack_that_hangs_or_breaks_is_answered_for() -> None:
    """A stack that misses its deadline is our overload; one that breaks is told by its kind alone."""
    (hung,) = ask(Scripted(never), [question(timeout_s=0.05)])
    assert (hung.outcome, hung.reason) == (Outcome.NOT_RUN, Reason.OVERLOADED)
    for fault, kind in ((broken, "ValueError"), (panics, "PanicError")):
        (reading,) = ask(Scripted(fault), [question()])
        assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.UNDECODABLE)
        assert kind in reading.detail
        assert "the-community" not in repr(reading)


@pytest.mark.parametrize("outcome", [Outcome.NO_REPLY, Outcome.REPLIED])
def test_an_answer_that_cannot_be_read_is_neither_silence_nor_a_reply(outcome: Outcome) -> None:
    """Something came, and nobody knows what: neither down nor up follows from it."""

    async def unreadable(asked: Get) -> Answer:
        return Answer(outcome, Reason.UNDECODABLE, text="0x30")

    (reading,) = ask(Scripted(unreadable), [question()])
    assert (reading.outcome, reading.reason, reading.values) == (Outcome.NOT_RUN, Reason.UNDECODABLE, {})
    assert "0x30" in reading.detail


class Slow(Scripted):
    """A stack that takes its time to get ready for a user."""

    def __init__(self, answer: Callable[[Get], Awaitable[Answer]], ready_s: float) -> None:
        """Be ready after so many seconds."""
        super().__init__(answer)
        self._ready_s = ready_s

    async def prepare(self, credentials: Credentials) -> None:
        """Take that time."""
        await asyncio.sleep(self._ready_s)


def test_no_deadline_runs_while_the_stack_gets_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long keys and processes take, silence is that of the agent; without an end it is not run."""
    silent = Slow(at_once(Answer(Outcome.NO_REPLY, Reason.DEADLINE))._answer, ready_s=0.4)
    began_s = time.monotonic()
    (reading,) = ask(silent, [question(timeout_s=0.1)])
    assert (reading.outcome, reading.reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert reading.sent_monotonic_s - began_s >= 0.4
    assert silent.asked[0].timeout_s > 0.05
    (hung,) = ask(Slow(never, ready_s=0.4), [question(timeout_s=0.1)])
    assert (hung.outcome, hung.reason) == (Outcome.NOT_RUN, Reason.OVERLOADED)
    monkeypatch.setattr("probes.snmp.prober.READY_S", 0.05)
    (late,) = ask(silent, [question(timeout_s=0.1)])
    assert (late.outcome, late.reason) == (Outcome.NOT_RUN, Reason.OVERLOADED)
    assert "did not get ready" in late.detail


def test_the_ceiling_and_the_stop() -> None:
    """Beyond the ceiling nothing is sent; what is open at the stop is not run; each is answered once."""
    client = Scripted(never)
    readings = ask(client, [question(timeout_s=9) for _ in range(7)], ceiling=5, stop_after=2)
    reasons = [reading.reason for reading in readings]
    assert reasons == [Reason.OVERLOADED] * 2 + [Reason.STOPPED] * 5
    assert all(reading.outcome is Outcome.NOT_RUN for reading in readings)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["reply", "never", "broken", "slow"]), max_size=12),
    st.integers(1, 6),
    st.integers(0, 12),
)
def test_every_question_is_answered_exactly_once(kinds: list[str], ceiling: int, stop_after: int) -> None:
    """Whatever mixture of fates, and whenever it is stopped: as many readings as questions."""

    async def fate(asked: Get) -> Answer:
        kind = asked.address
        if kind == "never":
            return await never(asked)
        if kind == "broken":
            return await broken(asked)
        if kind == "slow":
            await asyncio.sleep(0.002)
        return Answer(Outcome.REPLIED, values={UPTIME: 1})

    # The fate travels in the address: the scripted stack resolves nothing.
    questions = [question(timeout_s=0.02, address=kind) for kind in kinds]
    readings = ask(Scripted(fate), questions, ceiling=ceiling, stop_after=min(stop_after, len(kinds)))
    assert len(readings) == len(kinds)


def test_the_fastest_stack_is_chosen() -> None:
    """gufo-snmp is installed here, so it is taken; its counters reach the engine's health."""
    assert isinstance(fastest_client(), TwoStacks)
    client = at_once(Answer(Outcome.REPLIED))
    prober = SnmpProber(ProberContext(lambda reading: None, time.time, time.monotonic, str), client)
    assert prober.health() == {"snmp_open": 0.0, "snmp_overloaded": 0.0, "scripted": 1.0}


@pytest.mark.lab
@pytest.mark.parametrize("stack", [GufoClient, PysnmpClient])
def test_both_stacks_name_what_a_real_agent_has_not(
    stack: Callable[[], SnmpClient], agent: snmpd.Agent
) -> None:
    """A missing object, a missing instance and a text without a number are told beside the value."""
    missing_instance = f"{snmpd.UPTIME}.7"
    objects = [
        {"oid": snmpd.CONTACT, "metric": "rsrp_dbm"},
        {"oid": snmpd.NO_OBJECT, "metric": "missing_count"},
        {"oid": missing_instance, "metric": "instance_s"},
        {"oid": snmpd.LOCATION, "metric": "place_m"},
    ]
    given = {"port": agent.port, "community": "file:c", "objects": objects}
    asked = question(SnmpParameters.model_validate(given), timeout_s=3.0)
    (reading,) = ask(stack(), [asked], resolve=lambda reference: snmpd.COMMUNITY)
    assert reading.values == {"rsrp_dbm": -98.0}, reading
    told = reading.detail.split("; ")
    assert told[:2] == [
        'place_m: unknown (no number: "north mast")',
        "missing_count, instance_s: unknown (no such object)",
    ]


@pytest.mark.lab
def test_a_real_agent_with_secrets_in_files(agent: snmpd.Agent, tmp_path: Path) -> None:
    """From the site's parameters to values, by version 2c and version 3, with secrets from files."""
    community = snmpd.secret_file(tmp_path, "community", snmpd.COMMUNITY)
    auth = snmpd.secret_file(tmp_path, "auth", snmpd.AUTH_PASSWORD)
    privacy = snmpd.secret_file(tmp_path, "privacy", snmpd.PRIVACY_PASSWORD)
    objects = [
        {"oid": snmpd.UPTIME, "metric": "uptime_s", "unit": "s", "scale": 0.01},
        {"oid": snmpd.CONTACT, "metric": "rsrp_dbm", "unit": "dBm"},
        {"oid": snmpd.LOAD, "metric": "load_1min", "unit": "processes"},
        {"oid": snmpd.NO_OBJECT, "metric": "missing_count", "unit": "count"},
    ]
    common = {"port": agent.port, "objects": objects}
    sealed = {
        "version": "3",
        "user": "sealed-sha-aes",
        "auth_protocol": "SHA1",
        "auth": f"file:{auth}",
        "privacy_protocol": "AES128",
        "privacy": f"file:{privacy}",
    }
    questions = [
        question(SnmpParameters.model_validate({**common, **given}))
        for given in (
            {"community": f"file:{community}"},
            {"community": f"file:{community}", "version": "1"},
            sealed,
        )
    ]

    def resolve(reference: str) -> str:
        return Path(reference.removeprefix("file:")).read_text(encoding="ascii").strip()

    for reading in ask(GufoClient(), questions, resolve=resolve):
        assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE), reading
        # Version 1 has no opaque float in its answer to a question that names a missing object alone.
        assert {"uptime_s", "rsrp_dbm"} <= set(reading.values)
        assert "missing_count" not in reading.values
        assert reading.values["rsrp_dbm"] == -98
        assert 0 <= reading.values["uptime_s"] < 3600
        assert snmpd.COMMUNITY not in repr(reading)
        assert snmpd.AUTH_PASSWORD not in repr(reading)


def test_who_shares_an_engine_id_is_named_in_the_health() -> None:
    """With the other one, as long as it was seen of late; after that nothing is said."""
    clock = [1_000.0]

    async def whole() -> tuple[Mapping[str, float], Mapping[str, float]]:
        came: asyncio.Queue[Reading] = asyncio.Queue()
        context = ProberContext(came.put_nowait, time.time, lambda: clock[0], lambda reference: "community")
        answer = Answer(Outcome.REPLIED, values={UPTIME: 1}, twin="192.0.2.7 port 161")
        prober = SnmpProber(context, at_once(answer))
        await prober.start()
        prober.ask(question())
        await asyncio.wait_for(came.get(), 5)
        seen = prober.health()
        clock[0] += 3_601
        later = prober.health()
        await prober.stop()
        return seen, later

    seen, later = asyncio.run(whole())
    assert seen["shared_engine"] == 1
    assert seen[f"shared_engine@{KEY.endpoint_id}@192.0.2.7 port 161"] == 1
    assert not [name for name in later if name.startswith("shared_engine")]
