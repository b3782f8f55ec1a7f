"""The form that counts past down time as maintenance. It tells what is typed and counts nothing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from controlroom.condition.maintenance.refusal import PlanRefusedError
from controlroom.condition.maintenance.wall_clock import zone_of
from controlroom.condition.maintenance.wish import moment_of
from controlroom.report.plan_refusals import plan_refusal_words
from controlroom.site.view import SiteView
from ui.desk.choice import Choice
from ui.desk.panel import Text
from ui.desk.theme import Theme

_HINT = (
    "The outage stays in the log as it was. Availability then counts this time as maintenance, and says how "
    "much of it was down time."
)


class CountForm(QWidget):
    """Of which endpoint, from when until when, and why; ``entered`` comes with Enter in a line."""

    changed = Signal()
    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        """Begin empty."""
        super().__init__()
        self.endpoint = Choice()
        self.begins, self.ends, self.reason = QLineEdit(), QLineEdit("now"), QLineEdit()
        self.begins.setPlaceholderText("2026-11-27 02:10")
        for line in (self.begins, self.ends, self.reason):
            line.textChanged.connect(self.changed)
            line.returnPressed.connect(self.entered)
        self._begun_with = self.typed()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em(0.8))
        grid.setVerticalSpacing(theme.em(0.45))
        grid.setColumnStretch(1, 1)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Endpoint", self.endpoint),
            ("Down from", self.begins),
            ("Until", self.ends),
            ("Reason", self.reason),
        )
        for row, (title, field) in enumerate(fields):
            label = Text(theme, "text.muted")
            label.say(title)
            field.setAccessibleName(title)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        hint = Text(theme, "text.dim", 0.92)
        hint.setWordWrap(True)
        hint.say(_HINT)
        grid.addWidget(hint, len(fields), 1)
        grid.setRowStretch(len(fields) + 1, 1)

    def offer(self, view: SiteView, chosen: str) -> None:
        """Offer the endpoints of a site."""
        self.endpoint.clear()
        for endpoint in view.endpoints:
            self.endpoint.addItem(endpoint.name, endpoint.id)
        self.endpoint.setCurrentIndex(max(0, self.endpoint.findData(chosen)))

    def typed(self) -> tuple[str, ...]:
        """Return the words of the fields as they are."""
        return self.begins.text(), self.ends.text(), self.reason.text()

    @property
    def edited(self) -> bool:
        """Whether anything was typed that is not counted."""
        return self.typed() != self._begun_with

    def taken(self) -> None:
        """Take it that what is typed is counted."""
        self._begun_with = self.typed()

    def span(self, view: SiteView, now_utc_s: float) -> tuple[float, float] | str:
        """Return from when until when, or what is wrong."""
        if not self.reason.text().strip():
            return "It needs a reason."
        try:
            zone = zone_of(view.time_zone)
            since_utc_s, until_utc_s = (
                moment_of(field.text(), zone, now_utc_s) for field in (self.begins, self.ends)
            )
        except PlanRefusedError as error:
            words = plan_refusal_words(error.code)
            return f"{words[:1].upper()}{words[1:]}."
        if not since_utc_s < until_utc_s <= now_utc_s:
            return "It must begin before it ends, and lie in the past."
        return since_utc_s, until_utc_s
