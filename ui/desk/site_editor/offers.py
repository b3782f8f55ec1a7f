"""The differences that the editor shows, each with the answers that it offers. It decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from controlroom.operators.role import Permission
from controlroom.site.keeping import KeptVersions
from ui.desk.duty import Duty
from ui.desk.site_editor.desk_work import Conflict, Differing
from ui.desk.site_editor.difference_dialog import DifferenceDialog
from ui.desk.site_editor.versions_dialog import VersionsDialog
from ui.desk.theme import Theme

LATER = "later"
RESTORE = "restore"
BACK = "back"
USE = "use"
MINE = "mine"
THEIRS = "theirs"

Decide = Callable[[str], None]


class Offers:
    """Owns what is open: the versions, and one difference, for an older one would offer what was."""

    def __init__(self, theme: Theme, duty: Duty) -> None:
        """Show nothing yet."""
        self._theme, self._duty = theme, duty
        self.difference: DifferenceDialog | None = None
        self.versions: VersionsDialog | None = None

    def close(self) -> None:
        """Close whatever is open; nothing is decided by that."""
        for dialog in (self.difference, self.versions):
            if dialog is not None:
                dialog.reject()

    def show_versions(
        self, parent: QWidget, kept: KeptVersions, zone: ZoneInfo, show: Callable[[int], None]
    ) -> None:
        """List the versions that are kept; ``show`` takes the number of one to be looked at."""
        self.versions = VersionsDialog(self._theme, parent, kept, zone)
        self.versions.wanted.connect(show)
        self.versions.open()

    def show_version(self, parent: QWidget, found: Differing, decide: Decide) -> None:
        """Show what bringing a version back would change, and offer it."""
        title = f"What bringing back version {found.number} would change"
        dialog = self._open(self.versions or parent, title, found.words, found.lines, decide)
        same = "" if found.lines else "The site file has this very text already."
        dialog.offer(LATER, "Close")
        dialog.offer(RESTORE, "Bring it back", self._why_not() or _broken(found) or same, default=True)

    def show_outside(self, parent: QWidget, found: Differing, decide: Decide) -> None:
        """Show what somebody changed outside, and offer to use it or to put back what runs."""
        title = "The site file was changed outside Controlroom"
        if found.mistakes:
            title += " and cannot be used" if found.digest else " and cannot be read"
        dialog = self._open(parent, title, found.words, found.lines, decide)
        kept = "" if found.brings is not None else "What the engine runs is no longer kept."
        dialog.offer(LATER, "Later")
        dialog.offer(BACK, "Put back what runs", self._why_not() or kept)
        dialog.offer(USE, "Use the changed file", self._why_not() or _broken(found), default=True)

    def show_since(self, parent: QWidget, found: Differing) -> None:
        """Show why nothing can be undone: what became of the file since."""
        title = "Not undone: the site file was changed since"
        lead = "Undo would lose this, so nothing was written. “Versions…” can bring an older text back."
        dialog = self._open(parent, title, [lead, *found.words], found.lines, _nothing)
        dialog.offer(LATER, "Close", default=True)

    def show_conflict(self, parent: QWidget, found: Conflict, removing: bool, decide: Decide) -> None:
        """Show what writing this desk's endpoint would do to what another desk made of it meanwhile."""
        what = "taken out" if found.gone else "changed"
        title = f"“{found.title}” was {what} meanwhile by somebody else; nothing was saved"
        verb = "Removing it" if removing else "Saving yours"
        lead = [] if removing and found.gone else [f"{verb} would change the site file like this:"]
        dialog = self._open(parent, title, [*lead, *found.words], found.lines, decide)
        dialog.offer(LATER, "Later")
        dialog.offer(THEIRS, "Take theirs, drop mine", default=True)
        if not (removing and found.gone):
            dialog.offer(MINE, "Remove it all the same" if removing else "Save mine over it")

    def _open(
        self, parent: QWidget, title: str, words: Sequence[str], lines: Sequence[str], decide: Decide
    ) -> DifferenceDialog:
        if self.difference is not None:
            self.difference.reject()
        dialog = self.difference = DifferenceDialog(self._theme, parent, title, words, lines)
        dialog.decided.connect(decide)
        dialog.open()
        return dialog

    def _why_not(self) -> str:
        return self._duty.why_not(Permission.EDIT_SITE)


def _broken(found: Differing) -> str:
    return "It has mistakes; the engine would refuse it." if found.mistakes else ""


def _nothing(_answer: str) -> None:
    """Decide nothing."""
