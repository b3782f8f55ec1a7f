"""A box to choose from that draws its own arrow, in the text's colour. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

_HALF = 4.0


class Choice(QComboBox):
    """The style sheet takes the style's arrow away, for it belongs to no theme; this one does."""

    def __init__(self) -> None:
        """Begin empty; the wheel does not bring the keyboard here."""
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to what is being scrolled: it must not choose by the way."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the box, the words as far as they fit, then the arrow at its right end."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text(option)
        styled = QStylePainter(self)
        styled.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        styled.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        styled.end()
        if not self.isEnabled():
            return  # nothing can be chosen, so nothing looks as if it could
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.palette().color(QPalette.ColorGroup.Normal, QPalette.ColorRole.ButtonText)
        painter.setPen(QPen(ink, 1.5))
        at = QPointF(self.width() - 3.0 * _HALF, self.height() / 2 + 0.5)
        left, foot, right = QPointF(-_HALF, -2), QPointF(0, 2), QPointF(_HALF, -2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([at + left, at + foot, at + right])

    def shown_text(self, option: QStyleOptionComboBox) -> str:
        """Return the chosen words; where there is no room for all of them, with an ellipsis."""
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        # The style leaves a pixel free at either end of the words.
        return self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width() - 2
        )
