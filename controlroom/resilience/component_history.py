"""What happened to each component by itself: how long it was watched, how often it failed and how long.

Out of the spans of endpoints it tells what was an endpoint's own failure and what was a shared one. It reads
no store.

Rules:
1. Only what was measured counts: blind and unknown time and maintenance are neither watched nor failed.
2. While something that an endpoint stands behind is down, its time is nobody's: it was not seen.
3. While all watched members of a risk group are down, at least two, the time is the group's and none of
   theirs: of several such groups that of which most members were watched, then the largest, then the first.
4. A group is watched while at least two of its members are.
5. A failure is one that was seen to begin, after working time. A repair is one that was seen to end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from controlroom.measure.availability import WORKING, Availability, Spent, TimeSpan, availability_of
from controlroom.resilience.component import group_component
from controlroom.site.behind import alternatives
from controlroom.site.view import SiteView

LEAST_MEMBERS: Final = 2
"""One member that is down says nothing of what it shares with others."""

NOBODYS: Final = Spent.UNKNOWN


@dataclass(frozen=True, slots=True)
class ComponentHistory:
    """One component's own time; ``repairs`` ended, ``failures`` began, and neither need be as many."""

    component: str
    up_s: float = 0.0
    down_s: float = 0.0
    failures: int = 0
    repairs: int = 0

    @property
    def watched_s(self) -> float:
        """How long it was seen, working or failed."""
        return self.up_s + self.down_s


class _Edge(NamedTuple):
    at_utc_s: float
    endpoint_id: str
    spent: Spent


def component_histories(
    view: SiteView, spans: Mapping[str, Sequence[TimeSpan]]
) -> Mapping[str, ComponentHistory]:
    """Tell the history of every endpoint and risk group of a site from the spans of its endpoints."""
    told = _Attribution(view)
    for edge in _edges(view, spans):
        told.move(edge)
    return told.histories()


def _edges(view: SiteView, spans: Mapping[str, Sequence[TimeSpan]]) -> list[_Edge]:
    """Return every change of every endpoint; a gap between its spans is nobody's time."""
    edges: list[_Edge] = []
    for endpoint in view.endpoints:
        until_utc_s: float | None = None
        for span in spans.get(endpoint.id, ()):
            if until_utc_s is not None and span.since_utc_s > until_utc_s:
                edges.append(_Edge(until_utc_s, endpoint.id, NOBODYS))
            edges.append(_Edge(span.since_utc_s, endpoint.id, span.spent))
            until_utc_s = span.until_utc_s
        if until_utc_s is not None:
            edges.append(_Edge(until_utc_s, endpoint.id, NOBODYS))
    return sorted(edges, key=lambda edge: edge.at_utc_s)


