"""The frame around each part of the desk: a title on the left, words on the right, the part below."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.desk.theme import Theme


class Text(QLabel):
    """A label that shows plain text only, in a font and a colour of the theme."""

    def __init__(
        self, theme: Theme, role: str = "text.main", size: float = 1.0, strong: bool = False
    ) -> None:
        """Begin empty; untrusted text may be shown, for nothing in it is ever taken for markup."""
        super().__init__()
        self._theme, self._role, self._size, self._strong = theme, role, size, strong
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._dress()
        theme.changed.connect(self._dress)

    def say(self, text: str, role: str | None = None) -> None:
        """Show a text, in another colour if need be; nothing is painted when nothing changed."""
        if role is not None and role != self._role:
            self._role = role
            self._dress()
        if text != self.text():
            self.setText(text)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the text in the theme's colour of now.

        Not by the palette: a style sheet that is set anew puts back the palettes from before it.
        """
        self._paint(self.text(), int(self.alignment()))

    def _paint(self, text: str, flags: int) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.colour(self._role))
        if not self.wordWrap():
            painter.drawText(self.contentsRect(), flags, text)
            return
        # Between words, and inside one only where it has no room on a line of its own: no flag says that.
        option = QTextOption(Qt.AlignmentFlag(flags))
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        painter.drawText(self.contentsRect().toRectF(), text, option)

    def _dress(self) -> None:
        self.setFont(self._theme.strong(self._size) if self._strong else self._theme.font(self._size))
        self.update()


class ElidedText(Text):
    """A single line that ends in an ellipsis where it is too long; the whole is its tool tip."""

    def __init__(
        self, theme: Theme, role: str = "text.main", size: float = 1.0, strong: bool = False
    ) -> None:
        """Begin empty."""
        super().__init__(theme, role, size, strong)
        self.elide = Qt.TextElideMode.ElideRight
        """Where the ellipsis stands: in the middle of a name whose end tells it from others."""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint as much of the text as fits."""
        shown = self.fontMetrics().elidedText(self.text(), self.elide, self.width())
        # A tool tip that begins like markup would be taken for it.
        self.setToolTip("" if shown == self.text() else f"<span>{html.escape(self.text())}</span>")
        self._paint(shown, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter))


class FewLines(Text):
    """As many lines as the words need in the width that there is, up to some; never cut before that."""

    def __init__(self, theme: Theme, role: str = "text.main", size: float = 1.0, most_lines: int = 6) -> None:
        """Begin empty, one line high."""
        super().__init__(theme, role, size)
        self._most_lines = most_lines
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def say(self, text: str, role: str | None = None) -> None:
        """Show a text, and take the height that it needs."""
        super().say(text, role)
        self.setToolTip(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Take the height that the new width asks for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        width = max(1, self.contentsRect().width())
        wrapped = metrics.boundingRect(0, 0, width, 10_000, Qt.TextFlag.TextWordWrap, self.text())
        most = metrics.lineSpacing() * self._most_lines
        self.setFixedHeight(max(metrics.lineSpacing(), min(wrapped.height(), most)))


class Panel(QWidget):
    """A titled part of the desk on a raised ground."""

    def __init__(self, theme: Theme, title: str) -> None:
        """Frame an empty part."""
        super().__init__()
        self._theme = theme
        self.title = ElidedText(theme, "text.strong", strong=True)
        self.title.say(title)
        self.aside = Text(theme, "text.muted", 0.92)
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.em(0.6))
        self.head.addWidget(self.title, 1)
        self.head.addWidget(self.aside)
        self.body = QVBoxLayout(self)
        margin = theme.em(0.7)
        self.body.setContentsMargins(margin, theme.em(0.5), margin, margin)
        self.body.setSpacing(theme.em(0.45))
        self.body.addLayout(self.head)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def frame_height(self) -> int:
        """The height that title and margins take from the part inside."""
        margins = self.body.contentsMargins()
        return margins.top() + margins.bottom() + self.body.spacing() + self.head.sizeHint().height()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ground and edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("line.panel"), 1))
        painter.setBrush(self._theme.colour("surface.panel"))
        box = self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 4, 4)


def segment(text: str, name: str) -> QPushButton:
    """Return one of several buttons of which one is down."""
    button = QPushButton(text)
    button.setProperty("segment", True)
    button.setCheckable(True)
    button.setAccessibleName(name)
    return button
