"""The site text that the running engine was last given, beside the versions. Only the engine writes it.

1. It is written once the engine holds the store: an engine that may not run leaves no word of its own.
2. It stays when the engine ends: it is what was monitored last, however many versions came since.
3. It is its owner's alone; it holds references to secrets, never a secret.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from controlroom.engine import owner_only_file
from controlroom.errors import EngineError
from controlroom.store.folder import DataFolder

FILE: Final = "running-site.toml"


def site_of(folder: DataFolder) -> Path:
    """Name the site file that a folder goes by: its own, or else what its engine was given from elsewhere."""
    given = folder.path / FILE
    return given if given.exists() and not folder.site_file.exists() else folder.site_file


class RunningSite:
    """The text of one data folder's engine."""

    def __init__(self, data_folder: Path) -> None:
        """Name the file; nothing is read or written."""
        self._path = data_folder / FILE

    def give(self, text: str) -> None:
        """Keep the text that the engine is given; raise ``EngineError`` where it cannot be kept."""
        if self.text() == text:
            return
        try:
            owner_only_file.put(self._path, text.encode())
        except OSError as error:
            raise EngineError(
                "running-site-unwritable",
                f"What the engine runs cannot be kept in {self._path}: {error.strerror}.",
                "Check the folder, its rights and its space.",
            ) from error

    def text(self) -> str | None:
        """Return the text, or ``None`` where no engine ran here or it cannot be read."""
        try:
            return self._path.read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            return None

    def digest(self) -> str:
        """Return the SHA-256 of the text; empty where there is none."""
        text = self.text()
        return "" if text is None else hashlib.sha256(text.encode()).hexdigest()
