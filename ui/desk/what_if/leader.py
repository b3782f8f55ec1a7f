"""Leads what-if: opens it about an endpoint or a service, has each tick worked out, shows what it comes to.

Rules:
1. Nothing is sent, written or kept: when the dialog closes, all of it is gone. Everybody may use it.
2. What is shown is of the newest ticks and of how all stands now; older answers are dropped.
3. It is worked out in a thread of its own, which lives as long as the dialog.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from ui.desk.picture import Picture
from ui.desk.standings_reading import SeenStandings
from ui.desk.theme import Theme
from ui.desk.what_if.choices import choices_of, fitting
from ui.desk.what_if.dialog import WhatIfDialog
from ui.desk.what_if.outcome import Outcome, outcome_of
from ui.desk.what_if.trial import Supposed, Trial, Tried
from ui.desk.window import DeskWindow
from ui.desk.worker import Worker

EVERY_MS: Final = 50
JOIN_S: Final = 2.0


class WhatIfLeader(QObject):
    """Shows over ``window`` what would be by what ``picture`` knows."""

    def __init__(self, theme: Theme, window: DeskWindow, picture: Picture) -> None:
        """Show nothing yet."""
        super().__init__(window)
        self._theme, self._window, self._picture = theme, window, picture
        self._worker: Worker | None = None
        self._trial = Trial()
        self._asked: tuple[Supposed, SeenStandings] | None = None
        self._ticket = 0
        self._service_id = self._chosen = ""
        self.dialog: WhatIfDialog | None = None
        self.answered = False
        """Whether what is shown is of the newest ticks."""
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.show)
        window.what_if_wanted.connect(lambda: self.open())

    def open(self, failed: str = "", service_id: str = "") -> None:
        """Open it with a component ticked as failed, or with the parts of a service first."""
        site = self._picture.site
        if self.dialog is not None or site is None or not site.services:
            return
        dialog = self.dialog = WhatIfDialog(self._theme, self._window)
        self._service_id, self._chosen, self._asked = service_id, failed, None
        if failed:
            dialog.tree.suppose(failed)
        dialog.typed.connect(lambda _typed: self._fill())
        dialog.cleared.connect(self._clear)
        dialog.tree.changed.connect(self.show)
        dialog.finished.connect(self._closed)
        self._trial = Trial()
        self._worker = Worker("desk-what-if", at_end=self._trial.forget)
        self._worker.start()
        self._fill()
        self.show()
        self._timer.start()
        dialog.open()

    def show(self) -> None:
        """Show the newest answer, and ask anew where ticks or the services changed (rule 2)."""
        dialog, site, worker = self.dialog, self._picture.site, self._worker
        if dialog is None or site is None or worker is None:
            return
        for done in worker.drain():
            if done.job == str(self._ticket) and isinstance(done.result, Tried):
                tree = dialog.tree
                dialog.show_outcome(
                    outcome_of(site, tree.supposed, done.result, self._picture.name_of, tree.order)
                )
                self.answered = True
            elif done.failure:
                dialog.show_outcome(Outcome(done.failure))
        wish = dialog.tree.supposed, self._picture.standings
        if self._asked is None or wish != self._asked:
            self._asked, self.answered = wish, False
            self._ticket += 1
            supposed, observed, trial = wish[0], wish[1].observed, self._trial
            worker.submit(str(self._ticket), lambda: trial.run(site, observed, supposed))

    def end(self) -> None:
        """Close it, and wait until its thread has dropped what it made."""
        if self.dialog is not None:
            self.dialog.reject()
        if self._worker is not None:
            self._worker.join(JOIN_S)

    def _fill(self) -> None:
        dialog, site = self.dialog, self._picture.site
        if dialog is not None and site is not None:
            headed = choices_of(site, self._service_id, self._chosen)
            dialog.tree.fill(fitting(headed, dialog.search.text(), dialog.tree.supposed.ticked))

    def _clear(self) -> None:
        if self.dialog is not None:
            self.dialog.tree.clear_ticks()
            self._fill()
            self.show()

    def _closed(self) -> None:
        self._timer.stop()
        if self._worker is not None:
            self._worker.end()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None
