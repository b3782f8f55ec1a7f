"""What holds for all tests of the terminal views."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plain_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be as wide as without a terminal, whatever the tests themselves run in."""
    monkeypatch.delenv("COLUMNS", raising=False)
