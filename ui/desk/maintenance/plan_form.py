"""The form of the planner: what, of whom, when and how often. It tells what is typed and plans nothing."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from controlroom.condition.maintenance.planning import LONGEST_TITLE
from controlroom.report.escaping import printable
from controlroom.site.view import SiteView
from ui.desk.choice import Choice
from ui.desk.maintenance.typed import Often, Typed
from ui.desk.panel import FewLines, Text
from ui.desk.theme import Theme

_ID: Final = Qt.ItemDataRole.UserRole
_IS_GROUP: Final = Qt.ItemDataRole.UserRole + 1
_NAME: Final = Qt.ItemDataRole.UserRole + 2
_LONGEST_REASON: Final = 1000


class PlanForm(QWidget):
    """``changed`` comes with every letter, ``entered`` with Enter in a line."""

    changed = Signal()
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        """Begin empty; ``offer`` fills in what the site has."""
        super().__init__()
        self.title, self.reason = QLineEdit(), QLineEdit()
        self.title.setMaxLength(LONGEST_TITLE)
        self.reason.setMaxLength(_LONGEST_REASON)
        self.search, self.targets = QLineEdit(), QListWidget()
        self.targets.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.search.setPlaceholderText("find an endpoint or a risk group")
        self.chosen = FewLines(theme, "text.strong", most_lines=2)
        self.often = Choice()
        for often in Often:
            self.often.addItem(often.value[:1].upper() + often.value[1:], often)
        self.begins, self.ends, self.length = QLineEdit(), QLineEdit(), QLineEdit("2h")
        self.rule, self.zone = QLineEdit(), QLineEdit()
        self.begins.setPlaceholderText("2026-11-29 02:30, or now")
        self.ends.setPlaceholderText("2026-11-29 06:00")
        self.length.setPlaceholderText("90m, 2h, 1h 30m")
        self.rule.setPlaceholderText("FREQ=WEEKLY;BYDAY=SU")
        self._rows: dict[QWidget, Text] = {}
        self._lay_out(theme)
        for line in (self.title, self.reason, self.begins, self.ends, self.length, self.rule, self.zone):
            line.textChanged.connect(self.changed)
            line.returnPressed.connect(self.entered)
        self.search.returnPressed.connect(self._choose_found)
        self.search.textChanged.connect(self._filter)
        self.targets.itemSelectionChanged.connect(self._mark)
        self.often.currentIndexChanged.connect(self._mind_kind)
        self._mind_kind()
        self._begun_with = self.typed()

    def _lay_out(self, theme: Theme) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em(0.8))
        grid.setVerticalSpacing(theme.em(0.45))
        grid.setColumnStretch(1, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Title", self.title),
            ("Reason", self.reason),
            ("About", self.search),
            ("", self.targets),
            ("Chosen", self.chosen),
            ("How often", self.often),
            ("From", self.begins),
            ("Over by", self.ends),
            ("Length", self.length),
            ("Rule", self.rule),
        )
        for row, (title, field) in enumerate(fields):
            label = Text(theme, "text.muted")
            label.say(title)
            field.setAccessibleName(title or "Endpoints and risk groups")
            grid.addWidget(label, row, 0)
            if field is self.length:
                grid.addLayout(self._length_and_zone(theme), row, 1)
            else:
                grid.addWidget(field, row, 1)
            self._rows[field] = label
        self.targets.setMinimumHeight(theme.em(4))
        grid.setRowStretch(3, 1)

    def _length_and_zone(self, theme: Theme) -> QHBoxLayout:
        """Lay both into one row: on a small screen the list of endpoints needs the other."""
        zone = Text(theme, "text.muted")
        zone.say("Time zone")
        self.zone.setAccessibleName("Time zone")
        row = QHBoxLayout()
        row.setSpacing(theme.em(0.8))
        row.addWidget(self.length, 1)
        row.addWidget(zone)
        row.addWidget(self.zone, 2)
        return row

    def offer(self, view: SiteView, first: str, *, chosen: bool = False) -> None:
        """Offer the endpoints and risk groups of a site; the endpoint ``first`` leads, chosen where told."""
        self.targets.blockSignals(True)
        self.targets.clear()
        for endpoint in view.endpoints:
            if endpoint.id == first:
                self._add(endpoint.name, endpoint.id, is_group=False, chosen=chosen)
        for group in view.risk_groups:
            self._add(f"Risk group: {group.name} ({len(group.members)})", group.id, is_group=True)
        for endpoint in view.endpoints:
            if endpoint.id != first:
                self._add(endpoint.name, endpoint.id, is_group=False)
        self.targets.blockSignals(False)
        self.zone.setText(view.time_zone)
        self._mark()
        self._begun_with = self.typed()

    @property
    def edited(self) -> bool:
        """Whether anything was typed or chosen that is not planned."""
        return self.typed() != self._begun_with

    def taken(self) -> None:
        """Take it that what is typed is planned; the next plan needs another title."""
        self.title.clear()
        self._begun_with = self.typed()

    def _add(self, words: str, item_id: str, *, is_group: bool, chosen: bool = False) -> None:
        item = QListWidgetItem(words)
        item.setData(_NAME, words)
        item.setData(_ID, item_id)
        item.setData(_IS_GROUP, is_group)
        self.targets.addItem(item)
        item.setSelected(chosen)

    def typed(self) -> Typed:
        """Return the fields as they are."""
        chosen = self._chosen()
        return Typed(
            title=self.title.text(),
            reason=self.reason.text(),
            often=self.often.currentData(),
            begins=self.begins.text(),
            ends=self.ends.text(),
            length=self.length.text(),
            rule=self.rule.text(),
            zone_name=self.zone.text(),
            endpoint_ids=tuple(str(item.data(_ID)) for item in chosen if not item.data(_IS_GROUP)),
            group_ids=tuple(str(item.data(_ID)) for item in chosen if item.data(_IS_GROUP)),
        )

    def _chosen(self) -> list[QListWidgetItem]:
        """Return what is chosen, in the order of the list."""
        items = (self.targets.item(row) for row in range(self.targets.count()))
        return [item for item in items if item.isSelected()]

    def _mark(self) -> None:
        """Mark what is chosen by a tick as well, for colour alone tells nobody, and name all of it."""
        for row in range(self.targets.count()):
            item = self.targets.item(row)
            item.setText(f"✓  {item.data(_NAME)}" if item.isSelected() else str(item.data(_NAME)))
        names = [printable(str(item.data(_NAME)), 120) for item in self._chosen()]
        count = f"{len(names)}: " if len(names) > 1 else ""
        self.chosen.say(f"{count}{', '.join(names)}" if names else "nothing yet")
        self.changed.emit()

    def _filter(self, words: str) -> None:
        """Show what bears the words in its name, and what is chosen."""
        wanted = words.casefold()
        for row in range(self.targets.count()):
            item = self.targets.item(row)
            item.setHidden(wanted not in str(item.data(_NAME)).casefold() and not item.isSelected())

    def _choose_found(self) -> None:
        """Choose what was searched for, where it is the only one."""
        wanted = self.search.text().strip().casefold()
        items = (self.targets.item(row) for row in range(self.targets.count()))
        found = [item for item in items if wanted in str(item.data(_NAME)).casefold()]
        if wanted and len(found) == 1:
            found[0].setSelected(True)

    def _mind_kind(self) -> None:
        """Show the fields that the kind needs."""
        often = self.often.currentData()
        for field, kind in ((self.ends, Often.FLEXIBLE), (self.rule, Often.RULE)):
            field.setVisible(often is kind)
            self._rows[field].setVisible(often is kind)
        self.changed.emit()
