"""The pysnmp process: it dies, hangs or talks nonsense, and the engine goes on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from controlroom.reading import Outcome, Reason
from probes.snmp import pysnmp_client as module
from probes.snmp.client import Answer, Credentials, Get, Version
from probes.snmp.frames import (
    LARGEST_FRAME,
    length_of,
    pack_answer,
    pack_question,
    unpack_answer,
    unpack_question,
)
from probes.snmp.pysnmp_client import PysnmpClient
from tests.lab import snmpd

SECRET = Credentials(Version.V2C, community="the-secret-community")


def get(port: int, timeout_s: float = 3.0, credentials: Credentials = SECRET) -> Get:
    """A question to loopback."""
    return Get("127.0.0.1", port, credentials, (snmpd.UPTIME,), timeout_s)


def program(text: str) -> tuple[str, ...]:
    """Run this text in place of pysnmp."""
    return ("-c", text)


READY = "import sys,json,struct,time;f=sys.stdout.buffer;b=b'{}';f.write(struct.pack('>I',2)+b);f.flush();"


def test_frames_carry_every_kind_of_value() -> None:
    """What goes through the pipe comes out as it was, numbers beyond 53 bits and any octets included."""
    asked = get(161)
    assert unpack_question(pack_question(7, asked)[4:]) == (7, asked)
    assert unpack_question(pack_question(8, SECRET)[4:]) == (8, SECRET)
    answer = Answer(
        Outcome.REPLIED,
        Reason.NONE,
        {"1.3": 2**64 - 1, "1.4": b"\x00\xff", "1.5": "1.3.6", "1.6": 0.5},
        "text",
    )
    assert unpack_answer(pack_answer(7, answer)[4:]) == (7, answer)
    for header in (b"\x00\x00\x00\x00", (LARGEST_FRAME + 1).to_bytes(4, "big")):
        with pytest.raises(ValueError, match="length"):
            length_of(header)


@pytest.mark.lab
def test_a_killed_process_is_started_again(agent: snmpd.Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open questions are not run, and after a pause the new process answers."""
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 0.05)

    async def whole() -> tuple[Answer, Answer, float]:
        client = PysnmpClient()
        await client.start()
        open_question = asyncio.create_task(
            client.get(Get("127.0.0.1", agent.port, SECRET, (snmpd.UPTIME,), 8))
        )
        await asyncio.sleep(0.2)
        process = client._process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        broken_off = await open_question
        right = get(agent.port, credentials=Credentials(Version.V2C, community=snmpd.COMMUNITY))
        again = await client.get(right)
        deadline = time.monotonic() + 10
        while again.outcome is Outcome.NOT_RUN and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            again = await client.get(right)
        restarts = client.health()["snmp_process_restarts"]
        await client.stop()
        return broken_off, again, restarts

    broken_off, again, restarts = asyncio.run(whole())
    assert (broken_off.outcome, broken_off.reason) == (Outcome.NOT_RUN, Reason.SEND_FAILED)
    assert again.outcome is Outcome.REPLIED
    assert restarts == 1


def test_a_process_that_says_nothing_is_our_fault_not_the_agents() -> None:
    """A process that hangs after its start leads to overloaded, never to a lost reply."""
    client = PysnmpClient(program=program(READY + "time.sleep(30)"))

    async def whole() -> tuple[Answer, float]:
        await client.start()
        answer = await client.get(get(9, timeout_s=0.1))
        started = time.monotonic()
        await client.stop()
        return answer, time.monotonic() - started

    answer, stop_s = asyncio.run(whole())
    assert (answer.outcome, answer.reason) == (Outcome.NOT_RUN, Reason.OVERLOADED)
    assert stop_s < 2


def test_a_process_that_comes_up_is_waited_for_and_one_that_ended_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What asks by hand waits for the first; a beat is not held up by the pause before the next try."""
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 5.0)
    monkeypatch.setattr(module, "START_S", 0.05)

    async def prepared(text: str) -> tuple[float, bool]:
        client = PysnmpClient(program=program(text))
        await client.start()
        began_s = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await client.prepare(SECRET)
        waited_s = time.monotonic() - began_s
        ready = client._ready.is_set()
        await client.stop()
        return waited_s, ready

    answers = "f.write(struct.pack('>I',len(a))+a);f.flush();time.sleep(30)"
    answer = pack_answer(1, Answer(Outcome.REPLIED))[4:]
    slow = f"import time;time.sleep(0.5);a={answer!r};{READY}sys.stdin.buffer.read(4);{answers}"
    waited_s, ready = asyncio.run(prepared(slow))
    assert ready
    assert 0.2 < waited_s < 3
    monkeypatch.setattr(module, "START_S", 0.5)
    waited_s, ready = asyncio.run(prepared("raise SystemExit(3)"))
    assert (ready, waited_s < 1) == (False, True)


@pytest.mark.parametrize(
    "text",
    ["raise SystemExit(3)", READY + "f.write(b'\\xff'*64);f.flush();time.sleep(30)"],
    ids=["ends at once", "talks nonsense"],
)
def test_a_process_that_is_of_no_use(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends or loses the thread is ended, and questions are not run meanwhile."""
    monkeypatch.setattr(module, "START_S", 0.5)
    monkeypatch.setattr(module, "FIRST_PAUSE_S", 5.0)
    monkeypatch.setattr(module, "END_S", 0.1)

    async def whole() -> Answer:
        client = PysnmpClient(program=program(text))
        await client.start()
        await asyncio.sleep(0.3)
        answer = await client.get(get(9, timeout_s=0.2))
        await client.stop()
        return answer

    answer = asyncio.run(whole())
    assert (answer.outcome, answer.reason) == (Outcome.NOT_RUN, Reason.SEND_FAILED)


def test_the_process_ends_with_its_parent() -> None:
    """However the engine ends, the pysnmp process does not stay behind: its input ends with us."""

    async def whole() -> int | None:
        client = PysnmpClient()
        await client.start()
        process = client._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        code = await asyncio.wait_for(process.wait(), 5)
        await client.stop()
        return code

    assert asyncio.run(whole()) == 0


def test_secrets_are_in_no_argument_and_no_environment() -> None:
    """Other users of the machine can see a process's arguments: the secret goes through the pipe alone."""
    if not sys.platform.startswith("linux"):
        pytest.skip("reads /proc")

    async def whole() -> bytes:
        client = PysnmpClient()
        await client.start()
        await client.get(get(snmpd.free_port(), timeout_s=1))
        process = client._process
        assert process is not None
        proc = Path(f"/proc/{process.pid}")
        seen = (proc / "cmdline").read_bytes() + (proc / "environ").read_bytes()
        await client.stop()
        return seen

    seen = asyncio.run(whole())
    assert b"pysnmp_child" in seen
    assert b"the-secret-community" not in seen
