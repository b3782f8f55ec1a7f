"""Leads through the tour: which step, where, and when to step aside. It knows no data of the site.

1. The tour hides no alarm: its panel never lies over the alarms, the bands or the header.
2. When a critical alarm comes, or the monitoring stops, while it is open, it steps aside at once and says so.
   It is taken up again where it was.
3. Left or finished, it is remembered and does not come by itself again.
4. While a step is on screen Escape leaves the tour, wherever in the window the keyboard is; else Escape
   belongs to the part that has the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.desk.key_binding import bind_keys
from ui.desk.keys import Command
from ui.desk.settings import DeskSettings
from ui.desk.theme import Theme
from ui.desk.tour.callout import Callout, Outline
from ui.desk.tour.placing import Box, place_panel
from ui.desk.tour.steps import STEPS, Step, Target
from ui.desk.window import DeskWindow

LOOK_EVERY_MS = 500
ASIDE_FOR_MS = 60_000
"""How long the sentence about stepping aside stands; the tour can be taken up again later as well."""
_MOVES = (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
_CRITICAL = 1
_AROUND = 3


class Tour(QObject):
    """The tour of one window."""

    def __init__(
        self,
        window: DeskWindow,
        theme: Theme,
        settings: DeskSettings,
        monitored: Callable[[], bool],
        absent: Collection[Target] = (),
    ) -> None:
        """Build it closed; ``monitored``: whether the heartbeat moves, ``absent``: what this desk lacks."""
        super().__init__(window)
        self._window, self._theme, self._settings = window, theme, settings
        self._monitored, self._absent = monitored, frozenset(absent)
        self.callout, self.outline = Callout(theme, window), Outline(theme, window)
        self._steps: list[Step] = []
        self._place = 0
        self._known: set[int] = set()
        self._was_monitored = False
        self._focus_before: QWidget | None = None
        self._look = QTimer(self)
        self._look.setInterval(LOOK_EVERY_MS)
        self._look.timeout.connect(self._mind)
        self._waits = QTimer(self)
        self._waits.setInterval(LOOK_EVERY_MS)
        self._waits.timeout.connect(self._begin_once_monitored)
        self._aside = QTimer(self)
        self._aside.setSingleShot(True)
        self._aside.setInterval(ASIDE_FOR_MS)
        self._aside.timeout.connect(lambda: window.tour_notice.say(""))
        self._escape = bind_keys(window, {Command.LEAVE_TOUR: self.leave})
        self._mind_escape(leaves=False)
        self._connect()

    def _connect(self) -> None:
        self.callout.next_wanted.connect(self.go_on)
        self.callout.back_wanted.connect(self.go_back)
        self.callout.leave_wanted.connect(self.leave)
        self._window.tour_wanted.connect(self.take)
        # Once the list has chosen its alarm: taking the keyboard before that would choose another.
        self._window.alarms.model.modelReset.connect(lambda: QTimer.singleShot(0, self._window, self._mind))
        self._window.installEventFilter(self)

    @property
    def open(self) -> bool:
        """Whether a step is on screen."""
        return bool(self._steps) and self.callout.isVisibleTo(self._window)

    @property
    def step(self) -> Step | None:
        """The step where the tour is, on screen or aside."""
        return self._steps[self._place] if self._steps else None

    def offer_at_first_start(self) -> None:
        """Begin as soon as there is something to be seen, unless the tour was left or finished before."""
        if not self._settings.tour_seen():
            self._waits.start()

    def take(self) -> None:
        """Begin; or go on where it stepped aside; or give the keyboard to it."""
        self._waits.stop()
        if self.step is None:
            self._steps = [step for step in STEPS if self._target(step) is not None]
            self._place = 0
        if not self.open:
            self._focus_before = QApplication.focusWidget()
        self._known = self._critical()
        self._was_monitored = self._monitored()
        self._window.tour_notice.say("")
        self._look.start()
        self._show()

    def go_on(self) -> None:
        """Go to the next step; after the last one the tour is finished."""
        if self._place + 1 >= len(self._steps):
            self.leave()
            return
        self._place += 1
        self._show()

    def go_back(self) -> None:
        """Go to the step before."""
        if self._place > 0:
            self._place -= 1
            self._show()

    def leave(self) -> None:
        """End the tour wherever it is, and remember that; nothing happens when there is none."""
        if self.step is None:
            return
        self._settings.keep_tour_seen()
        self._steps = []
        self._window.tour_notice.say("")
        self._hide(self._focus_before)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow what is pointed at when the window is laid out anew."""
        if watched is self._window and event.type() in _MOVES and self.open:
            QTimer.singleShot(0, self._window, self._put)
        return False

    def _begin_once_monitored(self) -> None:
        if self._monitored():
            self.take()

    def _mind(self) -> None:
        """Step aside for what matters more; else keep beside what is pointed at."""
        if not self.open:
            return
        monitored = self._monitored()
        if self._critical() - self._known:
            self._step_aside("a critical alarm has come")
        elif self._was_monitored and not monitored:
            self._step_aside("the monitoring has stopped")
        else:
            self._was_monitored = monitored
            self._put()

    def _step_aside(self, why: str) -> None:
        words = f"The tour has stepped aside: {why}."
        more = f"Shift+F1 goes on with step {self._place + 1} of {len(self._steps)} when there is time."
        self._window.tour_notice.say(words, more)
        self._aside.start()
        self._hide(self._window.alarms.view)

    def _hide(self, focus: QWidget | None) -> None:
        self._look.stop()
        had_focus = self.callout.isAncestorOf(QApplication.focusWidget() or self._window)
        self.callout.hide()
        self.outline.hide()
        self._mind_escape(leaves=False)
        if had_focus:
            (focus or self._window.board).setFocus()

    def _show(self) -> None:
        if (step := self.step) is None:
            return
        self.callout.show_step(step, self._place + 1, len(self._steps))
        self._put()
        self._mind_escape(leaves=True)
        self.callout.next.setFocus()

    def _mind_escape(self, *, leaves: bool) -> None:
        for shortcut in self._escape:
            shortcut.setEnabled(leaves)

    def _put(self) -> None:
        """Put the outline around the step's part, and the panel beside it."""
        step = self.step
        target = None if step is None else self._target(step)
        if target is None or not self.open:
            return
        window = self._window
        place = self._box(target)
        must_see = (
            window.simulated,
            window.header,
            window.stopped,
            window.warning,
            window.no_sound,
            window.alarms,
            window.status,
        )
        clear = [self._box(part) for part in must_see if part.isVisibleTo(window)]
        size = self.callout.width(), self.callout.height()
        whole = Box(0, 0, window.width(), window.height())
        found = place_panel(size, place, whole, clear, self._theme.em(0.6))
        self.outline.surround(QRect(place.x, place.y, place.width, place.height))
        self.callout.move(found.x, found.y)
        self.callout.raise_()

    def _box(self, part: QWidget) -> Box:
        """Where a part is in the window, and a little around it."""
        place = QRect(part.mapTo(self._window, QPoint(0, 0)), part.size())
        around = place.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND).intersected(self._window.rect())
        return Box(around.x(), around.y(), around.width(), around.height())

    def _target(self, step: Step) -> QWidget | None:
        """The part a step points at, or ``None`` where this desk has none."""
        window = self._window
        parts: dict[Target, QWidget | None] = {
            Target.BOARD: window.board_panel,
            Target.ALARMS: window.alarms,
            Target.DETAIL: window.detail,
            Target.SERVICES: window.services,
            Target.GRAPH: window.graph,
            Target.LOG: window.log,
            Target.MONITORING: window.header.monitoring,
            Target.FORM: window.status.hint("F4"),
            Target.SOUND: window.header.sound,
            Target.OPERATOR: window.header.operator,
            Target.CLOSING: window.status,
            Target.HELP: window.status.hint("F1"),
        }
        part = None if step.target in self._absent else parts.get(step.target)
        return part if part is not None and part.isVisibleTo(window) else None

    def _critical(self) -> set[int]:
        """The numbers of the critical alarms that nobody has acknowledged."""
        faces = self._window.alarms.model.faces
        return {face.number for face in faces if face.urgency == _CRITICAL and face.new}
