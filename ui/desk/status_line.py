"""The line at the bottom: how the monitoring itself is doing, and which key does what."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from controlroom.store.interface import Heartbeat
from ui.desk import figures
from ui.desk.keys import KEYS
from ui.desk.panel import ElidedText
from ui.desk.theme import Theme


class StatusLine(QWidget):
    """Shows the engine's own figures and the function keys."""

    def __init__(self, theme: Theme) -> None:
        """Build it without figures."""
        super().__init__()
        self._theme = theme
        self.words = ElidedText(theme, "text.muted", 0.92)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.em(1.0), theme.em(0.25), theme.em(1.0), theme.em(0.25))
        row.setSpacing(theme.em(1.0))
        row.addWidget(self.words, 1)
        self._hints = {key.name: _KeyHint(theme, key.name, key.short) for key in KEYS if key.short}
        for hint in self._hints.values():
            row.addWidget(hint)
        theme.changed.connect(self.update)

    def hint(self, key: str) -> QWidget | None:
        """Return what shows a key, or ``None`` where it is not shown."""
        return self._hints.get(key)

    def show_health(self, heartbeat: Heartbeat | None, store_trouble: str, probes_per_s: float) -> None:
        """Show how the engine and the store are doing."""
        parts = [f"Probes {probes_per_s:.1f}/s"]
        health = heartbeat.health if heartbeat is not None else {}
        if failing := int(health.get("names_failing", 0)):
            parts.insert(0, _unresolved(failing, int(health.get("names_never_found", 0))))
        if "lateness_p99_s" in health:
            parts.append(f"Sent late by at most {figures.figure(health['lateness_p99_s'], 's')}")
        if "missed_beats" in health:
            parts.append(f"Missed beats {health['missed_beats']:.0f}")
        if heartbeat is not None and heartbeat.engine_pid is not None:
            parts.append(f"Engine process {heartbeat.engine_pid}")
        parts.append(f"Store: {store_trouble}" if store_trouble else "Store readable")
        self.words.say("     ".join(parts))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground and the line above it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface.header"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.colour("line.tile"))


def _unresolved(failing: int, never_found: int) -> str:
    """Tell of names that are not resolved; only who had an address before is asked there."""
    asked = failing - never_found
    where = "not asked" if asked <= 0 else "asked at the last address"
    of_them = f"{asked} of them " if 0 < asked < failing else ""
    return f"{figures.counted(failing, 'name')} not resolved, {of_them}{where}"


class _KeyHint(QWidget):
    """A key cap and what the key does."""

    def __init__(self, theme: Theme, key: str, action: str) -> None:
        super().__init__()
        self._theme, self._key, self._action = theme, key, action
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{key}: {action}")

    def _cap(self) -> int:
        return QFontMetrics(self._theme.strong(0.85)).horizontalAdvance(self._key) + self._theme.em(0.6)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        words = QFontMetrics(self._theme.font(0.92)).horizontalAdvance(self._action)
        return QSize(self._cap() + self._theme.em(0.45) + words, self._theme.em(1.35))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap = QRectF(0.5, 0.5, self._cap() - 1, self.height() - 1)
        painter.setPen(QPen(theme.colour("line.tile"), 1))
        painter.setBrush(theme.colour("surface.button"))
        painter.drawRoundedRect(cap, 3, 3)
        painter.setFont(theme.strong(0.85))
        painter.setPen(theme.colour("text.main"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
        painter.setFont(theme.font(0.92))
        painter.setPen(theme.colour("text.muted"))
        words = QRectF(cap.right() + theme.em(0.45), 0, self.width(), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._action)
