"""What the graph says beside its curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from controlroom.reading import SeriesKey
from controlroom.site.view import SeenMetric, SeenProbe
from controlroom.store.interface import PassedOver, Samples
from controlroom.store.sqlite.history import no_samples
from tests.controlroom.report.memory_store import NOON_UTC_S, view
from ui.desk.graph.change_marks import ChangeMark
from ui.desk.graph.panel import Drawable, GraphPanel
from ui.desk.snapshot import EVERY_READING, History, RangeWish, Request
from ui.desk.theme import Theme, load_fonts

STATE = SeenMetric(
    name="link_state", unit="", title="State of the link", meanings=((1, "up", "ok"), (2, "down", "fault"))
)
SIGNAL = SeenMetric(name="rsrp_dbm", unit="dBm", title="Signal")


def drawables(*metrics: SeenMetric) -> list[Drawable]:
    """Series of one probe, one for each metric."""
    probe = replace_metrics(metrics)
    return [Drawable(SeriesKey("mast", "icmp", each.name), probe, each) for each in metrics]


def replace_metrics(metrics: tuple[SeenMetric, ...]) -> SeenProbe:
    """The probe of the site, with other metrics."""
    return view("mast").endpoints[0].probes[0].model_copy(update={"metrics": metrics})


def constant(value: float, count: int = 60) -> Samples:
    """Readings a second apart that are all alike."""
    return Samples(
        at_utc_s=NOON_UTC_S - np.arange(count, 0, -1.0),
        value=np.full(count, value),
        outcome=np.zeros(count, dtype=np.uint8),
        reason=np.zeros(count, dtype=np.uint8),
        beat=np.ones(count, dtype=np.bool_),
    )


@pytest.fixture
def panel(qtbot: QtBot) -> GraphPanel:
    """A panel whose plot is loaded, at noon."""
    panel = GraphPanel(Theme("dark", load_fonts()))
    qtbot.addWidget(panel)
    panel.load_plot()
    panel.tell_time(NOON_UTC_S)
    return panel


def test_the_metric_that_stands_for_the_endpoint_is_drawn_first(panel: GraphPanel) -> None:
    """And without one, or one that is not there, the first of all."""
    for metric, shown in (("rsrp_dbm", "Signal"), ("", STATE.title), ("gone", STATE.title)):
        first = SeriesKey("mast", "icmp", metric) if metric else None
        panel.choose("Mast", drawables(STATE, SIGNAL), first)
        assert panel.series.currentText() == shown


def test_a_state_is_drawn_in_words(panel: GraphPanel) -> None:
    """The axis names the states, and codes have neither a median nor a percentile."""
    (drawable,) = drawables(STATE)
    panel.choose("Mast", [drawable])
    wish = Request(1, drawable.series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    panel.take(History(wish, constant(2.0), ()))
    assert panel.plot is not None
    assert (2.0, "down") in panel.plot.value_ticks()
    assert "median" not in panel.figures.text()
    assert "p95" not in panel.figures.text()
    assert "answered 100.00 %" in panel.figures.text()


def test_a_steady_level_lies_in_the_middle_of_a_range_that_can_be_read(panel: GraphPanel) -> None:
    """Its axis is not made of tenths of a decibel."""
    (drawable,) = drawables(SIGNAL)
    panel.choose("Mast", [drawable])
    wish = Request(1, drawable.series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    panel.take(History(wish, constant(-90.0), ()))
    assert panel.plot is not None
    words = [words for _, words in panel.plot.value_ticks()]
    assert "\N{MINUS SIGN}90" in words
    assert not any("." in each for each in words)
    assert "median \N{MINUS SIGN}90" in panel.figures.text()


def test_without_a_value_no_scale_is_invented(panel: GraphPanel) -> None:
    """Answered, but not told: the plot and the line above it say so, and the axis holds nothing."""
    (drawable,) = drawables(SIGNAL)
    panel.choose("Mast", [drawable])
    panel.tell_measuring(True)
    wish = Request(1, drawable.series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    panel.take(History(wish, constant(float("nan"), 300), ()))
    assert panel.plot is not None
    assert panel.plot.value_ticks() == []
    assert panel.plot.untold() == ((NOON_UTC_S - 300, NOON_UTC_S),)
    told = "now unknown   no value was told in this range   answered 100.00 %   lost 0"
    assert panel.figures.text() == told
    half = constant(-90.0, 300)
    half.value[100:] = float("nan")
    panel.take(History(wish, half, ()))
    assert panel.figures.text().startswith("now unknown   not told 3 min 20 s   median −90.0 dBm")
    panel.take(History(wish, constant(-90.0, 300), ()))
    assert panel.plot.value_ticks() != []
    assert panel.plot.untold() == ()


def test_series_that_read_alike_are_told_apart_by_their_keys(panel: GraphPanel) -> None:
    """A power unit has two frequencies; what reads otherwise stays as it is."""
    frequencies = [SeenMetric(name=f"{side}_hz", unit="Hz", title="Frequency") for side in ("in", "out")]
    panel.choose("Mast", drawables(SIGNAL, *frequencies))
    shown = [panel.series.itemText(place) for place in range(panel.series.count())]
    assert shown == ["Signal", "Frequency (in_hz)", "Frequency (out_hz)"]


def test_a_fast_line_has_an_axis_in_megabits(panel: GraphPanel) -> None:
    """No row of noughts."""
    (drawable,) = drawables(SeenMetric(name="sent_bit_per_s", unit="bit/s", title="Sent"))
    panel.choose("Mast", [drawable])
    wish = Request(1, drawable.series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    panel.take(History(wish, constant(337_670_000.0), ()))
    assert panel.plot is not None
    assert panel.plot.value_ticks()[-1][1] == "Mbit/s"
    assert all(len(words) < 7 for _, words in panel.plot.value_ticks())
    assert "median 338 Mbit/s" in panel.figures.text()


def test_a_damaged_file_is_named_beside_the_figures(qtbot: QtBot) -> None:
    """How much cannot be read, and where; gone again with the next series that is whole."""
    probe = view("mast").endpoints[0].probes[0]
    series = SeriesKey("mast", "icmp", "rtt_s")
    panel = GraphPanel(Theme("dark", load_fonts()))
    qtbot.addWidget(panel)
    panel.load_plot()
    panel.choose("Mast", [Drawable(series, probe, probe.metrics[0])])
    panel.tell_time(NOON_UTC_S)
    wish = Request(1, series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    damaged = [
        PassedOver("raw-2027-01-15.db", NOON_UTC_S - 900, NOON_UTC_S - 300),
        PassedOver("raw-2027-01-15.db", NOON_UTC_S - 300, NOON_UTC_S),
    ]
    panel.take(History(wish, no_samples(), (), passed_over=damaged))
    assert panel.figures.text() == (
        "not measured now   15 min 00 s cannot be read: raw-2027-01-15.db is damaged."
    )
    panel.take(History(wish, no_samples(), ()))
    assert "damaged" not in panel.figures.text()


def test_changes_of_the_link_are_marked_over_its_round_trips_alone(panel: GraphPanel) -> None:
    """With a word where it has room; those outside of what is shown come with another range."""
    rtt = SeenMetric(name="rtt_s", unit="s", title="Round-trip time")
    choices = drawables(rtt, SIGNAL)
    panel.choose("Mast", choices)
    wish = Request(1, choices[0].series, NOON_UTC_S - 300, NOON_UTC_S, EVERY_READING)
    panel.take(History(wish, constant(0.02), ()))
    marks = [
        ChangeMark(NOON_UTC_S - 5000, "latency-rise"),
        ChangeMark(NOON_UTC_S - 200, "latency-rise"),
        ChangeMark(NOON_UTC_S - 199, "loss-rise"),
        ChangeMark(NOON_UTC_S - 50, "something-newer"),
    ]
    panel.set_marks(marks)
    assert panel.plot is not None
    assert panel.plot.marks.shown() == [
        (NOON_UTC_S - 200, "slower"),
        (NOON_UTC_S - 199, ""),
        (NOON_UTC_S - 50, ""),
    ]
    panel.series.setCurrentIndex(1)
    panel.series.activated.emit(1)
    panel.take(History(replace(wish, series=choices[1].series), constant(-90.0), ()))
    assert panel.plot.marks.shown() == []
    panel.choose("Port", choices)
    panel.take(History(wish, constant(0.02), ()))
    assert panel.plot.marks.shown() == []


def test_the_range_that_is_shown_is_told(panel: GraphPanel) -> None:
    """Live it ends now, whenever that is; in the past it has its ends; without an endpoint there is none."""
    assert panel.shown_range is None
    panel.choose("Mast", drawables(SIGNAL))
    assert panel.shown_range == RangeWish("mast", "icmp", 300.0)
    panel.cycle_range(2)
    assert panel.shown_range == RangeWish("mast", "icmp", 3600.0)
    panel._go_back(NOON_UTC_S - 1000, NOON_UTC_S - 400)
    assert panel.shown_range == RangeWish("mast", "icmp", 600.0, NOON_UTC_S - 400)
