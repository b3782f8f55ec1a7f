"""The operator's own choices, kept in one INI file: theme and window. Nothing of the site."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ui.desk.theme import NAMES


class DeskSettings:
    """Reads and writes the choices; a damaged or missing file gives the defaults."""

    def __init__(self, file: Path) -> None:
        """Use an INI file, which need not exist."""
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def theme(self, default: str) -> str:
        """Return the theme chosen last."""
        value = self._settings.value("desk/theme", default)
        return value if isinstance(value, str) and value in NAMES else default

    def keep_theme(self, name: str) -> None:
        """Remember the theme."""
        self._settings.setValue("desk/theme", name)

    def geometry(self) -> QByteArray | None:
        """Return where the window was."""
        value = self._settings.value("desk/geometry")
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window is."""
        self._settings.setValue("desk/geometry", geometry)
