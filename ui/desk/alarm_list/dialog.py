"""All about one alarm: what it is, what to do, who did what, and the buttons for it. It does nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QRectF, QStringListModel, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QListView,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.desk.alarm_list.brief import Brief
from ui.desk.alarm_list.offers import AlarmAct, Offer
from ui.desk.alarm_list.step_list import StepList
from ui.desk.alarm_list.strip import NOTE_LIMIT, ActStrip, Answer, Question
from ui.desk.band import Band
from ui.desk.choice import Choice
from ui.desk.faces import LogFace
from ui.desk.key_binding import bind_keys
from ui.desk.keys import Command
from ui.desk.log_list.delegate import LogDelegate
from ui.desk.log_list.model import LogModel
from ui.desk.log_list.view import LogView
from ui.desk.note_field import NoteField
from ui.desk.panel import ElidedText, FewLines, Text
from ui.desk.symbols import paint_urgency
from ui.desk.theme import Theme

_FACTS: Final = ("Cause", "Respond", "First", "Lost meanwhile", "Call", "Note")
_STORY_LINES: Final = 6
"""So many lines an entry of the timeline may have: a note for the next shift is read in it."""

_NO_STEPS: Final = "Nobody has written down what to do. Whoever may configure can, with F4."


class AlarmDialog(QDialog):
    """``wanted`` tells an ``AlarmAct``; ``ticked`` a step and whether it is done; ``assigned`` to whom."""

    wanted = Signal(object)
    ticked = Signal(int, bool)
    assigned = Signal(str)
    noted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build it over a window, about nothing yet."""
        super().__init__(parent)
        self._theme = theme
        self._tell: Callable[[Answer], object] | None = None
        self._owners: Sequence[str] = ()
        self.setWindowTitle("Alarm")
        self.urgent = Band(theme, "warning")
        self.badge = _Badge(theme)
        self.name = ElidedText(theme, "text.strong", 1.25, strong=True)
        self.name.elide = Qt.TextElideMode.ElideMiddle
        self.state = Text(theme)
        self.state.setWordWrap(True)
        self._facts: dict[str, tuple[Text, Text]] = {}
        self.owner = Choice()
        self.owner.setAccessibleName("Who has it in hand")
        self.steps = StepList(theme)
        self.no_steps = Text(theme, "text.muted")
        self.members = QListView()
        self._member_lines = QStringListModel(self)
        self.members_title = Text(theme, "text.dim", 0.92)
        self.story = LogModel()
        self.story_view = LogView()
        self.note = NoteField(theme.font(), NOTE_LIMIT)
        self.note.setPlaceholderText("Add a note about this alarm, then Enter")
        self.note.setAccessibleName("Note about this alarm")
        self.buttons = {act: QPushButton(act.value) for act in AlarmAct}
        self.message = FewLines(theme, "text.muted", 0.92, most_lines=3)
        self.strip = ActStrip(theme)
        self.close_button = QPushButton("Close  Esc")
        self._lay_out()
        self._connect()
        bind_keys(self, {Command.ACKNOWLEDGE: self.buttons[AlarmAct.ACKNOWLEDGE].click})
        self.close_button.setFocus()

    # -- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        theme = self._theme
        head = QHBoxLayout()
        head.setSpacing(theme.em(0.6))
        head.addWidget(self.badge)
        head.addWidget(self.name, 1)
        both = QHBoxLayout()
        both.setSpacing(theme.em(1.6))
        both.addLayout(self._left(), 11)
        both.addLayout(self._right(), 9)
        column = QVBoxLayout(self)
        margin = theme.em(1.2)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.5))
        column.addWidget(self.urgent)
        column.addLayout(head)
        column.addWidget(self.state)
        column.addLayout(both, 1)
        column.addWidget(self.message)
        column.addWidget(self.strip)
        self._row = self._button_row()
        column.addWidget(self._row)
        self.strip.hide()
        self.setMinimumSize(theme.em(66), theme.em(37))

    def _left(self) -> QVBoxLayout:
        theme = self._theme
        column = QVBoxLayout()
        column.setSpacing(theme.em(0.35))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.em(0.8))
        grid.setVerticalSpacing(theme.em(0.25))
        grid.setColumnStretch(1, 1)
        for row, title in enumerate(_FACTS):
            grid.addWidget(self._add_fact(title), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._facts[title][1], row, 1)
        grid.addWidget(self._title("In hand"), len(_FACTS), 0)
        grid.addWidget(self.owner, len(_FACTS), 1, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        column.addWidget(self._title("What to do"))
        self.no_steps.say(_NO_STEPS)
        self.no_steps.setWordWrap(True)
        column.addWidget(self.no_steps)
        area = _area(self.steps)
        area.setAccessibleName("What to do, step by step")
        column.addWidget(area, 1)
        return column

    def _add_fact(self, title: str) -> Text:
        name, words = self._title(title), Text(self._theme, strong=title == "Respond")
        words.setWordWrap(True)
        words.setMinimumWidth(1)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts[title] = name, words
        return name

    def _title(self, words: str) -> Text:
        title = Text(self._theme, "text.dim", 0.92)
        title.say(words)
        return title

    def _right(self) -> QVBoxLayout:
        theme = self._theme
        column = QVBoxLayout()
        column.setSpacing(theme.em(0.35))
        self.members.setModel(self._member_lines)
        self.members.setUniformItemSizes(True)
        self.members.setFrameShape(QFrame.Shape.NoFrame)
        self.members.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.members.setAccessibleName("What is part of it")
        self.members.viewport().setAutoFillBackground(False)
        self.story_view.setModel(self.story)
        self._delegate = LogDelegate(self.story, theme, self.story_view, _STORY_LINES)
        self.story_view.setItemDelegate(self._delegate)
        self.story_view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.story_view.setResizeMode(QListView.ResizeMode.Adjust)
        self.story_view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.story_view.viewport().setAutoFillBackground(False)
        self.story_view.setAccessibleName("What happened to this alarm, newest first")
        self.story.dataChanged.connect(lambda *_rows: self.story_view.scheduleDelayedItemsLayout())
        column.addWidget(self.members_title)
        column.addWidget(self.members, 2)
        column.addWidget(self._title("What happened to it, newest first"))
        column.addWidget(self.story_view, 3)
        column.addWidget(self.note)
        return column

    def _button_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self._theme.em(0.5))
        for button in self.buttons.values():
            button.setAutoDefault(False)
            layout.addWidget(button)
        layout.addStretch(1)
        layout.addWidget(self.close_button)
        return row

    def _connect(self) -> None:
        for act, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, act=act: self.wanted.emit(act))
        self.steps.ticked.connect(self.ticked)
        self.owner.activated.connect(lambda place: self.assigned.emit(self._owners[place]))
        self.note.returnPressed.connect(self._note)
        self.note.left.connect(self.close_button.setFocus)
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        self.strip.finished.connect(self._finish)
        self.strip.cancelled.connect(self.leave_strip)

    # -- showing ----------------------------------------------------------------------------------

    def show_brief(self, brief: Brief, why_not_tick: str) -> None:
        """Show what is known of the alarm now."""
        self.badge.show_urgency(brief.urgency, brief.new)
        self.name.say(brief.name)
        self.state.say(brief.state)
        told = dict(brief.facts)
        for title, (name, words) in self._facts.items():
            words.say(told.get(title, ""))
            for part in (name, words):
                part.setVisible(title in told)
        self._facts["Respond"][1].say(
            told.get("Respond", ""), "text.strong" if brief.presses else "text.main"
        )
        self.no_steps.setVisible(not brief.steps)
        self.steps.show_steps(brief.steps, why_not_tick)
        self.members_title.say(brief.members_title)
        if list(brief.members) != self._member_lines.stringList():
            self._member_lines.setStringList(list(brief.members))
        self.members_title.setVisible(bool(brief.members))
        self.members.setVisible(bool(brief.members))

    def show_offers(self, offers: Mapping[AlarmAct, Offer], why_no_note: str) -> None:
        """Show what can be done, and beside what cannot why."""
        for act, button in self.buttons.items():
            offer = offers[act]
            button.setVisible(offer.shown)
            _permit(button, offer.why_not)
        _permit(self.note, why_no_note)
        why = next((offer.why_not for offer in offers.values() if offer.shown and "F9" in offer.why_not), "")
        if self.message.text() in ("", self._forbidden()):
            self.message.say(why)
            self.message.setProperty("why", why)
        self.message.setVisible(bool(self.message.text()))

    def show_owners(self, owners: Sequence[tuple[str, str]], owner: str, why_not: str) -> None:
        """Offer in whose hands it can be given: what is sent, and its words; ``owner`` has it now."""
        names, words = [name for name, _ in owners], [shown for _, shown in owners]
        if names != list(self._owners) and not self.owner.view().isVisible():
            self._owners = names
            self.owner.clear()
            self.owner.addItems(words)
        if owner in self._owners and not self.owner.view().isVisible():
            self.owner.setCurrentIndex(self._owners.index(owner))
        _permit(self.owner, why_not)

    def show_ended(self, why_no_note: str) -> None:
        """Say that the alarm has ended: nothing more can be done about it, but a note can still be made."""
        self.state.say("It has ended.")
        self.badge.calm()
        for button in self.buttons.values():
            button.hide()
        for part in (self.owner, self.steps):
            part.setEnabled(False)
        _permit(self.note, why_no_note)
        if self.strip.isVisibleTo(self):
            self.leave_strip()

    def show_story(self, faces: Sequence[LogFace]) -> None:
        """Show what the log tells of the alarm, newest first."""
        self.story.show(faces)

    def say(self, words: str) -> None:
        """Say what came of an act."""
        self.message.say(words, "text.strong")
        self.message.setVisible(bool(words))

    def _forbidden(self) -> str:
        return str(self.message.property("why") or "")

    # -- asking -----------------------------------------------------------------------------------

    def ask(self, question: Question, tell: Callable[[Answer], object]) -> None:
        """Ask for what an act needs, and tell what was said."""
        self._tell = tell
        self._row.hide()
        self.strip.show()
        self.strip.begin(question)

    def leave_strip(self) -> None:
        """Ask no more."""
        self._tell = None
        self.strip.hide()
        self._row.show()
        self.close_button.setFocus()

    def reject(self) -> None:
        """Leave the question first, then the dialog."""
        if self.strip.isVisibleTo(self):
            self.leave_strip()
        else:
            super().reject()

    def _finish(self, answer: Answer) -> None:
        tell = self._tell
        self.leave_strip()
        if tell is not None:
            tell(answer)

    def _note(self) -> None:
        words = self.note.text().strip()
        if words:
            self.note.clear()
            self.noted.emit(words)


class _Badge(QWidget):
    """The urgency of the alarm, filled while it calls."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._urgency, self._filled = 4, False
        self.setFixedSize(theme.em(1.6), theme.em(1.6))

    def show_urgency(self, urgency: int, filled: bool) -> None:
        """Show an urgency, 1 to 4."""
        if (urgency, filled) != (self._urgency, self._filled):
            self._urgency, self._filled = urgency, filled
            self.update()

    def calm(self) -> None:
        """Call no more; how urgent it was stays to be seen."""
        self.show_urgency(self._urgency, filled=False)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint its shape."""
        side = self._theme.em(1.4)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_urgency(QPainter(self), self._theme, box, self._urgency, self._filled)


def _permit(widget: QWidget, why_not: str) -> None:
    widget.setEnabled(not why_not)
    widget.setToolTip(why_not)
    widget.setAccessibleDescription(why_not)


def _area(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    for part in (area, area.viewport(), inside):
        part.setAutoFillBackground(False)
    return area
