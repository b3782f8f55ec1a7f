"""What a row says by each role: nothing of a site becomes markup."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.desk.row_words import row_words


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Qt.ItemDataRole.DisplayRole, "<b>Mast"),
        (Qt.ItemDataRole.AccessibleTextRole, "<b>Mast, down"),
        (Qt.ItemDataRole.ToolTipRole, "<span>&lt;b&gt;Mast, down</span>"),
        (Qt.ItemDataRole.DecorationRole, None),
    ],
)
def test_each_role_has_its_words(role: int, said: str | None) -> None:
    """A tool tip shows what it names as it was typed."""
    assert row_words(role, "<b>Mast", lambda: "<b>Mast, down") == said
