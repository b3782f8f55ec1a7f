"""The log of every story gives the availability that its endpoints had, by their states as they came."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from controlroom.condition.state import EndpointState
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Entry
from controlroom.measure.availability import (
    Availability,
    Spent,
    TimeSpan,
    availability_of,
    spent_in,
    with_blind,
)
from controlroom.report.condition_spans import condition_spans
from controlroom.store.interface import BlindTime
from tests.stories.test_stories import Story, stories
from tests.stories.world import START_UTC_S, World

FIRST_ANSWER_S = 4.0
"""No first answer takes longer here; until it came an endpoint is unknown, which the log tells as up."""


@dataclass
class Witness(World):
    """A world that keeps what a store would: the log, the blind times; and beside them every state."""

    log: list[Entry] = field(default_factory=list)
    blind: list[BlindTime] = field(default_factory=list)
    states: dict[str, list[EndpointState]] = field(default_factory=dict)
    chain: Chain = field(default_factory=Chain)

    def _tell(self, effects: Effects, now_s: float) -> None:
        super()._tell(effects, now_s)
        self.log += [self.chain.append(draft) for draft in effects.entries]
        self.blind += effects.blind
        for endpoint_id, state in effects.states.items():
            self.states.setdefault(endpoint_id, []).append(state)


def played(story: Story) -> tuple[Witness, float]:
    """Play a story to its end, and return what was kept and when it ended."""
    site = story.site()
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    monitor.set_local(frozenset(story.local))
    monitor.set_beyond(dict.fromkeys(story.beyond, 4))
    world = Witness(monitor, story.letters, acts=story.acts, restarts_s=story.restarts_s, site=site)
    seconds = max(len(text.replace(" ", "")) for text in story.letters.values())
    world.run(seconds)
    still = world.monitor.blind_now(START_UTC_S + seconds)
    world.blind += [] if still is None else [still]
    return world, START_UTC_S + seconds


def lived(states: list[EndpointState], blind: list[BlindTime], end_s: float) -> Availability:
    """Sum up states as they followed each other; each counts from the one before it at the earliest."""
    spans: list[TimeSpan] = []
    since_s = START_UTC_S
    for state, following in pairwise([*states, None]):
        assert state is not None
        since_s = max(since_s, state.since_utc_s)
        until_s = end_s if following is None else max(since_s, following.since_utc_s)
        spans.append(TimeSpan(spent_in(state.condition), since_s, until_s))
    dark = [TimeSpan(Spent.BLIND, each.from_utc_s, each.until_utc_s) for each in blind]
    return availability_of(with_blind(spans, dark), START_UTC_S, end_s)


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_the_log_tells_what_was(story: Story) -> None:
    """Outages, and the time down, degraded, blind and up; up within a first answer or two."""
    world, end_s = played(story)
    for endpoint_id, states in world.states.items():
        spans = condition_spans(world.log, world.blind, endpoint_id, states[-1], START_UTC_S, end_s)
        found, was = availability_of(spans, START_UTC_S, end_s), lived(states, world.blind, end_s)
        for spent in (Spent.DOWN, Spent.DEGRADED, Spent.BLIND):
            assert found.time_s(spent) == pytest.approx(was.time_s(spent), abs=1e-5), (endpoint_id, spent)
        assert found.outages == was.outages
        began_anew = 1 + len(world.blind)
        assert was.time_s(Spent.UP) <= found.time_s(Spent.UP) + 1e-5
        assert found.time_s(Spent.UP) <= was.time_s(Spent.UP) + began_anew * FIRST_ANSWER_S
        assert all(each.until_utc_s <= end_s for each in spans)
