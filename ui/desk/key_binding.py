"""Gives the keys of the registry to a window. No other file makes a shortcut.

A few keys of the desk also work from its other windows, such as the endpoint form, which may cover the desk
while an alarm sounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui.desk.keys import KEYS, Command

FROM_ANYWHERE: Final = frozenset({Command.SILENCE, Command.SIGN_IN, Command.SHOW_KEYS})


def bind_keys(window: QWidget, actions: Mapping[Command, Callable[[], object]]) -> list[QShortcut]:
    """Let each key of a command do its action while this window is the active one; return what binds it.

    The commands of ``FROM_ANYWHERE`` do it while any window of the program is active.
    """
    bound = []
    for key in KEYS:
        if key.command is not None and key.command in actions:
            shortcut = QShortcut(QKeySequence(key.name), window)
            if key.command in FROM_ANYWHERE:
                shortcut.setContext(Qt.ShortcutContext.ApplicationShortcut)
            shortcut.activated.connect(actions[key.command])
            bound.append(shortcut)
    return bound
