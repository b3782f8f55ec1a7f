"""Closes the desk: asks what closing is to mean, and does it. It asks and stops nothing by itself.

1. Closing the window alone stops nothing.
2. Stopping is first written into the log with its operator's name, then done; only then the window closes.
3. What could not be stopped, or could not be kept at the end, is said, and the window stays.
4. A duty ends in the log before the engine that writes it is stopped, and goes on where the window stays.
5. What is typed into the endpoint form and not saved is asked about first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from controlroom.logbook.act import Act
from controlroom.operators.role import Permission
from controlroom.report.store_words import left_over_words
from ui.desk.act_post import ActPost
from ui.desk.close_dialog import CloseDialog, Closing
from ui.desk.duty import Duty
from ui.desk.engine_keeper import EngineKeeper
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow
from ui.engine_control import EngineControl

JOB = Closing.STOP.value
"""The name of the stopping among the jobs of the thread that writes acts."""


class DutyEnds(Protocol):
    """Ends a duty with its desk, and takes that back where the desk stays open."""

    def leave_with_the_desk(self) -> None:
        """Sign out whoever is on duty."""

    def come_back(self) -> None:
        """Sign them in again."""


class Closer(QObject):
    """Closes one window. ``finished`` comes when it is closed by decision; ``make_stop`` makes the act."""

    finished = Signal()

    def __init__(
        self,
        window: DeskWindow,
        theme: Theme,
        duty: Duty,
        engine: EngineControl,
        keeper: EngineKeeper,
        post: ActPost,
        make_stop: Callable[[], Act],
        is_simulated: Callable[[], bool],
        duty_ends: DutyEnds | None,
        may_close: Callable[[], bool],
        *,
        asks: bool = True,
    ) -> None:
        """Keep the means; ``may_close`` asks whatever else is to be asked first.

        Without ``asks`` it is decided already that the window alone closes.
        """
        super().__init__(window)
        self._window, self._theme, self._duty = window, theme, duty
        self._engine, self._keeper, self._post, self._make_stop = engine, keeper, post, make_stop
        self._is_simulated, self._duty_ends, self._may_close = is_simulated, duty_ends, may_close
        self._asks = asks
        self._dialog: CloseDialog | None = None
        self._lost = ""
        window.close_wanted.connect(self.ask)

    def ask(self) -> None:
        """Ask what closing the window is to mean."""
        if self._dialog is not None or not self._may_close():
            return
        if self._asks:
            why_not, simulated = self._duty.why_not(Permission.STOP), self._is_simulated()
            self._dialog = CloseDialog(self._theme, self._window, why_not, simulated=simulated)
            self._dialog.decided.connect(self._close)
            self._dialog.open()
        else:
            self._close(Closing.KEEP)

    def stopped(self, failure: str) -> None:
        """Take it that the stopping has ended; close the window unless it failed."""
        if failure:
            self._keeper.resting = False
            self._come_back()
            self._window.alarms.message.say(f"Monitoring could not be stopped: {failure}", "text.strong")
            return
        if self._lost:
            self._come_back()
            self._window.alarms.message.say(self._lost, "text.strong")
            self._lost = ""
            return
        self._window.close_now()
        self.finished.emit()

    def _come_back(self) -> None:
        if self._duty_ends is not None:
            self._duty_ends.come_back()

    def _close(self, closing: Closing) -> None:
        self._dialog = None
        if closing is Closing.KEEP:
            self._window.close_now()
            self.finished.emit()
        elif closing is Closing.STOP:
            self._keeper.resting = True
            self._window.alarms.message.say("Stopping the monitoring…", "text.strong")
            act = self._make_stop()
            if self._duty_ends is not None:
                self._duty_ends.leave_with_the_desk()
            self._post.after(JOB, lambda: self._stop_engine(act))

    def _stop_engine(self, act: Act) -> None:
        """Write into the log who stops it, then end it. In the thread that writes acts."""
        if self._engine.pid() is None:
            return
        self._post.put(act)
        left_over = self._engine.stop()
        kept_all = left_over is not None and left_over.is_nothing
        self._lost = "" if kept_all else left_over_words(left_over)
