"""Asking by hand: parameters and targets refused with help, names resolved, each answer told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from controlroom.engine import ask_now as module
from controlroom.engine.ask_now import ask_now, read_parameters, refuse_bad_target
from controlroom.errors import EngineError
from controlroom.probe import Prober, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, Reading, Reason
from probes.registry import PROBE_TYPES

HOST, ICMP, SNMP = PROBE_TYPES["host"], PROBE_TYPES["icmp"], PROBE_TYPES["snmp"]


class Echo:
    """A prober that answers every question at once, and notes what was done with it."""

    def __init__(self, context: ProberContext, done: list[str]) -> None:
        """``done`` is filled with what happens."""
        self._context, self._done = context, done

    async def start(self) -> None:
        """Note it."""
        self._done.append("start")

    def ask(self, question: Question) -> None:
        """Answer on the loop's next turn."""
        self._done.append(question.address)
        reading = Reading(question.probe, self._context.utc_s(), 0.0, Outcome.REPLIED, values={"rtt_s": 0.01})
        asyncio.get_running_loop().call_soon(self._context.sink, reading)

    async def stop(self) -> None:
        """Note it."""
        self._done.append("stop")

    def health(self) -> Mapping[str, float]:
        """Nothing to count."""
        return {}


class Mute(Echo):
    """A prober that breaks its promise to answer."""

    def ask(self, question: Question) -> None:
        """Say nothing."""


def echo_type(done: list[str], kind: type[Echo] = Echo) -> ProbeType:
    """The ping type with a prober of ours."""

    def create(context: ProberContext) -> Prober:
        return kind(context, done)

    return replace(ICMP, create=create)


def no_secret(reference: str) -> str:
    """Nothing here needs a secret."""
    raise AssertionError(reference)


def ask(probe_type: ProbeType, target: str, count: int = 1, timeout_s: float = 1.0) -> list[Reading]:
    """Ask by hand without a pause."""
    parameters = probe_type.parameters()
    return asyncio.run(
        ask_now(
            probe_type,
            parameters,
            target,
            resolve_secret=no_secret,
            count=count,
            timeout_s=timeout_s,
            interval_s=0.01,
        )
    )


def test_each_answer_is_told_at_once_and_the_prober_is_stopped() -> None:
    """Three questions go to the address that was given, each told, in order, and then all is given back."""
    done: list[str] = []
    told: list[Reading] = []
    readings = asyncio.run(
        ask_now(
            echo_type(done),
            ICMP.parameters(),
            "127.0.0.7",
            resolve_secret=no_secret,
            count=3,
            interval_s=0.01,
            on_reading=told.append,
        )
    )
    assert done == ["start", "127.0.0.7", "127.0.0.7", "127.0.0.7", "stop"]
    assert told == readings
    assert len(readings) == 3


def test_a_name_is_resolved() -> None:
    """The prober is asked for a literal address."""
    done: list[str] = []
    ask(echo_type(done), "localhost")
    assert done[1] in ("127.0.0.1", "::1")


def test_a_name_that_does_not_exist_is_not_run() -> None:
    """A name nobody knows is no fault of the endpoint, and no prober is made for it."""
    done: list[str] = []
    (reading,) = ask(echo_type(done), "no-such-host.invalid", count=3)
    assert (reading.outcome, reading.reason) == (Outcome.NOT_RUN, Reason.NO_NAME)
    assert done == []


@pytest.mark.parametrize("target", ["", "two words", "http://127.0.0.1/", "127.0.0.1:161", "-x", "\x1b[2J"])
def test_a_target_that_is_none_is_refused(target: str) -> None:
    """A target that cannot be an address is bad input, named without its control characters."""
    with pytest.raises(EngineError) as raised:
        refuse_bad_target(ICMP, target)
    assert raised.value.code == "bad-target"
    assert "\x1b" not in str(raised.value)


def test_the_machine_itself_needs_no_target() -> None:
    """The host type is not addressed: its target is not looked at, and it measures."""
    refuse_bad_target(HOST, "")
    (reading,) = ask(HOST, "")
    assert reading.outcome is Outcome.REPLIED
    assert "memory_ratio" in reading.values


def test_a_prober_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken prober cannot make the command wait for ever; it is stopped all the same."""
    monkeypatch.setattr(module, "BACKSTOP_S", 0.05)
    done: list[str] = []
    with pytest.raises(EngineError) as raised:
        ask(echo_type(done, Mute), "127.0.0.1", timeout_s=0.05)
    assert raised.value.code == "prober-silent"
    assert done == ["start", "stop"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"port": 70000, "community": "file:c"}, ("port:", "UDP port")),
        ({"comunity": "file:c"}, ("no such parameter", "Did you mean community?")),
        ({"community": "S3cr3t-itself"}, ("community:", "file:PATH")),
        ({"version": "3"}, ("user: version 3 needs one",)),
        ({"community": "file:c", "objects": [{"oid": "sysUpTime.0", "metric": "x_s"}]}, ("objects.0.oid",)),
    ],
)
def test_a_wrong_parameter_is_named_with_its_help(given: dict[str, object], told: tuple[str, ...]) -> None:
    """The message names the parameter and what it is for, and never repeats what was given."""
    with pytest.raises(EngineError) as raised:
        read_parameters(SNMP, given)
    assert raised.value.code == "bad-parameter"
    for words in told:
        assert words in str(raised.value)
    assert "S3cr3t" not in str(raised.value)


def test_right_parameters_are_read() -> None:
    """Text from the command line becomes the typed value."""
    parameters = read_parameters(SNMP, {"port": "1161", "community": "file:c"})
    assert parameters.model_dump()["port"] == 1161
