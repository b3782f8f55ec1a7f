"""Keeps the desk within reach of the hands while other windows lie over it. It decides nothing.

1. F1 and F3 work in every window: the sheet opens over it, and what sounds is silenced.
2. From a window that asks nothing, such as the endpoint form, F2 and F9 lead back to the desk: the window
   steps aside as it is, with all that was typed into it.
3. What asks or shows something is left undecided for F2 and F9, as by Esc, unless something is typed into it:
   then it keeps those keys away until it is answered or left. The detail of an alarm has its own F2.
4. Ctrl+Q asks what closing the desk is to mean, from the same windows.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from ui.desk.alarm_list.dialog import AlarmDialog
from ui.desk.key_binding import bind_keys
from ui.desk.keys import Command
from ui.desk.maintenance.dialog import MaintenanceDialog
from ui.desk.openings import Openings
from ui.desk.sign_in.operators_dialog import OperatorsDialog
from ui.desk.sign_in.sign_in_dialog import SignInDialog

_TYPED_INTO: Final = (SignInDialog, OperatorsDialog, AlarmDialog, MaintenanceDialog, QFileDialog)


class Reach(QObject):
    """Gives some of the desk's keys to whatever opens over it."""

    def __init__(
        self,
        window: QWidget,
        openings: Openings,
        show_keys: Callable[[QWidget | None], None],
        silence: Callable[[], object],
        from_the_desk: dict[Command, Callable[[], object]],
    ) -> None:
        """``show_keys`` shows the sheet over a window; ``from_the_desk`` needs the desk in front."""
        super().__init__(window)
        self._window, self._openings = window, openings
        self._show_keys, self._silence, self._from_the_desk = show_keys, silence, from_the_desk
        openings.opened.connect(self._take)

    def _take(self, widget: QWidget) -> None:
        # A strong hold in the keys would keep the widget alive for as long as they are.
        known = weakref.ref(widget)
        actions: dict[Command, Callable[[], object]] = {
            Command.SHOW_KEYS: lambda: self._show_keys(known()),
            Command.SILENCE: self._silence,
        }
        if not isinstance(widget, _TYPED_INTO):
            actions |= {command: partial(self._step_aside, do) for command, do in self._from_the_desk.items()}
        bind_keys(widget, actions)

    def _step_aside(self, do: Callable[[], object]) -> None:
        for widget in reversed(self._openings.open_now()):
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()
            else:
                widget.hide()
        self._window.raise_()
        self._window.activateWindow()
        do()
