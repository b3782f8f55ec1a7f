"""The drawing surface of the graph: latency above, loss in a lane of its own below. It reads nothing.

pyqtgraph is handed in, for importing it takes a second and the window is painted first. Lines are one
pixel wide and not smoothed: with a wider or smoothed pen one dense line takes seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from controlroom.store.interface import FloatArray
from ui.desk import figures
from ui.desk.graph.change_marks import ChangeMarks
from ui.desk.graph.columns import Drawing, Frame
from ui.desk.graph.labels import PlotLabels, SpanWords
from ui.desk.graph.ticks import Tick, readable_ticks, state_ticks, time_ticks
from ui.desk.graph.unmeasured import NOT_MEASURED, NOT_TOLD, UnmeasuredSpans
from ui.desk.theme import Theme

_LEAST_TOP = 1e-9
_PAN = 0.25
_ZOOM = 0.5
_LEAST_SPAN_S = 10.0
_FLAT_SHARE, _FLAT_LEAST = 0.03, 1.0
"""How far an axis goes at least to either side of a flat line: a share of its value, and in its unit."""
_AXIS_EMS, _WIDEST_AXIS_EMS = 3.2, 9.0
_BESIDE_A_STATE = 0.6
"""How much of an axis of states lies beyond the outermost code that is seen."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How values are written at their axis.

    ``factor`` leads from the store's unit to ``unit`` on screen; ``zero`` makes the axis begin there;
    ``limits`` are in the store's unit. ``meanings`` are the codes of a state with their words, else empty.
    """

    factor: float
    unit: str
    zero: bool
    limits: Sequence[float] = ()
    meanings: Sequence[tuple[int, str]] = ()


class LatencyPlot(QWidget):
    """Shows one drawing. ``moved`` tells a range that the operator dragged, zoomed or keyed to."""

    moved = Signal(float, float)
    live_wanted = Signal()

    def __init__(self, theme: Theme, pg: Any) -> None:  # noqa: ANN401 - pyqtgraph has no types
        """Build the axes with the library handed in."""
        super().__init__()
        self._theme, self._pg = theme, pg
        self._range = (0.0, 1.0)
        self._value_ticks: list[Tick] = []
        self._surface = pg.GraphicsLayoutWidget()
        self._surface.ci.layout.setSpacing(0)
        self._surface.ci.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._surface)
        self._main = self._surface.addPlot(row=0, col=0)
        self._lane = self._surface.addPlot(row=1, col=0)
        for plot in (self._main, self._lane):
            self._prepare(plot)
        self._lane.setXLink(self._main)
        self._main.getAxis("bottom").setStyle(showValues=False)
        self._lane.setMaximumHeight(theme.em(2.9))
        self._lane.setYRange(0, 1, padding=0)
        self._add_items()
        self.marks = ChangeMarks(self._main, pg, theme)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Graph of the selected endpoint")
        self._main.getViewBox().sigRangeChangedManually.connect(self._tell_moved)
        self._lane.getViewBox().sigRangeChangedManually.connect(self._tell_moved)
        theme.changed.connect(self._dress)
        self._dress()

    def line_data(self) -> tuple[FloatArray, FloatArray]:
        """The points of the line as they are drawn."""
        x, y = self._line.getData()
        empty = np.empty(0)
        return (empty, empty) if x is None else (x, y)

    def value_ticks(self) -> list[Tick]:
        """What stands at the axis of values, from the bottom to the top; the unit comes last."""
        return list(self._value_ticks)

    def untold(self) -> Sequence[tuple[float, float]]:
        """The spans that are shown as answered without this value."""
        return self._untold_spans.spans()

    def columns(self) -> int:
        """The number of pixel columns there are to draw in."""
        return max(50, int(self._main.getViewBox().width()))

    def show_drawing(self, drawing: Drawing, frame: Frame, scale: Scale, zone: ZoneInfo) -> None:
        """Show a drawing over its frame, at the axis of its scale."""
        factor = scale.factor
        self._range = (frame.since_utc_s, frame.until_utc_s)
        self._main.setXRange(*self._range, padding=0)
        bottom, top = self._y_range(drawing, scale)
        self._main.setYRange(bottom, top, padding=0)
        self._line.setData(drawing.line_x, drawing.line_y * factor, connect="finite")
        bars = _bars(drawing.band_x, drawing.band_low * factor, drawing.band_high * factor)
        self._band.setData(*bars, connect="pairs")
        floor = np.maximum(drawing.loss_ratio, 0.2)
        width_s = max(drawing.loss_width_s, 2 * frame.column_s)
        self._loss.setOpts(x0=drawing.loss_x, width=width_s, y0=0, height=floor)
        self._main_spans.show_spans(drawing.unmeasured, bottom, top)
        self._untold_spans.show_spans(drawing.untold, bottom, top)
        self._lane_spans.show_spans(drawing.unmeasured, 0, 1)
        self.marks.show(*self._range, self.columns())
        is_empty = not len(drawing.values())
        limits = () if is_empty else scale.limits
        self._show_limits([limit * factor for limit in limits if bottom <= limit * factor <= top])
        self._show_words(
            QRectF(self._range[0], bottom, self._range[1] - self._range[0], top - bottom), drawing
        )
        self._show_ticks(bottom, top, zone, scale, is_empty=is_empty)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Pan by the arrow keys, zoom by plus and minus, go back to live by End."""
        since, until = self._range
        span = until - since
        keys = Qt.Key
        moves = {
            keys.Key_Left: (since - _PAN * span, until - _PAN * span),
            keys.Key_Right: (since + _PAN * span, until + _PAN * span),
            keys.Key_Plus: (since + _ZOOM * span / 2, until - _ZOOM * span / 2),
            keys.Key_Minus: (since - span / 2, until + span / 2),
        }
        move = moves.get(Qt.Key(event.key()))
        if event.key() == keys.Key_End:
            self.live_wanted.emit()
        elif move is None:
            super().keyPressEvent(event)
        elif move[1] - move[0] >= _LEAST_SPAN_S:
            self.moved.emit(*move)

    def _prepare(self, plot: Any) -> None:  # noqa: ANN401 - pyqtgraph has no types
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        plot.getViewBox().setDefaultPadding(0)
        plot.disableAutoRange()
        plot.showAxes((True, False, False, True), showValues=(True, False, False, True))
        left, bottom = plot.getAxis("left"), plot.getAxis("bottom")
        left.setWidth(self._theme.em(_AXIS_EMS))
        for axis in (left, bottom):
            axis.setStyle(tickLength=0, tickTextOffset=self._theme.em(0.35))
            axis.enableAutoSIPrefix(False)
            axis.setTickFont(self._theme.font(0.92))

    def _add_items(self) -> None:
        pg = self._pg
        self._band, self._line = pg.PlotCurveItem(antialias=False), pg.PlotCurveItem(antialias=False)
        self._loss = pg.BarGraphItem(x0=[], width=1, y0=0, height=[])
        self._limit_lines: list[Any] = []
        self._main_spans, self._lane_spans = UnmeasuredSpans(), UnmeasuredSpans()
        self._untold_spans = UnmeasuredSpans()
        self.labels = PlotLabels()
        self._main.addItem(self.labels, ignoreBounds=True)
        self._main.addItem(self._untold_spans, ignoreBounds=True)
        self._main.addItem(self._main_spans, ignoreBounds=True)
        self._lane.addItem(self._lane_spans, ignoreBounds=True)
        for item in (self._band, self._line):
            self._main.addItem(item, ignoreBounds=True)
        self._lane.addItem(self._loss, ignoreBounds=True)

    def _dress(self) -> None:
        theme, pg = self._theme, self._pg
        self._surface.setBackground(theme.colour("surface.panel"))
        self._line.setPen(pg.mkPen(theme.colour("plot.line"), width=1))
        self._band.setPen(pg.mkPen(theme.colour("plot.band"), width=1))
        self._loss.setOpts(pen=pg.mkPen(None), brush=pg.mkBrush(theme.colour("plot.lost")))
        for spans in (self._main_spans, self._lane_spans, self._untold_spans):
            spans.dress(theme.colour("plot.unmeasured"))
        self.labels.dress(theme.colour("text.muted"), theme.colour("surface.panel"), theme.font(0.92))
        for plot in (self._main, self._lane):
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(pg.mkPen(theme.colour("plot.edge"), width=1))
                axis.setTextPen(theme.colour("plot.axis"))
        for line in self._limit_lines:
            self._dress_limit(line)
        self.marks.dress()

    def _y_range(self, drawing: Drawing, scale: Scale) -> tuple[float, float]:
        """From zero to a little above the greatest value; a limit counts when it is not far off."""
        values = drawing.values() * scale.factor
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        if scale.meanings:
            return low - _BESIDE_A_STATE, high + _BESIDE_A_STATE
        if not scale.zero:
            middle = (low + high) / 2
            half = max(0.65 * (high - low), _FLAT_SHARE * abs(middle), _FLAT_LEAST)
            return middle - half, middle + half
        limits = [limit * scale.factor for limit in scale.limits]
        near = [limit for limit in limits if limit <= 2.5 * high]
        return 0.0, max(_LEAST_TOP, *near, high) * 1.12

    def _show_limits(self, shown: Sequence[float]) -> None:
        if [line.value() for line in self._limit_lines] == shown:
            return
        for line in self._limit_lines:
            self._main.removeItem(line)
        self._limit_lines = [self._pg.InfiniteLine(value, angle=0) for value in shown]
        for line in self._limit_lines:
            self._dress_limit(line)
            self._main.addItem(line, ignoreBounds=True)

    def _show_words(self, plot: QRectF, drawing: Drawing) -> None:
        """Write which limit is which, what changed, and why spans are empty, in this order of weight."""
        limits = [(line.value(), f"limit {figures.exact(line.value())}") for line in self._limit_lines]
        spans = [SpanWords(*each, NOT_MEASURED) for each in drawing.unmeasured]
        spans += [SpanWords(*each, NOT_TOLD) for each in drawing.untold]
        self.labels.show_words(plot, limits, self.marks.shown(), spans)

    def _dress_limit(self, line: Any) -> None:  # noqa: ANN401 - pyqtgraph has no types
        line.setPen(self._pg.mkPen(self._theme.colour("plot.limit"), width=1, style=Qt.PenStyle.DashLine))

    def _show_ticks(self, bottom: float, top: float, zone: ZoneInfo, scale: Scale, *, is_empty: bool) -> None:
        """Put values at the axes, or the words of states; the unit stands alone at the very top.

        Without any value no scale is invented: nothing stands at the axis of values.
        """
        self._show_values(() if is_empty else self._values_at(bottom, top, scale))
        times = time_ticks(*self._range, max(2, self.columns() // self._theme.em(5.5)), zone)
        self._lane.getAxis("bottom").setTicks([times])
        self._lane.getAxis("left").setTicks([[(0.5, "loss")]])

    def _show_values(self, ticks: Sequence[Tick]) -> None:
        self._value_ticks = list(ticks)
        self._main.getAxis("left").setTicks([self._value_ticks])

    def _values_at(self, bottom: float, top: float, scale: Scale) -> list[Tick]:
        unit = scale.unit
        height = max(1.0, self._main.getViewBox().height())
        line = min(0.4, self._theme.em() / height)
        unit_at = top - 0.5 * line * (top - bottom)
        highest = top - (1.6 if unit else 0.1) * line * (top - bottom)
        values = (
            state_ticks(top, max(1, int(height / self._theme.em(1.5))), bottom, scale.meanings)
            if scale.meanings
            else readable_ticks(top, max(2, int(height / self._theme.em(3.2))), bottom, highest)
        )
        values = self._made_room_for(values)
        whole = [(value, words) for value, words in values if value <= highest]
        return [*whole, (unit_at, unit)] if unit else whole

    def _made_room_for(self, ticks: Sequence[Tick]) -> list[Tick]:
        """Make both axes as wide as the words need, up to a limit; return them as far as they fit."""
        metrics = QFontMetrics(self._theme.font(0.92))
        least, most, gap = (self._theme.em(each) for each in (_AXIS_EMS, _WIDEST_AXIS_EMS, 0.7))
        fitting = [
            (at, metrics.elidedText(words, Qt.TextElideMode.ElideRight, most - gap)) for at, words in ticks
        ]
        widest = max((metrics.horizontalAdvance(words) for _, words in fitting), default=0)
        for plot in (self._main, self._lane):
            plot.getAxis("left").setWidth(max(least, widest + gap))
        return fitting

    def _tell_moved(self) -> None:
        (since, until), _ = self._main.getViewBox().viewRange()
        self.moved.emit(float(since), float(until))


def _bars(x: FloatArray, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the end points of upright bars, two by two."""
    return np.repeat(x, 2), np.column_stack((low, high)).ravel()
