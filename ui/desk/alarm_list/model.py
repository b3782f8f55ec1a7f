"""One list of alarms as a Qt model, in the order it is given. It sorts and paints nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from ui.desk.alarm_list.face import AlarmFace, Row
from ui.desk.row_words import row_words

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AlarmModel(QAbstractListModel):
    """Holds the face of each row."""

    def __init__(self) -> None:
        """Begin without alarms."""
        super().__init__()
        self.faces: list[AlarmFace] = []
        self._rows: dict[tuple[str, int, str], int] = {}

    def show(self, faces: Sequence[AlarmFace]) -> bool:
        """Take new faces; return whether rows came, went or changed places."""
        if len(faces) != len(self.faces) or any(
            new is not old and new.key != old.key for new, old in zip(faces, self.faces, strict=True)
        ):
            self.beginResetModel()
            self.faces = list(faces)
            self._rows = {face.key: row for row, face in enumerate(faces)}
            self.endResetModel()
            return True
        pairs = enumerate(zip(faces, self.faces, strict=True))
        changed = [row for row, (new, old) in pairs if new is not old and new != old]
        self.faces = list(faces)
        for row in changed:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
        return False

    def row_of(self, number: int) -> int | None:
        """Return the row of an alarm, or ``None`` when it is not listed."""
        return next(
            (row for row, face in enumerate(self.faces) if face.number == number and face.row is Row.ALARM),
            None,
        )

    def row_like(self, face: AlarmFace) -> int | None:
        """Return the row that stands for the same as one of an earlier list; ``None`` where none does."""
        return self._rows.get(face.key)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.faces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words of a row for a screen reader or a tool tip."""
        if not index.isValid() or index.row() >= len(self.faces):
            return None
        face = self.faces[index.row()]
        return row_words(role, face.name, face.spoken)
