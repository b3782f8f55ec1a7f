"""The log panel: what happened, newest first; a line for notes; the export."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QListView, QPushButton, QStackedWidget

from ui.desk.alarm_list.panel import NOTE_LIMIT
from ui.desk.faces import LogFace
from ui.desk.log_list.delegate import LogDelegate
from ui.desk.log_list.model import LogModel
from ui.desk.note_field import NoteField
from ui.desk.panel import Panel, Text, segment
from ui.desk.theme import Theme


class LogPanel(Panel):
    """Shows the log and takes notes. ``noted`` tells the words, ``filter_changed`` asks for lines anew."""

    noted = Signal(str)
    filter_changed = Signal()
    export_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        """Build an empty panel."""
        super().__init__(theme, "Event log")
        self.model = LogModel()
        self.view = QListView()
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
        self._empty.say("Nothing has been logged yet.")
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._empty)
        self.note = NoteField(theme.font(), NOTE_LIMIT)
        self.export = QPushButton("Export CSV…")
        self.export.setAccessibleName("Export the event log as CSV")
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.export)
        self.body.addWidget(self._list, 1)
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
        """Show these lines, newest first; the top stays in sight unless the operator has scrolled."""
        at_top = self.view.verticalScrollBar().value() <= 2
        self.model.show(faces)
        if at_top:
            self.view.scrollToTop()
        self._list.setCurrentIndex(0 if faces else 1)

    def name_subject(self, name: str) -> None:
        """Say whom a note would be about; an empty name stands for the whole room."""
        about = f" about {name}" if name else ""
        self.note.setPlaceholderText(f"Add a note{about}, F6")
        self.note.setAccessibleName(f"Note{about} for the event log")

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the sentences anew."""
        super().resizeEvent(event)
        self.view.scheduleDelayedItemsLayout()

    def _dress_view(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(self._delegate)
        self.view.setFrameShape(QListView.Shape.NoFrame)
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
