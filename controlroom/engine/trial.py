"""Trials in a process of their own: one end that asks, one end that has it asked. Neither keeps anything.

1. A probe library that hangs, crashes or leaks does so in a process that ends with the trial; the engine
   and its beat are not touched, and a trial works while no engine runs.
2. The asking process has the rights of whoever tries. Where the engine is a service with rights of its
   own, a trial without them says so (not run, no privilege) instead of guessing.
3. Nothing that is tried is written anywhere; secrets are read by their references.
"""

from __future__ import annotations

import asyncio
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TextIO

from controlroom.engine.ask_now import ask_now, read_parameters
from controlroom.engine.identify_now import identify_now
from controlroom.errors import ControlroomError, EngineError
from controlroom.identification import Identification, OnStep, Step
from controlroom.probe import ProbeParameters, ProbeType, ProbeTypes
from controlroom.report.escaping import printable
from controlroom.site.trial import (
    BAD_TRIAL,
    LONGEST_TEXT,
    LONGEST_TIMEOUT_S,
    TrialAnswer,
    TrialRequest,
    answer_of,
    answer_text,
    failure_text,
    identification_of,
    identified_text,
    request_of,
    request_text,
    step_text,
)

_LOOK_EVERY_S: Final = 0.1
_BEYOND_S: Final = 15.0
"""What starting Python, a look-up and the ending may take beyond the asking itself."""

_LONGEST_IDENTIFICATION_S: Final = 300.0
_LAST_WORDS: Final = 400


def serve_trial(
    probe_types: ProbeTypes, resolve_secret: Callable[[str], str], come_in: TextIO, out: TextIO
) -> bool:
    """Do the trial whose request comes in; write each answer as a line; return whether it could be done."""

    def tell(line: str) -> None:
        out.write(f"{line}\n")
        out.flush()

    try:
        request = request_of(come_in.read(LONGEST_TEXT + 1))
        probe_type = probe_types.get(request.probe_type)
        if probe_type is None:
            raise EngineError(BAD_TRIAL, f'There is no probe type "{printable(request.probe_type, 60)}".')
        parameters = read_parameters(probe_type, request.parameters)
        doing = _identify if request.identify else _ask
        asyncio.run(doing(probe_type, parameters, request, resolve_secret, tell))
    except ControlroomError as error:
        tell(failure_text(error))
        return False
    return True


async def _ask(
    probe_type: ProbeType,
    parameters: ProbeParameters,
    request: TrialRequest,
    resolve_secret: Callable[[str], str],
    tell: Callable[[str], None],
) -> None:
    await ask_now(
        probe_type,
        parameters,
        request.address,
        resolve_secret=resolve_secret,
        count=request.count,
        timeout_s=request.timeout_s,
        on_reading=lambda reading: tell(answer_text(reading)),
    )


async def _identify(
    probe_type: ProbeType,
    parameters: ProbeParameters,
    request: TrialRequest,
    resolve_secret: Callable[[str], str],
    tell: Callable[[str], None],
) -> None:
    found = await identify_now(
        probe_type,
        parameters,
        request.address,
        resolve_secret=resolve_secret,
        timeout_s=request.timeout_s,
        on_step=lambda step: tell(step_text(step)),
    )
    tell(identified_text(found))


class TrialProcess:
    """Has trials done by a command that serves them (``Trials``). One at a time a caller."""

    def __init__(self, command: Sequence[str], *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        """``command`` starts a process that calls ``serve_trial`` on its standard streams."""
        self._command = list(command)
        self._monotonic_s = monotonic_s

    def run(
        self,
        request: TrialRequest,
        on_answer: Callable[[TrialAnswer], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Ask, and tell each answer at once; the process has ended when this returns."""
        longest_s = request.count * (1.0 + (request.timeout_s or LONGEST_TIMEOUT_S)) + _BEYOND_S
        self._run(request, longest_s, lambda line: on_answer(answer_of(line)), cancelled)

    def identify(
        self, request: TrialRequest, on_step: OnStep, cancelled: Callable[[], bool]
    ) -> Identification | None:
        """Ask what the endpoint is, and tell each step; ``None`` where cancelled."""
        found: list[Identification] = []

        def take(line: str) -> None:
            told = identification_of(line)
            if isinstance(told, Step):
                on_step(told)
            else:
                found.append(told)

        asked = replace(request, identify=True)
        self._run(asked, _LONGEST_IDENTIFICATION_S, take, cancelled)
        if not found and not cancelled():
            raise EngineError("trial-failed", "The device was not read to the end.", "Try again.")
        return found[-1] if found else None

    def _run(
        self,
        request: TrialRequest,
        longest_s: float,
        take: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> None:
        child = self._start()
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(child, lines), name="trial", daemon=True)
        reader.start()
        try:
            self._give(child, request)
            self._follow(longest_s, lines, take, cancelled)
        finally:
            child.kill()
            child.wait()
            reader.join()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    stream.close()

    def _start(self) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise EngineError(
                "trial-failed", f"The test cannot be started: {why}.", "Install it again."
            ) from None

    def _give(self, child: subprocess.Popen[str], request: TrialRequest) -> None:
        if child.stdin is None:  # never so, for a pipe was asked for
            return
        try:
            child.stdin.write(request_text(request))
            child.stdin.close()
        except BrokenPipeError:
            return  # it ended at once; what it said is read next

    def _follow(
        self,
        longest_s: float,
        lines: queue.SimpleQueue[str | None],
        take: Callable[[str], None],
        cancelled: Callable[[], bool],
    ) -> None:
        until_s = self._monotonic_s() + longest_s
        answers, said = 0, ""
        while not cancelled():
            if self._monotonic_s() > until_s:
                raise EngineError("trial-silent", f"The test has not ended within {longest_s:.0f} s.")
            try:
                line = lines.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                continue
            if line is None:
                break
            if line.startswith("{"):
                take(line)
                answers += 1
            else:
                said = f"{said} {line.strip()}"[-_LAST_WORDS:]
        if not answers and not cancelled():
            words = printable(said.strip(), _LAST_WORDS) or "it said nothing."
            raise EngineError("trial-failed", f"The test ended without an answer: {words}")


def _read(child: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    if child.stdout is not None:
        for line in child.stdout:
            lines.put(line)
    lines.put(None)
