"""In which condition an endpoint was, from when until when, as log and blind times tell. It sums up nothing.

Rules:
1. An entry of a change tells the condition before it and the one after it, which counts from its
   ``since_utc_s``. The log's order holds, not the clock's: where a clock was set back, a change counts from
   that before it at the earliest.
2. Some changes have no entry of their own (``engine/condition_entry.py``): into *unknown* with our own
   connection, and from there, or from *not measured yet*, into *up*. Where an alarm was raised, its return
   tells that. Otherwise what the next entry, or the state as it is now, says of the time before it holds
   from the end of the newest loss of our connection since the entry before it, or from that entry: early by
   as long as the first answer took. Between several such losses an endpoint that was up is up, any other
   unknown.
3. Blind time counts for every endpoint, also for the few that lie on this side of a lost connection.
4. Before an endpoint was answered first or had an entry, after the engine's last sign of life, and while the
   site did not have it, nothing is known of it. A change of the site names the first twenty endpoints that
   came or went; of others only their own entries tell.
5. Down time that an operator counted as maintenance afterwards is maintenance; the span keeps what it was.
The same entries give the same spans, whoever keeps them: an engine that writes them, or a store years later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.availability import (
    Availability,
    Spent,
    TimeSpan,
    availability_of,
    spent_in,
    with_blind,
)
from controlroom.measure.reclassification import Reclassification, reclassified
from controlroom.reading import SeriesKey
from controlroom.store.interface import BlindTime, Heartbeat, ReadStore, Resolution

TELLING_KINDS: Final = frozenset(
    {
        LogKind.CONDITION_CHANGED,
        LogKind.SITE_CHANGED,
        LogKind.ALARM_RETURNED,
        LogKind.DOWNTIME_RECLASSIFIED,
    }
)
"""The entries that spans are made of."""

_NOT_TOLD: Final = ""


@dataclass(frozen=True, slots=True)
class _Change:
    """One change: from when, the conditions before and after it, and why."""

    since_utc_s: float
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """All that a store tells of conditions, read once for many endpoints."""

    entries: Sequence[Entry]
    heartbeat: Heartbeat | None
    states: Mapping[str, EndpointState]
    blind: Sequence[BlindTime]

    @classmethod
    def of(cls, store: ReadStore) -> ConditionFacts:
        """Read them."""
        heartbeat = store.heartbeat()
        return cls(
            entries=store.entries(kinds=TELLING_KINDS),
            heartbeat=heartbeat,
            states={each.endpoint_id: each for each in store.states()},
            blind=() if heartbeat is None else store.blind_time(0.0, heartbeat.at_utc_s),
        )

    def blind_until(self, until_utc_s: float) -> list[BlindTime]:
        """Return all blind times up to a moment; after the last sign of life nothing was measured either."""
        if self.heartbeat is None or self.heartbeat.at_utc_s >= until_utc_s:
            return [*self.blind]
        return [*self.blind, BlindTime(self.heartbeat.at_utc_s, until_utc_s, "engine_stopped")]


def availability_in(
    store: ReadStore, endpoint_id: str, since_utc_s: float, until_utc_s: float
) -> Availability:
    """Sum up an endpoint's availability over a range from a store."""
    spans = spans_of(store, endpoint_id, since_utc_s, until_utc_s)
    return availability_of(spans, since_utc_s, until_utc_s)


def spans_of(
    store: ReadStore,
    endpoint_id: str,
    since_utc_s: float,
    until_utc_s: float,
    facts: ConditionFacts | None = None,
) -> list[TimeSpan]:
    """Read an endpoint's spans of a range from a store, in order of time and without overlaps."""
    facts = ConditionFacts.of(store) if facts is None else facts
    answered_s = known_from_utc_s(store, endpoint_id, since_utc_s, until_utc_s)
    told_s = min((each.since_utc_s for each in _changes(facts.entries, endpoint_id)), default=None)
    known = [each for each in (answered_s, told_s) if each is not None]
    if not known or facts.heartbeat is None:
        return []
    blind, state = facts.blind_until(until_utc_s), facts.states.get(endpoint_id)
    since_utc_s = max(since_utc_s, min(known))
    return condition_spans(facts.entries, blind, endpoint_id, state, since_utc_s, until_utc_s)


def condition_spans(
    entries: Iterable[Entry],
    blind: Sequence[BlindTime],
    endpoint_id: str,
    state: EndpointState | None,
    since_utc_s: float,
    until_utc_s: float,
) -> list[TimeSpan]:
    """Make an endpoint's spans of a range, from whose beginning on something is known of it.

    ``entries`` and ``blind`` are all that there are, entries in the log's order, whatever the range;
    ``state`` is the state as it is now. Without one the last entry's condition is taken to hold.
    """
    entries = [*entries]
    told = _told(_changes(entries, endpoint_id), blind, state, since_utc_s, until_utc_s)
    dark = (
        TimeSpan(Spent.BLIND, each.from_utc_s, each.until_utc_s, each.cause)
        for each in blind
        if each.from_utc_s < until_utc_s and each.until_utc_s > since_utc_s
    )
    cut = [
        replace(
            each,
            since_utc_s=max(each.since_utc_s, since_utc_s),
            until_utc_s=min(each.until_utc_s, until_utc_s),
        )
        for each in with_blind(told, dark)
    ]
    lasting = [each for each in cut if each.since_utc_s < each.until_utc_s]
    return reclassified(lasting, reclassifications(entries, endpoint_id))


