"""The open alarms as a Qt model, in the order they are given. It sorts and paints nothing."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from ui.desk.faces import AlarmFace

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AlarmModel(QAbstractListModel):
    """Holds the face of each alarm."""

    def __init__(self) -> None:
        """Begin without alarms."""
        super().__init__()
        self.faces: list[AlarmFace] = []

    def show(self, faces: Sequence[AlarmFace]) -> bool:
        """Take new faces; return whether alarms came, went or changed places."""
        if [face.number for face in faces] != [face.number for face in self.faces]:
            self.beginResetModel()
            self.faces = list(faces)
            self.endResetModel()
            return True
        changed = [row for row, face in enumerate(faces) if face != self.faces[row]]
        self.faces = list(faces)
        for row in changed:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
        return False

    def row_of(self, number: int) -> int | None:
        """Return the row of an alarm, or ``None`` when it is not listed."""
        return next((row for row, face in enumerate(self.faces) if face.number == number), None)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of alarms."""
        return 0 if parent.isValid() else len(self.faces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of an alarm for a screen reader or a tool tip."""
        if not index.isValid() or index.row() >= len(self.faces):
            return None
        face = self.faces[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return face.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return face.spoken()
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"<span>{html.escape(face.spoken())}</span>"
        return None
