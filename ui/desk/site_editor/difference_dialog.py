"""Shows how the site file differs from another text of it, in words and in lines, and asks what to do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QTextCursor, QTextFormat
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from controlroom.site.difference import SiteDifference
from ui.desk.panel import Text
from ui.desk.site_editor.difference_lines import LineKind, shown_lines, sides
from ui.desk.theme import Theme

_MOST_WORDS = 12
_MARKS = {LineKind.COME: "difference.come", LineKind.GONE: "difference.gone"}
_OTHER = {
    "name": "the site's name",
    "time_zone": "the time zone",
    "own_connectivity": "the anchors, which are asked first to find out whether our own connection works",
    "risk_groups": "the risk groups, which are what can fail together",
    "history": "how much of what was measured is kept",
}


class DifferenceDialog(QDialog):
    """Lines that came and went, and up to three answers. ``decided`` tells the answer's name."""

    decided = Signal(str)

    def __init__(
        self, theme: Theme, parent: QWidget, title: str, words: Sequence[str], lines: Sequence[str]
    ) -> None:
        """Show a difference; add the answers with ``offer``."""
        super().__init__(parent)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        margin = theme.em(1.2)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        heading = Text(theme, "text.strong", 1.15, strong=True)
        heading.say(title)
        column.addWidget(heading)
        self.words = Text(theme)
        self.words.setWordWrap(True)
        self.words.setMinimumWidth(1)
        shown = list(words[:_MOST_WORDS])
        if len(words) > _MOST_WORDS:
            shown.append(f"… and {len(words) - _MOST_WORDS} more")
        self.words.say("\n".join(shown) or "Nothing that is monitored differs.")
        column.addWidget(self.words)
        before, after = sides(lines)
        legend = Text(theme, "text.muted", 0.92)
        legend.say(f"−  {before}        +  {after}" if before else "No line differs.")
        column.addWidget(legend)
        self._theme, self._shown = theme, shown_lines(lines)
        self.lines = QPlainTextEdit("\n".join(line.text for line in self._shown))
        self.lines.setReadOnly(True)
        self.lines.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.lines.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.lines.setAccessibleName("Lines that differ: minus before, plus now")
        column.addWidget(self.lines, 1)
        self._colour_lines()
        theme.changed.connect(self._colour_lines)
        self._answers = QHBoxLayout()
        self._answers.addStretch(1)
        column.addLayout(self._answers)
        self.buttons: dict[str, QPushButton] = {}
        self.resize(theme.em(58), theme.em(38))

    def offer(self, name: str, words: str, why_not: str = "", default: bool = False) -> None:
        """Offer an answer; ``why_not`` says why it cannot be given."""
        button = QPushButton(words)
        button.setEnabled(not why_not)
        button.setToolTip(why_not)
        button.setAccessibleDescription(why_not)
        button.setDefault(default)
        button.clicked.connect(lambda: self._decide(name))
        self._answers.addWidget(button)
        self.buttons[name] = button

    def _colour_lines(self) -> None:
        """Mark what came and what went over the whole width; the signs say the same without colour."""
        marks = []
        for place, line in enumerate(self._shown):
            role = _MARKS.get(line.kind)
            if role is None:
                continue
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.lines.document().findBlockByNumber(place))
            mark.format.setBackground(self._theme.colour(role))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.lines.setExtraSelections(marks)

    def _decide(self, name: str) -> None:
        self.accept()
        self.decided.emit(name)


def difference_words(difference: SiteDifference) -> list[str]:
    """Tell a difference in sentences, worst news first."""
    said = [f"Taken out: {name} ({key})" for key, name in difference.removed]
    said += [f"Added: {name} ({key})" for key, name in difference.added]
    for changed in difference.changed:
        keys = "; ".join(
            f"{key.path} {key.before or 'none'} → {key.after or 'none'}" for key in changed.keys[:4]
        )
        more = f"; and {len(changed.keys) - 4} more" if len(changed.keys) > 4 else ""
        said.append(f"Changed: {changed.name} ({changed.id}): {keys}{more}")
    said += [f"Changed: {_OTHER.get(key, key.replace('_', ' '))}" for key in difference.other]
    return said
