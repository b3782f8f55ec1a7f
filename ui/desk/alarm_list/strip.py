"""Where an operator says what an act about alarms needs: words, and for how long. It sends nothing.

Enter sends, Escape leaves. What is missing is said, and the line stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.desk.alarm_list.term import Term, seconds_of, term_words
from ui.desk.choice import Choice
from ui.desk.note_field import NoteField
from ui.desk.panel import FewLines
from ui.desk.theme import Theme
from ui.desk.tick_box import TickBox

NOTE_LIMIT: Final = 1000
"""The longest note that the field takes; the engine takes longer ones."""

_OTHER: Final = "other…"
_TYPED_LIMIT: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``send`` names the button, ``hint`` stands in the empty line, ``spoken`` is read out.

    ``terms`` are the times that are offered, the first one chosen; none asks for no time. What is longer than
    ``longest_s`` needs leave: ``why_not_longer`` says why it is not given, empty gives it.
    """

    send: str
    hint: str
    spoken: str
    needs_words: bool = False
    terms: Sequence[Term] = ()
    offers_one_shot: bool = False
    longest_s: float | None = None
    why_not_longer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said; ``for_s`` is ``None`` where no time was asked for or chosen."""

    words: str
    for_s: float | None = None
    one_shot: bool = False
    longer: bool = False
    """Whether it is longer than what needs no leave."""


class ActStrip(QWidget):
    """``finished`` tells an ``Answer``, ``cancelled`` that there is none."""

    finished = Signal(object)
    cancelled = Signal()

    def __init__(self, theme: Theme) -> None:
        """Build it, asking nothing yet."""
        super().__init__()
        self._question = Question("", "", "")
        self.note = NoteField(theme.font(), NOTE_LIMIT)
        self.term = Choice()
        self.term.setAccessibleName("For how long")
        self.typed = NoteField(theme.font(), _TYPED_LIMIT)
        self.typed.setPlaceholderText("such as 90 min")
        self.typed.setAccessibleName("For how long, such as 90 min or 2 h")
        self.one_shot = TickBox("one-shot")
        self.one_shot.setToolTip("Comes back by itself once this fault is over, if that is sooner.")
        self.one_shot.setAccessibleDescription(self.one_shot.toolTip())
        self.mistake = FewLines(theme, "text.strong", 0.92, most_lines=3)
        self.send, self.leave = QPushButton(), QPushButton("Cancel  Esc")
        self.send.setDefault(True)
        self._lay_out(theme)
        self.term.currentIndexChanged.connect(self._mind_term)
        for field in (self.note, self.typed):
            field.returnPressed.connect(self._finish)
            field.left.connect(self.cancelled)
        self.send.clicked.connect(self._finish)
        self.leave.clicked.connect(self.cancelled)

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.em(0.3))
        self._times, self._ends = QHBoxLayout(), QHBoxLayout()
        for part in (self.term, self.typed, self.one_shot):
            self._times.addWidget(part)
        self._times.addStretch(1)
        self._ends.addWidget(self.send)
        self._ends.addWidget(self.leave)
        column.addWidget(self.note)
        column.addLayout(self._times)
        column.addWidget(self.mistake)
        column.addLayout(self._ends)

    def begin(self, question: Question) -> None:
        """Ask, with an empty line that has the keyboard."""
        self._question = question
        self.note.clear()
        self.note.setPlaceholderText(question.hint)
        self.note.setAccessibleName(question.spoken)
        self.typed.clear()
        self.one_shot.setChecked(False)
        self.one_shot.setVisible(question.offers_one_shot)
        self.term.clear()
        self.term.addItems([*(term.words for term in question.terms), _OTHER])
        self.term.setVisible(bool(question.terms))
        self.send.setText(question.send)
        self._place_ends(alone=question.offers_one_shot)
        self._say("")
        self._mind_term()
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _place_ends(self, *, alone: bool) -> None:
        """Put the buttons beside the times, or below them where both have no room."""
        row = self._ends if alone else self._times
        for button in (self.send, self.leave):
            row.addWidget(button)
        self._ends.setAlignment(Qt.AlignmentFlag.AlignRight)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave on Escape, send on Enter."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        else:
            super().keyPressEvent(event)

    def _mind_term(self) -> None:
        other = bool(self._question.terms) and self.term.currentText() == _OTHER
        self.typed.setVisible(other)
        if other and self.isVisible():
            self.typed.setFocus(Qt.FocusReason.OtherFocusReason)

    def _finish(self) -> None:
        answer = self._answer()
        if answer is not None:
            self.finished.emit(answer)

    def _answer(self) -> Answer | None:
        """Return what was said; say what is missing and return ``None``."""
        question, words = self._question, self.note.text().strip()
        if question.needs_words and not words:
            self._miss("It needs a reason.", self.note)
            return None
        place, for_s = self.term.currentIndex(), None
        if 0 <= place < len(question.terms):
            for_s = question.terms[place].seconds
        elif question.terms:
            for_s = seconds_of(self.typed.text())
            if for_s is None:
                self._miss("Write a time such as 90 min, 2 h or 1:30.", self.typed)
                return None
        longer = for_s is not None and question.longest_s is not None and for_s > question.longest_s
        if longer and question.why_not_longer:
            most = term_words(question.longest_s or 0.0)
            self._miss(f"At most {most}. {question.why_not_longer}", self.typed)
            return None
        return Answer(words, for_s, self.one_shot.isChecked(), longer)

    def _miss(self, words: str, field: QWidget) -> None:
        self._say(words)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self.mistake.say(words)
        self.mistake.setVisible(bool(words))
