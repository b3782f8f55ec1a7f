"""Whether an endpoint falls and returns so often that it is unstable. It reads no clock and keeps no alarm.

Rules:
1. A fall is a change to a worse certain condition: from up to degraded or down, from degraded to down. What
   is unknown or unreachable is passed over: it says nothing of the endpoint itself.
2. By time: so many falls within so many seconds make it unstable, however often it is asked. So many seconds
   without any change end it, whatever the condition then is.
3. The classic weighting, as an option: of 21 states, one a period, the 20 changes between them weigh 0.75 for
   the oldest to 1.25 for the newest; unstable at 30 % of what is possible, and no longer at 20 %. It counts
   states and not time, so that the same trouble is told sooner where an endpoint is asked more often.
4. The falls are counted from the first of those that made it unstable.
5. A fall that lasts longer than ``LASTS_S`` is one to be told for itself: what is really down does not hide
   as unstable.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from controlroom.condition.state import Condition
from controlroom.site.alarm_settings import FlappingSettings, Weighting

CLASSIC_STATES: Final = 21
"""So many states are looked at, with one change less between them."""

CLASSIC_RAISE_PERCENT: Final = 30.0
CLASSIC_CLEAR_PERCENT: Final = 20.0

LASTS_S: Final = 60.0
"""A fall that lasts longer is told for itself (rule 5)."""

_OLDEST_WEIGHT: Final = 0.75
_NEWEST_WEIGHT: Final = 1.25
_MOST_CHANGES: Final = 1000

_BADNESS: Final = {Condition.UP: 0, Condition.DEGRADED: 1, Condition.DOWN: 2}


def classic_percent(states: Sequence[object]) -> float:
    """Weigh the changes between the newest 21 states, the oldest first; fewer count as having been alike."""
    kept = list(states[-CLASSIC_STATES:])
    kept = [kept[0]] * (CLASSIC_STATES - len(kept)) + kept if kept else []
    step = (_NEWEST_WEIGHT - _OLDEST_WEIGHT) / (CLASSIC_STATES - 2)
    weights = (
        _OLDEST_WEIGHT + place * step
        for place, (before, after) in enumerate(pairwise(kept))
        if before != after
    )
    return 100.0 * sum(weights) / (CLASSIC_STATES - 1)


@dataclass(frozen=True, slots=True)
class _Change:
    at_s: float
    condition: Condition


class Flapping:
    """The changes of one endpoint. All times are monotonic seconds."""

    def __init__(self, settings: FlappingSettings, period_s: float, condition: Condition) -> None:
        """Begin in calm. ``period_s`` is how often the endpoint is asked (rule 3)."""
        self._settings = settings
        self._period_s = period_s
        self._changes: deque[_Change] = deque(maxlen=_MOST_CHANGES)
        self._falls_s: deque[float] = deque(maxlen=_MOST_CHANGES)
        self._first = self._condition = condition if condition in _BADNESS else Condition.UP
        self._changed_s = 0.0
        self.unstable = False
        self.falls = 0
        """How many falls are counted while it is unstable (rule 4)."""

    def go_on(self, falls: int, at_s: float) -> None:
        """Hold it unstable as it was before a restart; calm counts from now."""
        self.unstable, self.falls, self._changed_s = True, falls, at_s

    def take(self, condition: Condition, at_s: float) -> None:
        """Take the condition that an endpoint has since this time (rule 1)."""
        if condition not in _BADNESS or condition is self._condition:
            return
        fell = _BADNESS[condition] > _BADNESS[self._condition]
        self._condition, self._changed_s = condition, at_s
        self._changes.append(_Change(at_s, condition))
        if fell:
            self._falls_s.append(at_s)
            self.falls += self.unstable
        if not self.unstable and self._begins(at_s):
            self.unstable, self.falls = True, len(self._falls_s)

    def look(self, now_s: float) -> None:
        """Find out whether it is calm by now (rules 2 and 3)."""
        self._forget(now_s)
        if self.unstable and self._ends(now_s):
            self.unstable, self.falls = False, 0
            self._falls_s.clear()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing left to remember."""
        return not (self.unstable or self._changes or self._falls_s)

    def percent(self, now_s: float) -> float:
        """Weigh what it was like once a period up to now (rule 3)."""
        states = []
        for place in range(CLASSIC_STATES):
            at_s = now_s - (CLASSIC_STATES - 1 - place) * self._period_s
            known = (change.condition for change in reversed(self._changes) if change.at_s <= at_s)
            states.append(next(known, self._first))
        return classic_percent(states)

    def _begins(self, now_s: float) -> bool:
        if self._settings.weighting is Weighting.CLASSIC:
            return self.percent(now_s) >= CLASSIC_RAISE_PERCENT
        self._forget(now_s)
        return len(self._falls_s) >= self._settings.falls

    def _ends(self, now_s: float) -> bool:
        if self._settings.weighting is Weighting.CLASSIC:
            return self.percent(now_s) <= CLASSIC_CLEAR_PERCENT
        return now_s - self._changed_s >= self._settings.calm_s

    def _forget(self, now_s: float) -> None:
        """Forget what is too old to count."""
        classic = self._settings.weighting is Weighting.CLASSIC
        oldest_s = now_s - (CLASSIC_STATES * self._period_s if classic else self._settings.within_s)
        while self._falls_s and self._falls_s[0] < oldest_s:
            self._falls_s.popleft()
        while self._changes and self._changes[0].at_s < oldest_s:
            self._first = self._changes.popleft().condition
