"""What stands in an empty part: why it is empty, and which key does something about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from controlroom.operators.role import Role
from controlroom.site.form import metrics_of, site_form
from controlroom.store.interface import Batch
from probes.registry import PROBE_TYPES
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import DOWN, LOSSY, make_room, site_view
from ui.desk import empty
from ui.desk.duty import OnDuty
from ui.desk.keys import KEYS
from ui.desk.liveness import Liveness
from ui.desk.picture import EndpointPicture
from ui.desk.site_editor.dialog import EditorDialog
from ui.desk.theme import Theme, load_fonts

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def bare(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """A desk on a site without endpoints."""
    room = make_room(tmp_path, seconds=2, endpoints=0, story=False)
    opened, desk = open_desk(qtbot, tmp_path, room)
    try:
        qtbot.waitUntil(opened.has_seen, timeout=5000)
        opened.go_on(2)
        opened.settle()
        yield opened
    finally:
        desk.close()
        room.store.close()


def _words(part: QWidget) -> str:
    return " ".join(label.text() for label in part.findChildren(QLabel) if label.isVisibleTo(part))


def test_a_site_without_endpoints_invites_in_every_part(bare: OpenDesk) -> None:
    """Board, alarms, details and graph say what is to be done; nothing claims to be fine."""
    window = bare.desk.window
    assert "no endpoints yet" in window.board_empty.text()
    assert "Ctrl+N" in window.alarms.empty_words()
    assert "Ctrl+N" in _words(window.detail)
    assert "Ctrl+N" in _words(window.graph)
    assert window.header.summary.text() == "0 endpoints"


def test_the_invitation_names_the_key_the_demonstration_and_has_a_button(bare: OpenDesk) -> None:
    """Where endpoints can be edited; the button does what the key does, and goes with the first endpoint."""
    window = bare.desk.window
    assert window.first_endpoint.isHidden()
    window.say_no_endpoints(empty.NO_ENDPOINTS, may_add=True)
    assert "Ctrl+N" in window.board_empty.text()
    assert "main.py demo" in window.board_empty.text()
    with bare.qtbot.waitSignal(window.new_wanted, timeout=1000):
        window.first_endpoint.click()
    window.forbid_adding("Your role may not change the site.")
    assert not window.first_endpoint.isEnabled()
    assert window.first_endpoint.toolTip() == "Your role may not change the site."
    window.say_no_endpoints("")
    assert window.first_endpoint.isHidden()


def test_who_may_only_watch_is_told_who_may_add(shift: OpenDesk) -> None:
    """No key is promised that does nothing for them."""
    conductor, window = shift.desk.conductor, shift.desk.window
    conductor.duty.take_over(OnDuty("ops1", "Bob", Role.WATCH))
    assert not window.detail.may_edit
    assert not window.graph.may_edit
    said = [empty.no_endpoints("Sign in."), empty.no_advice(False), empty.no_probe(False)]
    said += [empty.alarms([], Liveness.LIVE, False), empty.detail(False, False), empty.graph(False, False)]
    for words in said:
        assert empty.WHO_MAY in words
        assert "F4" not in words
        assert "Ctrl+N" not in words
    site = shift.room.site
    bare = tuple(each.model_copy(update={"what_to_do": ""}) for each in site.endpoints)
    shift.room.site = site.model_copy(update={"endpoints": bare})
    shift.room.store.commit(Batch(site_json=shift.room.site.model_dump_json()))
    shift.go_on(2)
    shift.settle()
    assert empty.no_advice(False) in _words(window.detail)
    told = tuple(each.model_copy(update={"usual_advice": "1. Look at the mains."}) for each in bare)
    shift.room.site = site.model_copy(update={"endpoints": told})
    shift.room.store.commit(Batch(site_json=shift.room.site.model_dump_json()))
    shift.go_on(2)
    shift.settle()
    assert empty.no_advice(False) not in _words(window.detail)
    assert "1. Look at the mains." in _words(window.detail)


def test_one_endpoint_is_singular() -> None:
    """Everywhere it is counted."""
    (seen,) = [each for each in site_view().endpoints if each.id == DOWN]
    words = empty.alarms([EndpointPicture(seen)], Liveness.LIVE)
    assert words == "No alarms. 1 of 1 endpoint is not measured yet."


def test_the_header_counts_one_endpoint_as_one(shift: OpenDesk) -> None:
    """A site that shrinks to one."""
    site = shift.room.site
    shift.room.site = site.model_copy(update={"endpoints": site.endpoints[:1]})
    shift.room.store.commit(Batch(site_json=shift.room.site.model_dump_json()))
    shift.go_on(2)
    shift.settle()
    assert shift.desk.window.header.summary.text() == "1 endpoint, 1 abnormal"


def test_while_starting_and_while_stopped_nothing_is_claimed(shift: OpenDesk) -> None:
    """An empty list of alarms is no all-clear."""
    known = list(shift.desk.conductor.picture.endpoints.values())
    assert "starting" in empty.alarms(known, Liveness.STARTING)
    assert "nothing is being measured" in empty.alarms(known, Liveness.STOPPED)
    assert "starting" in empty.waiting(Liveness.STARTING)
    assert "not running" in empty.waiting(Liveness.STOPPED)


def test_a_filter_without_a_hit_says_how_to_get_back(shift: OpenDesk) -> None:
    """The log of an endpoint about which nothing is logged."""
    window = shift.desk.window
    shift.desk.conductor.choose(LOSSY)
    window.log.one_button.click()
    assert window.log.model.rowCount() == 0
    assert "Nothing is logged about Marine unit 4G. F6" in window.log.empty_words()
    assert "“All”" in window.log.empty_words()
    assert not empty.log(True, "").startswith("Nothing is logged about")


def test_an_endpoint_without_probes_or_readings_says_so(shift: OpenDesk) -> None:
    """In the place of the graph, and beside it."""
    graph = shift.desk.window.graph
    shift.qtbot.waitUntil(lambda: graph.plot is not None, timeout=15_000)
    graph.choose("Bare", ())
    assert "F4" in _words(graph)
    assert graph.plot is not None
    assert not graph.plot.isVisibleTo(graph)
    shift.desk.conductor.select(LOSSY)
    shift.qtbot.waitUntil(lambda: graph.settled, timeout=5000)
    assert graph.plot.isVisibleTo(graph)
    now_s = shift.room.now_utc_s
    graph.plot.moved.emit(now_s - 90_000, now_s - 86_400)
    shift.qtbot.waitUntil(lambda: "Nothing was measured in this range" in graph.figures.text(), timeout=5000)
    assert "End" in graph.figures.text()


def test_a_search_without_a_hit_says_so(qtbot: QtBot) -> None:
    """In the form of the endpoints; what was typed is shown as text and nothing else."""
    parent = QWidget()
    qtbot.addWidget(parent)
    names = partial(metrics_of, PROBE_TYPES)
    dialog = EditorDialog(Theme("dark", load_fonts()), parent, site_form(PROBE_TYPES), names)
    dialog.show_list([], "")
    assert "Ctrl+N" in dialog.no_hit.text()
    dialog.show_list([{"id": "core", "name": "Core router", "kind": "infrastructure"}], "core")
    assert dialog.no_hit.isHidden()
    dialog.search.setText("<b>mast")
    assert "“<b>mast”" in dialog.no_hit.text()
    assert not dialog.no_hit.isHidden()
    dialog.search.setText("core")
    assert dialog.no_hit.isHidden()


def test_every_key_that_is_named_exists() -> None:
    """No sentence promises a key that the desk does not have."""
    known = {name for key in KEYS for name in key.name.split()}
    sentences = [empty.NO_ENDPOINTS, empty.detail(True), empty.detail(False), empty.graph(False)]
    sentences += [empty.log(False, ""), empty.log(True, "X"), empty.alarms([], Liveness.LIVE)]
    for sentence in sentences:
        assert set(re.findall(r"(?:Shift\+|Ctrl\+)?\bF\d+|Ctrl\+\w", sentence)) <= known
