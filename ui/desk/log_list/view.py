"""The list of the event log, which keeps one width for all its rows from one layout to the next.

Rules:
1. A row is measured and painted by the same width, the one of the last layout: Qt places rows by what they
   measured then, and asks them anew where it paints, so that any other width lays lines over the next row.
2. The room of the scroll bar is never used. The bar comes once the rows are laid out, when Qt lays nothing
   out again, and the rows would be narrower than they were measured.

It paints nothing; the delegate does.
"""

from __future__ import annotations

from PySide6.QtWidgets import QListView


class LogView(QListView):
    """Shows the rows. ``row_width`` is how wide each may be."""

    def __init__(self) -> None:
        """Build it without a model."""
        super().__init__()
        self.setFrameShape(QListView.Shape.NoFrame)
        self.row_width = self._width_beside_the_bar()

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Lay the rows out by the width that there is now."""
        self.row_width = self._width_beside_the_bar()
        super().doItemsLayout()

    def _width_beside_the_bar(self) -> int:
        return max(1, self.contentsRect().width() - self.verticalScrollBar().sizeHint().width())
