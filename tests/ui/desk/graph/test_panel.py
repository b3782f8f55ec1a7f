"""What the graph says beside its curve."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from controlroom.reading import SeriesKey
from controlroom.store.interface import PassedOver
from controlroom.store.sqlite.history import no_samples
from tests.controlroom.report.memory_store import NOON_UTC_S, view
from ui.desk.graph.panel import Drawable, GraphPanel
from ui.desk.snapshot import EVERY_READING, History, Request
from ui.desk.theme import Theme, load_fonts


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
