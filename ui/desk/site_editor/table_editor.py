"""The fields of a nested table, out of sight until somebody wants to set one. It saves nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from controlroom.site.form import FormField
from ui.desk.panel import Text
from ui.desk.site_editor.field_editors import FieldEditor, editor_of, field_hint
from ui.desk.theme import Theme
from ui.desk.tick_box import TickBox


class TableEditor(FieldEditor):
    """A box to tick, and below it, while it is ticked, an editor for each key of the table.

    A table of which nothing is set is none; so taking the tick away takes the table out of the file.
    """

    def __init__(self, field: FormField, theme: Theme) -> None:
        """Build the editors, unseen."""
        super().__init__(field)
        self.own = TickBox("set here")
        self.inside = QWidget()
        self.editors = {each.key: editor_of(each, theme) for each in field.fields}
        self._hold(self.own)
        self.row.addWidget(self.inside)
        self._lay_out(theme)
        self.inside.hide()
        self.own.toggled.connect(self.inside.setVisible)
        self.own.toggled.connect(self.changed)

    def value(self) -> object | None:
        """Return what is set as a plain table."""
        if not self.own.isChecked():
            return None
        values = {key: editor.value() for key, editor in self.editors.items()}
        return {key: value for key, value in values.items() if value is not None} or None

    def show_value(self, value: object | None) -> None:
        """Show a table; without one there is nothing to see."""
        table = value if isinstance(value, dict) else {}
        self.own.setChecked(bool(table))
        for key, editor in self.editors.items():
            editor.blockSignals(True)
            editor.show_value(table.get(key))
            editor.blockSignals(False)

    def fault(self) -> str:
        """Say what is wrong with the first wrong field."""
        if not self.own.isChecked():
            return ""
        told = ((editor.field.label, editor.fault()) for editor in self.editors.values())
        return next((f"{label}: {wrong}" for label, wrong in told if wrong), "")

    def _lay_out(self, theme: Theme) -> None:
        grid = QGridLayout(self.inside)
        grid.setContentsMargins(0, 0, 0, theme.em(0.35))
        grid.setHorizontalSpacing(theme.em(0.9))
        grid.setVerticalSpacing(theme.em(0.35))
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, editor in enumerate(self.editors.values()):
            label, hint = Text(theme, "text.muted"), Text(theme, "text.dim", 0.92)
            label.say(editor.field.label)
            hint.say(field_hint(editor.field))
            for words in (label, hint):
                words.setContentsMargins(0, theme.em(0.35), 0, 0)
            editor.setToolTip(editor.field.help)
            grid.addWidget(label, row, 0, top)
            grid.addWidget(editor, row, 1)
            grid.addWidget(hint, row, 2, top)
            editor.changed.connect(self.changed)
            editor.explained.connect(self.explained)
