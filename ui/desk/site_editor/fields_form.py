"""Several fields under one another: label, editor, range, and what is wrong there. It saves nothing.

Fields that mean nothing beside what the others hold are out of sight, keep what stands in them, and give
nothing back meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from controlroom.site.form import FieldKind, FormField, applying_keys
from ui.desk.panel import Text
from ui.desk.site_editor.field_editors import FieldEditor, editor_of, field_hint
from ui.desk.site_editor.table_editor import TableEditor
from ui.desk.theme import Theme


class FieldsForm(QWidget):
    """A grid of fields. ``changed`` tells that one was edited, ``explained`` that its help is another."""

    changed = Signal()
    explained = Signal()

    def __init__(self, theme: Theme, fields: tuple[FormField, ...]) -> None:
        """Build an empty form."""
        super().__init__()
        self.fields = fields
        self.editors: dict[str, FieldEditor] = {}
        self._beside: dict[str, tuple[QWidget, ...]] = {}
        self._faults: dict[str, Text] = {}
        self._touched: set[str] = set()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em(0.9))
        grid.setVerticalSpacing(theme.em(0.35))
        grid.setColumnMinimumWidth(0, theme.em(9))
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(fields):
            self._add(theme, grid, 2 * row, field)
        self.show_applying()

    def applying(self) -> frozenset[str]:
        """Return the keys that mean something beside what the fields hold."""
        return applying_keys(self.fields, {key: editor.value() for key, editor in self.editors.items()})

    def show_applying(self) -> None:
        """Put out of sight what does not apply."""
        applying = self.applying()
        for key, beside in self._beside.items():
            for widget in (self.editors[key], *beside):
                widget.setVisible(key in applying)

    def values(self) -> dict[str, object | None]:
        """Return what stands in every field; what does not apply is empty."""
        applying = self.applying()
        return {key: editor.value() if key in applying else None for key, editor in self.editors.items()}

    def secrets(self) -> dict[str, str]:
        """Return the secrets that were typed into what applies, by key."""
        typed = {key: self.editors[key].typed_secret() for key in self.applying()}
        return {key: secret for key, secret in typed.items() if secret is not None}

    def show_values(self, table: Mapping[str, object]) -> None:
        """Show a table's values; what it does not have shows its default."""
        for key, editor in self.editors.items():
            editor.blockSignals(True)
            editor.show_value(table.get(key))
            editor.blockSignals(False)
        self._touched.clear()
        self.show_applying()
        self.show_faults_of_touched()

    def show_faults(self, told: Mapping[str, str] | None = None) -> int:
        """Show at each field what is wrong with it, and what the site says of it; count them."""
        self._touched.update(self.editors)
        applying = self.applying()
        for key in self.editors.keys() - applying:
            self._say_fault(key, "")
        return sum(
            self._show_fault(key, (told or {}).get(key, "")) for key in self.editors if key in applying
        )

    def show_faults_of_touched(self) -> None:
        """Complain of no field that nobody has come to yet."""
        shown = self._touched & self.applying()
        for key in self.editors:
            if key in shown:
                self._show_fault(key)
            else:
                self._say_fault(key, "")

    def _show_fault(self, key: str, told: str = "") -> bool:
        fault = self.editors[key].fault() or told
        self._say_fault(key, fault)
        return bool(fault)

    def _say_fault(self, key: str, fault: str) -> None:
        self._faults[key].say(fault)
        self._faults[key].setVisible(bool(fault))

    def first_fault(self) -> FieldEditor | None:
        """Return the first field at which something wrong is shown."""
        return next((self.editors[key] for key, told in self._faults.items() if told.text()), None)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be edited."""
        for editor in self.editors.values():
            editor.setEnabled(not read_only)

    def _add(self, theme: Theme, grid: QGridLayout, row: int, field: FormField) -> None:
        label = Text(theme, "text.muted")
        label.say(f"{field.label} *" if field.required else field.label)
        label.setContentsMargins(0, theme.em(0.35), 0, 0)
        nested = field.kind is FieldKind.TABLE
        editor = TableEditor(field, theme) if nested else editor_of(field, theme)
        editor.setToolTip(field.help)
        hint = Text(theme, "text.dim", 0.92)
        hint.say(field_hint(field))
        hint.setContentsMargins(0, theme.em(0.35), 0, 0)
        fault = Text(theme, "text.strong", 0.92, strong=True)
        fault.setWordWrap(True)
        fault.setMinimumWidth(1)
        fault.hide()
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label, row, 0, top)
        grid.addWidget(editor, row, 1, 1, 2 if nested or field.kind is FieldKind.TABLES else 1)
        if hint.text():
            grid.addWidget(hint, row, 2, top)
        grid.addWidget(fault, row + 1, 1, 1, 2)
        editor.changed.connect(lambda: self._edited(field.key))
        editor.explained.connect(self.explained)
        self.editors[field.key] = editor
        self._beside[field.key] = (label, hint) if hint.text() else (label,)
        self._faults[field.key] = fault

    def _edited(self, key: str) -> None:
        self._touched.add(key)
        self.show_applying()
        self.show_faults_of_touched()
        self.changed.emit()
