"""The text of one of the system's tables. It understands none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_LARGEST_BYTES: Final = 1024 * 1024


def system_table(path: Path) -> str:
    """Read a table of the system, bounded; where there is none, nothing is known."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
