"""Pings with options in a whole engine: two traffic classes apart, and a path that is too narrow named."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.condition.state import Condition
from controlroom.logbook.entry import LogKind
from controlroom.reading import PATH_MTU_BYTES, Outcome, ProbeKey, Reason
from tests.end_to_end.room import Room, until
from tests.lab.namespace import LabNetwork
from tests.lab.script import TargetScript

pytestmark = pytest.mark.lab

_CLASSES = """
[[endpoints.probes]]
type = "icmp"
name = "voice"
dscp = "EF"

[[endpoints.probes]]
type = "icmp"
name = "data"
"""
_WHOLE = """
[[endpoints.probes]]
type = "icmp"
dont_fragment = true
payload_bytes = 1372
"""
_PLAIN = """
[[endpoints.probes]]
type = "icmp"
period_s = 1.0
timeout_s = 1.0
"""


@pytest.fixture
def room(lab: LabNetwork, tmp_path: Path) -> Room:
    """Three targets: the first in two classes, the third in packets that may not be cut."""
    made = Room(lab, tmp_path, 3)
    first, second, third = made.site.read_text(encoding="utf-8").split(_PLAIN)[:3]
    made.site.write_text(first + _CLASSES + second + _PLAIN + third + _WHOLE, encoding="utf-8")
    return made


def test_one_endpoint_in_two_classes_is_measured_and_kept_side_by_side(room: Room) -> None:
    """Each probe has its own series, and its packets their own mark."""
    address = room.lab.address(1)
    room.start()
    try:
        voice, data = ProbeKey("t1", "voice"), ProbeKey("t1", "data")
        with closing(room.read()) as store:
            newest = until(
                lambda: {key: each for key, each in store.latest(60.0).items() if key in {voice, data}},
                10,
                "both",
            )
        assert {each.outcome for each in newest.values()} == {Outcome.REPLIED}
        until(lambda: {seen.traffic_class for seen in room.lab.seen(address)} == {46 << 2, 0}, 5, "classes")
        command = [*room.command("poll", "--for", "2", "--every", "1")]
        told = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False).stdout
        assert "voice" in told
        assert "data" in told
    finally:
        room.end()


def test_the_size_that_would_pass_is_told_to_the_operator(room: Room) -> None:
    """In the condition, in the alarm and in the log."""
    narrow = TargetScript(icmp_error=(3, 4), mtu=1380, error_sender=room.lab.address(200))
    room.lab.script(room.lab.address(3), narrow)
    room.start()
    try:
        with closing(room.read()) as store:
            (alarm,) = until(store.alarms, 20, "an alarm")
            (state,) = [each for each in store.states() if each.endpoint_id == "t3"]
            reading = store.latest(60.0)[ProbeKey("t3", "icmp")]
        assert (alarm.subject, alarm.reason) == ("t3", "fragmentation_needed:1380")
        assert (state.condition, state.reason) == (Condition.DOWN, "fragmentation_needed:1380")
        assert (reading.reason, reading.values) == (Reason.FRAGMENTATION_NEEDED, {PATH_MTU_BYTES: 1380.0})
        assert room.entries(LogKind.ALARM_RAISED)
        assert "which passes 1380 bytes at most" in room.export("log", "csv")
    finally:
        room.end()
