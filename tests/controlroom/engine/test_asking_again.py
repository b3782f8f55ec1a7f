"""What is asked off the beat, and how soon it makes all of them certain."""

from __future__ import annotations

from collections import Counter

from controlroom.engine.monitor import Monitor
from controlroom.site.model import Criticality
from tests.stories.world import BUDGET, START_UTC_S, World, site_of


def test_after_a_restart_everything_is_asked_once_without_its_beat() -> None:
    """A probe with a beat of minutes is measured at once."""
    monitor = Monitor(site_of(["mast/icmp@120"]), {"icmp": True}, START_UTC_S)
    assert [str(wish.probe) for wish in monitor.begin(0.0).reprobes] == ["mast/icmp"]


def test_four_hundred_that_fail_together_are_sure_within_seconds() -> None:
    """The witnesses answer for all of them and do not eat the budget."""
    ids = [f"e{number}" for number in range(400)]
    site = site_of([*[f"{key}/icmp@5" for key in ids], "gateway"], anchors=["gateway"])
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    letters = dict.fromkeys([f"{key}/icmp@5" for key in ids], "RRRRRTTTTTTTTTTT")
    world = World(monitor, {**letters, "gateway": "R" * 16})
    world.run(16)
    downs = [float(line.split()[0]) for line in world.told if line.endswith(" down")]
    assert len([line for line in world.told if line.endswith(" alarm_raised down")]) == 400
    assert max(downs) < 5.5 + 1.0 + 3.0


def test_two_thousand_that_fail_together_are_no_flood() -> None:
    """Re-probes keep to the budget in each second, critical ones go first, and the beat does the rest."""
    ids = [f"e{number}" for number in range(2000)]
    plain = site_of([*ids, "gateway"], anchors=["gateway"])
    endpoints = tuple(
        item.model_copy(update={"criticality": Criticality.LOW if number % 2 else Criticality.CRITICAL})
        for number, item in enumerate(plain.endpoints)
    )
    monitor = Monitor(plain.model_copy(update={"endpoints": endpoints}), {"icmp": True}, START_UTC_S)
    world = World(monitor, {**dict.fromkeys(ids, "RRRTTTTTTTTTTT"), "gateway": "R" * 14})
    world.run(14)
    fallen = {line.split()[1]: float(line.split()[0]) for line in world.told if line.endswith(" down")}
    downs = {key: at_s for key, at_s in fallen.items() if key.startswith("e")}
    assert len(downs) == 2000
    least_on_the_beat_s = 3.5 + 6 + 1.0  # seven losses a second apart, the last of them at its deadline
    assert max(downs.values()) <= least_on_the_beat_s + 0.1
    left = Counter(int(at_s) for at_s in world.asked_again_s)
    assert max(left.values()) <= 2 * BUDGET  # a full budget may leave at once, and again as it fills
    assert len(world.asked_again_s) < 7.5 * BUDGET
    critical = sorted(at_s for key, at_s in downs.items() if int(key[1:]) % 2 == 0)
    low = sorted(at_s for key, at_s in downs.items() if int(key[1:]) % 2)
    assert critical[-1] < low[0]


def test_a_link_that_became_slow_is_not_asked_without_end() -> None:
    """Answers after 400 ms where they took 20: a few quick questions, and then patience."""
    letters = {"mast": "R" * 30 + "L" * 30, "port": "R" * 60}
    world = World(Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S), letters)
    world.run(60)
    assert world.told == []
    assert len(world.asked_again_s) < 30


def test_a_lossy_link_is_asked_again_after_its_beats_alone() -> None:
    """The quick questions are lost as often; were each loss followed by as many it would never end."""
    letters = {"mast": "RRRRRRRRT" * 8, "port": "R" * 72}
    world = World(Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S), letters)
    world.run(72)
    mast_beats_lost = 8
    assert len(world.asked_again_s) <= mast_beats_lost * 16
