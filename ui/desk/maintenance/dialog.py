"""The planner: windows on the left, what is planned or counted on the right. It reads and sends nothing.

What is typed and not yet taken is dropped only on the second Esc; the first one says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from controlroom.condition.maintenance.standing import Standing, WindowStatus
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.report.escaping import printable
from controlroom.report.maintenance_words import plan_words, standing_words, targets_words
from controlroom.site.view import SiteView
from ui.desk.maintenance.count_form import CountForm
from ui.desk.maintenance.plan_form import PlanForm
from ui.desk.maintenance.typed import SHOWN_AHEAD, Preview
from ui.desk.panel import Text, segment
from ui.desk.theme import Theme

Row = tuple[MaintenanceWindow, Standing]
_DROPS: Final = "What is typed here is not {done} yet. Esc again drops it."
_LONGEST_ABOUT: Final = 90
_NUMBER: Final = Qt.ItemDataRole.UserRole


class MaintenanceDialog(QDialog):
    """``end_wanted`` comes with a window's number and whether all of it is to be cancelled."""

    plan_wanted = Signal()
    count_wanted = Signal()
    end_wanted = Signal(int, bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build it empty."""
        super().__init__(parent)
        self._theme = theme
        self._rows: dict[int, Row] = {}
        self._why_not_plan = self._why_not_count = ""
        self._told_that_it_drops = False
        self.setWindowTitle("Maintenance")
        self.list = QListWidget()
        self.list.setAccessibleName("Maintenance windows")
        self.list.setWordWrap(True)
        self.none = Text(theme, "text.muted")
        self.none.setWordWrap(True)
        self.none.say("No maintenance is in force or ahead.")
        self.about = Text(theme, "text.muted")
        self.about.setWordWrap(True)
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.plan_form, self.count_form = PlanForm(theme), CountForm(theme)
        self.preview = Text(theme)
        self.preview.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.warning = Text(theme, "text.strong")
        self.warning.setWordWrap(True)
        self.warning.setVisible(False)
        self.message = Text(theme, "text.strong")
        self.message.setWordWrap(True)
        self.why_not = Text(theme, "text.muted")
        self.why_not.setWordWrap(True)
        self.end, self.cancel = QPushButton("End now"), QPushButton("Cancel it")
        self.do, close = QPushButton("Plan"), QPushButton("Close  Esc")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.plan_form)
        self.pages.addWidget(self.count_form)
        self._lay_out(close)
        for button in (self.end, self.cancel, self.do, close):
            button.setAutoDefault(False)
        close.clicked.connect(self.reject)
        self.end.clicked.connect(lambda: self._end(cancel=False))
        self.cancel.clicked.connect(lambda: self._end(cancel=True))
        self.do.clicked.connect(self._do)
        for form in (self.plan_form, self.count_form):
            form.entered.connect(self.do.click)
            form.changed.connect(self._go_on)
        self.list.currentRowChanged.connect(self._mind_buttons)

    def _lay_out(self, close: QPushButton) -> None:
        em = self._theme.em
        heading = Text(self._theme, "text.strong", 1.25, strong=True)
        heading.say("Maintenance")
        left = QVBoxLayout()
        left.setSpacing(em(0.6))
        left.addWidget(self.list, 1)
        left.addWidget(self.none)
        left.addWidget(self.about)
        ends = QHBoxLayout()
        ends.addWidget(self.end)
        ends.addWidget(self.cancel)
        ends.addStretch(1)
        left.addLayout(ends)
        right = QVBoxLayout()
        right.setSpacing(em(0.6))
        right.addLayout(self._switch())
        right.addWidget(self.pages, 1)
        self.preview.setFixedHeight(em(1.32 * (SHOWN_AHEAD + 2)))
        right.addWidget(self.preview)
        right.addWidget(self.warning)
        right.addWidget(self.message)
        right.addWidget(self.why_not)
        below = QHBoxLayout()
        below.addWidget(self.do)
        below.addStretch(1)
        below.addWidget(close)
        right.addLayout(below)
        both = QHBoxLayout()
        both.setSpacing(em(1.6))
        both.addLayout(left, 5)
        both.addLayout(right, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(em(1.4), em(1.2), em(1.4), em(1.2))
        column.setSpacing(em(0.8))
        column.addWidget(heading)
        column.addLayout(both, 1)
        self.setMinimumSize(em(72), em(42))

    def _switch(self) -> QHBoxLayout:
        """Return the two buttons that choose what the right side is about."""
        row, group = QHBoxLayout(), QButtonGroup(self)
        row.setSpacing(0)
        for page, words in enumerate(("Plan a window", "Count past down time")):
            button = segment(words, words)
            button.setChecked(page == 0)
            button.setAutoDefault(False)
            group.addButton(button, page)
            row.addWidget(button)
        row.addStretch(1)
        group.idClicked.connect(self.turn_to)
        return row

    def turn_to(self, page: int) -> None:
        """Show the form to plan, 0, or to count, 1."""
        self.pages.setCurrentIndex(page)
        self.do.setText("Plan" if page == 0 else "Count as maintenance")
        self.preview.setVisible(page == 0)
        self.warning.setVisible(page == 0 and bool(self.warning.text()))
        self.message.say("")
        self._mind_buttons()

    @property
    def counts(self) -> bool:
        """Whether the right side is about past down time."""
        return self.pages.currentWidget() is self.count_form

    def show_windows(self, rows: Sequence[Row], view: SiteView, now_utc_s: float) -> None:
        """Show the windows as they are now; the chosen one stays chosen."""
        chosen = self._chosen()
        self._rows = {window.number: (window, standing) for window, standing in rows}
        self.list.blockSignals(True)
        while self.list.count() > len(rows):
            self.list.takeItem(self.list.count() - 1)
        for place, (window, standing) in enumerate(rows):
            item = self.list.item(place)
            if item is None:
                item = QListWidgetItem()
                self.list.addItem(item)
            stands = standing_words(window, standing, now_utc_s, view)
            words = f"{window.number}  {printable(window.title, 120)}\n{_about(window, view)}\n{stands}"
            if item.text() != words:
                item.setText(words)
            item.setData(_NUMBER, window.number)
            if chosen is not None and window.number == chosen[0].number:
                self.list.setCurrentRow(place)
        self.list.blockSignals(False)
        self.none.setVisible(not rows)
        self._say_about(view)
        self._mind_buttons()

    def show_preview(self, found: Preview, warnings: Sequence[str] = ()) -> None:
        """Show what would be planned and what that would leave of services, or what is still missing."""
        self.warning.say("\n".join(f"▲ {line}" for line in warnings))
        self.warning.setVisible(bool(warnings) and not self.counts)
        first, *ahead = found.lines
        self.preview.say("\n".join((first, *(f"   {line}" for line in ahead))), self._role_of(found))
        self._mind_buttons()

    @staticmethod
    def _role_of(found: Preview) -> str:
        return "text.muted" if found.window is None else "text.main"

    def forbid(self, planning: str, counting: str) -> None:
        """Let nothing be planned, or counted, for a reason; empty lets it."""
        self._why_not_plan, self._why_not_count = planning, counting
        self._mind_buttons()

    def say(self, words: str) -> None:
        """Say what came of what was asked."""
        self.message.say(words)

    def _chosen(self) -> Row | None:
        item = self.list.currentItem()
        return None if item is None else self._rows.get(int(item.data(_NUMBER)))

    def _say_about(self, view: SiteView) -> None:
        chosen = self._chosen()
        if chosen is None:
            self.about.say("")
            return
        window = chosen[0]
        by = f"{printable(window.planned_by, 100)}: {printable(window.reason, 400)}"
        self.about.say(f"{targets_words(window, view)}\n{plan_words(window, view.time_zone)}\n{by}")

    def _mind_buttons(self) -> None:
        """Disable what cannot be done now, each with its reason."""
        chosen, plan = self._chosen(), self._why_not_plan
        none = "Choose a window in the list first." if chosen is None else ""
        is_in_force = chosen is not None and chosen[1].status is WindowStatus.IN_FORCE
        is_past = chosen is not None and chosen[1].status.is_past
        reasons = {
            self.end: plan or none or ("" if is_in_force else "It is not in force."),
            self.cancel: plan or none or ("It is over." if is_past else ""),
            self.do: self._why_not_count if self.counts else plan,
        }
        for button, reason in reasons.items():
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
        self.why_not.say(reasons[self.do])
        self.why_not.setVisible(bool(reasons[self.do]))

    def reject(self) -> None:
        """Leave; what is typed is dropped only by whoever was told so."""
        edited = (self.plan_form.edited, self.count_form.edited)
        if not any(edited) or self._told_that_it_drops:
            super().reject()
            return
        self._told_that_it_drops = True
        self.message.say(_DROPS.format(done="planned" if edited[0] else "counted"))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Take Esc once for as long as it is held down."""
        if not (event.isAutoRepeat() and event.key() == Qt.Key.Key_Escape):
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """Take it that somebody goes on typing after all."""
        if self._told_that_it_drops:
            self._told_that_it_drops = False
            self.message.say("")

    def _end(self, *, cancel: bool) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.end_wanted.emit(chosen[0].number, cancel)

    def _do(self) -> None:
        (self.count_wanted if self.counts else self.plan_wanted).emit()


def _about(window: MaintenanceWindow, view: SiteView) -> str:
    words = targets_words(window, view)
    return words if len(words) <= _LONGEST_ABOUT else f"{words[:_LONGEST_ABOUT]}…"
