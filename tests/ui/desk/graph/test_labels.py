"""The words in a plot: none over another, whatever is drawn and however large the plot is."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSizeF
from pytestqt.qtbot import QtBot

from controlroom.reading import SeriesKey
from controlroom.site.model import Limit
from controlroom.site.view import SeenMetric
from controlroom.store.interface import Samples
from tests.controlroom.report.memory_store import NOON_UTC_S
from tests.ui.desk.graph.test_panel import constant, replace_metrics
from ui.desk.graph.change_marks import ChangeMark
from ui.desk.graph.label_places import Placed, Wish, along_line, along_mark, placed, within_span
from ui.desk.graph.panel import Drawable, GraphPanel
from ui.desk.snapshot import EVERY_READING, History, Request
from ui.desk.theme import Theme, load_fonts

PLOT = QRectF(40, 10, 400, 200)
SIZE = QSizeF(70, 15)
RTT = SeenMetric(name="rtt_s", unit="s", title="Round-trip time")


def overlapping(found: list[Placed]) -> list[tuple[str, str]]:
    """Words that lie over each other."""
    return [(a.words, b.words) for a, b in combinations(found, 2) if a.place.intersects(b.place)]


@given(
    limits=st.lists(st.floats(10, 210), max_size=8),
    marks=st.lists(st.floats(40, 440), max_size=8),
    spans=st.lists(st.tuples(st.floats(0, 480), st.floats(0, 480)), max_size=5),
)
def test_no_words_lie_over_others_or_outside(
    limits: list[float], marks: list[float], spans: list[tuple[float, float]]
) -> None:
    """However many there are and wherever they belong."""
    wishes = [Wish(f"limit {y}", along_line(SIZE, PLOT, y)) for y in limits]
    wishes += [Wish("slower", along_mark(SIZE, PLOT, x)) for x in marks]
    wishes += [Wish("not measured", within_span(SIZE, PLOT, *sorted(span))) for span in spans]
    found = placed(wishes, PLOT, limits)
    assert overlapping(found) == []
    assert all(PLOT.contains(each.place) for each in found)
    assert not limits or found[0].words.startswith("limit")


def test_words_stand_at_what_they_name() -> None:
    """A limit's touch its line, a mark's its own, and a span's lie inside the part that is seen."""
    assert all(
        abs(place.bottom() - 90) <= 1 or abs(place.top() - 90) <= 1 for place in along_line(SIZE, PLOT, 90)
    )
    assert all(place.left() > 200 or place.right() < 200 for place in along_mark(SIZE, PLOT, 200))
    (first, *_) = within_span(SIZE, PLOT, -1000.0, 200.0)
    assert first.center().x() == 120
    assert within_span(SIZE, PLOT, 100.0, 160.0) == ()


def test_a_place_that_no_line_strikes_through_comes_first() -> None:
    """Two limits close together: the one above its line, the other below its own."""
    wishes = [Wish("upper", along_line(SIZE, PLOT, 90)), Wish("lower", along_line(SIZE, PLOT, 98))]
    upper, lower = placed(wishes, PLOT, [90, 98])
    assert (upper.place.bottom(), lower.place.top()) == (90, 99)


def test_the_same_limit_twice_is_named_once() -> None:
    """As where a figure may not leave a value to either side."""
    wish = Wish("limit 0", along_line(SIZE, PLOT, 90))
    assert len(placed([wish, wish], PLOT, [90, 90])) == 1


@pytest.fixture
def crowded(qtbot: QtBot) -> GraphPanel:
    """A plot with three limits close together, changes of the link, and readings of half its range."""
    panel = GraphPanel(Theme("dark", load_fonts()))
    qtbot.addWidget(panel)
    panel.load_plot()
    panel.tell_time(NOON_UTC_S)
    limits = tuple(Limit(metric="rtt_s", raise_above=at, clear_below=0.001) for at in (0.019, 0.02, 0.021))
    probe = replace_metrics((RTT,)).model_copy(update={"limits": limits})
    series = SeriesKey("mast", "icmp", "rtt_s")
    panel.choose("Mast", [Drawable(series, probe, RTT)])
    panel.set_marks([ChangeMark(NOON_UTC_S - 50, "latency-rise"), ChangeMark(NOON_UTC_S - 10, "loss-rise")])
    wish = Request(1, series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    samples: Samples = constant(0.02, 150)
    panel.show()
    panel.take(History(wish, samples, ()))
    return panel


@pytest.mark.parametrize(("width", "height"), [(420, 200), (640, 250), (980, 400), (1400, 600)])
def test_at_every_size_of_the_window_words_keep_apart(
    crowded: GraphPanel, qtbot: QtBot, width: int, height: int
) -> None:
    """And all limits are named, with the reason why half of it is empty."""
    crowded.resize(width, height)
    qtbot.wait(20)
    crowded.redraw(force=True)
    crowded.grab()
    assert crowded.plot is not None
    found = list(crowded.plot.labels.placed())
    assert overlapping(found) == []
    words = [each.words for each in found]
    assert {"limit 19", "limit 20", "limit 21", "not measured", "slower"} <= set(words)
