"""The panel of the tour and the outline around what it points at. They know no step and no place."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.desk.panel import Text
from ui.desk.theme import Theme
from ui.desk.tour.steps import Step

_WIDTH_EMS = 25
_EDGE = 2


class Callout(QWidget):
    """Shows one step over the desk, as a part of its window: everything else stays in use."""

    back_wanted = Signal()
    next_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self, theme: Theme, window: QWidget) -> None:
        """Build it hidden."""
        super().__init__(window)
        self._theme = theme
        self._title, self._words = Text(theme, "text.strong", 1.15, strong=True), Text(theme)
        self._words.setWordWrap(True)
        self._title.setWordWrap(True)
        self._count = Text(theme, "text.muted", 0.92)
        self.back, self.next = QPushButton("Back"), QPushButton("Next")
        self.leave = QPushButton("Leave the tour  Esc")
        self._lay_out(theme)
        for button in (self.back, self.next, self.leave):
            button.setAutoDefault(True)
        self.back.clicked.connect(self.back_wanted)
        self.next.clicked.connect(self.next_wanted)
        self.leave.clicked.connect(self.leave_wanted)
        theme.changed.connect(self.update)
        self.hide()

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.em(1.0), theme.em(0.7), theme.em(1.0), theme.em(0.9))
        column.setSpacing(theme.em(0.4))
        for text in (self._count, self._title, self._words):
            column.addWidget(text)
        row = QHBoxLayout()
        row.setContentsMargins(0, theme.em(0.3), 0, 0)
        row.addWidget(self.leave)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column.addLayout(row)
        self.setFixedWidth(theme.em(_WIDTH_EMS))

    def show_step(self, step: Step, number: int, of: int) -> None:
        """Show a step by its number, from 1."""
        self._count.say(f"Step {number} of {of}")
        self._title.say(step.title)
        self._words.say(step.words)
        self.back.setEnabled(number > 1)
        self.next.setText("Next" if number < of else "Finish")
        self.setAccessibleName(f"Tour, step {number} of {of}: {step.title}")
        self.setAccessibleDescription(step.words)
        self.resize(self.width(), self.heightForWidth(self.width()))
        self.show()
        self.raise_()
        spoken = QAccessibleAnnouncementEvent(self, f"{self.accessibleName()}. {step.words}")
        QAccessible.updateAccessibility(spoken)

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height of all words at a width."""
        layout = self.layout()
        return layout.heightForWidth(width) if layout is not None else super().heightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go on by Enter; a button that has the focus takes Enter itself."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ground and edge; nothing of the desk shines through."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("surface.tile"))
        painter.setPen(QPen(self._theme.colour("line.focus"), _EDGE))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))


class Outline(QWidget):
    """A frame around a part of the desk. The mouse goes through it."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        """Build it hidden."""
        super().__init__(window)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.changed.connect(self.update)
        self.hide()

    def surround(self, place: QRect) -> None:
        """Frame a rectangle of the window."""
        self.setGeometry(place)
        self.show()
        self.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Be nothing but the frame, so that what is inside is painted without it."""
        super().resizeEvent(event)
        inside = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        self.setMask(QRegion(self.rect()).subtracted(QRegion(inside)))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the frame."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("line.focus"))
