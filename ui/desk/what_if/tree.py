"""The endpoints and risk groups to be ticked, each as failed or in maintenance. It works nothing out.

Space ticks *fails*, Shift and Space *maintenance*; one goes before the other, as nothing is both.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from ui.desk.theme import Theme
from ui.desk.what_if.choices import Choice
from ui.desk.what_if.tick_delegate import TickDelegate
from ui.desk.what_if.trial import Supposed

Index = QModelIndex | QPersistentModelIndex
_NAME, FAILS, RESTS = range(3)
_COMPONENT: Final = Qt.ItemDataRole.UserRole
_OTHER: Final = {FAILS: RESTS, RESTS: FAILS}


class SupposeTree(QTreeWidget):
    """``changed`` comes when something was ticked or no longer is; ``order`` is that of the ticking."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        """Begin empty."""
        super().__init__()
        self._theme = theme
        self._filling = False
        self.order: list[str] = []
        self.supposed = Supposed()
        self.setColumnCount(3)
        self.setHeaderLabels(["Endpoint or risk group", "Fails", "Maintenance"])
        self.setRootIsDecorated(False)
        self.setIndentation(theme.em(0.7))
        self.setUniformRowHeights(True)
        self.setAccessibleName("What is supposed: Space lets it fail, Shift and Space is maintenance")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (FAILS, RESTS):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.setItemDelegate(TickDelegate(theme, self))
        self.itemChanged.connect(self._ticked)

    def suppose(self, component: str, column: int = FAILS) -> None:
        """Tick a component; before the tree is filled, too."""
        failed = self.supposed.failed | ({component} if column == FAILS else set())
        planned = self.supposed.planned | ({component} if column == RESTS else set())
        self.order.append(component)
        self.supposed = Supposed(failed, planned)

    def clear_ticks(self) -> None:
        """Suppose nothing."""
        self.supposed, self.order = Supposed(), []

    def fill(self, headed: Sequence[tuple[str, Sequence[Choice]]]) -> None:
        """Show these under their headings, ticked as they are."""
        current = self._component(self.currentItem()) or (self.order[-1] if self.order else "")
        self._filling = True
        self.clear()
        again = None
        for heading, choices in headed:
            top = QTreeWidgetItem([heading])
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            top.setFont(_NAME, self._theme.strong(0.92))
            self.addTopLevelItem(top)
            for choice in choices:
                item = self._item(choice)
                top.addChild(item)
                again = item if again is None and choice.component == current else again
            top.setExpanded(True)
        self._filling = False
        if again is not None:
            self.setCurrentItem(again)
        elif (first := next(self._all_items(), None)) is not None:
            self.setCurrentItem(first)

    def scrollTo(  # noqa: N802 - Qt's name
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a line into view, with the heading where it is the first under one."""
        super().scrollTo(index, hint)
        if index.row() == 0 and index.parent().isValid():
            super().scrollTo(index.parent())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Tick by Space and by Shift and Space."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and item is not None and self._component(item):
            column = RESTS if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else FAILS
            ticked = item.checkState(column) is Qt.CheckState.Checked
            item.setCheckState(column, Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
            return
        super().keyPressEvent(event)

    def _item(self, choice: Choice) -> QTreeWidgetItem:
        item = QTreeWidgetItem([choice.name])
        item.setData(_NAME, _COMPONENT, choice.component)
        item.setFlags(
            Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
        )
        item.setToolTip(_NAME, f"<span>{html.escape(f'{choice.name}, {choice.more}')}</span>")
        self._show_ticks(item)
        return item

    def _show_ticks(self, item: QTreeWidgetItem) -> None:
        component = self._component(item)
        for column, ticked in ((FAILS, self.supposed.failed), (RESTS, self.supposed.planned)):
            state = Qt.CheckState.Checked if component in ticked else Qt.CheckState.Unchecked
            item.setCheckState(column, state)
        told = "fails" if component in self.supposed.failed else ""
        told = "in maintenance" if component in self.supposed.planned else told
        name = item.text(_NAME)
        item.setData(_NAME, Qt.ItemDataRole.AccessibleTextRole, f"{name}, {told}" if told else name)

    def _ticked(self, item: QTreeWidgetItem, column: int) -> None:
        component = self._component(item)
        if self._filling or column not in _OTHER or not component:
            return
        now = item.checkState(column) is Qt.CheckState.Checked
        failed, planned = set(self.supposed.failed), set(self.supposed.planned)
        mine, other = (failed, planned) if column == FAILS else (planned, failed)
        mine.discard(component)
        if now:
            mine.add(component)
            other.discard(component)
            self.order = [each for each in self.order if each != component] + [component]
        self.supposed = Supposed(frozenset(failed), frozenset(planned))
        self._filling = True
        for each in self._items(component):
            self._show_ticks(each)
        self._filling = False
        self.changed.emit()

    def _items(self, component: str) -> list[QTreeWidgetItem]:
        """Return all places of a component: under its kind, and under a service."""
        return [each for each in self._all_items() if self._component(each) == component]

    def _all_items(self) -> Iterator[QTreeWidgetItem]:
        for row in range(self.topLevelItemCount()):
            top = self.topLevelItem(row)
            for place in range(0 if top is None else top.childCount()):
                item = None if top is None else top.child(place)
                if item is not None:
                    yield item

    @staticmethod
    def _component(item: QTreeWidgetItem | None) -> str:
        return "" if item is None else str(item.data(_NAME, _COMPONENT) or "")
