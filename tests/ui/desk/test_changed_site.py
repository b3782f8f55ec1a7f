"""The site is changed under an open desk: what was looked at stays in sight, with its graph and its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from controlroom.site.model import EndpointKind
from controlroom.site.view import SeenEndpoint
from controlroom.store.interface import Batch
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import DEGRADED, DOWN, LOSSY, make_room
from ui.desk.window import DeskWindow

CHOSEN = "maps"


def load(shift: OpenDesk, endpoints: Sequence[SeenEndpoint]) -> None:
    """Let the engine adopt a site with these endpoints, and the desk see it."""
    room = shift.room
    room.site = room.site.model_copy(update={"endpoints": tuple(endpoints)})
    room.store.commit(Batch(site_json=room.site.model_dump_json()))
    shift.go_on(2)
    shift.settle()


def edited(shift: OpenDesk, endpoint_id: str, **changes: object) -> list[SeenEndpoint]:
    """The room's endpoints with one of them changed."""
    return [
        one.model_copy(update=changes) if one.id == endpoint_id else one for one in shift.room.site.endpoints
    ]


def framed(window: DeskWindow) -> str:
    """The endpoint that has the frame on the board."""
    row = window.board.currentIndex().row()
    return window.board_model.faces[row].endpoint_id if row >= 0 else ""


def added_before(shift: OpenDesk) -> list[SeenEndpoint]:
    """A new endpoint of the same kind before all others."""
    first = next(one for one in shift.room.site.endpoints if one.id == CHOSEN)
    return [first.model_copy(update={"id": "a", "name": "A", "address": "::1"}), *shift.room.site.endpoints]


@pytest.mark.parametrize("change", ["added", "removed", "renamed", "moved", "reordered"])
def test_what_was_chosen_stays_chosen(shift: OpenDesk, change: str) -> None:
    """Frame, details, graph, range and place in history stay, whatever is changed around them or in it."""
    window, conductor = shift.desk.window, shift.desk.conductor
    window.graph.load_plot()
    conductor.choose(CHOSEN)
    window.graph.cycle_range()
    window.graph._go_back(shift.room.now_utc_s - 600, shift.room.now_utc_s - 300)
    sites = {
        "added": added_before(shift),
        "removed": [one for one in shift.room.site.endpoints if one.id != "dispatch-cloud"],
        "renamed": edited(shift, CHOSEN, name="Maps of the county", location="Hall 9"),
        "moved": edited(shift, CHOSEN, kind=EndpointKind.PARTNER),
        "reordered": list(reversed(shift.room.site.endpoints)),
    }
    load(shift, sites[change])
    assert conductor.shown_endpoint() == framed(window) == CHOSEN
    name = "Maps of the county" if change == "renamed" else "Map tiles"
    assert window.detail.title.text() == window.graph.title.text() == name
    assert ("Hall 9" in window.detail._fields["Where"][1].text()) is (change == "renamed")
    assert not window.graph.live
    assert window.graph._range_buttons.checkedId() == 1


def test_the_graph_draws_the_limits_of_now_and_keeps_its_series(shift: OpenDesk) -> None:
    """A series that is still measured is drawn on with its readings; one that is not gives way."""
    window, conductor = shift.desk.window, shift.desk.conductor
    window.graph.load_plot()
    conductor.choose(CHOSEN)
    shift.qtbot.waitUntil(lambda: window.graph.buffered() > 5)
    old = shift.room.site.endpoints[[one.id for one in shift.room.site.endpoints].index(CHOSEN)].probes[0]
    limit = old.limits[0].model_copy(update={"raise_above": 9.0})
    more = old.model_copy(update={"name": "web", "title": "Web"})
    load(shift, edited(shift, CHOSEN, probes=(more, old.model_copy(update={"limits": (limit,)}))))
    drawn = window.graph._chosen
    assert drawn is not None
    assert drawn.series.probe.probe_name == "icmp"
    assert drawn.limits() == [9.0]
    assert window.graph.series.currentIndex() == 1
    assert window.graph.buffered() > 5
    load(shift, edited(shift, CHOSEN, probes=(more,)))
    assert window.graph._chosen is not None
    assert window.graph._chosen.series.probe.probe_name == "web"


def test_the_neighbour_takes_the_place_of_what_was_removed(shift: OpenDesk) -> None:
    """It is shown and framed; since nobody chose it, the next alarm leads the eye again."""
    window, conductor = shift.desk.window, shift.desk.conductor
    conductor.choose(LOSSY)
    load(shift, [one for one in shift.room.site.endpoints if one.id != LOSSY])
    assert conductor.shown_endpoint() == framed(window) == "command-1"
    assert window.graph.title.text() == window.detail.title.text() == "Command vehicle 1"
    window.alarms.alarm_led.emit(2)
    assert conductor.shown_endpoint() == framed(window) == DEGRADED


def test_an_endpoint_with_a_new_id_stays_chosen(shift: OpenDesk) -> None:
    """It is still the operator's choice: no alarm leads away from it."""
    conductor = shift.desk.conductor
    conductor.choose(CHOSEN)
    load(shift, edited(shift, CHOSEN, id="county-maps"))
    shift.desk.window.alarms.alarm_led.emit(2)
    assert conductor.shown_endpoint() == framed(shift.desk.window) == "county-maps"


def test_without_a_choice_the_worst_alarm_leads_on(shift: OpenDesk) -> None:
    """Removing what it led to goes to the one that is worst now."""
    conductor, room = shift.desk.conductor, shift.room
    load(shift, [one for one in room.site.endpoints if one.id != "paging"])
    assert conductor.shown_endpoint() == framed(shift.desk.window) == DOWN
    load(shift, [one for one in room.site.endpoints if one.id != DOWN])
    assert conductor.shown_endpoint() == framed(shift.desk.window) == DEGRADED


def test_the_last_endpoint_leaves_nothing_chosen(shift: OpenDesk) -> None:
    """And the first that comes is shown."""
    conductor, everything = shift.desk.conductor, shift.room.site.endpoints
    conductor.choose(CHOSEN)
    load(shift, [])
    assert conductor.shown_endpoint() == ""
    load(shift, everything)
    assert conductor.shown_endpoint() == framed(shift.desk.window) != ""


def test_a_scrolled_board_stays_where_it_was_scrolled_to(qtbot: QtBot, tmp_path: Path) -> None:
    """Also where the chosen endpoint is out of sight."""
    room = make_room(tmp_path, seconds=3, endpoints=4000, period_s=60, story=False)
    shift, desk = open_desk(qtbot, tmp_path, room)
    try:
        desk.window.resize(960, 640)
        qtbot.waitUntil(shift.has_seen, timeout=20000)
        shift.settle()
        board = desk.window.board
        desk.conductor.choose(room.site.endpoints[0].id)
        bar = board.verticalScrollBar()
        assert bar.maximum() > 60
        bar.setValue(50)
        last = room.site.endpoints[-1]
        fresh = [last.model_copy(update={"id": f"fresh-{place}"}) for place in range(40)]
        load(shift, [*room.site.endpoints, *fresh])
        assert len(desk.window.board_model.faces) == len(room.site.endpoints)
        assert bar.value() == 50
        assert framed(desk.window) == room.site.endpoints[0].id
    finally:
        desk.close()
        room.store.close()