class _Attribution:
    """Goes through the changes in order of time, and keeps whose the time since then is.

    Of each group it counts the members that are watched and those that work, so that a change costs what it
    bears on and not the size of the site.
    """

    def __init__(self, view: SiteView) -> None:
        self._spent: dict[str, Spent] = {each.id: NOBODYS for each in view.endpoints}
        self._seen = dict(self._spent)
        self._behind = {
            each.id: [alternatives(entry) for entry in each.behind] for each in view.endpoints if each.behind
        }
        self._members = {group.id: group.members for group in view.risk_groups}
        self._places = {group: place for place, group in enumerate(self._members)}
        self._watched = dict.fromkeys(self._members, 0)
        self._working = dict.fromkeys(self._members, 0)
        self._lost = dict.fromkeys(self._members, 0)
        self._groups: dict[str, list[str]] = {}
        for group in view.risk_groups:
            for member in group.members:
                self._groups.setdefault(member, []).append(group.id)
        self._touched = _dependents(self._behind)
        self._open: dict[str, tuple[Spent, float]] = {}
        self._told: dict[str, list[TimeSpan]] = {}

    def move(self, edge: _Edge) -> None:
        """Take one change."""
        self._spent[edge.endpoint_id] = edge.spent
        touched = (edge.endpoint_id, *self._touched.get(edge.endpoint_id, ()))
        endpoints = {each for each in touched if self._sees(each)}
        groups = {group for each in endpoints for group in self._groups.get(each, ())}
        for group in groups:
            lost = self._lost_members(group)
            if lost != self._lost[group]:
                self._lost[group] = lost
                endpoints.update(self._members[group])
        groups.update(group for each in endpoints for group in self._groups.get(each, ()))
        for each in endpoints:
            self._tell(each, self._own(each), edge.at_utc_s)
        for group in groups:
            self._tell(group_component(group), self._of_group(group), edge.at_utc_s)

    def histories(self) -> Mapping[str, ComponentHistory]:
        """Sum up."""
        names = [*self._spent, *map(group_component, self._members)]
        return {name: _summed(name, self._told.get(name, ())) for name in names}

    def _sees(self, endpoint_id: str) -> bool:
        """Take in how an endpoint's time is spent, by rule 2, and return whether that changed."""
        before, now = self._seen.get(endpoint_id, NOBODYS), self._spent.get(endpoint_id, NOBODYS)
        if endpoint_id in self._behind and now in _MEASURED and self._blocked(endpoint_id, set()):
            now = NOBODYS
        self._seen[endpoint_id] = now
        for group in self._groups.get(endpoint_id, ()):
            self._watched[group] += (now in _MEASURED) - (before in _MEASURED)
            self._working[group] += (now in WORKING) - (before in WORKING)
        return now is not before

    def _blocked(self, endpoint_id: str, asked: set[str]) -> bool:
        if endpoint_id in asked:
            return False
        asked = {*asked, endpoint_id}
        return any(
            all(self._spent.get(each) is Spent.DOWN or self._blocked(each, asked) for each in entry)
            for entry in self._behind.get(endpoint_id, ())
        )

    def _lost_members(self, group: str) -> int:
        """Return how many members a group has lost where it has lost all watched ones, else 0."""
        watched = self._watched[group]
        return watched if watched >= LEAST_MEMBERS and not self._working[group] else 0

    def _charge(self, endpoint_id: str) -> str | None:
        """Return the group that the down time of an endpoint is charged to, ``None`` for none (rule 3)."""
        lost = [group for group in self._groups.get(endpoint_id, ()) if self._lost[group]]
        if not lost or self._seen.get(endpoint_id) is not Spent.DOWN:
            return None
        return max(lost, key=lambda each: (self._lost[each], len(self._members[each]), -self._places[each]))

    def _own(self, endpoint_id: str) -> Spent:
        charged = self._charge(endpoint_id) is not None
        return NOBODYS if charged else self._seen.get(endpoint_id, NOBODYS)

    def _of_group(self, group: str) -> Spent:
        if self._watched[group] < LEAST_MEMBERS:
            return NOBODYS
        if self._working[group]:
            return Spent.UP
        charged = (self._charge(member) == group for member in self._members[group])
        return Spent.DOWN if any(charged) else NOBODYS

    def _tell(self, component: str, spent: Spent, at_utc_s: float) -> None:
        before, since_utc_s = self._open.get(component, (NOBODYS, at_utc_s))
        if before is spent:
            return
        if before in _MEASURED and since_utc_s < at_utc_s:
            self._told.setdefault(component, []).append(TimeSpan(before, since_utc_s, at_utc_s))
        self._open[component] = (spent, at_utc_s)


_MEASURED: Final = WORKING | {Spent.DOWN}


def _dependents(behind: Mapping[str, Sequence[Sequence[str]]]) -> Mapping[str, set[str]]:
    """Return for each endpoint all that stand behind it, directly or through others."""
    direct: dict[str, set[str]] = {}
    for endpoint_id, entries in behind.items():
        for each in {name for entry in entries for name in entry}:
            direct.setdefault(each, set()).add(endpoint_id)
    found: dict[str, set[str]] = {}
    for top in direct:
        reached, waiting = set[str](), [top]
        while waiting:
            fresh = direct.get(waiting.pop(), set()) - reached
            reached |= fresh
            waiting.extend(fresh)
        found[top] = reached
    return found


def _summed(component: str, spans: Sequence[TimeSpan]) -> ComponentHistory:
    """Count by the rules of availability (an outage is down time without working time in between)."""
    if not spans:
        return ComponentHistory(component)
    found = availability_of(spans, spans[0].since_utc_s, spans[-1].until_utc_s)
    return ComponentHistory(
        component,
        up_s=found.time_s(*WORKING),
        down_s=found.time_s(Spent.DOWN),
        failures=_begun(found),
        repairs=found.inner_outages + int(found.worked and found.head_us > 0),
    )


def _begun(found: Availability) -> int:
    """Count the outages that were seen to begin (rule 5)."""
    return found.inner_outages + int(found.worked and found.tail_us > 0)
