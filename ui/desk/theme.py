"""The desk's colours and fonts as Qt wants them. Roles come from the token files; no colour stands here."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette

import resources
from ui.desk.tokens import Tokens, read_tokens

NAMES = ("dark", "light")
BASE_POINTS = 9.75
_FONT_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")


class Theme(QObject):
    """The theme in use; ``changed`` tells every widget to paint itself anew."""

    changed = Signal()

    def __init__(self, name: str, family: str, points: float = BASE_POINTS) -> None:
        """Begin with the named theme; an unknown name means dark."""
        super().__init__()
        self._family = family
        self._points = points
        self._colours: dict[str, QColor] = {}
        self._fonts: dict[tuple[float, QFont.Weight], QFont] = {}
        self.name = ""
        self.tokens = load(NAMES[0])
        self.use(name)

    def use(self, name: str) -> None:
        """Take another theme."""
        self.name = name if name in NAMES else NAMES[0]
        self.tokens = load(self.name)
        self._colours.clear()
        self.changed.emit()

    def toggle(self) -> None:
        """Go from dark to light or back."""
        self.use(NAMES[(NAMES.index(self.name) + 1) % len(NAMES)])

    def colour(self, role: str) -> QColor:
        """Return the colour of a role."""
        found = self._colours.get(role)
        if found is None:
            found = self._colours[role] = QColor(self.tokens[role])
        return found

    def font(self, size: float = 1.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return the text font at a multiple of its base size, with digits of equal width."""
        found = self._fonts.get((size, weight))
        if found is None:
            found = QFont(self._family)
            found.setPointSizeF(round(self._points * size * 4) / 4)
            found.setWeight(weight)
            found.setFeature(QFont.Tag("tnum"), 1)
            found.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
            found.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
            self._fonts[(size, weight)] = found
        return found

    def strong(self, size: float = 1.0) -> QFont:
        """Return the font for names and what matters."""
        return self.font(size, QFont.Weight.DemiBold)

    def pixels(self, height: float) -> QFont:
        """Return a strong font of a height in pixels, for a digit inside a shape."""
        found = QFont(self.strong())
        found.setPixelSize(max(7, round(height)))
        return found

    def em(self, multiple: float = 1.0) -> int:
        """Return a length that grows with the text: a multiple of the base line height, in pixels."""
        return round(QFontMetrics(self.font()).height() * multiple)

    def palette(self) -> QPalette:
        """Return the palette for the standard widgets."""
        palette = QPalette()
        pairs = {
            QPalette.ColorRole.Window: "surface.window",
            QPalette.ColorRole.WindowText: "text.main",
            QPalette.ColorRole.Base: "surface.input",
            QPalette.ColorRole.AlternateBase: "surface.panel",
            QPalette.ColorRole.Text: "text.main",
            QPalette.ColorRole.PlaceholderText: "text.dim",
            QPalette.ColorRole.Button: "surface.button",
            QPalette.ColorRole.ButtonText: "text.main",
            QPalette.ColorRole.BrightText: "text.strong",
            QPalette.ColorRole.ToolTipBase: "surface.tile",
            QPalette.ColorRole.ToolTipText: "text.main",
            QPalette.ColorRole.Highlight: "line.focus",
            QPalette.ColorRole.HighlightedText: "surface.window",
            QPalette.ColorRole.Link: "line.focus",
            QPalette.ColorRole.Mid: "line.tile",
            QPalette.ColorRole.Light: "line.tile",
            QPalette.ColorRole.Dark: "line.panel",
        }
        for place, role in pairs.items():
            palette.setColor(place, self.colour(role))
        for place in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, place, self.colour("text.dim"))
        return palette

    def style_sheet(self) -> str:
        """Return the few rules for buttons, fields and scroll bars; views and rows paint themselves."""
        rules = _RULES
        for role in sorted(self.tokens.colours, key=len, reverse=True):
            rules = rules.replace(f"@{role};", f"{self.tokens[role]};")
        pad, gap = self.em(0.28), self.em(0.7)
        return (
            rules.replace("@pad", f"{pad}px")
            .replace("@gap", f"{gap}px")
            .replace("@near", f"{self.em(0.4)}px")
            .replace("@bar", f"{self.em(0.55)}px")
            .replace("@check", f"{self.em(0.8)}px")
            .replace("@drop", f"{self.em(1.1)}px")
        )


