"""Replays the readings of one endpoint through what judges live. No clock, no I/O; it asks nothing.

Rules:
1. Readings come in the order of their sending. What follows from each comes when it came live: a reply after
   its round trip, a loss at its deadline, and before that as overdue (``overdue.py``); re-probes are those
   that were sent then. So an outage is certain as soon as the readings that are there allow.
2. The endpoint is judged alone and counts as this very machine's, so that nobody else need vouch for our own
   connection. What was not ours to judge is marked ``blind`` already; after such a time nothing counts that
   was learnt of silence before, as live.
3. Every change of the link is told, none held back; nothing is learnt while the endpoint is down.
4. Durations come from the times of sending. A time that steps back, or repeats, lets no time pass.
5. A replay sees nothing ahead: what it finds by a row is the same whatever rows follow.
6. Time in which nothing was recorded, more than ``GAP_PERIODS`` periods, counts as blind.
7. Grades are looked at while there are readings, at the moments at which they are looked at live: each minute
   and at once after what they may follow (``assessing_turns.py``).
8. Where a reply may take longer than the period, rows are judged in the order of their sending, each once it
   and all before it are settled: else an answer from before a silence would end it.
9. No condition counts from before the one that it ends, also where times step back.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.engine.assessing import WINDOW, Assessing
from controlroom.engine.assessing_turns import EVERY_S
from controlroom.engine.effects import Effects
from controlroom.engine.link_changes import LinkChanges
from controlroom.engine.monitor import HOLD_S, Monitor
from controlroom.engine.overdue import Overdue
from controlroom.engine.patience import reprobe_patience_s
from controlroom.engine.replay_clock import ReplayClock
from controlroom.engine.replay_spans import ReplaySpans
from controlroom.engine.replay_wishes import ReplayWishes
from controlroom.engine.time_watch import STEP_S
from controlroom.finding import Doubt
from controlroom.logbook.entry import Draft, LogKind
from controlroom.measure.asked import RTT_S
from controlroom.measure.availability import TimeSpan
from controlroom.probe import ProbeTypes
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling
from controlroom.report.replayed import Alarms, FoundChange, Moment, Replayed, ToldEntry
from controlroom.site.limit_doubts import limit_doubts
from controlroom.site.model import OwnConnectivity, Site
from controlroom.site.profile import Profiles
from controlroom.site.view import SiteView, view_of

GAP_PERIODS: Final = 2.5
_TICK_S: Final = 0.05
_QUIET_S: Final = WINDOW + EVERY_S


class Replay:
    """The replay of one endpoint, from its first reading to its last."""

    def __init__(
        self,
        site: Site,
        view: SiteView,
        reaches: Mapping[str, bool],
        began_utc_s: float,
        deadlines_s: Mapping[str, float] | None = None,
    ) -> None:
        """Replay the one endpoint of a site from its first row on; ``reaches`` is told per probe type.

        ``deadlines_s`` are, by the names of probes, those after which a reply counts as lost, where they are
        shorter than what was waited for.
        """
        (endpoint,) = site.endpoints
        self._endpoint_id, self._view = endpoint.id, view
        self._deadlines_s = deadlines_s or {}
        self._changes = LinkChanges(view, false_call_days=site.changes.false_call_days)
        self._assessing = Assessing(view, began_utc_s, self._changes)
        self._clock = ReplayClock(began_utc_s)
        self._overdue = Overdue()
        self._wishes = ReplayWishes()
        self._answers: list[tuple[float, int, Reading]] = []
        self._patience_s: list[float] = []
        self._settled_s: dict[ProbeKey, float] = {}
        self._late = 0
        self._counts_from_s = began_utc_s
        self._tick_s, self._ticks_until_s, self._look_s = math.inf, 0.0, math.inf
        self._rows, self._row, self._probe_name, self._blind = 0, 0, "", False
        periods_s = [probe.period_s for probe in endpoint.probes]
        self._spans = ReplaySpans(began_utc_s, GAP_PERIODS * min(periods_s, default=1.0))
        self._found: list[FoundChange] = []
        self._conditions: list[ToldEntry] = []
        self._grades: list[ToldEntry] = []
        self._alarms = Alarms()
        self._monitor = Monitor(site, reaches, began_utc_s)
        self._monitor.set_local(frozenset({endpoint.id}))
        self._bring_about(self._monitor.begin(began_utc_s), 0.0)

    def take(self, reading: Reading, row: int) -> None:
        """Take the next row, by its number; the reading's monotonic time is not looked at."""
        sent_s = self._clock.ahead(reading.sent_utc_s)
        self._advance(sent_s)
        stepped_s = reading.sent_utc_s - self._clock.utc_s(sent_s)
        self._clock.set(sent_s, reading.sent_utc_s)
        if stepped_s < -STEP_S:
            self._assessing.clock_stepped(stepped_s, reading.sent_utc_s)
        self._plan_look(sent_s)
        self._spans.asked(reading.sent_utc_s)
        self._rows, self._row = self._rows + 1, row
        self._probe_name = reading.probe.probe_name
        self._send(self._in_time(replace(reading, sent_monotonic_s=sent_s)))

    def end(self, blind: Iterable[TimeSpan] = ()) -> Replayed:
        """Let what is under way come to its end, and return what was found.

        ``blind`` are spans in which nothing could be measured, for the availability.
        """
        last_s = max((at_s for at_s, _, _ in self._answers), default=self._clock.sent_s)
        self._advance(last_s + HOLD_S + 2 * _TICK_S)
        return Replayed(
            self._endpoint_id,
            self._view,
            self._rows,
            self._spans.since_utc_s,
            self._spans.until_utc_s,
            self._found,
            self._conditions,
            self._alarms.all,
            self._grades,
            self._spans.availability(blind),
            self._changes.learning(self._endpoint_id),
            min(self._deadlines_s.values(), default=None),
            self._late,
        )

    # -- time -------------------------------------------------------------------------------------

    def _advance(self, until_s: float) -> None:
        """Let everything happen that was due by a moment, in order (rule 1)."""
        while True:
            answer_s = self._answers[0][0] if self._answers else math.inf
            patience_s = self._patience_s[0] if self._patience_s else math.inf
            now_s = min(answer_s, patience_s, self._tick_s, self._look_s)
            if now_s > until_s:
                return
            if now_s == answer_s:
                self._answered(heapq.heappop(self._answers)[2], now_s)
            elif now_s == patience_s:
                self._lose_patience(now_s)
            elif now_s == self._tick_s:
                self._tick(now_s)
            else:
                self._look(now_s)

    def _lose_patience(self, now_s: float) -> None:
        heapq.heappop(self._patience_s)
        for lost in self._overdue.due(now_s, self._clock.utc_s(now_s)):
            self._judge(lost, now_s)

    def _tick(self, now_s: float) -> None:
        """Look again at what is held back, which is not for longer than ``HOLD_S``."""
        self._tick_s = now_s + _TICK_S if now_s < self._ticks_until_s else math.inf
        self._bring_about(self._monitor.tick(now_s, self._clock.utc_s(now_s)), now_s)

    def _look(self, now_s: float) -> None:
        self._bring_about(self._assessing.look(self._clock.utc_s(now_s)), now_s)

    def _plan_look(self, now_s: float) -> None:
        """Plan the next look; where nothing comes for long, the looks wait for the next row (rule 7)."""
        look_s = max(now_s, self._clock.at_s(self._assessing.due_utc_s))
        self._look_s = look_s if look_s <= self._clock.sent_s + _QUIET_S else math.inf

    # -- readings ---------------------------------------------------------------------------------

    def _in_time(self, reading: Reading) -> Reading:
        """Take a reply for lost that would have come too late by a shorter deadline."""
        deadline_s = self._deadlines_s.get(reading.probe.probe_name)
        if deadline_s is None or reading.outcome is not Outcome.REPLIED:
            return reading
        if reading.values.get(RTT_S, 0.0) <= deadline_s:
            return reading
        self._late += 1
        return replace(reading, outcome=Outcome.NO_REPLY, reason=Reason.DEADLINE, values={})

    def _send(self, reading: Reading) -> None:
        """Have a question leave, and its answer come when it came."""
        key, sent_s = reading.probe, reading.sent_monotonic_s
        probe = self._monitor.trackers[self._endpoint_id].probes.get(key.probe_name)
        if probe is None:
            return  # the site has it no longer
        self._wishes.leave(sent_s)
        wish = None if reading.beat else self._wishes.sent(key, sent_s)
        timeout_s = probe.probe.timeout_s if wish is None else wish.timeout_s
        overlaps = reading.beat and timeout_s > probe.probe.period_s
        if overlaps:
            patience_s = None
        elif reading.beat:
            patience_s = self._monitor.patience_s(key)
        else:
            patience_s = reprobe_patience_s(probe) if wish is None else wish.patience_s
        if patience_s is not None and reading.reason is not Reason.BLIND:
            self._overdue.sent(key, sent_s, patience_s, beat=reading.beat)
            heapq.heappush(self._patience_s, sent_s + patience_s)
        settled_s = sent_s + _takes_s(reading, timeout_s)
        if overlaps:
            settled_s = self._settled_s[key] = max(settled_s, self._settled_s.get(key, 0.0))
        heapq.heappush(self._answers, (settled_s, self._rows, reading))

    def _answered(self, reading: Reading, now_s: float) -> None:
        first = self._overdue.closed(reading)
        if reading.beat and not first:
            reading = replace(reading, telling=Telling.AGAIN)
        self._see_again(reading)
        reading = self._monitor.believed(reading)
        self._assessing.take(reading)
        condition = self._monitor.trackers[self._endpoint_id].state.condition
        for detection in self._changes.find(reading, condition):
            moment = Moment(self._row, detection.at_s, reading.probe.probe_name)
            self._found.append(FoundChange(moment, detection))
        if first or reading.beat:
            self._judge(reading, now_s)
        self._plan_look(now_s)

    def _see_again(self, reading: Reading) -> None:
        """Forget what was learnt of silence before a blind time, once that is over (rule 2)."""
        if reading.reason is Reason.BLIND:
            self._blind = True
        elif self._blind and reading.outcome is not Outcome.NOT_RUN:
            self._blind = False
            tracker = self._monitor.trackers[self._endpoint_id]
            tracker.forget(OWN_CONNECTION_LOST, reading.sent_monotonic_s, reading.sent_utc_s)

    def _judge(self, reading: Reading, now_s: float) -> None:
        self._probe_name = reading.probe.probe_name
        self._bring_about(self._monitor.handle(reading, now_s, self._clock.utc_s(now_s)), now_s)
        if self._monitor.trackers[self._endpoint_id].state.suspected is not None:
            self._ticks_until_s = now_s + HOLD_S + _TICK_S
            self._tick_s = min(self._tick_s, now_s + _TICK_S)

    def _bring_about(self, effects: Effects, now_s: float) -> None:
        for wish in effects.reprobes:
            self._wishes.wish(wish, now_s)
        self._assessing.saw(effects.states.values())
        for state in effects.states.values():
            self._spans.turned(state)
        for entry in effects.entries:
            moment = Moment(self._row, entry.at_utc_s, self._probe_name)
            if entry.kind is LogKind.CONDITION_CHANGED:
                self._conditions.append(ToldEntry(moment, self._in_order(entry)))
            elif entry.kind is LogKind.GRADE_CHANGED:
                self._grades.append(ToldEntry(moment, entry))
            else:
                self._alarms.take(entry, effects.alarms, moment)
        self._plan_look(now_s)

    def _in_order(self, entry: Draft) -> Draft:
        """Let a condition count from no earlier than the one that it ends (rule 9)."""
        since = entry.facts["since_utc_s"]
        if isinstance(since, int | float):
            self._counts_from_s = max(self._counts_from_s, since)
        return replace(entry, facts={**entry.facts, "since_utc_s": self._counts_from_s})


