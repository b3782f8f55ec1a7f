"""What lies behind the figures: advice, the ten worst sources, floods, what stands and what is hidden.

It is made anew when it changes. It computes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from controlroom.alarms.health.sources import SourceCount
from controlroom.report.alarm_advice_words import AdviceWords, Saying, advice_words
from controlroom.report.alarm_health import HealthRead
from controlroom.report.alarm_health_words import (
    answered_words,
    chatter_words,
    flood_words,
    hiding_words,
    share_text,
    shelved_words,
    source_words,
    unauthorised_words,
)
from controlroom.report.figures import duration_text
from controlroom.site.view import SiteView
from ui.desk.panel import Text
from ui.desk.theme import Theme

_MOST_LINES: Final = 5
NO_ALARMS: Final = "No alarms in this range."
NOTHING_TO_DO: Final = "Nothing: no figure calls for it."


class Findings(QWidget):
    """``copy_wanted`` comes with a command that is to be copied."""

    copy_wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        """Begin empty."""
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, theme.em(0.6), 0)
        self._column.setSpacing(theme.em(0.25))

    def show_findings(self, read: HealthRead, view: SiteView | None) -> None:
        """Show all of a range in the place of what was shown before."""
        self._clear()
        health, ran = read.health, read.health.ran
        zone_name = "UTC" if view is None else view.time_zone
        saying = Saying(view, zone_name, ran.until_utc_s - ran.since_utc_s)
        self._advise([advice_words(each, saying) for each in health.advice], bool(ran.length_s))
        self._head("The ten worst sources")
        if health.top:
            self._add(_Sources(self._theme, health.top, view))
        else:
            self._say(NO_ALARMS, "text.muted")
        floods = [flood_words(each, view, zone_name) for each in reversed(health.floods)]
        self._list(_titled("Floods", floods), floods)
        stale = [
            f"{source_words(each.source, view)}, for {duration_text(ran.until_utc_s - each.raised_utc_s)}"
            for each in health.stale_now
        ]
        self._list(_titled("Stale now", stale), stale)
        self._list("Chattering", [chatter_words(each, view) for each in health.chattering])
        fleeting = [f"{source_words(source, view)} ({count:,})" for source, count in health.fleeting]
        self._list("Fleeting", fleeting)
        self._list("Acknowledged", [answered_words(read)])
        shelved = [shelved_words(each, ran.until_utc_s, view) for each in health.shelved_now]
        self._list("Hidden", [hiding_words(read), *shelved])
        doubtful = [unauthorised_words(each, view, zone_name) for each in reversed(health.unauthorised)]
        self._list("Without authority", doubtful)
        self._column.addStretch(1)

    def _advise(self, said: Sequence[AdviceWords], monitored: bool) -> None:
        self._head("What to do", first=True)
        if not said:
            self._say(NOTHING_TO_DO if monitored else "Nothing can be said of it.", "text.muted")
        for number, each in enumerate(said, start=1):
            self._add(_AdviceLine(self._theme, number, each, self.copy_wanted.emit))

    def _list(self, title: str, lines: Sequence[str]) -> None:
        if not lines:
            return
        self._head(title)
        for line in lines[:_MOST_LINES]:
            self._say(line)
        if len(lines) > _MOST_LINES:
            self._say(f"and {len(lines) - _MOST_LINES:,} more", "text.muted")

    def _head(self, title: str, *, first: bool = False) -> None:
        text = Text(self._theme, "text.strong", strong=True)
        text.say(title)
        if not first:
            text.setContentsMargins(0, self._theme.em(0.6), 0, 0)
        self._column.addWidget(text)

    def _say(self, words: str, role: str = "text.main") -> None:
        self._column.addWidget(_wrapped(self._theme, words, role))

    def _add(self, widget: QWidget) -> None:
        self._column.addWidget(widget)

    def _clear(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


class _AdviceLine(QWidget):
    """One piece of advice, with its command and a button that copies it."""

    def __init__(self, theme: Theme, number: int, said: AdviceWords, copy: Callable[[str], None]) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, theme.em(0.25))
        grid.setHorizontalSpacing(theme.em(0.5))
        grid.setVerticalSpacing(theme.em(0.15))
        grid.setColumnStretch(1, 1)
        place = Text(theme, "text.muted")
        place.say(f"{number}.")
        sentence = _wrapped(theme, said.sentence)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(place, 0, 0, top)
        grid.addWidget(sentence, 0, 1, 1, 2)
        if said.command:
            command = _wrapped(theme, said.command, "text.muted", 0.92)
            button = QPushButton("Copy")
            button.setAccessibleName(f"Copy the command of advice {number}")
            button.clicked.connect(lambda: copy(said.command))
            grid.addWidget(command, 1, 1, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(button, 1, 2, top)


class _Sources(QWidget):
    """The sources with the most alarms: how many, which share, and who."""

    def __init__(self, theme: Theme, top: Sequence[SourceCount], view: SiteView | None) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.em(0.6))
        grid.setVerticalSpacing(theme.em(0.2))
        grid.setColumnStretch(3, 1)
        most = max(each.count for each in top)
        for row, each in enumerate(top):
            for column, words in enumerate((f"{each.count:,}", share_text(each.share))):
                figure = Text(theme, "text.main" if not column else "text.muted")
                figure.say(words)
                figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
                grid.addWidget(figure, row, column)
            grid.addWidget(_ShareBar(theme, each.count / most), row, 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_wrapped(theme, source_words(each.source, view)), row, 3)


class _ShareBar(QWidget):
    """A bar as long as a share of the longest."""

    def __init__(self, theme: Theme, share: float) -> None:
        super().__init__()
        self._theme, self._share = theme, share
        self.setFixedSize(QSize(theme.em(5), theme.em(1)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it."""
        high = self._theme.em(0.45)
        box = QRectF(0, (self.height() - high) / 2, max(2.0, self.width() * self._share), high)
        QPainter(self).fillRect(box, self._theme.colour("plot.axis"))


def _titled(title: str, lines: Sequence[str]) -> str:
    return f"{title}: {len(lines):,}" if lines else title


def _wrapped(theme: Theme, words: str, role: str = "text.main", size: float = 1.0) -> Text:
    """Words that go on in the next line, however narrow it is."""
    text = Text(theme, role, size)
    text.setWordWrap(True)
    text.setMinimumWidth(1)
    text.say(words)
    return text
