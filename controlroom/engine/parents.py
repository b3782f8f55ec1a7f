"""Who waits for what it stands behind, and who cannot be reached because of it. It asks nothing itself.

Rules:
1. Silent is who is down by its own probes, until it answers. That it cannot be asked changes nothing.
2. Before a silent endpoint is called down, what it stands behind has answered a question sent since, or is
   silent as well. An answer ends the wait at once; it ends after ``WAIT_S`` in any case.
3. Who stands behind the silent is unreachable, by the loss that explains it (``reachability.py``).
4. When that explains it no longer, nothing that was learnt of its silence counts: it is asked afresh, and
   stays unreachable until its answers or its fresh losses decide.
5. Those whom another's fall or return concerns are looked at again a few at a time: two thousand at once
   would hold up the beat.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Final

from controlroom.condition.cause_code import BEHIND, behind_of
from controlroom.condition.endpoint import Combined
from controlroom.condition.reachability import Reachability
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker
from controlroom.engine.asking_again import AskingAgain
from controlroom.engine.effects import Effects
from controlroom.engine.watched import Watched
from controlroom.site.behind import requirements
from controlroom.site.model import Endpoint

WAIT_S: Final = 10.0
"""How long the confirmation of what it stands behind may hold back an endpoint's fault (rule 2)."""

MOST_AT_ONCE: Final = 100
"""So many are looked at again in one look (rule 5)."""

MOST_WAITING: Final = 20
"""So many of them because they wait, in turn."""

_SILENT: Final = frozenset({Condition.DOWN, Condition.UNREACHABLE})