@cache
def load(name: str) -> Tokens:
    """Read a bundled theme."""
    return read_tokens(resources.path(f"themes/{name}.toml").read_text(encoding="utf-8"))


def load_fonts() -> str:
    """Make the bundled text font known to Qt and return its family name."""
    families: list[str] = []
    for file in _FONT_FILES:
        identifier = QFontDatabase.addApplicationFont(str(resources.path(f"fonts/{file}")))
        families += QFontDatabase.applicationFontFamilies(identifier)
    return (
        families[0] if families else QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    )


_RULES = """
QPushButton, QToolButton {
  background: @surface.button; color: @text.main; border: 1px solid @line.button;
  border-radius: 4px; padding: @pad @gap;
}
QPushButton:hover, QToolButton:hover { background: @surface.hover; }
QPushButton:focus, QToolButton:focus { border: 2px solid @line.focus; }
QPushButton:default { border-color: @line.focus; }
QPushButton:disabled { color: @text.dim; border-color: @line.tile; background: @surface.panel; }
QPushButton[segment="true"] {
  background: transparent; border: 1px solid transparent; color: @text.muted; border-radius: 4px; margin: 1px;
  padding: @pad @near;
}
QPushButton[segment="true"]:hover { background: @surface.button; }
QPushButton[segment="true"]:checked {
  background: @surface.button; border: 1px solid @line.focus; color: @text.strong;
}
QPushButton[segment="true"]:focus { border: 2px solid @line.focus; margin: 0; }
QLineEdit {
  background: @surface.input; color: @text.main; border: 1px solid @line.button;
  border-radius: 4px; padding: @pad @gap; selection-background-color: @line.focus;
}
QLineEdit:focus { border: 2px solid @line.focus; }
QComboBox {
  background: @surface.button; color: @text.main; border: 1px solid @line.button;
  border-radius: 4px; padding: @pad @gap;
}
QComboBox::drop-down { border: none; width: @drop; }
QComboBox::down-arrow { image: none; }
QCheckBox::indicator {
  width: @check; height: @check; border-radius: 3px;
  background: @surface.input; border: 1px solid @line.button;
}
QCheckBox::indicator:checked { background: @line.focus; border: 1px solid @line.focus; }
QCheckBox:focus { color: @text.strong; }
QPlainTextEdit, QListWidget, QTableWidget, QTreeWidget {
  background: @surface.input; color: @text.main; border: 1px solid @line.button; border-radius: 4px;
  selection-background-color: @line.focus;
}
QPlainTextEdit:focus, QListWidget:focus,
QTableWidget:focus, QTreeWidget:focus { border: 2px solid @line.focus; }
QListWidget::item { padding: @pad; }
QListWidget::item:selected, QTreeWidget::item:selected { background: @surface.hover; color: @text.strong; }
QHeaderView::section { background: @surface.panel; color: @text.muted; border: none; padding: @pad; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QTableWidget:disabled {
  color: @text.main; background: transparent; border: 1px solid @line.panel;
}
QMessageBox, QDialog { background: @surface.window; }
QMessageBox QLabel { color: @text.main; }
QComboBox:focus { border: 2px solid @line.focus; }
QToolTip { background: @surface.tile; color: @text.main; border: 1px solid @line.button; padding: @pad; }
QScrollBar:vertical { background: transparent; width: @bar; margin: 0; }
QScrollBar::handle:vertical { background: @line.button; border-radius: 3px; min-height: 24px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""
