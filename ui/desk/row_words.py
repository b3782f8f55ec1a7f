"""What a row of a list says to Qt: its words, a screen reader's, and a tool tip's. It knows no list."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import Qt


def row_words(role: int, words: str, spoken: Callable[[], str]) -> str | None:
    """Return what is asked for by a role; a tool tip is markup, so what it shows is escaped."""
    if role == Qt.ItemDataRole.DisplayRole:
        return words
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return spoken()
    return f"<span>{html.escape(spoken())}</span>" if role == Qt.ItemDataRole.ToolTipRole else None
