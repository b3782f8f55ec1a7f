"""The margins of the demonstration's services over its story: what people see when they watch it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

import pytest

from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import ServiceState, Standing
from controlroom.site.view import view_of
from probes.registry import PROBE_TYPES
from probes.simulated.story import STORY_S, FaultKind, fault_at
from tests.resources.test_demo import PROFILES, SITE, story

LOST = (FaultKind.SILENT, FaultKind.UNREACHABLE)
POOR = (FaultKind.LOSES, FaultKind.SLOWER, FaultKind.FADES)

Seen = Sequence[tuple[int, Mapping[str, Standing]]]


def _observed(at_s: int) -> Observed:
    """What an engine knows at a moment, had it no need to confirm; who flaps is down at its worst."""
    kinds = {}
    for endpoint in SITE.endpoints:
        fault = fault_at(story(endpoint.id), at_s)
        if fault is not None:
            kinds[endpoint.id] = fault.kind
    down = (*LOST, FaultKind.FLAPS)
    return Observed(
        failed=frozenset(one for one, kind in kinds.items() if kind in down),
        poor=frozenset(one for one, kind in kinds.items() if kind in POOR),
        unknown=frozenset(one for one, kind in kinds.items() if kind is FaultKind.REJECTS),
    )


@pytest.fixture(scope="module")
def seen() -> Seen:
    """How all services stand in every second of the story."""
    resilience = Resilience(view_of(SITE, PROBE_TYPES, profiles=PROFILES))
    return [(at_s, resilience.look(_observed(at_s))) for at_s in range(int(STORY_S))]


def _margins(seen: Seen, service_id: str) -> list[tuple[int, int]]:
    """Each margin that a service comes to, with the second in which it does."""
    found: Iterator[tuple[int, int]] = ((at_s, each[service_id].margin.most) for at_s, each in seen)
    return [next(group) for _, group in itertools.groupby(found, key=lambda pair: pair[1])]


def test_emergency_calls_go_through_two_one_and_none_and_back(seen: Seen) -> None:
    """The duct is cut, the other carrier restarts its trunk, both come back: within ten minutes."""
    assert _margins(seen, "call-taking") == [(0, 2), (190, 1), (340, 0), (375, 1), (450, 2)]
    states = {at_s: each["call-taking"].state for at_s, each in seen}
    assert [states[at_s] for at_s in (100, 200, 350, 400, 500)] == [
        ServiceState.WORKING,
        ServiceState.AT_RISK,
        ServiceState.LOST,
        ServiceState.AT_RISK,
        ServiceState.WORKING,
    ]


def test_that_the_duct_matters_is_told_before_it_is_cut(seen: Seen) -> None:
    """It counts as one failure, and with another one loses three services; afterwards one is enough."""
    before, after = seen[60][1], seen[200][1]
    for service_id in ("call-taking", "mutual-aid", "coast"):
        pairs = [set(found) for found in before[service_id].next_to_fail.sets]
        assert any("group:duct-mill-lane" in found for found in pairs), service_id
        assert (before[service_id].margin.most, after[service_id].margin.most) == (2, 1), service_id
        assert after[service_id].state is ServiceState.AT_RISK
    assert ("group:carrier-albion",) in after["call-taking"].next_to_fail.sets
    assert ("group:carrier-albion",) in after["mutual-aid"].next_to_fail.sets


def test_it_begins_quietly_and_ends_as_it_began(seen: Seen) -> None:
    """Every service works, most of them two failures from loss; what is not is so by its structure."""
    first = seen[0][1]
    assert {found.state for found in first.values()} == {ServiceState.WORKING}
    assert len(first) >= 12
    assert sum(found.margin.most >= 2 for found in first.values()) >= 7
    for service_id, found in first.items():
        assert (found.margin.most == 1) == bool(found.single), service_id
        assert seen[-1][1][service_id] == found
    quiet_until = next(at_s for at_s, each in seen if each != first)
    assert 80 <= quiet_until <= 90


def test_quality_alone_is_lost_in_the_story_too(seen: Seen) -> None:
    """The incident system answers slowly in the one region that is left: it works, and not well enough."""
    found = seen[300][1]["incident-system"]
    assert (found.state, found.margin.most, found.quality_lost) == (ServiceState.DEGRADED, 1, True)


def test_only_what_the_story_tells_is_lost(seen: Seen) -> None:
    """No other service comes to a margin of none, at any moment."""
    assert {one for _, each in seen for one, found in each.items() if found.margin.most == 0} == {
        "call-taking"
    }
