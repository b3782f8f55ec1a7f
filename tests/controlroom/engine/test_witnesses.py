"""Who is asked because of others, and how little: healthy endpoints bear no flood for one that flaps."""

from __future__ import annotations

from collections import Counter

import pytest

from controlroom.alarms.alarm import Cause
from controlroom.engine.monitor import Monitor
from controlroom.reading import Reading
from tests.stories.world import START_UTC_S, World, site_of

FLAPPING = "RT" * 20
CLASSES = ("voice", "video", "data", "bulk")


def off_the_beat(world: World) -> Counter[str]:
    """Count the questions off the beat by endpoint and probe."""
    kept: list[Reading] = world.kept
    return Counter(str(reading.probe) for reading in kept if not reading.beat)


def played(letters: dict[str, str], seconds: float) -> World:
    """Play letters in a room without anchors."""
    world = World(Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S), letters)
    world.run(seconds)
    return world


@pytest.mark.parametrize("others", [1, 2, 3, 30])
def test_a_witness_is_asked_once_a_second_at_most(others: int) -> None:
    """Every second question to one endpoint is lost: the others are asked little for it."""
    letters = {"flapping": FLAPPING} | {f"well-{number}": "R" * 40 for number in range(others)}
    asked = off_the_beat(played(letters, 40))
    assert all(asked[f"well-{number}/icmp"] <= 40 for number in range(others))
    assert sum(asked[f"well-{number}/icmp"] for number in range(others)) <= 3 * 20


def test_a_witness_is_asked_by_one_probe() -> None:
    """An endpoint in four classes is asked by one of them, never by all."""
    letters = {"flapping": FLAPPING} | {f"well/{name}@1": "R" * 40 for name in CLASSES}
    asked = off_the_beat(played(letters, 40))
    assert 0 < sum(asked[f"well/{name}"] for name in CLASSES) <= 40


def test_a_neighbours_single_loss_is_not_taken_for_a_lost_network() -> None:
    """The one witness, far away, loses a packet while the other is dead: it is asked again first."""
    letters = {"dead": "RRRRR TTTTT TTTTT", "far/icmp@3": "LLLLL LTLLL LLLLL"}
    world = played(letters, 15)
    assert [line.split(" ", 1)[1] for line in world.told] == ["dead down", "dead alarm_raised down"]


def test_a_room_of_two_still_notices_that_it_is_cut_off() -> None:
    """The only witness is silent as well: one alarm, of our own."""
    world = played({"a": "RRRRR TTTTT TTTTT", "b": "RRRRR TTTTT TTTTT"}, 15)
    alarms = [alarm.cause for alarm in world.monitor.alarms.alarms()]
    assert alarms == [Cause.OWN_CONNECTION_LOST]
