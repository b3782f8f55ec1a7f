"""The operators' own choices, kept in one INI file: theme, motion, window, sound. Nothing of the site."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ui.desk.theme import NAMES

_PERCENTS = frozenset(str(percent) for percent in range(101))
_POSITIONS = frozenset("1234")


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

    def reduced_motion(self) -> bool:
        """Return whether nothing is to flash."""
        return self._settings.value("desk/reduced_motion", "") in ("true", True)

    def keep_reduced_motion(self, reduced: bool) -> None:
        """Remember whether nothing is to flash."""
        self._settings.setValue("desk/reduced_motion", reduced)

    def tour_seen(self) -> bool:
        """Return whether the tour was left or finished before."""
        return self._settings.value("desk/tour_seen", "") in ("true", True)

    def keep_tour_seen(self) -> None:
        """Remember that the tour was left or finished."""
        self._settings.setValue("desk/tour_seen", True)

    def sound(self, operator: str, volume_percent: int) -> tuple[int, bool]:
        """Return an operator's volume, or the one given where none is kept, and whether alarms are spoken."""
        group = f"sound/{_key(operator)}"
        kept = str(self._settings.value(f"{group}/volume_percent", volume_percent))
        speech = self._settings.value(f"{group}/speech", "") in ("true", True)
        return (int(kept) if kept in _PERCENTS else volume_percent), speech

    def keep_sound(self, operator: str, volume_percent: int, speech: bool) -> None:
        """Remember an operator's volume and speech."""
        group = f"sound/{_key(operator)}"
        self._settings.setValue(f"{group}/volume_percent", volume_percent)
        self._settings.setValue(f"{group}/speech", speech)

    def positions(self) -> int:
        """Return how many operator positions share the alarms, as far as anybody said."""
        kept = str(self._settings.value("desk/positions", 1))
        return int(kept) if kept in _POSITIONS else 1

    def keep_positions(self, count: int) -> None:
        """Remember how many operator positions share the alarms."""
        self._settings.setValue("desk/positions", count)

    def sound_unheard(self) -> bool:
        """Return whether the last test of the sound was not heard: it is this desk's loudspeaker."""
        return self._settings.value("desk/sound_unheard", "") in ("true", True)

    def keep_sound_unheard(self, unheard: bool) -> None:
        """Remember whether the last test of the sound was not heard."""
        self._settings.setValue("desk/sound_unheard", unheard)

    def geometry(self) -> QByteArray | None:
        """Return where the window was."""
        value = self._settings.value("desk/geometry")
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        """Remember where the window is."""
        self._settings.setValue("desk/geometry", geometry)


def _key(operator: str) -> str:
    """Name an operator within the file: a name of any letters is no key of an INI file."""
    return hashlib.sha256(operator.encode()).hexdigest()[:16]
