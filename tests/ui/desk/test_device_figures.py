"""A device read in full, from the store to the window: its figure keeps its place and its name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.transitions import Fault, raised
from controlroom.condition.state import Condition, EndpointState
from controlroom.measure.remark import Remark
from controlroom.reading import Outcome, ProbeKey, Reading, SeriesKey
from controlroom.site.view import SeenMetric, SeenProbe
from controlroom.store.interface import Batch, Second
from tests.ui.desk.conftest import OpenDesk, open_desk
from tests.ui.desk.room import Room, make_room

KEY = ProbeKey("ups", "snmp")
READER = SeenProbe(
    name="snmp",
    type="snmp",
    title="SNMP",
    period_s=1,
    timeout_s=1,
    metrics=(
        SeenMetric(
            name="replacement", unit="", title="Battery replacement", meanings=((1, "not needed", ""),)
        ),
        SeenMetric(name="output", unit="", title="Output fed by", meanings=((3, "battery", "fault"),)),
        SeenMetric(name="output_severity", unit="", title="Output fed by, severity", judges="output"),
        SeenMetric(name="load_percent", unit="%", title="Load"),
    ),
)


def tell(room: Room, **values: float) -> None:
    """Let the device answer."""
    answer = Reading(KEY, room.now_utc_s - 0.2, math.nan, Outcome.REPLIED, values=values)
    room.store.commit(Batch(second=Second(room.now_utc_s, [answer], {"probes": 2.0})))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room whose power supply is pinged, and read by SNMP; it has told its load before."""
    room = make_room(tmp_path, seconds=3, story=False)
    room.site = room.site.model_copy(
        update={
            "endpoints": tuple(
                each.model_copy(update={"probes": (*each.probes, READER)}) if each.id == "ups" else each
                for each in room.site.endpoints
            )
        }
    )
    room.store.commit(Batch(site_json=room.site.model_dump_json()))
    tell(room, replacement=1.0, output=2.0, output_severity=0.0)
    yield room
    room.store.close()


@pytest.fixture
def shift(qtbot: QtBot, tmp_path: Path, room: Room) -> Iterator[OpenDesk]:
    """A desk that is opened when the device has ceased to tell whether its battery is to be replaced."""
    tell(room, output=2.0, output_severity=0.0)
    room.store.commit(Batch(remarks=[Remark(KEY, {"replacement": 'cannot be decoded: "N/A?"'})]))
    opened, desk = open_desk(qtbot, tmp_path, room)
    qtbot.waitUntil(opened.has_seen, timeout=5000)
    opened.go_on()
    opened.settle()
    yield opened
    desk.close()


def fail(room: Room) -> None:
    """Let the power supply run on its battery, with an alarm."""
    tell(room, output=3.0, output_severity=2.0)
    fault = Fault("ups", Cause.DEGRADED, "limit:output:3", Priority.MEDIUM, room.now_utc_s)
    state = EndpointState("ups", Condition.DEGRADED, room.now_utc_s, "limit:output:3")
    room.store.commit(Batch(states=[state], alarms=[raised(9, fault, room.now_utc_s).alarm]))


def test_what_came_in_place_of_a_figure_is_read_beside_it(shift: OpenDesk) -> None:
    """Never another figure in its place, though the desk was opened afterwards."""
    shift.desk.conductor.choose("ups")
    text = " ".join(words.text() for _, words in shift.desk.window.detail._fields.values())
    assert 'SNMP, Battery replacement: unknown, cannot be decoded: "N/A?"' in text


def test_the_graph_opens_on_what_the_alarm_is_about(shift: OpenDesk, room: Room) -> None:
    """Also where that is told by another probe than the first; the tile shows the same figure by its name."""
    graph = shift.desk.window.graph
    fail(room)
    shift.go_on()
    shift.settle()
    shift.desk.conductor.choose("ups")
    assert graph.drawn == SeriesKey("ups", "snmp", "output")
    assert graph.series.currentText() == "SNMP, Output fed by"
    (face,) = (face for face in shift.desk.window.board_model.faces if face.endpoint_id == "ups")
    assert (face.title, face.figure) == ("Output fed by", "battery")
    assert "Output fed by battery" in face.spoken()


def test_the_graph_offers_what_the_device_tells_from_now_on(shift: OpenDesk, room: Room) -> None:
    """What it never told is not offered, a judgement never is; what is drawn stays drawn."""
    shift.desk.conductor.choose("ups")
    graph = shift.desk.window.graph

    def offered() -> list[str]:
        return [each.metric for each in graph.offered]

    drawn = graph.drawn
    assert offered() == ["rtt_s", "replacement", "output"]
    tell(room, output=2.0, output_severity=0.0, load_percent=30.0)
    shift.go_on()
    shift.settle()
    assert offered() == ["rtt_s", "replacement", "output", "load_percent"]
    assert graph.drawn == drawn
