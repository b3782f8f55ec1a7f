"""The alarm panel: the lists with their tabs, what an act needs, and what to show when there is nothing.

Rules:
1. Until the operator goes to an alarm or an endpoint, the first and worst active alarm is the selected one,
   whatever comes and goes; what the operator chose stays chosen while it is listed.
2. What comes into the list is never selected by that: an act is about the alarms that somebody saw.
3. A list of hidden alarms gives way to the active ones by itself once nobody has touched it for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.desk.alarm_list.delegate import AlarmDelegate
from ui.desk.alarm_list.face import AlarmFace, Row
from ui.desk.alarm_list.flash import Flash
from ui.desk.alarm_list.heading import Heading
from ui.desk.alarm_list.lists import ListKind
from ui.desk.alarm_list.model import AlarmModel
from ui.desk.alarm_list.strip import ActStrip, Answer, Question
from ui.desk.alarm_list.tabs import ListTabs
from ui.desk.alarm_list.view import AlarmView
from ui.desk.panel import FewLines, Panel, Text
from ui.desk.theme import Theme

BACK_AFTER_MS: Final = 120_000
"""So long a list of hidden alarms stays without being touched (rule 3)."""

UNDO_FOR_MS: Final = 30_000

_SECOND: Final = {
    ListKind.ACTIVE: "Shelve…",
    ListKind.SHELVED: "Take off the shelf",
    ListKind.SUPPRESSED: "",
    ListKind.OUT_OF_SERVICE: "Back in service…",
}
"""What the second button does in each list."""


class AlarmPanel(Panel):
    """Shows the lists and takes wishes.

    ``alarm_chosen`` tells the number of the alarm that the operator went to, ``alarm_led`` of the one that
    became the first by itself. ``acknowledge_wanted``, ``second_wanted`` and ``opened`` ask about what is
    selected; ``list_changed`` that another list is to be shown.
    """

    alarm_chosen = Signal(int)
    alarm_led = Signal(int)
    acknowledge_wanted = Signal()
    second_wanted = Signal()
    opened = Signal()
    list_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        """Build an empty panel."""
        super().__init__(theme, "Alarms")
        self.model = AlarmModel()
        self.flash = Flash()
        self._chosen_by_hand = False
        self._tell: Callable[[Answer], object] | None = None
        self._undo: Callable[[], object] | None = None
        self._delegate = AlarmDelegate(self.model, theme, self.flash)
        self.view = AlarmView(self.model, self._delegate, self.flash)
        self.tabs = ListTabs(theme)
        self.heading = Heading(theme)
        self._empty = Text(theme, "text.muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._empty)
        self.message = FewLines(theme, "text.muted", 0.92)
        self._forbidden = self._second_forbidden = self._explained = ""
        self.acknowledge = QPushButton("Acknowledge  F2")
        self.acknowledge.setAccessibleName("Acknowledge the selected alarms")
        self.second = QPushButton(_SECOND[ListKind.ACTIVE])
        self.details = QPushButton("Details  Enter")
        self.undo = QPushButton("Undo")
        self.strip = ActStrip(theme)
        self._foot = self._buttons()
        self._lay_out(theme)
        self._timers()
        self._connect()
        self.say_empty("Waiting for the first readings.")

    def _lay_out(self, theme: Theme) -> None:
        self.head.insertWidget(0, self.tabs, 1)
        self.title.hide()
        self.aside.hide()
        self.body.setSpacing(theme.em(0.25))
        self.body.addWidget(self.heading)
        self.body.addWidget(self._list, 1)
        self.body.addSpacing(theme.em(0.3))
        self.body.addWidget(self._foot)
        self.body.addWidget(self.strip)
        for part in (self._foot, self.strip):
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.strip.hide()
        self.undo.hide()

    def _buttons(self) -> QWidget:
        foot = QWidget()
        column = QVBoxLayout(foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        row, words = QHBoxLayout(), QHBoxLayout()
        for button in (self.acknowledge, self.second, self.details):
            row.addWidget(button)
        row.addStretch(1)
        words.addWidget(self.message, 1)
        words.addWidget(self.undo)
        column.addLayout(row)
        column.addLayout(words)
        return foot

    def _timers(self) -> None:
        self._back = QTimer(self)
        self._back.setSingleShot(True)
        self._back.setInterval(BACK_AFTER_MS)
        self._back.timeout.connect(lambda: self.tabs.choose(ListKind.ACTIVE))
        self._undoable = QTimer(self)
        self._undoable.setSingleShot(True)
        self._undoable.setInterval(UNDO_FOR_MS)
        self._undoable.timeout.connect(self.forget_undo)

    def _connect(self) -> None:
        self.acknowledge.clicked.connect(self.acknowledge_wanted)
        self.second.clicked.connect(self.second_wanted)
        self.details.clicked.connect(self.opened)
        self.undo.clicked.connect(self._take_back)
        self.view.opened.connect(self.opened)
        self.view.turned.connect(self.tabs.turn)
        self.view.selectionModel().selectionChanged.connect(self._mind_selection)
        self.view.selectionModel().currentChanged.connect(self._tell_choice)
        self.tabs.chosen.connect(self._turn)
        self.strip.finished.connect(self._finish)
        self.strip.cancelled.connect(self.leave_strip)

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def kind(self) -> ListKind:
        """The list that is shown."""
        return self.tabs.kind

    def show_alarms(self, faces: Sequence[AlarmFace]) -> None:
        """Show these rows; the selection stays on its alarms, or leads to the first."""
        kept, chosen = self.current(), self.selected_rows()
        place = self.view.verticalScrollBar().value()
        if self.model.show(faces):
            self.view.doItemsLayout()
            self.view.verticalScrollBar().setValue(place)
            if faces:
                self._select_again(kept, chosen)
        self._list.setCurrentIndex(0 if faces else 1)
        self.heading.setVisible(bool(faces))
        self.flash.need(any(face.flashes for face in faces))
        self._mind_buttons()

    def show_counts(self, counts: Mapping[ListKind, int], words: str) -> None:
        """Show how many stand in each list; ``words`` says how those of the shown list are."""
        self.tabs.show_counts(counts)
        self.heading.show_list(self.kind, words)

    def _select_again(self, kept: AlarmFace | None, chosen: Sequence[AlarmFace]) -> None:
        row = self._row_to_keep(kept)
        rows = [found for face in chosen if (found := self.model.row_like(face)) is not None]
        self._select_silently(row, rows if row in rows else [row])
        face = self.model.faces[row]
        led = face.row is Row.ALARM and self.kind is ListKind.ACTIVE
        if led and (kept is None or face.number != kept.number):
            self.alarm_led.emit(face.number)

    def _row_to_keep(self, kept: AlarmFace | None) -> int:
        row = self.model.row_like(kept) if kept is not None else None
        hidden = self.kind is not ListKind.ACTIVE
        if row is not None and (self._chosen_by_hand or hidden or self.strip.isVisibleTo(self)):
            return row
        self._chosen_by_hand = self._chosen_by_hand and hidden
        return 0

    def _select_silently(self, row: int, rows: Sequence[int]) -> None:
        model = self.view.selectionModel()
        with QSignalBlocker(model):
            self.view.setCurrentIndex(self.model.index(row, 0))
            selection = QItemSelection()
            for each in rows:
                selection.select(self.model.index(each, 0), self.model.index(each, 0))
            model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.viewport().update()

    def _mind_buttons(self) -> None:
        """Let the buttons say what they would do now, and why they would not."""
        current, waiting = self.current(), self.waiting()
        active = self.kind is ListKind.ACTIVE
        several = len(waiting) if len(self.selected_rows()) > 1 else 0
        self.acknowledge.setVisible(active)
        self.acknowledge.setText(f"Acknowledge {several}  F2" if several else "Acknowledge  F2")
        self.acknowledge.setEnabled(bool(waiting) and not self._forbidden)
        self.second.setText(_SECOND[self.kind])
        self.second.setVisible(bool(_SECOND[self.kind]))
        self.second.setEnabled(bool(self.chosen()) and not self._second_forbidden)
        self.second.setToolTip(self._second_forbidden or "Shift+F3")
        self.second.setAccessibleDescription(self._second_forbidden)
        self.details.setEnabled(current is not None)
        words = self._taken_words() if active else ""
        self._explain(self._forbidden if self.model.faces else words, words)

    def _taken_words(self) -> str:
        """Say that what is selected is acknowledged, where all of it is."""
        faces = self.chosen()
        if not faces or any(face.new or face.returned for face in faces):
            return ""
        who = f"{faces[0].name} is" if len(faces) == 1 else f"{len(faces)} alarms are"
        return f"{who} acknowledged."

    def _explain(self, forbidden: str, taken: str) -> None:
        """Say below the buttons why one is off, unless something else stands there."""
        why = forbidden or taken
        if self.message.text() in ("", self._explained):
            self.message.say(why, "text.muted")
            self._explained = why

    def say_empty(self, text: str) -> None:
        """Set what stands in the place of the list while there are no alarms."""
        self._empty.say(text)

    def empty_words(self) -> str:
        """What stands in the place of the list."""
        return self._empty.text()

    # -- what is selected -------------------------------------------------------------------------

    def current(self) -> AlarmFace | None:
        """Return the row to which the operator went last, or that leads."""
        row = self.view.currentIndex().row()
        return self.model.faces[row] if 0 <= row < len(self.model.faces) else None

    def selected_rows(self) -> list[AlarmFace]:
        """Return what is selected, in the order of the list."""
        rows = sorted(index.row() for index in self.view.selectedIndexes())
        return [self.model.faces[row] for row in rows if row < len(self.model.faces)]

    def chosen(self) -> list[AlarmFace]:
        """Return the alarms that an act is about: the selected ones, else the current one."""
        current = self.current()
        rows = self.selected_rows() or ([] if current is None else [current])
        return [face for face in rows if face.row is Row.ALARM]

    def waiting(self) -> list[AlarmFace]:
        """Return those of them that wait to be acknowledged."""
        return [face for face in self.chosen() if face.waits]

    def choose_subject(self, subject: str) -> None:
        """Select the first alarm of an endpoint, if it has one, without announcing it."""
        current = self.current()
        if current is not None and current.subject == subject:
            return
        faces = self.model.faces
        row = next(
            (at for at, face in enumerate(faces) if face.row is Row.ALARM and face.subject == subject), None
        )
        if row is not None:
            self._chosen_by_hand = True
            self._select_silently(row, [row])
        self.show_alarms(self.model.faces)

    def choose_number(self, number: int) -> None:
        """Go to an alarm of the shown list, as the operator would."""
        row = self.model.row_of(number)
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row, 0))

    # -- acts -------------------------------------------------------------------------------------

    def forbid(self, why: str) -> None:
        """Take no acknowledgement, for a reason; empty takes them."""
        self._forbidden = why
        self.acknowledge.setToolTip(why)
        self.acknowledge.setAccessibleDescription(why)
        if why and self.strip.isVisibleTo(self):
            self.leave_strip()
        self.show_alarms(self.model.faces)

    def forbid_second(self, why: str) -> None:
        """Let the second button of the shown list do nothing, for a reason; empty lets it."""
        self._second_forbidden = why

    def begin_acknowledging(self) -> None:
        """Wish to acknowledge what is selected."""
        self.acknowledge_wanted.emit()

    @property
    def forbidden(self) -> str:
        """Why nothing is acknowledged here; empty where it is."""
        return self._forbidden

    def explain(self, words: str) -> None:
        """Say why nothing came of a wish, until something else is to be said."""
        self._explained = words
        self.message.say(words)

    def ask(self, question: Question, tell: Callable[[Answer], object]) -> None:
        """Ask for what an act needs, and tell what was said."""
        self.message.say("")
        self._tell = tell
        self._foot.hide()
        self.strip.show()
        self.strip.begin(question)

    def leave_strip(self) -> None:
        """Ask no more."""
        self._tell = None
        self.strip.hide()
        self._foot.show()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_undo(self, words: str, undo: Callable[[], object]) -> None:
        """Say what was done, and offer to undo it for a while."""
        self.message.say(words, "text.strong")
        self._undo = undo
        self.undo.setAccessibleName(f"Undo: {words}")
        self.undo.show()
        self._undoable.start()

    def forget_undo(self) -> None:
        """Offer nothing to undo any more."""
        self._undo = None
        self._undoable.stop()
        self.undo.hide()

    def _take_back(self) -> None:
        undo = self._undo
        self.forget_undo()
        self.message.say("")
        if undo is not None:
            undo()

    def _finish(self, answer: Answer) -> None:
        tell = self._tell
        self.leave_strip()
        if tell is not None:
            tell(answer)

    def _turn(self) -> None:
        """Show another list from its top."""
        if self.strip.isVisibleTo(self):
            self.leave_strip()
        self._chosen_by_hand = False
        self._mind_touch()
        self.list_changed.emit()

    def _mind_touch(self) -> None:
        if self.kind is ListKind.ACTIVE:
            self._back.stop()
        else:
            self._back.start()

    def _mind_selection(self) -> None:
        if len(self.view.selectedIndexes()) > 1:
            self._chosen_by_hand = True
        self._mind_touch()
        self._mind_buttons()

    def _tell_choice(self) -> None:
        face = self.current()
        if face is not None:
            self._chosen_by_hand = True
            self.show_alarms(self.model.faces)
            if face.number:
                self.alarm_chosen.emit(face.number)
