"""Which losses are ours, not the endpoints': of a time in which nothing outside answered. It stores nothing.

Rules:
1. That we are cut off is known only some seconds after it began. Until then every loss is noted that was sent
   since anything outside answered last, or so shortly before that its answer may still have been under way.
2. Cut off, those losses were ours from the first on that tells of an endpoint not known to be silent before.
   What an endpoint that is down loses tells nothing of us.
3. Losses further back than ``MOST_S`` are no longer in doubt: that we are cut off is known much sooner.
4. From then on a loss is ours if it was sent in that time, though it may be told after the end of it.
5. An answer is an answer, whenever it was asked for.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from controlroom.reading import Reading

MOST_S: Final = 130.0
"""Twice the longest timeout, and a little: a first loss, and the witnesses asked because of it."""

MOST_DOUBTED: Final = 200_000
"""How many losses are noted at most: those of five thousand endpoints for half a minute."""


@dataclass(frozen=True, slots=True)
class _Loss:
    reading: Reading
    under_way_s: float
    known_silent: bool


class Doubt:
    """The losses in doubt, and the time in which every loss was ours. All times are monotonic seconds."""

    def __init__(self, *, cut_off: bool = False) -> None:
        """Begin without a loss; ``cut_off`` goes on with a time that began under an earlier engine."""
        self._losses: deque[_Loss] = deque(maxlen=MOST_DOUBTED)
        self._answered_s = -math.inf
        self._blind_from_s = -math.inf if cut_off else math.inf
        self._blind_until_s = math.inf

    def answered(self, sent_s: float) -> None:
        """Note that something outside answered a question sent at this time."""
        self._answered_s = max(self._answered_s, sent_s)

    def lost(self, reading: Reading, under_way_s: float, *, known_silent: bool) -> None:
        """Note a loss of an endpoint outside, whose answers take up to so long."""
        losses = self._losses
        oldest_s = reading.sent_monotonic_s - MOST_S
        while losses and (losses[0].reading.sent_monotonic_s < oldest_s or not self._is_open(losses[0])):
            losses.popleft()
        losses.append(_Loss(reading, under_way_s, known_silent))

    def begin(self) -> list[Reading]:
        """Take the losses for ours (rule 2), and return them in the order in which they were told."""
        open_losses = [loss for loss in self._losses if self._is_open(loss)]
        self._losses.clear()
        self._blind_from_s, self._blind_until_s = self._answered_s, math.inf
        first_s = min(
            (loss.reading.sent_monotonic_s for loss in open_losses if not loss.known_silent), default=math.inf
        )
        return [loss.reading for loss in open_losses if loss.reading.sent_monotonic_s >= first_s]

    def end(self, now_s: float) -> None:
        """Note that something outside answers again."""
        self._blind_until_s = now_s

    def is_ours(self, sent_s: float, under_way_s: Callable[[], float]) -> bool:
        """Whether a loss of a question sent at this time says nothing of its endpoint (rule 4).

        How long its answers take is asked only where that decides.
        """
        if sent_s >= self._blind_until_s or self._blind_from_s == math.inf:
            return False
        return sent_s >= self._blind_from_s or sent_s + under_way_s() >= self._blind_from_s

    def _is_open(self, loss: _Loss) -> bool:
        return loss.reading.sent_monotonic_s + loss.under_way_s >= self._answered_s
