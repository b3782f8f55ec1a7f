"""The graph panel: which series, which range, live or back in history, and the figures of what is seen."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget

from controlroom.measure.asked import RTT_S
from controlroom.reading import Outcome, Reading, SeriesKey
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.unknown_words import UNKNOWN
from controlroom.site.view import SeenMetric, SeenProbe
from controlroom.store.interface import PassedOver
from ui.desk import empty, figures, time_text
from ui.desk.choice import Choice
from ui.desk.graph.buckets import buckets_of
from ui.desk.graph.buffer import SeriesBuffer
from ui.desk.graph.change_marks import ChangeMark
from ui.desk.graph.columns import Drawing, Frame, Sums, draw
from ui.desk.graph.legend import Legend
from ui.desk.graph.plot import LatencyPlot, Scale
from ui.desk.panel import ElidedText, Panel, Text, segment
from ui.desk.snapshot import EVERY_READING, History, RangeWish
from ui.desk.theme import Theme

RANGES: Sequence[tuple[str, float]] = (
    ("5 min", 300.0),
    ("15 min", 900.0),
    ("1 h", 3600.0),
    ("6 h", 21600.0),
    ("24 h", 86400.0),
    ("7 d", 604800.0),
    ("30 d", 2592000.0),
)
_SINGLE_UP_TO_S = 90_000.0
"""Longest range that is drawn reading by reading."""
_BEATS_OF_NOW = 2
"""A reading is one of now until so many further ones are overdue."""
_SETTLE_MS = 150
_LONGEST_WAIT_S = 10.0
_LIVE_AHEAD_S = 60.0
_LEGEND_EMS = 56
_TITLE_EMS, _SERIES_EMS, _WIDEST_SERIES_EMS = 8, 9, 16
"""The least width of the endpoint's name and of the choice of its series, and the greatest of the latter."""


@dataclass(frozen=True, slots=True)
class Drawable:
    """A series that can be drawn, with what is known of its probe and metric."""

    series: SeriesKey
    probe: SeenProbe
    metric: SeenMetric

    def limits(self) -> list[float]:
        """The limits of this metric, in the unit of the store."""
        mine = [limit for limit in self.probe.limits if limit.metric == self.metric.name]
        bounds = [bound for limit in mine for bound in (limit.raise_above, limit.raise_below)]
        return [bound for bound in bounds if bound is not None]

    def scale(self, greatest: float) -> Scale:
        """How its values are written at the axis, the greatest of which is so great."""
        factor, unit = figures.display_scale(self.metric.unit, greatest)
        zero = self.metric.unit in ("s", "ratio", "%", "B") and not self.metric.meanings
        meanings = [(code, printable(words)) for code, words, _ in self.metric.meanings]
        return Scale(factor, unit, zero, self.limits(), meanings)


