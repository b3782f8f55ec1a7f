"""Whose route is traced next, within a budget. Pure: it traces nobody and knows no clock.

Rules
1. What an operator asks for goes first, then endpoints that turned bad, then those that are well; of both,
   anchors and the most critical before the others.
2. At most ``MOST_AT_ONCE`` traces are under way, of endpoints that are well at most one, and those begin
   ``WELL_GAP_S`` apart: routers answer few packets a second, and what is traced too often looks lossy.
3. Endpoints that turned bad have a budget, so that two thousand failures do not become two thousand traces.
   Who has not had a turn after ``WAIT_S`` is skipped, and told.
4. One endpoint is traced once at a time; whoever asks meanwhile gets that trace.
"""

from __future__ import annotations

import heapq
from typing import Final, NamedTuple

from controlroom.route.kept import TraceCause

MOST_AT_ONCE: Final = 4
WELL_GAP_S: Final = 2.0
BUDGET: Final = 10
"""Traces of endpoints that turned bad which may begin at once; they come back one by one."""
BACK_EVERY_S: Final = 6.0
WAIT_S: Final = 30.0


class Due(NamedTuple):
    """Whose turn it is, and why."""

    endpoint_id: str
    cause: TraceCause


class TracePlan:
    """Keeps who wants to be traced, and who is."""

    def __init__(self) -> None:
        """Begin with a full budget and nobody waiting."""
        self._asked: dict[str, None] = {}
        self._bad: dict[str, tuple[int, float]] = {}
        self._well_due_s: dict[str, float] = {}
        self._well: list[tuple[float, int, str]] = []
        self._well_now: list[tuple[int, float, str]] = []
        self._under_way: dict[str, TraceCause] = {}
        self._budget = float(BUDGET)
        self._filled_s: float | None = None
        self._next_well_s = float("-inf")
        self._skipped: list[str] = []

    def ask(self, endpoint_id: str) -> None:
        """Have an endpoint traced because an operator asks for it (rules 1 and 4)."""
        if endpoint_id not in self._under_way:
            self._asked[endpoint_id] = None

    def turned_bad(self, endpoint_id: str, urgency: int, now_s: float) -> None:
        """Have an endpoint traced that turned bad; the lowest urgency goes first."""
        self.forget(endpoint_id)
        if endpoint_id not in self._under_way:
            self._bad[endpoint_id] = (urgency, now_s)

    def is_well(self, endpoint_id: str, urgency: int, due_s: float) -> None:
        """Have an endpoint that is well traced at a time, or later; the lowest urgency goes first."""
        self._bad.pop(endpoint_id, None)
        self._well_due_s[endpoint_id] = due_s
        heapq.heappush(self._well, (due_s, urgency, endpoint_id))

    def forget(self, endpoint_id: str) -> None:
        """Trace an endpoint no more of our own accord; what an operator asked for stands."""
        self._bad.pop(endpoint_id, None)
        self._well_due_s.pop(endpoint_id, None)

    def due(self, now_s: float) -> list[Due]:
        """Return who is to be traced from now on; each must be reported back by ``ended``."""
        self._fill(now_s)
        begun: list[Due] = []
        while len(self._under_way) < MOST_AT_ONCE:
            chosen = self._next(now_s)
            if chosen is None:
                break
            self._under_way[chosen.endpoint_id] = chosen.cause
            begun.append(chosen)
        self._skip_late(now_s)
        return begun

    def ended(self, endpoint_id: str) -> None:
        """Take it that a trace is over."""
        self._under_way.pop(endpoint_id, None)

    def skipped(self) -> list[str]:
        """Return the endpoints that were skipped since the last call, once nobody waits for the budget."""
        if self._bad:
            return []
        skipped, self._skipped = self._skipped, []
        return skipped

    def _next(self, now_s: float) -> Due | None:
        if self._asked:
            endpoint_id = next(iter(self._asked))
            del self._asked[endpoint_id]
            self._bad.pop(endpoint_id, None)
            return Due(endpoint_id, TraceCause.OPERATOR)
        if self._bad and self._budget >= 1:
            endpoint_id = min(self._bad, key=lambda waiting: self._bad[waiting])
            del self._bad[endpoint_id]
            self._budget -= 1
            return Due(endpoint_id, TraceCause.TURNED_BAD)
        return self._next_well(now_s)

    def _next_well(self, now_s: float) -> Due | None:
        if now_s < self._next_well_s or TraceCause.WELL in self._under_way.values():
            return None
        while self._well and self._well[0][0] <= now_s:
            due_s, urgency, endpoint_id = heapq.heappop(self._well)
            heapq.heappush(self._well_now, (urgency, due_s, endpoint_id))
        while self._well_now:
            _urgency, due_s, endpoint_id = heapq.heappop(self._well_now)
            if self._well_due_s.get(endpoint_id) == due_s and endpoint_id not in self._under_way:
                del self._well_due_s[endpoint_id]
                self._next_well_s = now_s + WELL_GAP_S
                return Due(endpoint_id, TraceCause.WELL)
        return None

    def _fill(self, now_s: float) -> None:
        if self._filled_s is not None:
            self._budget = min(float(BUDGET), self._budget + (now_s - self._filled_s) / BACK_EVERY_S)
        self._filled_s = now_s

    def _skip_late(self, now_s: float) -> None:
        while self._bad:  # in the order in which they turned bad, so the first has waited longest
            endpoint_id = next(iter(self._bad))
            if now_s - self._bad[endpoint_id][1] <= WAIT_S:
                return
            del self._bad[endpoint_id]
            self._skipped.append(endpoint_id)
