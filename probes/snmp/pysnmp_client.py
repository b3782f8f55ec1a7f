"""SNMP by pysnmp in a process of its own: the fallback where gufo-snmp has no wheel.

1. Questions open when the process dies are answered ``not_run``: we could not ask.
2. It is started again after a pause that doubles, and is short again once it has lived for a while.
3. The process keeps each deadline; when it stays silent beyond one, we were too slow, not the agent.
4. No deadline runs while the process comes up, or gets ready for a user.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import probes
from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Credentials, Get, Walk
from probes.snmp.frames import HEADER, length_of, pack_question, unpack_answer

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
LIVED_WELL_S = 60.0
START_S = 10.0
"""Seconds the process may take to come up."""
END_S = 1.0
"""Seconds it may take to end before it is killed."""
GRACE_S = 0.08
"""Seconds after a deadline until we answer in the process's stead."""

log = logging.getLogger("probes.snmp")


class PysnmpClient:
    """An ``SnmpClient`` on pysnmp. ``program`` is what is run, for tests."""

    def __init__(self, *, program: tuple[str, ...] = ("-m", "probes.snmp.pysnmp_child")) -> None:
        """Nothing runs before ``start``."""
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._open: dict[int, asyncio.Future[Answer]] = {}
        self._number = 0
        self._prepared: set[Credentials] = set()
        self._starts = 0

    async def start(self) -> None:
        """Start the process and wait until it can be asked; go on without it if that takes too long."""
        self._keeper = asyncio.get_running_loop().create_task(self._keep_alive())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_S):
                await self._ready.wait()

    async def stop(self) -> None:
        """End the process, by force if it does not go."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        self._fail_open("stopped", Reason.STOPPED)

    def health(self) -> Mapping[str, float]:
        """Count how often the process had to be started again."""
        return {"snmp_process_restarts": float(max(0, self._starts - 1))}

    async def prepare(self, credentials: Credentials) -> None:
        """Wait for a process that is coming up, and have it make the keys; not for one that ended."""
        if self._process is not None:
            await self._ready.wait()
        if credentials not in self._prepared and self._ready.is_set():
            await self._ask(credentials, math.inf)
            self._prepared.add(credentials)

    async def get(self, asked: Get) -> Answer:
        """Ask through the process."""
        return await self._ask(asked, asked.timeout_s)

    async def walk(self, asked: Walk) -> Answer:
        """Walk through the process; what came is told when the walk has ended."""
        answer = await self._ask(asked, asked.longest_s)
        if asked.told is not None and answer.values:
            asked.told(answer.values)
        return answer

    async def _ask(self, asked: Get | Walk | Credentials, longest_s: float) -> Answer:
        process = self._process
        if process is None or process.stdin is None or not self._ready.is_set():
            return Answer(Outcome.NOT_RUN, Reason.SEND_FAILED, text="the pysnmp process is not running")
        self._number += 1
        number = self._number
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[number] = answered
        try:
            process.stdin.write(pack_question(number, asked))
            async with asyncio.timeout(None if math.isinf(longest_s) else longest_s + GRACE_S):
                return await answered
        except TimeoutError:
            return Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text="the pysnmp process is behind")
        finally:
            self._open.pop(number, None)

    async def _keep_alive(self) -> None:
        loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        while True:
            born = loop.time()
            await self._live_once()
            if loop.time() - born > LIVED_WELL_S:
                pause_s = FIRST_PAUSE_S
            log.warning("the pysnmp process ended; it is started again in %.1f s", pause_s)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _live_once(self) -> None:
        """Start the process and serve it until it ends."""
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._program,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=_environment(),
            )
        except OSError as error:
            log.warning("the pysnmp process cannot be started: %s", error)
            return
        self._process = process
        self._starts += 1
        try:
            await self._take_answers(process)
        finally:
            self._ready.clear()
            self._process = None
            self._prepared.clear()
            self._fail_open("the pysnmp process ended", Reason.SEND_FAILED)
            await _end(process)

    async def _take_answers(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for as a pipe
        while True:
            try:
                header = await process.stdout.readexactly(HEADER.size)
                body = await process.stdout.readexactly(length_of(header))
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):
                return
            if not self._ready.is_set():
                self._ready.set()
                continue
            number, answer = unpack_answer(body)
            answered = self._open.get(number)
            if answered is not None and not answered.done():
                answered.set_result(answer)

    def _fail_open(self, text: str, reason: Reason) -> None:
        for answered in self._open.values():
            if not answered.done():
                answered.set_result(Answer(Outcome.NOT_RUN, reason, text=text))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close the process's input, which ends it; kill it if it stays."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        # Not wait_for: on Python 3.11 it may swallow being cancelled, and then nobody would end.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(END_S):
                await process.wait()
    finally:
        # All of it here: before Python 3.11.4 a timeout in a task that is being cancelled raises
        # CancelledError, and what stood below would not be done.
        if process.returncode is None:
            process.kill()
        await process.wait()
        if process.stdout is not None:
            # Only when its output has been read to the end does asyncio let go of the process.
            await process.stdout.read()
        await asyncio.sleep(0)


def _environment() -> dict[str, str]:
    """Let the process import the same packages, wherever we were started from."""
    root = str(Path(next(iter(probes.__path__))).resolve().parent)
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
