"""One widget for each kind of field: it shows a plain value, takes another, and says what is wrong with it.

Every editor has ``value`` (``None`` for an empty field), ``show_value``, ``fault`` (empty while all is
well) and ``changed``. What a whole site makes of the values is judged elsewhere.
"""

from __future__ import annotations

import csv
import math
import re
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from controlroom.site.form import FieldKind, FormField, choice_words
from controlroom.site.number_text import number_text
from ui.desk.choice import Choice
from ui.desk.theme import Theme
from ui.desk.tick_box import TickBox

_NUMBERS = (FieldKind.NUMBER, FieldKind.WHOLE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class FieldEditor(QWidget):
    """Base of the editors."""

    changed = Signal()
    explained = Signal()
    """What ``help`` says is another than before, though the keyboard is still here."""

    def __init__(self, field: FormField) -> None:
        """Edit one field."""
        super().__init__()
        self.field = field
        self.row = QVBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(2)

    def value(self) -> object | None:
        """Return what stands in the field as a plain value; ``None`` where it is empty."""
        raise NotImplementedError

    def show_value(self, value: object | None) -> None:
        """Show a value; ``None`` shows the default."""
        raise NotImplementedError

    def fault(self) -> str:
        """Say what is wrong; empty while nothing is."""
        return "Needed." if self.field.required and self.value() in (None, "") else ""

    def help(self) -> str:
        """Explain the field."""
        return f"{self.field.label}: {self.field.help}"

    def typed_secret(self) -> str | None:
        """Return a secret that was typed and is not kept yet."""
        return None

    def _hold(self, widget: QWidget) -> None:
        """Take a widget in, under the field's name."""
        widget.setAccessibleName(self.field.label)
        widget.setAccessibleDescription(self.field.help)
        self.row.addWidget(widget)
        self.setFocusProxy(widget)


def _nothing_to_undo(event: QEvent, undoable: bool) -> bool:
    """Whether an event asks for the key of undo where nothing was typed: then it is the form's."""
    if undoable or not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.ShortcutOverride:
        return False
    if not event.matches(QKeySequence.StandardKey.Undo):
        return False
    event.ignore()
    return True


class UndoLine(QLineEdit):
    """A line that keeps the key of undo for itself only while it has something of its own to undo."""

    def event(self, event: QEvent) -> bool:
        """Leave the key to the form otherwise."""
        return _nothing_to_undo(event, self.isUndoAvailable()) or super().event(event)


class UndoText(QPlainTextEdit):
    """A text of which the same holds."""

    def event(self, event: QEvent) -> bool:
        """Leave the key to the form otherwise."""
        return _nothing_to_undo(event, self.document().isUndoAvailable()) or super().event(event)


class LineEditor(FieldEditor):
    """A line of text, a number, a date, or names with commas between them."""

    def __init__(self, field: FormField) -> None:
        """Build the line."""
        super().__init__(field)
        self.line = UndoLine()
        if field.longest is not None:
            self.line.setMaxLength(field.longest)
        if field.kind is FieldKind.NAMES:
            self.line.setPlaceholderText("none; put commas between several")
        elif field.kind is FieldKind.DATE:
            self.line.setPlaceholderText("year-month-day")
        elif field.default not in (None, ""):
            self.line.setPlaceholderText(f"{_text(field.default)} by default")
        elif field.when_empty:
            self.line.setPlaceholderText(field.when_empty)
        self._hold(self.line)
        self.line.textEdited.connect(self.changed)

    def value(self) -> object | None:
        """Return the text, or the number or date it writes; one that writes none comes back as it is."""
        text = self.line.text().strip()
        if self.field.kind is FieldKind.NAMES:
            return _names(text) or None
        if not text:
            return None
        if self.field.kind is FieldKind.DATE:
            return _date(text) or text
        if self.field.kind not in _NUMBERS:
            return text
        number = _number(text)
        if number is None or (self.field.kind is FieldKind.WHOLE and number != int(number)):
            return text
        return int(number) if number == int(number) and abs(number) < 2**53 else number

    def show_value(self, value: object | None) -> None:
        """Show a value."""
        listed = value if isinstance(value, list | tuple) else ()
        self.line.setText(", ".join(map(_name_text, map(str, listed))) if listed else _text(value))
        # A text too long for its line shows its beginning.
        self.line.setCursorPosition(0)

    def fault(self) -> str:
        """Say where a number is none or out of its range, or a date is none."""
        value = self.value()
        if self.field.kind is FieldKind.DATE and isinstance(value, str):
            return "Write an existing day as year-month-day, such as 2027-03-31."
        if value is None or self.field.kind not in _NUMBERS:
            return super().fault()
        if isinstance(value, str):
            return (
                "A whole number is needed." if self.field.kind is FieldKind.WHOLE else "A number is needed."
            )
        return "" if _in_range(self.field, float(str(value))) else f"Not {range_words(self.field)}."


class TextEditor(FieldEditor):
    """Several lines of text."""

    def __init__(self, field: FormField, theme: Theme) -> None:
        """Build the text field, some lines high."""
        super().__init__(field)
        self.text = UndoText()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.em(4.6))
        # Words begin where those of a line do.
        self.text.document().setDocumentMargin(theme.em(0.65))
        self._hold(self.text)
        self.text.textChanged.connect(self.changed)

    def value(self) -> object | None:
        """Return the text without what stands empty around it."""
        return self.text.toPlainText().strip("\n ") or None

    def show_value(self, value: object | None) -> None:
        """Show a text."""
        self.text.setPlainText(_text(value).strip("\n"))

    def fault(self) -> str:
        """Say when it is too long."""
        if self.field.longest is not None and len(str(self.value() or "")) > self.field.longest:
            return f"At most {self.field.longest} characters."
        return super().fault()


