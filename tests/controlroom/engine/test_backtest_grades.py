"""A replay tells the grades that were told live, at the same moments."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat

import pytest

import resources
from controlroom.engine.assessing import Assessing
from controlroom.engine.backtest import Judging
from controlroom.engine.link_changes import LinkChanges
from controlroom.engine.monitor import Monitor
from controlroom.engine.profile_files import read_profiles
from controlroom.logbook.entry import Draft
from controlroom.reading import Reading
from controlroom.site.model import Limit, Site
from controlroom.site.view import view_of
from tests.controlroom.engine.replayed_link import JUDGING, PING, START_UTC_S, readings_of, replay_of, site_of


def noisy(level_s: float, count: int, seed: int) -> list[float]:
    """Round-trip times about a level."""
    dice = random.Random(seed)  # noqa: S311 - noise, no secret
    return [level_s * (1 + 0.02 * dice.random()) for _ in range(count)]


def graded_link() -> tuple[Site, list[Reading]]:
    """A link of a use, with a limit: good, lossy, good, slow beyond the limit, good."""
    limit = Limit(metric="rtt_s", raise_above=0.1, clear_below=0.05, window_readings=10, minimum_readings=5)
    site = site_of(limits=(limit,))
    (mast,) = site.endpoints
    mast = mast.model_copy(update={"profile": "ptt-voice"})
    lossy = [None if place % 3 == 0 else 0.02 for place in range(200)]
    answers = [*noisy(0.02, 500, 1), *lossy, *noisy(0.02, 700, 2), *repeat(0.14, 200), *noisy(0.02, 700, 3)]
    return site.model_copy(update={"endpoints": (mast,)}), readings_of(answers)


def grades_live(site: Site, readings: Sequence[Reading], before_s: float) -> list[Draft]:
    """Let the readings come one after another; the engine began earlier, and has other endpoints as well."""
    profiles = read_profiles(resources.path("profiles"))
    view = view_of(site, JUDGING.probe_types, profiles=profiles)
    others = tuple(view.endpoints[0].model_copy(update={"id": name}) for name in ("a", "b", "c"))
    whole = view.model_copy(update={"endpoints": (*others, *view.endpoints)})
    began_s = START_UTC_S - before_s
    changes = LinkChanges(view)
    assessing = Assessing(whole, began_s, changes)
    monitor = Monitor(site, {"icmp": True}, began_s)
    monitor.set_local(frozenset({"mast"}))
    assessing.saw(monitor.begin(began_s).states.values())
    arrivals = deque(sorted((_here_s(each), place) for place, each in enumerate(readings)))
    told: list[Draft] = []
    for tick in range(round((before_s + len(readings)) * 50)):
        now_s = began_s + tick / 50
        while arrivals and arrivals[0][0] <= now_s:
            at_s, place = arrivals.popleft()
            reading = replace(readings[place], sent_monotonic_s=readings[place].sent_utc_s - began_s)
            assessing.take(reading)
            changes.find(reading, monitor.trackers["mast"].state.condition)
            assessing.saw(monitor.handle(reading, at_s - began_s, at_s).states.values())
        assessing.saw(monitor.tick(now_s - began_s, now_s).states.values())
        told += [each for each in assessing.look(now_s).entries if each.subject == "mast"]
    return told


def _here_s(reading: Reading) -> float:
    return reading.sent_utc_s + reading.values.get("rtt_s", 1.0)


@pytest.mark.parametrize("before_s", [0.0, 23.7])
def test_a_replay_grades_as_was_graded_live(before_s: float) -> None:
    """At the same moments, whenever the engine began and whatever else its site has."""
    site, readings = graded_link()
    live = grades_live(site, readings, before_s)
    judging = Judging({"icmp": PING}, read_profiles(resources.path("profiles")))
    found = [told.entry for told in replay_of(readings, site, judging).grades]
    turned = [(str(each.facts["from"]), str(each.facts["to"])) for each in found]
    assert len(turned) >= 4
    assert any(":last_minute" in str(each.facts["reason"]) for each in found)
    assert any("limit:rtt_s" in str(each.facts["reason"]) for each in found)
    assert [each.facts for each in found] == [each.facts for each in live]
    for one, other in zip(found, live, strict=True):
        assert one.at_utc_s == pytest.approx(other.at_utc_s, abs=0.1)
