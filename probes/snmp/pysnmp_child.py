"""The process in which pysnmp lives: questions on standard input, answers on standard output.

One SNMP engine for the life of the process (a second only where two users of one name have different
passwords). A deadline begins when all is ready that asking takes, and only a loop that was kept busy beyond
it is called behind. pysnmp takes 1 to 15 ms of CPU a question and reads files when it starts: that is why it
is not in the engine. Ends with its input. It never sends SET.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import BinaryIO

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Credentials, Get, Walk
from probes.snmp.engine_discovery import names_its_engine
from probes.snmp.frames import HEADER, length_of, pack, pack_answer, unpack_question
from probes.snmp.other_key import SilentAgents, encrypts, may_lack_the_key
from probes.snmp.pysnmp_stack import PysnmpStack

LATE_S = 0.1
"""When our own loop wakes this much after a deadline, silence proves nothing about the agent."""


class Child:
    """Serves questions until its input ends."""

    def __init__(self, output: BinaryIO) -> None:
        """``output`` carries the answers and nothing else."""
        self._output = output
        self._stack = PysnmpStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._silent = SilentAgents()
        self._has_our_key: set[tuple[str, int, Credentials]] = set()
        """The agents that answered what was encrypted, when they were asked last."""
        self._number = 0
        self.ended = asyncio.Event()

    def take(self, body: bytes) -> None:
        """Start on one question."""
        number, asked = unpack_question(body)
        task = asyncio.get_running_loop().create_task(self._serve(number, asked))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def greet(self) -> None:
        """Tell that questions can be asked now."""
        self._write(pack({"ready": True}))

    def close(self) -> None:
        """Give the sockets back."""
        for task in self._tasks:
            task.cancel()
        self._stack.close()

    async def _serve(self, number: int, asked: Get | Walk | Credentials) -> None:
        await self._stack.prepare(asked if isinstance(asked, Credentials) else asked.credentials)
        if isinstance(asked, Credentials):
            answer = Answer(Outcome.REPLIED)
        elif isinstance(asked, Walk):
            answer = await self._answer(self._stack.walk(asked), asked.longest_s)
        else:
            answer = await self._got(asked)
        self._write(pack_answer(number, answer))

    async def _got(self, asked: Get) -> Answer:
        """Ask, and beside it for the agent's engine where its silence would say nothing (``other_key``)."""
        agent = (asked.address, asked.port, asked.credentials)
        if not encrypts(asked.credentials) or agent in self._has_our_key:
            beside = None
        else:
            self._number += 1
            naming = names_its_engine(asked.address, asked.port, self._number)
            beside = asyncio.get_running_loop().create_task(naming)
        answer = await self._answer(self._stack.get(asked), asked.timeout_s)
        if answer.outcome is Outcome.REPLIED:
            self._has_our_key.add(agent)
        elif may_lack_the_key(asked, answer):
            self._has_our_key.discard(agent)
        return self._silent.seen_through(asked, answer, met=await _has_named(beside))

    async def _answer(self, asked_for: Coroutine[None, None, Answer], longest_s: float) -> Answer:
        loop = asyncio.get_running_loop()
        due = loop.time() + longest_s
        asking = loop.create_task(asked_for)
        await asyncio.wait({asking}, timeout=longest_s)
        # What arrived in time may still wait for its turn on the loop.
        for _ in range(4):
            if not asking.done():
                await asyncio.sleep(0)
        if asking.done():
            return _result_of(asking)
        asking.cancel()
        if loop.time() - due > LATE_S:
            return Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text="pysnmp is behind")
        return Answer(Outcome.NO_REPLY, Reason.DEADLINE)

    def _write(self, frame: bytes) -> None:
        self._output.write(frame)
        self._output.flush()


async def _has_named(beside: asyncio.Task[None] | None) -> bool:
    """Whether an agent has named its engine; one that has not by now does so no more."""
    if beside is None:
        return False
    beside.cancel()
    (met,) = await asyncio.gather(beside, return_exceptions=True)
    return met is None


def _result_of(asking: asyncio.Task[Answer]) -> Answer:
    error = asking.exception()
    if error is None:
        return asking.result()
    # Only the kind of the error is told: its text may hold what was asked with.
    text = f"pysnmp failed: {type(error).__name__}"
    return Answer(Outcome.NOT_RUN, Reason.SEND_FAILED, text=text)


def _read_frames(source: BinaryIO, child: Child, loop: asyncio.AbstractEventLoop) -> None:
    """Hand every frame over to the loop; a plain blocking read works on every system."""
    while len(header := source.read(HEADER.size)) == HEADER.size:
        loop.call_soon_threadsafe(child.take, source.read(length_of(header)))
    loop.call_soon_threadsafe(child.ended.set)


async def _serve(source: BinaryIO, output: BinaryIO) -> None:
    child = Child(output)
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read_frames, args=(source, child, loop), daemon=True).start()
    child.greet()
    try:
        await child.ended.wait()
    finally:
        child.close()


def main() -> None:
    """Serve. Interrupts are for the parent, which ends us by closing our input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = os.fdopen(os.dup(0), "rb")
    output = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not get between the frames.
    os.dup2(2, 1)
    asyncio.run(_serve(source, output))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