class ChoiceEditor(FieldEditor):
    """One of several."""

    def __init__(self, field: FormField) -> None:
        """Build the list of choices; a field that may be empty begins with none."""
        super().__init__(field)
        self.box = _NarrowBox()
        titles = field.choice_titles or [choice_words(each) for each in field.choices]
        for title, choice in zip(titles, field.choices, strict=True):
            self.box.addItem(title, choice)
        self._hold(self.box)
        self.box.currentIndexChanged.connect(self.changed)

    def value(self) -> object | None:
        """Return the choice; ``None`` where it is left open."""
        return str(self.box.currentData()) or None

    def show_value(self, value: object | None) -> None:
        """Choose."""
        text = _text(self.field.default if value is None else value)
        if self.field.choice_titles and self.box.findData(text) < 0:
            # What stands in the file stays, though it is none of those known here.
            self.box.addItem(f"{text}  (not known here)", text)
        self.box.setCurrentIndex(max(0, self.box.findData(text)))


class YesNoEditor(FieldEditor):
    """Yes or no."""

    def __init__(self, field: FormField) -> None:
        """Build the mark."""
        super().__init__(field)
        self.mark = TickBox("yes")
        self._hold(self.mark)
        self.mark.toggled.connect(self.changed)

    def value(self) -> object | None:
        """Return whether it is marked."""
        return self.mark.isChecked()

    def show_value(self, value: object | None) -> None:
        """Mark or not."""
        self.mark.setChecked(bool(self.field.default if value is None else value))


