"""The services as a Qt model: one row each, in the order of the site. It paints nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from ui.desk.row_words import row_words
from ui.desk.services.face import ServiceFace

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ServiceModel(QAbstractListModel):
    """Holds the face of each service and tells which rows have changed."""

    def __init__(self) -> None:
        """Begin without services."""
        super().__init__()
        self.faces: list[ServiceFace] = []

    def show(self, faces: Sequence[ServiceFace]) -> None:
        """Take new faces; only what differs from the ones before is announced."""
        if [face.service_id for face in faces] != [face.service_id for face in self.faces]:
            self.beginResetModel()
            self.faces = list(faces)
            self.endResetModel()
            return
        changed = [row for row, face in enumerate(faces) if face != self.faces[row]]
        self.faces = list(faces)
        for row in changed:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of services."""
        return 0 if parent.isValid() else len(self.faces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a service's name, or its whole face as a screen reader or a tool tip says it."""
        if not index.isValid() or index.row() >= len(self.faces):
            return None
        face = self.faces[index.row()]
        return row_words(role, face.name, face.spoken)
