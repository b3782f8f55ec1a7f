"""Leads the page of alarm health: has the log read away from the GUI thread, and shows what was found.

Rules:
1. The log is read by a thread of its own, which opens the store for it and gives it back: thirty days take
   longer than a look. The thread begins with the first opening of the page.
2. While the page is open it is read again every minute; what was asked for last counts, and an older answer
   is dropped.
3. Who looks needs no role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QTimer

from controlroom.alarms.health.authority import LONGEST_SHELF_S
from controlroom.report.alarm_health import DAY_S, HealthRead, newest_utc_s, read_alarm_health
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.desk import time_text
from ui.desk.alarm_health.dialog import AlarmHealthDialog
from ui.desk.settings import DeskSettings
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow
from ui.desk.worker import Done, Worker

USUAL_DAYS: Final = 7
DRAIN_EVERY_MS: Final = 100
READ_EVERY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class HealthMeans:
    """How the log is read: the store, opened anew for each reading, and the clocks."""

    open_store: Callable[[], ReadStore]
    utc_s: Callable[[], float]
    monotonic_s: Callable[[], float]


class AlarmHealthLeader(QObject):
    """Owns the page and the thread that reads for it."""

    def __init__(
        self,
        means: HealthMeans,
        theme: Theme,
        window: DeskWindow,
        settings: DeskSettings,
        site: Callable[[], SiteView | None],
    ) -> None:
        """Read nothing before the page is opened; ``site`` tells the site as the desk knows it."""
        super().__init__(window)
        self._means, self._theme, self._window, self._settings = means, theme, window, settings
        self._site = site
        self._worker: Worker | None = None
        self._days, self._positions = USUAL_DAYS, settings.positions()
        self._ticket, self._due_s = 0, 0.0
        self.dialog: AlarmHealthDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(DRAIN_EVERY_MS)
        self._timer.timeout.connect(self.drain)
        window.health_wanted.connect(self.open)

    def open(self) -> None:
        """Open the page, and have the log read."""
        if self.dialog is not None:
            return
        self.dialog = AlarmHealthDialog(self._theme, self._window, self._days, self._positions)
        self.dialog.chosen.connect(self._choose)
        self.dialog.finished.connect(self._closed)
        self._read()
        self._timer.start()
        self.dialog.open()

    def end(self, wait_s: float) -> None:
        """End the thread, if it was begun."""
        self._timer.stop()
        if self._worker is not None:
            self._worker.end()
            self._worker.join(wait_s)

    def drain(self) -> None:
        """Take what was read, and have it read again where that is due."""
        for done in self._worker.drain() if self._worker is not None else ():
            self._take(done)
        if self.dialog is not None and self._means.monotonic_s() >= self._due_s:
            self._read()

    def _read(self) -> None:
        if self._worker is None:
            self._worker = Worker("desk-alarm-health")
            self._worker.start()
        self._ticket += 1
        self._due_s = self._means.monotonic_s() + READ_EVERY_S
        view = self._site()
        longest_s = LONGEST_SHELF_S if view is None else view.longest_shelf_s
        work = partial(_read_now, self._means, self._days, self._positions, longest_s)
        self._worker.submit(str(self._ticket), work)

    def _take(self, done: Done) -> None:
        if self.dialog is None or done.job != str(self._ticket):
            return
        if isinstance(done.result, HealthRead):
            view = self._site()
            zone = time_text.zone_of("UTC" if view is None else view.time_zone)
            self.dialog.show_health(done.result, view, zone)
        else:
            self.dialog.say_failure(done.failure)

    def _choose(self, days: int, positions: int) -> None:
        self._days, self._positions = days, positions
        self._settings.keep_positions(positions)
        if self.dialog is not None:
            self.dialog.say_reading()
        self._read()

    def _closed(self) -> None:
        self._timer.stop()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


def _read_now(means: HealthMeans, days: int, positions: int, longest_shelf_s: float) -> HealthRead:
    """Read the last so many days; it runs in the thread."""
    store = means.open_store()
    try:
        until_utc_s = newest_utc_s(store, means.utc_s())
        since_utc_s = until_utc_s - days * DAY_S
        return read_alarm_health(
            store, since_utc_s, until_utc_s, positions=positions, longest_shelf_s=longest_shelf_s
        )
    finally:
        store.close()