class SecretEditor(FieldEditor):
    """Where a secret is kept, and a place to type a new one. What is typed is never shown again."""

    def __init__(self, field: FormField) -> None:
        """Build the reference and the hidden line beside it."""
        super().__init__(field)
        self.reference = QLineEdit()
        self.reference.setPlaceholderText("none; file:PATH or keyring:SERVICE/USER")
        self.fresh = QLineEdit()
        self.fresh.setEchoMode(QLineEdit.EchoMode.Password)
        self.fresh.setPlaceholderText("or type a new secret; kept for its owner alone on saving")
        self.fresh.setAccessibleName(f"{field.label}, a new secret")
        self._hold(self.reference)
        self.row.addWidget(self.fresh)
        self.reference.textEdited.connect(self.changed)
        self.fresh.textEdited.connect(self.changed)

    def value(self) -> object | None:
        """Return the reference; a new secret gets its own when it is kept."""
        return self.reference.text().strip() or None

    def typed_secret(self) -> str | None:
        """Return what was typed."""
        return self.fresh.text() or None

    def show_value(self, value: object | None) -> None:
        """Show a reference, and forget what was typed."""
        self.reference.setText(_text(value))
        self.fresh.clear()

    def fault(self) -> str:
        """Say where a reference is none: it may be the secret itself."""
        text = self.reference.text().strip()
        if text and not text.startswith(("file:", "keyring:")) and self.typed_secret() is None:
            return "This is no reference. Type a secret into the line below instead."
        return ""


class TablesEditor(FieldEditor):
    """A small table: a row for each nested table, a column for each of its keys."""

    def __init__(self, field: FormField, theme: Theme) -> None:
        """Build an empty table with its buttons."""
        super().__init__(field)
        self._rows: list[dict[str, Any]] = []
        self.table = QTableWidget(0, len(field.fields))
        for column, each in enumerate(field.fields):
            head = QTableWidgetItem(_with_unit(each))
            head.setToolTip(each.help)
            self.table.setHorizontalHeaderItem(column, head)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.em(1.9))
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag(int(wrapped)))
        self.table.horizontalHeader().setFixedHeight(theme.em(2.9))
        self._theme = theme
        self.table.setTabKeyNavigation(False)
        self._hold(self.table)
        buttons = QHBoxLayout()
        self.add, self.remove = QPushButton("Add row"), QPushButton("Remove row")
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        self.row.addLayout(buttons)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.table.cellChanged.connect(lambda _row, _column: self.changed.emit())
        self.table.currentCellChanged.connect(lambda *_cells: self.explained.emit())

    def help(self) -> str:
        """Explain the column of the cell that is chosen; the whole table while none is."""
        column = self.table.currentColumn()
        if not 0 <= column < len(self.field.fields):
            return super().help()
        each = self.field.fields[column]
        needed = " Needed." if each.required else ""
        limits = range_words(each)
        return f"{_with_unit(each)}: {each.help}{needed}{f' A number, {limits}.' if limits else ''}"

    def value(self) -> object | None:
        """Return the rows as plain tables; a row without a word is none."""
        rows = [self._row_value(row) for row in range(self.table.rowCount())]
        return [row for row in rows if row] or None

    def show_value(self, value: object | None) -> None:
        """Show rows; an empty field shows the default's."""
        rows = value if isinstance(value, list | tuple) else self.field.default
        self.table.blockSignals(True)
        self.table.setRowCount(0)
        for row in rows if isinstance(rows, list | tuple) else ():
            if isinstance(row, dict):
                self._append(row)
        self.table.blockSignals(False)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the rows are, and no higher than some."""
        rows = min(max(1, self.table.rowCount()), 6)
        self.table.setFixedHeight(self._theme.em(2.9 + 1.9 * rows) + 4)

    def fault(self) -> str:
        """Say what is wrong with the first wrong cell."""
        if self.field.most_items is not None and self.table.rowCount() > self.field.most_items:
            return f"At most {self.field.most_items} rows."
        for row in range(self.table.rowCount()):
            for column, each in enumerate(self.field.fields):
                wrong = self._cell_fault(row, column, each)
                if wrong:
                    return f"Row {row + 1}, {each.label}: {wrong}"
        return ""

    def _cell_fault(self, row: int, column: int, each: FormField) -> str:
        text = self._cell(row, column)
        if not text:
            return "Needed." if each.required and self._row_value(row) else ""
        if each.kind in _NUMBERS:
            number = _number(text)
            if number is None:
                return "A number is needed."
            if not _in_range(each, number):
                return f"Not {range_words(each)}."
        return ""

    def _row_value(self, row: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, each in enumerate(self.field.fields):
            text = self._cell(row, column)
            if not text:
                continue
            number = _number(text) if each.kind in _NUMBERS else None
            whole = number is not None and number == int(number) and abs(number) < 2**53
            found[each.key] = text if number is None else int(number) if whole else number
        return found

    def _cell(self, row: int, column: int) -> str:
        item = self.table.item(row, column)
        return item.text().strip() if item is not None else ""

    def _append(self, row: dict[str, Any]) -> None:
        place = self.table.rowCount()
        self.table.insertRow(place)
        for column, each in enumerate(self.field.fields):
            self.table.setItem(place, column, QTableWidgetItem(_text(row.get(each.key))))

    def _add(self) -> None:
        self._append({})
        self._fit()
        self.table.setCurrentCell(self.table.rowCount() - 1, 0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _remove(self) -> None:
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            self._fit()
            self.changed.emit()


class _NarrowBox(Choice):
    """A choice that does not widen the form."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Let a long choice be cut off."""
        return QSize(80, super().minimumSizeHint().height())


