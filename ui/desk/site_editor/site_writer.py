"""Has the site file written, in the thread of the disk. It shows nothing.

Rules:
1. One at a time, for each builds upon what the one before left.
2. Nobody writes who may not change the site.
3. What another desk saved meanwhile stays: an endpoint is written into the file as it is then
   (``desk_work.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from controlroom.operators.role import Permission
from controlroom.site.keeping import Author, SiteKeeper, SiteOnDisk
from ui.desk.duty import Duty
from ui.desk.site_editor import desk_work
from ui.desk.site_editor.desk_work import Differing, Saved
from ui.desk.site_editor.draft import EndpointDraft
from ui.desk.worker import Worker

WRITES: Final = ("save", "remove", "undo", "restore")
"""The jobs that write, of which one is under way at most."""

_TAKEN: Final = "Taken into use"


class SiteWriter:
    """Gives the disk's thread what is to be written, in the name of whoever is on duty."""

    def __init__(self, disk: Worker, keeper: SiteKeeper, duty: Duty, say: Callable[[str], None]) -> None:
        """Write nothing yet; ``say`` takes words for whoever edits."""
        self._disk, self._keeper, self._duty, self._say = disk, keeper, duty, say
        self.busy = False
        self.sent: EndpointDraft | None = None
        """What is being saved, as long as the form shows the endpoint."""

    def ended(self, job: str) -> None:
        """Note that a job has ended."""
        if job in WRITES:
            self.busy = False

    def save(self, base: SiteOnDisk, draft: EndpointDraft, runs: str) -> None:
        """Save an endpoint; ``runs`` is the digest that the engine runs."""
        if self.busy:
            return
        keeper, by = self._keeper, self._author()
        self.sent = draft
        self._write("save", lambda: desk_work.save_endpoint(keeper, base, draft, by, runs))

    def save_without(self, base: SiteOnDisk, endpoint_id: str, runs: str) -> None:
        """Save the site without an endpoint."""
        keeper, by = self._keeper, self._author()
        self._write("remove", lambda: desk_work.save_without(keeper, base, endpoint_id, by, runs))

    def undo(self, step: Saved) -> None:
        """Save the text from before a step, where nobody has built upon it."""
        keeper, by, what = self._keeper, self._author(), f"Undone: {step.what}"
        digest = step.now.digest if step.now is not None else ""
        self._write("undo", lambda: desk_work.save_text(keeper, step.before, digest, by, what, "Undone"))

    def bring(self, text: str, found: Differing, what: str) -> None:
        """Save a text that was kept in place of the one that was found."""
        keeper, by = self._keeper, self._author()
        self._write("restore", lambda: desk_work.save_text(keeper, text, found.digest, by, what))

    def note_outside(self, found: Differing) -> None:
        """Note as a version what somebody changed outside and is taken into use."""
        keeper, by = self._keeper, replace(self._author(), outside=True)
        self._disk.submit("note", lambda: keeper.note(found.text, by=by, lead=_TAKEN))

    def _write(self, job: str, work: Callable[[], object]) -> None:
        why_not = self._duty.why_not(Permission.EDIT_SITE)
        if why_not:
            self._say(why_not)
        elif not self.busy:
            self.busy = True
            self._say("Saving…")
            self._disk.submit(job, work)

    def _author(self) -> Author:
        return Author(self._duty.now.label(), self._duty.now.role)
