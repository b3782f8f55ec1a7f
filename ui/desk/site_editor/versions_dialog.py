"""The last texts of the site file: when, by whom, what; one of them can be looked at and brought back."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from controlroom.site.keeping import KeptVersions
from ui.desk import time_text
from ui.desk.panel import Text
from ui.desk.site_editor.version_words import version_lines, version_marks
from ui.desk.theme import Theme


class VersionsDialog(QDialog):
    """A list, newest first. ``wanted`` tells the number of the version to show."""

    wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget, kept: KeptVersions, zone: ZoneInfo) -> None:
        """Show the versions that are kept."""
        super().__init__(parent)
        self.setWindowTitle("Versions of the site file")
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        margin = theme.em(1.2)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        words = Text(theme, "text.muted")
        words.setWordWrap(True)
        words.say(
            "The last twenty texts of the site file, newest first: when, who, and what that changed. Bringing"
            " one back is a change like any other: it becomes the newest, and can be undone."
            if kept.versions
            else "No version is kept yet: the first change will keep the text from before it."
        )
        column.addWidget(words)
        self.list = QListWidget()
        self.list.setAccessibleName("Versions, newest first")
        self.list.setWordWrap(True)
        self.list.setSpacing(round(theme.em() * 0.2))
        marks = version_marks(kept)
        for version in kept.versions:
            moment = f"{time_text.day(version.at_utc_s, zone)}  {time_text.clock(version.at_utc_s, zone)}"
            lines = version_lines(version, moment, marks.get(version.number, ""))
            item = QListWidgetItem("\n".join(lines))
            item.setData(Qt.ItemDataRole.UserRole, version.number)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.show_button = QPushButton("Show the difference…")
        # Enter in the list shows the difference by itself; a default button would show it once more.
        self.show_button.setAutoDefault(False)
        self.show_button.setEnabled(bool(kept.versions))
        close = QPushButton("Close  Esc")
        close.setAutoDefault(False)
        row.addWidget(self.show_button)
        row.addWidget(close)
        column.addLayout(row)
        self.show_button.clicked.connect(self._tell)
        self.list.itemActivated.connect(self._tell)
        close.clicked.connect(self.reject)
        self.resize(theme.em(46), theme.em(26))

    def _tell(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.wanted.emit(int(item.data(Qt.ItemDataRole.UserRole)))