def alone(site: Site, endpoint_id: str) -> Site:
    """Return a site of one endpoint alone, to be judged by itself (rule 2)."""
    endpoints = tuple(endpoint for endpoint in site.endpoints if endpoint.id == endpoint_id)
    nobody = OwnConnectivity()
    return site.model_copy(update={"endpoints": endpoints, "services": (), "own_connectivity": nobody})


@dataclass(frozen=True, slots=True)
class Judging:
    """By what is judged; ``deadline_s`` is a deadline shorter than what was waited for, if there is one."""

    probe_types: ProbeTypes
    profiles: Profiles
    deadline_s: float | None = None


def replay(
    site: Site,
    endpoint_id: str,
    judging: Judging,
    rows: Iterable[tuple[int, Reading]],
    blind: Iterable[TimeSpan] = (),
) -> Replayed:
    """Replay the rows of one endpoint of a site, each with its number, in order of their sending."""
    one = alone(site, endpoint_id)
    view = view_of(one, judging.probe_types, profiles=judging.profiles)
    rows = iter(rows)
    first = next(rows, None)
    doubts = _doubts_of(one, judging.probe_types)
    if first is None:
        return Replayed(endpoint_id, view, doubts=doubts)
    shorter_s = judging.deadline_s
    deadlines_s = {} if shorter_s is None else {each.name: shorter_s for each in one.endpoints[0].probes}
    reaches = {name: probe_type.reaches for name, probe_type in judging.probe_types.items()}
    replaying = Replay(one, view, reaches, first[1].sent_utc_s, deadlines_s)
    for row, reading in chain((first,), rows):
        replaying.take(reading, row)
    return replace(replaying.end(blind), doubts=doubts)


def _doubts_of(site: Site, probe_types: ProbeTypes) -> tuple[Doubt, ...]:
    """Return what is amiss with the limits by which is judged, each thing once."""
    probes = [probe for endpoint in site.endpoints for probe in endpoint.probes]
    found = (doubt for probe in probes for doubt in limit_doubts(probe, probe_types[probe.type]))
    return tuple(dict.fromkeys(found))


def _takes_s(reading: Reading, timeout_s: float) -> float:
    """Return after how long a reading was here: a word of refusal, and what was not asked, at once."""
    if reading.outcome is Outcome.NO_REPLY:
        return timeout_s
    return reading.values.get(RTT_S, 0.0) if reading.outcome is Outcome.REPLIED else 0.0
