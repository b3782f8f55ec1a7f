"""What is asked off the beat, and how soon it makes all of them certain."""

from __future__ import annotations

from controlroom.engine.monitor import Monitor
from tests.stories.world import START_UTC_S, World, site_of


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