class Parents:
    """The silent endpoints, those that wait, and those to be looked at again."""

    def __init__(
        self,
        watched: Watched,
        asking: AskingAgain,
        endpoints: Iterable[Endpoint],
        states: Iterable[EndpointState],
    ) -> None:
        """Go on with those that an earlier engine found to be silent."""
        self._watched = watched
        self._asking = asking
        self.graph = Reachability(requirements(endpoints))
        self._silent = {each.endpoint_id: each.since_utc_s for each in states if each.condition in _SILENT}
        self._waiting: dict[str, float] = {}
        self._afresh: set[str] = set()
        self._again: deque[str] = deque()
        self._queued: set[str] = set()

    def adopt(self, endpoints: Iterable[Endpoint]) -> None:
        """Go on with a changed site; who stands behind something else now is looked at again."""
        before, self.graph = self.graph, Reachability(requirements(endpoints))
        known = self._watched.trackers
        self._silent = {one: since_s for one, since_s in self._silent.items() if one in known}
        self._waiting = {one: since_s for one, since_s in self._waiting.items() if one in known}
        self._afresh &= known.keys()
        changed = (one for one in known if before.stands_behind(one) != self.graph.stands_behind(one))
        self._look_again(one for each in changed for one in (each, *self.graph.all_behind(each)))

    def clock_stepped(self, step_s: float) -> None:
        """Tell by the clock as it is now when endpoints fell."""
        self._silent = {one: since_s + step_s for one, since_s in self._silent.items()}

    def cut_off(self) -> None:
        """Forget who is silent: we cannot reach anything ourselves."""
        self._silent.clear()
        self._waiting.clear()
        self._afresh.clear()

    # -- judging ----------------------------------------------------------------------------------

    def judge(
        self,
        tracker: EndpointTracker,
        combined: Combined,
        now_s: float,
        now_utc_s: float,
        effects: Effects,
    ) -> Combined | None:
        """Return what an endpoint is found to be, or ``None`` while it waits (rules 2 to 4)."""
        endpoint_id = tracker.endpoint.id
        if combined.condition is Condition.DOWN:
            if endpoint_id not in self._silent:
                self._silent[endpoint_id] = combined.since_utc_s
                self._look_behind(endpoint_id)
            found = self._of_silent(tracker, combined, now_s)
            if found is combined and tracker.state.condition is Condition.UNREACHABLE:
                return self._told_afresh(tracker, combined, now_s, now_utc_s, effects)
            return found
        self._waiting.pop(endpoint_id, None)
        if combined.condition is Condition.UNKNOWN:
            stays = behind_of(combined.reason) is not None
            return _unreachable(tracker, combined.reason) if stays else combined
        if combined.condition not in _SILENT:
            self._answers(endpoint_id)
        return combined

    def _of_silent(self, tracker: EndpointTracker, combined: Combined, now_s: float) -> Combined | None:
        endpoint_id, told = tracker.endpoint.id, tracker.state.condition
        in_doubt = partial(self._is_in_doubt, tracker.suspicion_arose_s())
        waits = told is not Condition.DOWN and self.graph.in_doubt(endpoint_id, self._silent, in_doubt)
        if waits and now_s - self._waiting.setdefault(endpoint_id, now_s) < WAIT_S:
            return None
        self._waiting.pop(endpoint_id, None)
        if self.graph.is_unreachable(endpoint_id, self._silent):
            self._afresh.discard(endpoint_id)
            cause = self.graph.first_out(endpoint_id, self._silent)
            return Combined(Condition.UNREACHABLE, combined.since_utc_s, f"{BEHIND}{cause}")
        return combined

    def _told_afresh(
        self,
        tracker: EndpointTracker,
        combined: Combined,
        now_s: float,
        now_utc_s: float,
        effects: Effects,
    ) -> Combined:
        """Believe the silence of what was unreachable if it is a fresh one, else ask afresh (rule 4)."""
        endpoint_id = tracker.endpoint.id
        if endpoint_id in self._afresh:
            self._afresh.discard(endpoint_id)
            return combined
        self._afresh.add(endpoint_id)
        tracker.forget(tracker.state.reason, now_s, now_utc_s)
        self._asking.once(tracker, tracker.probes.values(), effects)
        self._silent.pop(endpoint_id, None)
        self._look_behind(endpoint_id)
        return _unreachable(tracker, tracker.state.reason)

    def _answers(self, endpoint_id: str) -> None:
        self._afresh.discard(endpoint_id)
        if self._silent.pop(endpoint_id, None) is not None:
            self._look_behind(endpoint_id)

    def _is_in_doubt(self, arose_s: float, endpoint_id: str) -> bool:
        """Whether somebody may be silent too: asked, and not answered since a suspicion arose (rule 2)."""
        tracker = self._watched.trackers.get(endpoint_id)
        if tracker is None:
            return False
        statuses = [probe.status for probe in tracker.probes.values() if probe.reaches]
        answered = any(status.newest_answer_sent_s >= arose_s for status in statuses)
        return not answered and any(not status.newest_reason for status in statuses)

    # -- looking again ----------------------------------------------------------------------------

    def due(self) -> list[str]:
        """Return who is to be judged again: those that wait, and those whom another's change concerns."""
        found = list(islice(self._waiting, MOST_WAITING))
        for endpoint_id in found:  # who waits longest is looked at first, and then stands last
            self._waiting[endpoint_id] = self._waiting.pop(endpoint_id)
        while self._again and len(found) < MOST_AT_ONCE:
            endpoint_id = self._again.popleft()
            self._queued.discard(endpoint_id)
            found.append(endpoint_id)
        return [endpoint_id for endpoint_id in found if endpoint_id in self._watched.trackers]

    def forget(self, endpoint_id: str) -> None:
        """Drop an endpoint that is watched no longer."""
        self._waiting.pop(endpoint_id, None)
        self._answers(endpoint_id)

    def _look_behind(self, endpoint_id: str) -> None:
        """Look again at those behind an endpoint that fell or returned: the silent are concerned alone."""
        self._look_again(each for each in self.graph.all_behind(endpoint_id) if self._is_concerned(each))

    def _is_concerned(self, endpoint_id: str) -> bool:
        tracker = self._watched.trackers.get(endpoint_id)
        return endpoint_id in self._silent or (
            tracker is not None and tracker.state.condition is Condition.UNREACHABLE
        )

    def _look_again(self, endpoint_ids: Iterable[str]) -> None:
        fresh: Iterator[str] = (each for each in endpoint_ids if each not in self._queued)
        for endpoint_id in fresh:
            self._queued.add(endpoint_id)
            self._again.append(endpoint_id)


def _unreachable(tracker: EndpointTracker, reason: str) -> Combined:
    return Combined(Condition.UNREACHABLE, tracker.state.since_utc_s, reason)
