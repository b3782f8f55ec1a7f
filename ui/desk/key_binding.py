"""Gives the keys of the registry to a window. No other file makes a shortcut."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.desk.keys import KEYS, Command


def bind_keys(window: QWidget, actions: Mapping[Command, Callable[[], object]]) -> list[QShortcut]:
    """Let each key of a command do its action while this window is the active one; return what binds it."""
    bound = []
    for key in KEYS:
        if key.command is not None and key.command in actions:
            shortcut = QShortcut(QKeySequence(key.name), window)
            shortcut.activated.connect(actions[key.command])
            bound.append(shortcut)
    return bound
