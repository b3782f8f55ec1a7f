"""Answering a question that stops everything else, as soon as it stands there. It never waits for ever."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

_LOOK_EVERY_MS = 1
_GIVE_UP_S = 20.0


def at_the_next_question(act: Callable[[QMessageBox], object]) -> None:
    """Do something to the next question once it is shown, however long that takes.

    What stands there instead of a question after long is closed: a test must fail, not hang.
    """
    timer = QTimer(QApplication.instance())
    end_s = time.monotonic() + _GIVE_UP_S

    def look() -> None:
        shown = QApplication.activeModalWidget()
        asked = isinstance(shown, QMessageBox) and shown.isVisible()
        if not asked and time.monotonic() < end_s:
            return
        timer.stop()
        timer.deleteLater()
        if isinstance(shown, QMessageBox):
            act(shown)
        elif shown is not None:
            shown.close()

    timer.timeout.connect(look)
    timer.start(_LOOK_EVERY_MS)


def answer_with(words: str) -> None:
    """Answer the next question with the button that bears these words."""

    def answer(box: QMessageBox) -> None:
        next(button for button in box.buttons() if button.text().replace("&", "") == words).click()

    at_the_next_question(answer)
