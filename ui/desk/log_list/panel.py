"""The log panel: what happened, newest first; a line for notes; the export."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QListView, QPushButton, QStackedWidget

from ui.desk.alarm_list.strip import NOTE_LIMIT
from ui.desk.faces import LogFace
from ui.desk.log_list.delegate import LogDelegate
from ui.desk.log_list.model import LogModel
from ui.desk.log_list.view import LogView
from ui.desk.note_field import NoteField
from ui.desk.panel import Panel, Text, segment
from ui.desk.theme import Theme

MESSAGE_MS = 30_000
"""How long words that pass stand: long enough to read a path and to copy it."""


class LogPanel(Panel):
    """Shows the log and takes notes. ``noted`` tells the words, ``filter_changed`` asks for lines anew."""

    noted = Signal(str)
    filter_changed = Signal()
    export_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        """Build an empty panel."""
        super().__init__(theme, "Event log")
        self._forbidden = self._subject = ""
        self.model = LogModel()
        self.view = LogView()
        self._delegate = LogDelegate(self.model, theme, self.view)
        self._dress_view()
        self.all_button = segment("All", "Show the whole log")
        self.one_button = segment("Selected", "Show the log of the selected endpoint")
        self.all_button.setChecked(True)
        self._filter = QButtonGroup(self)
        self._filter.addButton(self.all_button)
        self._filter.addButton(self.one_button)
        self.head.addWidget(self.all_button)
        self.head.addWidget(self.one_button)
        self._empty = Text(theme, "text.muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.say_empty("Nothing has been logged yet. F6 writes a note.")
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._empty)
        self.note = NoteField(theme.font(), NOTE_LIMIT)
        self.export = QPushButton("Export CSV…")
        self.export.setAccessibleName("Export the event log as CSV")
        self.message = Text(theme, "text.muted", 0.92)
        self.message.setWordWrap(True)
        self.message.setMinimumWidth(1)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.setInterval(MESSAGE_MS)
        self._passing.timeout.connect(lambda: self.say(""))
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.export)
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self.message)
        self.body.addLayout(foot)
        self.note.returnPressed.connect(self._send)
        self.note.left.connect(self._leave_note)
        self.export.clicked.connect(self.export_wanted)
        self._filter.buttonClicked.connect(self.filter_changed)
        self.name_subject("")

    @property
    def only_selected(self) -> bool:
        """Whether the log is that of the selected endpoint."""
        return self.one_button.isChecked()

    def show_lines(self, faces: Sequence[LogFace]) -> None:
        """Show these lines, newest first; the top stays in sight, or the place to which it was scrolled."""
        bar = self.view.verticalScrollBar()
        read = QPersistentModelIndex() if bar.value() <= 2 else self._first_in_sight()
        was = self.view.visualRect(read).top()
        self.model.show(faces)
        if read.isValid():
            bar.setValue(bar.value() + self.view.visualRect(read).top() - was)
        else:
            self.view.scrollToTop()
        self._list.setCurrentIndex(0 if faces else 1)

    def _first_in_sight(self) -> QPersistentModelIndex:
        return QPersistentModelIndex(self.view.indexAt(QPoint(self.view.viewport().width() // 2, 1)))

    def say(self, words: str, passing: bool = False) -> None:
        """Say what came of an export; ``passing`` words go away by themselves, none go at once."""
        self._passing.stop()
        self.message.say(words)
        self.message.setVisible(bool(words))
        if passing:
            self._passing.start()

    def say_empty(self, words: str) -> None:
        """Set what stands in the place of the list while it has no line."""
        self._empty.say(words)

    def empty_words(self) -> str:
        """What stands in the place of the list."""
        return self._empty.text()

    def forbid(self, why: str) -> None:
        """Take no notes, for a reason; empty takes them."""
        self._forbidden = why
        self.note.setEnabled(not why)
        self.note.setToolTip(why)
        self.note.setAccessibleDescription(why)
        self.name_subject(self._subject)

    def name_subject(self, name: str) -> None:
        """Say whom a note would be about; an empty name stands for the whole room."""
        self._subject = name
        about = f" about {name}" if name else ""
        self.note.setPlaceholderText(self._forbidden or f"Add a note{about}, F6")
        self.note.setAccessibleName(f"Note{about} for the event log")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the sentences anew."""
        super().resizeEvent(event)
        self.view.scheduleDelayedItemsLayout()

    def _dress_view(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        # A line whose words become others may need another height.
        self.model.dataChanged.connect(lambda *_rows: self.view.scheduleDelayedItemsLayout())
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.viewport().setAutoFillBackground(False)
        self.view.setAccessibleName("Event log")

    def _send(self) -> None:
        words = self.note.text().strip()
        if words:
            self.note.clear()
            self.noted.emit(words)
        self._leave_note()

    def _leave_note(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
