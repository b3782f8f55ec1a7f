"""The window of endpoints and probes: the list on the left, the form on the right. It decides nothing."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.site.form import SiteForm
from ui.desk.band import Band
from ui.desk.key_binding import bind_keys
from ui.desk.keys import Command
from ui.desk.panel import ElidedText, Text
from ui.desk.site_editor.draft import Tables
from ui.desk.site_editor.endpoint_form import EndpointForm
from ui.desk.site_editor.field_editors import focused_editor
from ui.desk.site_editor.probe_section import MetricsOf
from ui.desk.theme import Theme

_HELP = "Fields with * are needed. The field that you are in is explained here."

_WIDEST_UNDO_EMS = 13
_LIST_EMS = 24
_SEARCHED = Qt.ItemDataRole.UserRole + 1
"""An item's words as they are, not cut."""


class EditorDialog(QWidget):
    """Shows all endpoints and the form of one; tells what the operator wants by signals."""

    endpoint_wanted = Signal(str)
    new_wanted = Signal()
    duplicate_wanted = Signal()
    remove_wanted = Signal()
    save_wanted = Signal()
    undo_wanted = Signal()
    versions_wanted = Signal()
    outside_wanted = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget, form: SiteForm, metrics_of: MetricsOf) -> None:
        """Build the window over the desk's."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Endpoints and probes")
        self._theme = theme
        self._why_not = ""
        self._new = False
        self.typed_by = ""
        """Who began to type what is not saved yet."""
        self.form = EndpointForm(theme, form, metrics_of)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search the endpoints")
        self.list = QListWidget()
        self.list.setAccessibleName("Endpoints of the site file")
        # A name that is too long is cut; nothing is to be scrolled sideways for it.
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.no_hit = Text(theme, "text.muted")
        self.no_hit.setWordWrap(True)
        self.no_hit.hide()
        self.new, self.duplicate, self.remove = (
            QPushButton("New  Ctrl+N"),
            QPushButton("Duplicate"),
            QPushButton("Remove…"),
        )
        self.save, self.undo, self.versions = (
            QPushButton("Save  Ctrl+S"),
            QPushButton("Undo"),
            QPushButton("Versions…"),
        )
        self.close_button = QPushButton("Close  Esc")
        self.help = Text(theme, "text.muted", 0.92)
        self.message = Text(theme, "text.strong")
        self.title = ElidedText(theme, "text.strong", 1.15, strong=True)
        self.alarm = Band(theme, "stopped")
        self.outside = QPushButton("The site file was changed outside Controlroom: show what changed…")
        self.outside.hide()
        self._lay_out()
        self._connect()
        self.say_undo("")
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._explain)

    def show_list(self, endpoints: Sequence[Tables], current: str) -> None:
        """Show the endpoints in the file's order; one of them, or none for a new one, is current."""
        bar, scrolled = self.list.verticalScrollBar(), self.list.verticalScrollBar().value()
        self.list.blockSignals(True)
        self.list.clear()
        for table in endpoints:
            kind = wording.kind_words(str(table.get("kind", "")))
            lines = str(table.get("name", "")), f"{kind}, {table.get('address', '')}"
            item = QListWidgetItem("\n".join(self._short(line) for line in lines))
            item.setToolTip(html.escape("\n".join(lines)).replace("\n", "<br>"))
            item.setData(_SEARCHED, " ".join(lines))
            # Letters of a script that another font lends are higher; Qt would leave out the second line.
            item.setSizeHint(QSize(0, self._theme.em(2.9)))
            item.setData(Qt.ItemDataRole.UserRole, str(table.get("id", "")))
            self.list.addItem(item)
            if table.get("id") == current:
                self.list.setCurrentItem(item)
        self.list.blockSignals(False)
        self._filter()
        shown = self.list.currentItem()
        if shown is not None and shown.isHidden():
            # The form is never about an endpoint that the list does not show.
            self.search.clear()
        bar.setValue(scrolled)
        self.list.scrollToItem(self.list.currentItem())

    def set_read_only(self, why: str) -> None:
        """Let the site be looked at only, for a reason; empty lets it be changed."""
        self._why_not = why
        self.form.set_read_only(why)
        self._mind_buttons()
        self.say_undo(self.undo.property("what") or "")
        if why:
            self.say(why)

    def say_new(self, new: bool) -> None:
        """Take it that the form shows an endpoint that is not in the file yet, or one that is."""
        self._new = new
        self._mind_buttons()

    def _mind_buttons(self) -> None:
        unsaved = "This endpoint is not saved yet. Choosing another, or Esc, drops it." if self._new else ""
        reasons = {
            self.new: self._why_not,
            self.save: self._why_not,
            self.duplicate: self._why_not or unsaved,
            self.remove: self._why_not or unsaved,
        }
        for button, why in reasons.items():
            button.setEnabled(not why)
            button.setToolTip(why)
            button.setAccessibleDescription(why)

    def say(self, words: str) -> None:
        """Say what happened, or what is in the way."""
        self.message.say(words)
        self.message.setVisible(bool(words))

    def say_undo(self, what: str) -> None:
        """Offer to take something back; nothing when there is nothing."""
        self.undo.setProperty("what", what)
        width = self._theme.em(_WIDEST_UNDO_EMS)
        shown = self.fontMetrics().elidedText(what, Qt.TextElideMode.ElideRight, width)
        self.undo.setText(f"Undo: {shown}".replace("&", "&&") if what else "Undo")
        self.undo.setEnabled(bool(what) and not self._why_not)
        self.undo.setToolTip(
            self._why_not or (f"Take back: {what}" if what else "Nothing was changed here yet")
        )

    def may_leave(self) -> bool:
        """Ask before what is not saved is dropped."""
        if not self.form.edited:
            return True
        box = QMessageBox(self)
        box.setWindowTitle("Not saved")
        box.setText("The changes to this endpoint have not been saved.")
        whose = f"{self.typed_by} typed them. " if self.typed_by and self._why_not else ""
        box.setInformativeText(f"{whose}{self._why_not}")
        drop = box.addButton("Drop the changes", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(
            "Keep them" if self._why_not else "Go on editing", QMessageBox.ButtonRole.RejectRole
        )
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is drop

    def asks_to_remove(self, name: str, uses: Sequence[str]) -> bool:
        """Ask whether an endpoint is really to go; ``uses`` says what loses it."""
        box = QMessageBox(self)
        box.setWindowTitle("Remove")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(f"Remove “{printable(name, 80)}” from the site file?")
        words = (
            "It is measured no longer and its alarm ends. What was recorded of it stays. Undo brings it back."
        )
        told = ["It is also taken out of:", *(f"– {use}" for use in uses), ""] if uses else []
        box.setInformativeText("\n".join([*told, words]))
        remove = box.addButton("Remove", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is remove

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close unless there is something to be saved first; what somebody else is to save waits."""
        if self.form.edited and self._why_not:
            event.ignore()
            self.hide()
        elif self.may_leave():
            self.form.edited = False
            event.accept()
            self.closed.emit()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("surface.window"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Go from the search straight into the list by the arrow down."""
        down = event.type() is QEvent.Type.KeyPress and getattr(event, "key", lambda: 0)() == Qt.Key.Key_Down
        if watched is self.search and down:
            self.list.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        theme = self._theme
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.no_hit)
        left.addWidget(self.list, 1)
        buttons = QHBoxLayout()
        for button in (self.new, self.duplicate, self.remove):
            buttons.addWidget(button)
        left.addLayout(buttons)
        foot = QHBoxLayout()
        for button in (self.undo, self.versions):
            foot.addWidget(button)
        foot.addStretch(1)
        for button in (self.close_button, self.save):
            foot.addWidget(button)
        for words in (self.help, self.message):
            words.setWordWrap(True)
            words.setMinimumWidth(1)
        self.help.setMinimumHeight(theme.em(2.6))
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.message.hide()
        right = QVBoxLayout()
        right.addWidget(self.outside)
        right.addWidget(self.title)
        right.addWidget(self.form, 1)
        right.addWidget(self.help)
        right.addWidget(self.message)
        right.addLayout(foot)
        side = QWidget()
        side.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        side.setFixedWidth(theme.em(_LIST_EMS))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._alarm_place())
        row = QHBoxLayout()
        column.addLayout(row, 1)
        # What is said inside comes and goes; the window keeps its size meanwhile.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(theme.em(52), theme.em(28))
        margin = theme.em(1.0)
        row.setContentsMargins(margin, margin, margin, margin)
        row.setSpacing(margin)
        row.addWidget(side)
        row.addLayout(right, 1)
        self.help.say(_HELP)

    def _alarm_place(self) -> QWidget:
        """Hold the band; a band that is the window's own child is another's mark on it."""
        place = QWidget()
        inside = QVBoxLayout(place)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.alarm)
        return place

    def _connect(self) -> None:
        pairs = (
            (self.new, self.new_wanted),
            (self.duplicate, self.duplicate_wanted),
            (self.remove, self.remove_wanted),
            (self.save, self.save_wanted),
            (self.undo, self.undo_wanted),
            (self.versions, self.versions_wanted),
            (self.outside, self.outside_wanted),
        )
        for button, signal in pairs:
            button.clicked.connect(signal)
        self.close_button.clicked.connect(self.close)
        self.form.explained.connect(lambda: self._explain(None, QApplication.focusWidget()))
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.list.currentItemChanged.connect(self._tell_choice)
        buttons = {
            Command.FORM_NEW: self.new,
            Command.FORM_SAVE: self.save,
            Command.FORM_UNDO: self.undo,
            Command.FORM_LEAVE: self.close_button,
        }
        bind_keys(self, {command: button.click for command, button in buttons.items()})

    def _filter(self) -> None:
        wanted = self.search.text().strip().lower()
        for row in range(self.list.count()):
            item = self.list.item(row)
            told = f"{item.data(_SEARCHED)} {item.data(Qt.ItemDataRole.UserRole)}"
            item.setHidden(wanted not in told.lower())
        hit = any(not self.list.item(row).isHidden() for row in range(self.list.count()))
        typed = printable(self.search.text().strip(), 40)
        self.no_hit.say(
            f"No endpoint has “{typed}” in its name, kind, address or id. Search for less."
            if wanted
            else "No endpoints yet. Ctrl+N adds the first."
        )
        self.no_hit.setVisible(not hit)

    def _short(self, line: str) -> str:
        """Cut a line in its middle: names of one kind differ at their end."""
        width = self._theme.em(_LIST_EMS) - 3 * self._theme.em()
        return self.list.fontMetrics().elidedText(line, Qt.TextElideMode.ElideMiddle, width)

    def _tell_choice(self, now: QListWidgetItem | None, before: QListWidgetItem | None) -> None:
        if now is None:
            return
        # The list may be shown anew while the question is open: ids last, items do not.
        wanted = str(now.data(Qt.ItemDataRole.UserRole))
        kept = str(before.data(Qt.ItemDataRole.UserRole)) if before is not None else ""
        if self.may_leave():
            self.form.edited = False
            self.endpoint_wanted.emit(wanted)
        else:
            self.list.blockSignals(True)
            self.list.setCurrentRow(self._row_of(kept))
            self.list.blockSignals(False)

    def _row_of(self, endpoint_id: str) -> int:
        rows = range(self.list.count())
        ids = (str(self.list.item(row).data(Qt.ItemDataRole.UserRole)) for row in rows)
        return next((row for row, each in enumerate(ids) if each == endpoint_id), -1)

    def _explain(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Explain the field that has the keyboard."""
        if now is None or now.window() is not self:
            return
        editor = focused_editor(now)
        self.help.say(editor.help() if editor is not None else _HELP)