def reclassifications(entries: Iterable[Entry], endpoint_id: str) -> Iterator[Reclassification]:
    """Yield what the log tells of an endpoint's down time that was counted otherwise afterwards."""
    for entry in entries:
        if entry.kind is not LogKind.DOWNTIME_RECLASSIFIED or entry.subject != endpoint_id:
            continue
        since, until = entry.facts.get("from_utc_s"), entry.facts.get("until_utc_s")
        if isinstance(since, int | float) and isinstance(until, int | float):
            why = str(entry.facts.get("note") or "")
            yield Reclassification(endpoint_id, since, until, entry.operator, why, entry.at_utc_s)


def known_from_utc_s(
    store: ReadStore, endpoint_id: str, since_utc_s: float, until_utc_s: float
) -> float | None:
    """Return from when on in a range an endpoint had answered; ``None`` where it never did.

    An answer in the hour before counts. Where readings, or minutes, are no longer kept, it is the end of the
    minute or hour of the first answer: from then on it is certain.
    """
    one_a_probe: dict[str, SeriesKey] = {}
    for series in store.series():
        if series.endpoint_id == endpoint_id:
            one_a_probe.setdefault(series.probe_name, series)
    found_s: float | None = None
    begin_s, end_s = since_utc_s - since_utc_s % Resolution.HOUR, until_utc_s
    for resolution in (Resolution.HOUR, Resolution.MINUTE, Resolution.RAW):
        first_s = _first_answer(store, [*one_a_probe.values()], begin_s, end_s, resolution)
        if first_s is None:
            break
        begin_s, end_s = first_s, min(first_s + resolution, until_utc_s)
        found_s = max(since_utc_s, end_s)
    return None if found_s is None or found_s >= until_utc_s else found_s


def _first_answer(
    store: ReadStore,
    series: Sequence[SeriesKey],
    begin_utc_s: float,
    until_utc_s: float,
    resolution: Resolution,
) -> float | None:
    curves = store.curves(series, begin_utc_s, until_utc_s, resolution).values()
    answered = (curve.at_utc_s[np.isfinite(curve.value)] for curve in curves)
    return min((float(at_utc_s[0]) for at_utc_s in answered if len(at_utc_s)), default=None)


def _changes(entries: Iterable[Entry], endpoint_id: str) -> list[_Change]:
    """Take what the log tells of one endpoint, in its order; none begins before the one before it."""
    found: list[_Change] = []
    for entry in entries:
        change = _change(entry, endpoint_id)
        if change is not None:
            earliest_s = found[-1].since_utc_s if found else change.since_utc_s
            found.append(replace(change, since_utc_s=max(change.since_utc_s, earliest_s)))
    return found


def _change(entry: Entry, endpoint_id: str) -> _Change | None:
    if entry.kind is LogKind.CONDITION_CHANGED and entry.subject == endpoint_id:
        since = entry.facts.get("since_utc_s")
        since_s = float(since) if isinstance(since, int | float) else entry.at_utc_s
        before, after, reason = (str(entry.facts.get(key, "")) for key in ("from", "to", "reason"))
        return _Change(since_s, before, after, reason)
    if entry.kind is LogKind.ALARM_RETURNED and entry.subject == endpoint_id:
        return _Change(entry.at_utc_s, _NOT_TOLD, Condition.UP, "")
    if entry.kind is LogKind.SITE_CHANGED:
        touched = {each for key in ("added_ids", "removed_ids") for each in _ids(entry, key)}
        if endpoint_id in touched:
            return _Change(entry.at_utc_s, _NOT_TOLD, Condition.UNKNOWN, LogKind.SITE_CHANGED)
    return None


def _ids(entry: Entry, key: str) -> list[str]:
    return str(entry.facts.get(key) or "").split(", ")


def _told(
    changes: list[_Change],
    blind: Sequence[BlindTime],
    state: EndpointState | None,
    since_utc_s: float,
    until_utc_s: float,
) -> Iterator[TimeSpan]:
    """Go through the stretches between changes, with those that have no entry (rule 2)."""
    back_s = sorted(each.until_utc_s for each in blind if each.cause == OWN_CONNECTION_LOST)
    begin_s = min([since_utc_s, *(change.since_utc_s for change in changes[:1])])
    end_s = max([until_utc_s, *back_s, *(change.since_utc_s for change in changes[-1:])])
    first = _Change(begin_s, _NOT_TOLD, Condition.UP, "")
    now = _NOT_TOLD if state is None else state.condition
    for change, following in pairwise([first, *changes, _Change(end_s, now, _NOT_TOLD, "")]):
        lost_until_s = [each for each in back_s if change.since_utc_s <= each <= following.since_utc_s]
        if following.before == change.after:
            lost_until_s = []
        elif not lost_until_s and following.before != _NOT_TOLD:
            lost_until_s = [change.since_utc_s]
        last = _until_now(state, lost_until_s, change) if following.after == _NOT_TOLD else lost_until_s
        yield from _stretches(change, following, last)


def _until_now(state: EndpointState | None, turned_s: list[float], change: _Change) -> list[float]:
    """Know better when the last of all changes was: the state has it, but for what is up (rule 2)."""
    if state is None or not turned_s or state.condition is Condition.UP:
        return turned_s
    return [*turned_s[:-1], max(change.since_utc_s, state.since_utc_s)]


def _stretches(change: _Change, following: _Change, turned_s: Sequence[float]) -> Iterator[TimeSpan]:
    """Divide the time between two changes where it turned without an entry."""
    between = change.after if change.after == Condition.UP else Condition.UNKNOWN
    conditions = [change.after, *[between] * len(turned_s)]
    if turned_s and following.before != _NOT_TOLD:
        conditions[-1] = following.before
    edges = [change.since_utc_s, *turned_s, following.since_utc_s]
    for condition, (begin_s, end_s) in zip(conditions, pairwise(edges), strict=True):
        yield TimeSpan(spent_in(condition), begin_s, end_s, change.reason if begin_s == edges[0] else "")
