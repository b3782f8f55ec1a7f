"""Whether the monitoring is alive, judged by its heartbeat on the desk's own clock. It starts nothing.

1. Alive means that the heartbeat was seen to move, by a monotonic clock, not long ago. No time of
   day takes part, so that a clock set back or forth never makes old figures look fresh.
2. Before the first movement nothing is proven: the figures are shown as stale from the beginning.
3. A store that no engine holds is given less time, for nothing will move it. A new engine that takes it
   changes nothing of that until it moves the heartbeat: else the old figures would be live for a moment,
   and their loss would be told twice.
"""

from __future__ import annotations

import enum

from controlroom.store.interface import Heartbeat

SILENCE_LIMIT_S = 3.0
"""A heartbeat comes once a second; two may be late, the third is missed."""

ABANDONED_LIMIT_S = 1.5
"""How long a store without an engine may stand still."""

STARTING_LIMIT_S = 8.0
"""How long the first heartbeat after the opening of the desk may take."""

BACKOFF_S = (0.0, 2.0, 5.0, 10.0, 30.0)
"""Waits between one attempt to start the engine and the next; the last one repeats."""


class Liveness(enum.StrEnum):
    """What the desk may believe of what it shows."""

    STARTING = "starting"
    LIVE = "live"
    STOPPED = "stopped"


class HeartbeatWatch:
    """Watches one engine's heartbeat move."""

    def __init__(self, opened_monotonic_s: float) -> None:
        """Begin with nothing proven."""
        self._opened_s = opened_monotonic_s
        self._sequence: int | None = None
        self._moved_s: float | None = None
        self._abandoned_since_s: float | None = None
        self.last: Heartbeat | None = None

    def observe(self, heartbeat: Heartbeat | None, read_monotonic_s: float) -> None:
        """Take what the store said, read at a time of the desk's monotonic clock."""
        if heartbeat is None:
            return
        if self._sequence is not None and heartbeat.sequence != self._sequence:
            self._moved_s = read_monotonic_s
            self._abandoned_since_s = None
        self._sequence = heartbeat.sequence
        self.last = heartbeat
        if heartbeat.engine_pid is None and self._abandoned_since_s is None:
            self._abandoned_since_s = read_monotonic_s

    def liveness(self, now_monotonic_s: float) -> Liveness:
        """Judge at this moment of the desk's monotonic clock."""
        if self._moved_s is None:
            waited_s = now_monotonic_s - self._opened_s
            return Liveness.STARTING if waited_s <= STARTING_LIMIT_S else Liveness.STOPPED
        silent_s = now_monotonic_s - self._moved_s
        abandoned = self._abandoned_since_s is not None
        limit_s = ABANDONED_LIMIT_S if abandoned else SILENCE_LIMIT_S
        return Liveness.LIVE if silent_s <= limit_s else Liveness.STOPPED


class RestartPlan:
    """When to try again to start a dead engine, and what came of it."""

    def __init__(self) -> None:
        """Plan the first attempt for at once."""
        self.attempts = 0
        self.last_error = ""
        self._next_s: float | None = None
        self._under_way = False

    def due(self, now_monotonic_s: float) -> bool:
        """Whether to try now; if so, the attempt counts as begun."""
        if self._under_way or (self._next_s is not None and now_monotonic_s < self._next_s):
            return False
        self.attempts += 1
        self._under_way = True
        return True

    def ended(self, now_monotonic_s: float, error: str = "") -> None:
        """Take the end of an attempt; the next waits a while longer."""
        self._under_way = False
        self.last_error = error
        self._next_s = now_monotonic_s + BACKOFF_S[min(self.attempts, len(BACKOFF_S) - 1)]

    def not_needed(self, now_monotonic_s: float) -> None:
        """Take it that an engine was there after all: no attempt, but look again soon."""
        self._under_way = False
        self.attempts -= 1
        self._next_s = now_monotonic_s + BACKOFF_S[1]

    def wait_s(self, now_monotonic_s: float) -> float | None:
        """Seconds until the next attempt, or ``None`` while one is under way."""
        if self._under_way:
            return None
        return 0.0 if self._next_s is None else max(0.0, self._next_s - now_monotonic_s)

    def alive(self) -> None:
        """Forget the attempts: the heartbeat moves again."""
        if not self._under_way:
            self.attempts, self.last_error, self._next_s = 0, "", None
