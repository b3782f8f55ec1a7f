"""A thread that does one job after another, away from the GUI thread. It never touches a widget."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from controlroom.errors import ControlroomError


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a job: its name, what it returned, the words of its failure, empty if none, and its code."""

    job: str
    result: object = None
    failure: str = ""
    code: str = ""


class Worker(threading.Thread):
    """Does jobs in the order given. A failure that a person can act on is an answer, not an end."""

    def __init__(self, name: str, at_end: Callable[[], None] | None = None) -> None:
        """Prepare the thread; ``at_end`` runs in it after the last job."""
        super().__init__(name=name, daemon=True)
        self._jobs: queue.SimpleQueue[tuple[str, Callable[[], object]] | None] = queue.SimpleQueue()
        self._done: deque[Done] = deque()
        self._at_end = at_end

    def submit(self, job: str, work: Callable[[], object]) -> None:
        """Put a job at the end of the line; ``job`` names it in its answer."""
        self._jobs.put((job, work))

    def drain(self) -> list[Done]:
        """Take the answers of all jobs that ended since the last call."""
        answers = []
        while self._done:
            answers.append(self._done.popleft())
        return answers

    def end(self) -> None:
        """Ask the thread to end after the jobs already given."""
        self._jobs.put(None)

    def run(self) -> None:
        """Do the jobs until told to end."""
        while (item := self._jobs.get()) is not None:
            job, work = item
            try:
                self._done.append(Done(job, work()))
            except (ControlroomError, OSError) as error:
                code = error.code if isinstance(error, ControlroomError) else ""
                self._done.append(Done(job, failure=str(error) or type(error).__name__, code=code))
        if self._at_end is not None:
            self._at_end()
