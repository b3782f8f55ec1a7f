"""The process in which pysnmp lives: questions on standard input, answers on standard output.

One SNMP engine for the life of the process (a second only where two users of one name have different
passwords). pysnmp takes 1 to 15 ms of CPU a question and reads files when it starts: that is why it is
not in the engine. Ends with its input. It never sends SET.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from typing import BinaryIO

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Get, Walk
from probes.snmp.frames import HEADER, length_of, pack, pack_answer, unpack_question
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

    async def _serve(self, number: int, asked: Get | Walk) -> None:
        loop = asyncio.get_running_loop()
        longest_s = asked.timeout_s if isinstance(asked, Get) else asked.longest_s
        due = loop.time() + longest_s
        asked_for = self._stack.get(asked) if isinstance(asked, Get) else self._stack.walk(asked)
        asking = loop.create_task(asked_for)
        await asyncio.wait({asking}, timeout=longest_s)
        # What arrived in time may still wait for its turn on the loop.
        for _ in range(4):
            if not asking.done():
                await asyncio.sleep(0)
        if asking.done():
            answer = _result_of(asking)
        elif loop.time() - due > LATE_S:
            answer = Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text="pysnmp is behind")
        else:
            answer = Answer(Outcome.NO_REPLY, Reason.DEADLINE)
        asking.cancel()
        self._write(pack_answer(number, answer))

    def _write(self, frame: bytes) -> None:
        self._output.write(frame)
        self._output.flush()


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