class GraphPanel(Panel):
    """Draws the selected endpoint.

    ``wanted`` asks for a series over a range, in so many points; ``take`` is the answer.
    """

    wanted = Signal(object, float, float, int)

    def __init__(self, theme: Theme) -> None:
        """Build the panel without its plot, which comes after the first painting of the window."""
        super().__init__(theme, "Graph")
        self.zone = ZoneInfo("UTC")
        self._now_utc_s: float | None = None
        self._drawn_utc_s = float("-inf")
        self._choices: Sequence[Drawable] = ()
        self._chosen: Drawable | None = None
        self._buffer: SeriesBuffer | None = None
        self._history: tuple[float, float] | None = None
        self._awaits = False
        self._damaged = ""
        self._measuring = False
        self.plot: LatencyPlot | None = None
        self.series = Choice()
        self.series.setAccessibleName("Series drawn")
        self.series.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # Where there is little room, the name of the endpoint is what stays.
        self.series.setMinimumWidth(theme.em(_SERIES_EMS))
        self.series.setMaximumWidth(theme.em(_WIDEST_SERIES_EMS))
        self.series.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.title.setMinimumWidth(theme.em(_TITLE_EMS))
        self.title.elide = Qt.TextElideMode.ElideMiddle
        self.live_button = QPushButton("Back to live  End")
        self.figures = ElidedText(theme, "text.main", 0.96)
        self.legend = Legend(theme)
        self.zone_label = Text(theme, "text.dim", 0.92)
        self.may_edit = True
        self._marks: tuple[ChangeMark, ...] = ()
        self._blank = Text(theme, "text.muted")
        self._blank.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._surface = QStackedWidget()
        self._surface.addWidget(self._blank)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._ask)
        self._build(theme)
        self.say_blank("Choose an endpoint to see its round trips.")

    @property
    def live(self) -> bool:
        """Whether the graph follows the present."""
        return self._history is None

    @property
    def settled(self) -> bool:
        """Whether the history of the series drawn has come, or there is none to come."""
        return self.plot is not None and not self._awaits

    def _build(self, theme: Theme) -> None:
        self._range_buttons = QButtonGroup(self)
        self.head.setSpacing(theme.em(0.2))
        self.head.insertWidget(1, self.series)
        self.head.insertWidget(2, self.live_button)
        for place, (words, _) in enumerate(RANGES):
            button = segment(words, f"Range {words}")
            self._range_buttons.addButton(button, place)
            self.head.addWidget(button)
        self._range_buttons.button(0).setChecked(True)
        row = QHBoxLayout()
        row.addWidget(self.figures, 1)
        row.addWidget(self.legend)
        row.addWidget(self.zone_label)
        self.body.addLayout(row)
        self.body.addWidget(self._surface, 1)
        self.series.setVisible(False)
        self.live_button.setVisible(False)
        self._range_buttons.idClicked.connect(self._go_live)
        self.live_button.clicked.connect(self._go_live)
        self.series.activated.connect(self._pick)

    def load_plot(self) -> None:
        """Import the plotting library and put the plot in its place; takes about a second."""
        library = importlib.import_module("pyqtgraph")
        library.setConfigOptions(antialias=False, useOpenGL=False)
        self.plot = LatencyPlot(self._theme, library)
        self.plot.moved.connect(self._go_back)
        self.plot.live_wanted.connect(self._go_live)
        self._surface.addWidget(self.plot)
        self._show_surface()
        self.redraw(force=True)

    def buffered(self) -> int:
        """The number of readings in hand for the series drawn."""
        return 0 if self._buffer is None else len(self._buffer.readings().at_utc_s)

    def say_blank(self, words: str) -> None:
        """Set what stands in the place of the plot while nothing can be drawn."""
        self._blank.say(words)

    @property
    def drawn(self) -> SeriesKey | None:
        """The series that is drawn."""
        return None if self._chosen is None else self._chosen.series

    @property
    def shown_range(self) -> RangeWish | None:
        """The range that is shown, of which figures are worth telling; ``None`` while nothing is drawn."""
        if self._chosen is None:
            return None
        key = self._chosen.series
        if self._history is None:
            length_s = RANGES[self._range_buttons.checkedId()][1]
            return RangeWish(key.endpoint_id, key.probe_name, length_s)
        since_s, until_s = self._history
        return RangeWish(key.endpoint_id, key.probe_name, until_s - since_s, until_s)

    @property
    def offered(self) -> list[SeriesKey]:
        """The series to choose from."""
        return [each.series for each in self._choices]

    def choose(self, name: str, choices: Sequence[Drawable], first: SeriesKey | None = None) -> None:
        """Draw another endpoint, ``first`` or else the first series of all."""
        self.title.say(name)
        self._marks = ()
        self._choices = tuple(choices)
        self.series.clear()
        self.series.addItems(_titles(choices))
        self.series.setVisible(len(choices) > 1)
        if choices:
            self.say_blank("The graph is being prepared…")
            place = next((at for at, each in enumerate(choices) if each.series == first), 0)
            self.series.setCurrentIndex(place)
            self._pick(place)
        else:
            self._chosen = self._buffer = None
            self._awaits = False
            self.say_blank(empty.no_probe(self.may_edit))
            self.figures.say("")
        self._show_surface()

    def renew(self, name: str, choices: Sequence[Drawable]) -> None:
        """Take the same endpoint as a changed site has it; series, range and place in history stay."""
        drawn = self.drawn
        place = next((place for place, each in enumerate(choices) if each.series == drawn), None)
        if place is None:
            self.choose(name, choices)
            return
        self.title.say(name)
        self._choices = tuple(choices)
        self._chosen = self._choices[place]
        self.series.clear()
        self.series.addItems(_titles(choices))
        self.series.setCurrentIndex(place)
        self.series.setVisible(len(choices) > 1)
        self.redraw(force=True)

    def clear(self, words: str) -> None:
        """Draw no endpoint and say why."""
        if self._choices or self._blank.text() != words:
            self.choose("Graph", ())
            self.say_blank(words)

    def cycle_range(self, step: int = 1) -> None:
        """Go on to the next range."""
        place = (self._range_buttons.checkedId() + step) % len(RANGES)
        self._range_buttons.button(place).setChecked(True)
        self._go_live()

    def tell_time(self, now_utc_s: float) -> None:
        """Take the engine's time."""
        first = self._now_utc_s is None
        self._now_utc_s = now_utc_s
        if first:
            self._ask()

    def tell_measuring(self, measuring: bool) -> None:
        """Take whether anything is measured now: if not, no figure is one of now."""
        if measuring is not self._measuring:
            self._measuring = measuring
            self.redraw(force=True)

    def add(self, readings: Sequence[Reading]) -> None:
        """Take live readings; those of other series are passed over."""
        if self._buffer is not None and self.live:
            for reading in readings:
                self._buffer.append(reading)

    def take(self, history: History) -> None:
        """Take the history asked for."""
        if self._buffer is not None and history.request.series == self._buffer.series:
            self._buffer.load(history.samples, buckets_of(history.rollups, history.histogram))
            self._awaits = False
            self._damaged = _damage_words(history.passed_over)
            self.redraw(force=True)

    def set_marks(self, marks: Sequence[ChangeMark]) -> None:
        """Take where the endpoint's link changed; they are drawn over its round-trip times alone."""
        if marks != self._marks:
            self._marks = tuple(marks)
            self.redraw(force=True)

    def redraw(self, force: bool = False) -> None:
        """Draw anew, if there is anything new to be seen: no oftener than a column closes."""
        frame = self._frame()
        if self.plot is None or self._buffer is None or self._chosen is None or frame is None:
            return
        now_s = self._now_utc_s or 0.0
        waited = abs(now_s - self._drawn_utc_s) >= min(max(0.5, frame.column_s), _LONGEST_WAIT_S)
        if not force and not (self.live and waited):
            return
        self._drawn_utc_s = now_s
        if self.live:
            self._buffer.forget_before(frame.since_utc_s - 60)
        of_link = self._chosen.metric.name == RTT_S
        self.plot.marks.set_marks(self._marks if of_link else ())
        drawing, sums = draw(self._buffer.readings(), frame, self._buffer.buckets)
        self.plot.show_drawing(drawing, frame, self._chosen.scale(drawing.greatest), self.zone)
        self._tell_figures(sums, frame, drawing)

    def _tell_figures(self, sums: Sums, frame: Frame, drawing: Drawing) -> None:
        """Say the figures of what is seen."""
        drawn = bool(len(drawing.values()))
        untold_s = sum(until - since for since, until in drawing.untold)
        unit = self._chosen.metric.unit if self._chosen is not None else ""
        parts = []
        if self.live:
            parts.append(self._now(unit) if self._measuring else "not measured now")
        if self._damaged:
            parts.append(self._damaged)
        if sums.asked or self._awaits:
            if not (drawn or self._awaits):
                parts.append("no value was told in this range")
            elif untold_s:
                parts.append(f"not told {time_text.span(untold_s)}")
            parts += _words_of(sums, unit, of_states=self._draws_states() or not drawn)
        elif not self._damaged:
            way = "F5 takes a longer one" if self.live else "End comes back to now"
            parts.append(f"Nothing was measured in this range; {way}.")
        self.figures.say("   ".join(parts))
        until_s = frame.until_utc_s
        self.zone_label.say(
            f"{'' if self.live else time_text.day(until_s, self.zone) + '  '}"
            f"{time_text.zone_name(until_s, self.zone)}"
        )

    def _draws_states(self) -> bool:
        return self._chosen is not None and bool(self._chosen.metric.meanings)

    def _now(self, unit: str) -> str:
        value, outcome = self._buffer.newest() if self._buffer is not None else (None, None)
        when = self._when()
        if value is None and outcome not in (None, Outcome.REPLIED):
            return f"{when} {wording.outcome_words(str(outcome))}"
        if value is None and outcome is Outcome.REPLIED:
            return f"{when} {UNKNOWN}"
        meanings = self._chosen.metric.meanings if self._chosen is not None else ()
        return f"{when} {printable(figures.figure(value, unit, meanings))}"

    def _when(self) -> str:
        """Say how old the newest reading is, where it is not one of now."""
        at_utc_s = self._buffer.newest_utc_s() if self._buffer is not None else None
        if at_utc_s is None or self._chosen is None or self._now_utc_s is None:
            return "now"
        age_s = self._now_utc_s - at_utc_s
        probe = self._chosen.probe
        fresh = age_s <= _BEATS_OF_NOW * probe.period_s + probe.timeout_s + 1.0
        return "now" if fresh else f"{time_text.span(age_s)} ago"

    def _frame(self) -> Frame | None:
        if self._now_utc_s is None or self._chosen is None or self.plot is None:
            return None
        since_s, until_s = self._history or self._live_range(self._now_utc_s)
        return Frame(since_s, until_s, self.plot.columns(), self._chosen.probe.period_s)

    def _live_range(self, now_utc_s: float) -> tuple[float, float]:
        return now_utc_s - RANGES[self._range_buttons.checkedId()][1], now_utc_s

    def _pick(self, place: int) -> None:
        self._chosen = self._choices[place]
        self._buffer, self._damaged = SeriesBuffer(self._chosen.series), ""
        self._go_live()

    def _go_live(self) -> None:
        self._history = None
        self.live_button.setVisible(False)
        if self._chosen is not None:
            self._buffer = SeriesBuffer(self._chosen.series)
            self._ask()

    def _go_back(self, since_utc_s: float, until_utc_s: float) -> None:
        self._history = (since_utc_s, until_utc_s)
        self.live_button.setVisible(True)
        self.redraw(force=True)
        self._settle.start()

    def _ask(self) -> None:
        self._awaits = self._chosen is not None
        if self._chosen is not None and self._now_utc_s is not None:
            since_s, until_s = self._history or self._live_range(self._now_utc_s)
            # What came after the last tick went to the series drawn before: it is wanted as well.
            ahead_s = _LIVE_AHEAD_S if self.live else 0.0
            columns = EVERY_READING if self.plot is None else self.plot.columns()
            points = EVERY_READING if until_s - since_s <= _SINGLE_UP_TO_S else columns
            self.wanted.emit(self._chosen.series, since_s, until_s + ahead_s, points)

    def _show_surface(self) -> None:
        drawable = self.plot is not None and self._chosen is not None
        self._surface.setCurrentIndex(1 if drawable else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the legend out where the figures need the room."""
        super().resizeEvent(event)
        self.legend.setVisible(self.width() > self._theme.em(_LEGEND_EMS))


def _titles(choices: Sequence[Drawable]) -> list[str]:
    """Name each series, by its probe too where there are several, and by its key where two read alike."""
    several = len({choice.series.probe for choice in choices}) > 1
    names = [each.metric.title for each in choices]
    probes = [f"{each.probe.title}, " if several else "" for each in choices]
    titles = [probe + name for probe, name in zip(probes, names, strict=True)]
    alike = Counter(titles)
    return [
        printable(f"{title} ({each.metric.name})" if alike[title] > 1 else title)
        for each, title in zip(choices, titles, strict=True)
    ]


def _damage_words(passed_over: Sequence[PassedOver]) -> str:
    """Say what of a range cannot be read."""
    if not passed_over:
        return ""
    span_s = sum(each.until_utc_s - each.since_utc_s for each in passed_over)
    files = sorted({each.file for each in passed_over})
    more = f" and {len(files) - 1} more are" if len(files) > 1 else " is"
    return f"{time_text.span(span_s)} cannot be read: {files[0]}{more} damaged."


def _words_of(sums: Sums, unit: str, *, of_states: bool) -> list[str]:
    """Write the figures of a range; neither states nor what has no value have a median or a percentile."""
    words = [] if of_states else [f"median {figures.figure(sums.median, unit)}"]
    words += [] if of_states else [f"p95 {figures.figure(sums.p95, unit)}"]
    words += [f"answered {figures.share(sums.answered_ratio, 2)}", f"lost {sums.lost:,}"]
    if sums.unmeasured_s >= 1:
        words.append(f"not measured {time_text.span(sums.unmeasured_s)}")
    return words
