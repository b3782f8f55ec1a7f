"""The alarm panel: the list, the note for an acknowledgement, and what to show when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from ui.desk.alarm_list.delegate import AlarmColumns, AlarmDelegate
from ui.desk.alarm_list.model import AlarmModel
from ui.desk.faces import AlarmFace
from ui.desk.note_field import NoteField
from ui.desk.panel import FewLines, Panel, Text
from ui.desk.theme import Theme

NOTE_LIMIT = 1000
"""The longest note that the field takes; the engine takes longer ones."""


class AlarmPanel(Panel):
    """Shows the open alarms and takes acknowledgements.

    Until the operator goes to an alarm or an endpoint, the first and worst alarm is the selected one,
    whatever comes and goes; what the operator chose stays chosen while it is listed.
    ``alarm_chosen`` tells the number of the alarm that the operator went to, ``alarm_led`` of the one
    that became the first by itself, ``acknowledged`` a number and a note.
    """

    alarm_chosen = Signal(int)
    alarm_led = Signal(int)
    acknowledged = Signal(int, str)

    def __init__(self, theme: Theme) -> None:
        """Build an empty panel."""
        super().__init__(theme, "Active alarms")
        self.model = AlarmModel()
        self._chosen_by_hand = False
        self._delegate = AlarmDelegate(self.model, theme)
        self.view = _AlarmView(self.model, self._delegate)
        self._heading = _Heading(theme)
        self._empty = Text(theme, "text.muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._empty)
        self.message = FewLines(theme, "text.muted", 0.92)
        self._forbidden = ""
        self._explained = ""
        self.acknowledge = QPushButton("Acknowledge  F2")
        self.acknowledge.setAccessibleName("Acknowledge the selected alarm")
        self._foot = QStackedWidget()
        self._foot.addWidget(self._buttons())
        self._editor = _NoteEditor(theme)
        self._foot.addWidget(self._editor)
        self.body.addWidget(self._heading)
        self.body.setSpacing(theme.em(0.25))
        self.body.addWidget(self._list, 1)
        self.body.addSpacing(theme.em(0.3))
        self.body.addWidget(self._foot)
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._connect()
        self.say_empty("Waiting for the first readings.")

    def _buttons(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.acknowledge)
        layout.addSpacing(8)
        layout.addWidget(self.message, 1)
        return row

    def _connect(self) -> None:
        self.acknowledge.clicked.connect(self.begin_acknowledging)
        self.view.activated_by_key.connect(self.begin_acknowledging)
        self.view.doubleClicked.connect(self.begin_acknowledging)
        self.view.selectionModel().currentChanged.connect(self._tell_choice)
        self._editor.finished.connect(self._finish)
        self._editor.cancelled.connect(self._leave_editor)

    def show_alarms(self, faces: Sequence[AlarmFace]) -> None:
        """Show these alarms; the selection stays on its alarm, or leads to the first."""
        kept = self.current()
        if self.model.show(faces) and faces:
            row = self._row_to_keep(kept)
            self._select_silently(row)
            if kept is None or self.model.faces[row].number != kept.number:
                self.alarm_led.emit(self.model.faces[row].number)
        self._list.setCurrentIndex(0 if faces else 1)
        self._heading.setVisible(bool(faces))
        current = self.current()
        open_to_act = (
            current is not None and (current.new or current.returned) and current.badge != "pending…"
        )
        self.acknowledge.setEnabled(open_to_act and not self._forbidden)
        taken = current is not None and not (current.new or current.returned)
        self._explain(self._forbidden if faces else "", current.name if current and taken else "")

    def _explain(self, forbidden: str, taken: str) -> None:
        """Say beside the button why it is off, unless something else stands there."""
        why = forbidden or (f"{taken} is acknowledged." if taken else "")
        if self.message.text() in ("", self._explained):
            self.message.say(why, "text.muted")
            self._explained = why

    def say_empty(self, text: str) -> None:
        """Set what stands in the place of the list while there are no alarms."""
        self._empty.say(text)

    def empty_words(self) -> str:
        """What stands in the place of the list."""
        return self._empty.text()

    def current(self) -> AlarmFace | None:
        """Return the alarm that is selected."""
        row = self.view.currentIndex().row()
        return self.model.faces[row] if 0 <= row < len(self.model.faces) else None

    def choose_subject(self, subject: str) -> None:
        """Select the first alarm of an endpoint, if it has one, without announcing it."""
        current = self.current()
        if current is not None and current.subject == subject:
            return
        row = next((row for row, face in enumerate(self.model.faces) if face.subject == subject), None)
        if row is not None:
            self._chosen_by_hand = True
            self._select_silently(row)
        self.show_alarms(self.model.faces)

    def _row_to_keep(self, kept: AlarmFace | None) -> int:
        row = self.model.row_of(kept.number) if kept is not None else None
        writing = self._foot.currentWidget() is self._editor
        if row is not None and (self._chosen_by_hand or writing):
            return row
        self._chosen_by_hand = False
        return 0

    def _select_silently(self, row: int) -> None:
        blocked = self.view.selectionModel().blockSignals(True)
        self.view.setCurrentIndex(self.model.index(row, 0))
        self.view.selectionModel().blockSignals(blocked)
        self.view.viewport().update()

    def forbid(self, why: str) -> None:
        """Take no acknowledgement, for a reason; empty takes them."""
        self._forbidden = why
        self.acknowledge.setToolTip(why)
        self.acknowledge.setAccessibleDescription(why)
        if why and self._foot.currentWidget() is self._editor:
            self._leave_editor()
        self.show_alarms(self.model.faces)

    def begin_acknowledging(self) -> None:
        """Ask for a note about the selected alarm; a note is not needed."""
        face = self.current()
        if self._forbidden:
            self.message.say(self._forbidden)
        elif face is None:
            self.message.say("There is no alarm to acknowledge.")
        elif not (face.new or face.returned):
            self._explained = f"{face.name} is acknowledged already."
            self.message.say(self._explained)
        elif face.badge == "pending…":
            self.message.say("The acknowledgement is on its way to the engine.")
        else:
            self.message.say("")
            self._editor.begin(face)
            self._foot.setCurrentIndex(1)
            self._editor.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _finish(self, number: int, note: str) -> None:
        self._leave_editor()
        self.acknowledged.emit(number, note)

    def _leave_editor(self) -> None:
        self._foot.setCurrentIndex(0)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_choice(self) -> None:
        face = self.current()
        if face is not None:
            self._chosen_by_hand = True
            self.show_alarms(self.model.faces)
            self.alarm_chosen.emit(face.number)


class _AlarmView(QListView):
    """The list itself: Enter acts on the selected alarm."""

    activated_by_key = Signal()

    def __init__(self, model: AlarmModel, delegate: AlarmDelegate) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName("Active alarms")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Enter for an acknowledgement; everything else moves the selection."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.activated_by_key.emit()
        else:
            super().keyPressEvent(event)


class _Heading(QWidget):
    """The names of the columns."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.em(1.5))
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint each name over its column."""
        painter = QPainter(self)
        theme = self._theme
        box = QRectF(self.rect())
        columns = AlarmColumns.of(box, theme)
        painter.setFont(theme.font(0.92))
        painter.setPen(theme.colour("text.dim"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(columns.raised, left, "Raised")
        painter.drawText(columns.source, left, "Source and cause")
        painter.drawText(columns.age, right, "Age")
        painter.drawText(columns.state, right, "State")
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.colour("line.tile"))


class _NoteEditor(QWidget):
    """The note field of an acknowledgement: Enter sends, Escape leaves."""

    finished = Signal(int, str)
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._number = 0
        self.note = NoteField(theme.font(), NOTE_LIMIT)
        send, leave = QPushButton("Acknowledge"), QPushButton("Cancel  Esc")
        send.setDefault(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.note, 1)
        layout.addWidget(send)
        layout.addWidget(leave)
        self.note.returnPressed.connect(self._send)
        send.clicked.connect(self._send)
        leave.clicked.connect(self.cancelled)
        self.note.left.connect(self.cancelled)

    def begin(self, face: AlarmFace) -> None:
        """Begin a note about an alarm."""
        self._number = face.number
        self.note.clear()
        self.note.setPlaceholderText("Note, if any, then Enter")
        self.note.setAccessibleName(f"Note for the acknowledgement of {face.name}, optional")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)

    def _send(self) -> None:
        self.finished.emit(self._number, self.note.text().strip())
