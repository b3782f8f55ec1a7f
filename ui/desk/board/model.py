"""The endpoints as a Qt model: one row each, in the order of their places. It paints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from ui.desk.faces import TileFace
from ui.desk.row_words import row_words

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of endpoints on the board."""

    title: str
    size: int
    abnormal: int

    def summary(self, brief: bool = False) -> str:
        """What the heading says beside the title."""
        if not self.abnormal:
            return f"{self.size}"
        return f"{self.abnormal} of {self.size}" + ("" if brief else " abnormal")


class BoardModel(QAbstractListModel):
    """Holds the face of each endpoint and tells which rows have changed."""

    rows_changed = Signal(list)
    groups_changed = Signal()

    def __init__(self) -> None:
        """Begin without endpoints."""
        super().__init__()
        self.faces: list[TileFace] = []
        self.groups: list[Group] = []

    def show(self, groups: Sequence[Group], faces: Sequence[TileFace]) -> None:
        """Take new faces; only what differs from the ones before is announced."""
        same = [face.endpoint_id for face in faces] == [face.endpoint_id for face in self.faces]
        same_sizes = [group.size for group in groups] == [group.size for group in self.groups]
        if not (same and same_sizes):
            self.beginResetModel()
            self.faces, self.groups = list(faces), list(groups)
            self.endResetModel()
            return
        changed = [row for row, face in enumerate(faces) if face != self.faces[row]]
        self.faces = list(faces)
        if list(groups) != self.groups:
            self.groups = list(groups)
            self.groups_changed.emit()
        if changed:
            self.rows_changed.emit(changed)

    def row_of(self, endpoint_id: str) -> int | None:
        """Return the row of an endpoint, or ``None`` where the site has it no longer."""
        return next((row for row, face in enumerate(self.faces) if face.endpoint_id == endpoint_id), None)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of endpoints."""
        return 0 if parent.isValid() else len(self.faces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return an endpoint's name, or its whole face as a screen reader or a tool tip says it."""
        if not index.isValid() or index.row() >= len(self.faces):
            return None
        face = self.faces[index.row()]
        return row_words(role, face.name, face.spoken)
