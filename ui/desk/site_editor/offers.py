"""The differences that the editor shows, each with the answers that it offers. It decides nothing."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.desk.site_editor.desk_work import Conflict, Differing
from ui.desk.site_editor.difference_dialog import DifferenceDialog
from ui.desk.theme import Theme

LATER = "later"
RESTORE = "restore"
BACK = "back"
USE = "use"
MINE = "mine"
THEIRS = "theirs"

_BROKEN = "It has mistakes; the engine would refuse it."


def version_offer(theme: Theme, parent: QWidget, found: Differing, why_not: str) -> DifferenceDialog:
    """Show what bringing a version back would change, and offer it."""
    title = f"What bringing back version {found.number} would change"
    dialog = DifferenceDialog(theme, parent, title, found.words, found.lines)
    same = "" if found.lines else "The site file has this very text already."
    dialog.offer(LATER, "Close")
    broken = _BROKEN if found.mistakes else ""
    dialog.offer(RESTORE, "Bring it back", why_not or broken or same, default=True)
    return dialog


def outside_offer(theme: Theme, parent: QWidget, found: Differing, why_not: str) -> DifferenceDialog:
    """Show what somebody changed outside, and offer to use it or to put back what runs."""
    title = "The site file was changed outside Controlroom"
    dialog = DifferenceDialog(theme, parent, title, found.words, found.lines)
    kept = "" if found.number else "What the engine runs is no longer kept."
    broken = _BROKEN if found.mistakes else ""
    dialog.offer(LATER, "Later")
    dialog.offer(BACK, "Put back what runs", why_not or kept)
    dialog.offer(USE, "Use the changed file", why_not or broken, default=True)
    return dialog


def since_offer(theme: Theme, parent: QWidget, found: Differing) -> DifferenceDialog:
    """Show why nothing can be undone: what became of the file since."""
    title = "Not undone: the site file was changed since"
    lead = "Undo would lose this, so nothing was written. “Versions…” can bring an older text back."
    dialog = DifferenceDialog(theme, parent, title, [lead, *found.words], found.lines)
    dialog.offer(LATER, "Close", default=True)
    return dialog


def conflict_offer(theme: Theme, parent: QWidget, found: Conflict, removing: bool) -> DifferenceDialog:
    """Show what writing this desk's endpoint would do to what another desk made of it meanwhile."""
    what = "taken out" if found.gone else "changed"
    title = f"“{found.title}” was {what} meanwhile by somebody else; nothing was saved"
    lead = "Saving yours would change the site file like this:"
    if removing:
        lead = found.words[0] if found.gone else "Removing it would change the site file like this:"
    words = [lead] if removing and found.gone else [lead, *found.words]
    dialog = DifferenceDialog(theme, parent, title, words, found.lines)
    dialog.offer(LATER, "Later")
    dialog.offer(THEIRS, "Take theirs, drop mine", default=True)
    if not (removing and found.gone):
        dialog.offer(MINE, "Remove it all the same" if removing else "Save mine over it")
    return dialog
