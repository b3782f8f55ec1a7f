"""The event log as a Qt model, newest first, of everything or of one endpoint. It reads no store."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from ui.desk.faces import LogFace
from ui.desk.log_list.change import change_between
from ui.desk.row_words import row_words

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class LogModel(QAbstractListModel):
    """Holds the lines of the log."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.faces: list[LogFace] = []

    def show(self, faces: Sequence[LogFace]) -> None:
        """Take new lines, newest first; nothing happens when they are the same."""
        if list(faces) == self.faces:
            return
        change = change_between(self.faces, faces)
        if change is None:
            self.beginResetModel()
            self.faces = list(faces)
            self.endResetModel()
            return
        for first, count in reversed(change.removed):
            self.beginRemoveRows(_ROOT, first, first + count - 1)
            del self.faces[first : first + count]
            self.endRemoveRows()
        for first, count in change.inserted:
            self.beginInsertRows(_ROOT, first, first + count - 1)
            self.faces[first:first] = faces[first : first + count]
            self.endInsertRows()
        self._replace_changed(faces)

    def _replace_changed(self, faces: Sequence[LogFace]) -> None:
        """Take lines that say the same thing otherwise, such as yesterday's after midnight."""
        rows = [row for row, face in enumerate(faces) if face != self.faces[row]]
        self.faces = list(faces)
        if rows:
            self.dataChanged.emit(self.index(rows[0], 0), self.index(rows[-1], 0))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of lines."""
        return 0 if parent.isValid() else len(self.faces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a line for a screen reader or a tool tip."""
        if not index.isValid() or index.row() >= len(self.faces):
            return None
        face = self.faces[index.row()]
        return row_words(role, face.text, face.spoken)
