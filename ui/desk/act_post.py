"""Carries the operator's acts into this desk's own inbox, away from the GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from controlroom.logbook.act import Act
from controlroom.store.interface import ActInbox
from ui.desk.worker import Done, Worker


class ActPost:
    """Opens the inbox with the first act and puts each act into it, in order."""

    def __init__(self, open_inbox: Callable[[], ActInbox]) -> None:
        """Keep the means; nothing is opened yet."""
        self._open_inbox = open_inbox
        self._inbox: ActInbox | None = None
        self._worker = Worker("desk-acts", at_end=self._close)

    def start(self) -> None:
        """Begin to take acts."""
        self._worker.start()

    def send(self, act: Act) -> None:
        """Send an act on its way; ``drain`` tells whether it could be written."""
        self._worker.submit(act.id, lambda: self.put(act))

    def put(self, act: Act) -> None:
        """Write an act now. Only for the thread that writes acts."""
        if self._inbox is None:
            self._inbox = self._open_inbox()
        self._inbox.put(act)

    def after(self, job: str, work: Callable[[], object]) -> None:
        """Do something after all acts given so far, in the thread that writes acts."""
        self._worker.submit(job, work)

    def drain(self) -> list[Done]:
        """Take the ends of all jobs since the last call; an act's job bears the act's id."""
        return self._worker.drain()

    def end(self, wait_s: float) -> None:
        """Write what is on its way, give the inbox back and end."""
        self._worker.end()
        self._worker.join(wait_s)

    def _close(self) -> None:
        if self._inbox is not None:
            self._inbox.close()
