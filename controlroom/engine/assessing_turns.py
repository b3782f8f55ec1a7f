"""When each endpoint's link is assessed: its place in every minute, and looks beside it. It assesses nothing.

Rules:
1. An endpoint's turn is once a minute, at a moment of the minute that follows from its id and the wall time
   alone. So an engine that started later, and a replay, assess at the same moments.
2. A look beside it may be asked for, at once or for later; the earliest counts, and it leaves the turn where
   it is.
3. What is looked at counts as of the moment of its turn, though the engine comes to it a little later; as of
   now, where it was asked for at once or is later than ``LATE_S``.
4. When the clock was set, each next turn is the next by the new time, which is within a minute: none waits
   for an hour to come again, and not all come at once. One that was put off so and had no look since has its
   look at once, so that a clock that is set all the time stops nothing. Turns missed in a long sleep are not
   made up for.
"""

from __future__ import annotations

import heapq
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

EVERY_S: Final = 60.0
LATE_S: Final = 5.0
_EVERY_MS: Final = 60_000
_AT_ONCE: Final = -math.inf


@dataclass(slots=True)
class _Turn:
    """When one endpoint is looked at next; ``place`` tells its one entry in the queue that counts."""

    turn_utc_s: float
    beside_utc_s: float = math.inf
    put_off: bool = False
    place: int = 0

    @property
    def due_utc_s(self) -> float:
        """The earlier of the turn and the look beside it."""
        return min(self.turn_utc_s, self.beside_utc_s)


class AssessingTurns:
    """The turns of a site's endpoints, in wall time."""

    def __init__(self) -> None:
        """Begin without any."""
        self._turns: dict[str, _Turn] = {}
        self._queue: list[tuple[float, int, str]] = []
        self._places = 0

    @property
    def due_utc_s(self) -> float:
        """When the next look is due: long ago where one is due at once, never where there is nobody."""
        self._forget_outdated()
        return self._queue[0][0] if self._queue else math.inf

    def adopt(self, endpoint_ids: Iterable[str], now_utc_s: float) -> None:
        """Give turns to these endpoints alone; those known before keep theirs."""
        before = self._turns
        self._turns = {each: before.get(each) or _Turn(next_turn_s(each, now_utc_s)) for each in endpoint_ids}
        self._line_up()

    def look_beside(self, endpoint_id: str, at_utc_s: float = _AT_ONCE) -> None:
        """Ask for a look beside the turn, at once if nothing else is said (rule 2)."""
        turn = self._turns.get(endpoint_id)
        if turn is not None and at_utc_s < turn.due_utc_s:
            turn.beside_utc_s = at_utc_s
            self._enter(endpoint_id, turn)
        elif turn is not None:
            turn.beside_utc_s = min(turn.beside_utc_s, at_utc_s)

    def next(self, now_utc_s: float) -> tuple[str, float] | None:
        """Take the next whose look is due, and return as of when it counts (rule 3)."""
        if self.due_utc_s > now_utc_s:
            return None
        due_utc_s, _, endpoint_id = heapq.heappop(self._queue)
        turn = self._turns[endpoint_id]
        as_of_utc_s = due_utc_s if now_utc_s - due_utc_s <= LATE_S else now_utc_s
        if turn.turn_utc_s <= now_utc_s:
            turn.turn_utc_s = next_turn_s(endpoint_id, now_utc_s)
        if turn.beside_utc_s <= now_utc_s:
            turn.beside_utc_s = math.inf
        turn.put_off = False
        self._enter(endpoint_id, turn)
        return endpoint_id, as_of_utc_s

    def clock_stepped(self, step_s: float, now_utc_s: float) -> None:
        """Set all turns by a clock that was set by so much, to what it tells now (rule 4)."""
        for endpoint_id, turn in self._turns.items():
            turn.turn_utc_s = next_turn_s(endpoint_id, now_utc_s)
            turn.beside_utc_s = _AT_ONCE if turn.put_off else turn.beside_utc_s + step_s
            turn.put_off = True
        self._line_up()

    def _line_up(self) -> None:
        self._queue = []
        for endpoint_id, turn in self._turns.items():
            self._enter(endpoint_id, turn)

    def _enter(self, endpoint_id: str, turn: _Turn) -> None:
        self._places += 1
        turn.place = self._places
        heapq.heappush(self._queue, (turn.due_utc_s, turn.place, endpoint_id))

    def _forget_outdated(self) -> None:
        """Take entries from the front of the queue that an earlier look took the place of."""
        while self._queue and self._turns[self._queue[0][2]].place != self._queue[0][1]:
            heapq.heappop(self._queue)


def next_turn_s(endpoint_id: str, now_utc_s: float) -> float:
    """Return the first turn after a moment (rule 1), counted in whole milliseconds: none comes twice."""
    phase_ms = zlib.crc32(endpoint_id.encode()) % _EVERY_MS
    now_ms = round(now_utc_s * 1000)
    return (phase_ms + _EVERY_MS * ((now_ms - phase_ms) // _EVERY_MS + 1)) / 1000