def editor_of(field: FormField, theme: Theme) -> FieldEditor:
    """Make the editor that a field's kind asks for."""
    match field.kind:
        case FieldKind.TEXT:
            return TextEditor(field, theme)
        case FieldKind.CHOICE:
            return ChoiceEditor(field)
        case FieldKind.YES_NO:
            return YesNoEditor(field)
        case FieldKind.SECRET:
            return SecretEditor(field)
        case FieldKind.TABLES:
            return TablesEditor(field, theme)
    return LineEditor(field)


def range_words(field: FormField) -> str:
    """Say what a number may be: ``16 to 1472``; empty where anything may."""
    least = f"above {number_text(field.above)}" if field.above is not None else ""
    if field.least is not None and field.most is not None:
        return f"{number_text(field.least)} to {number_text(field.most)}"
    if field.least is not None:
        return f"at least {number_text(field.least)}"
    if field.most is not None:
        return (
            f"{least}, at most {number_text(field.most)}" if least else f"at most {number_text(field.most)}"
        )
    return least


def field_hint(field: FormField) -> str:
    """Say in which unit a field is, and what may stand there."""
    return ", ".join(part for part in (field.unit, range_words(field)) if part)


def focused_editor(widget: QObject | None) -> FieldEditor | None:
    """Find the editor that a widget belongs to."""
    while widget is not None and not isinstance(widget, FieldEditor):
        widget = widget.parent()
    return widget


def _names(text: str) -> list[str]:
    """Read names with commas between them; one that has a comma itself stands in double quotes."""
    parts = next(csv.reader([text], skipinitialspace=True), [])
    return [name for part in parts if (name := part.strip())]


def _name_text(name: str) -> str:
    """Write one of several names so that it is read as the same."""
    return '"{}"'.format(name.replace('"', '""')) if "," in name or '"' in name else name


def _with_unit(field: FormField) -> str:
    return f"{field.label} ({field.unit})" if field.unit else field.label


def _in_range(field: FormField, number: float) -> bool:
    return (
        (field.least is None or number >= field.least)
        and (field.above is None or number > field.above)
        and (field.most is None or number <= field.most)
    )


def _number(text: str) -> float | None:
    """Read a number; a comma serves as the point, as many keyboards have it."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date(text: str) -> date | None:
    """Read a date in the one way in which it is written everywhere here."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(value: object | None) -> str:
    if value is None or isinstance(value, list | tuple | dict):
        return ""
    return number_text(value) if isinstance(value, float) else str(value)
