"""One invented link and the asking of it, event by event, through the very code that judges real ones.

Loss, bursts and round-trip times are drawn; beats that are answered in time are skipped together, for they
change nothing but what is usual. All else is played: what the patience tells, re-probes, late answers.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from controlroom.condition.answering import Answering, unmeasured
from controlroom.condition.tracker import ProbeTracker
from controlroom.engine.patience import beat_patience_s, reprobe_patience_s
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling
from controlroom.site.model import Probe

PERIOD_S = 1.0
TIMEOUT_S = 1.0
LOOK_S = 0.02
"""The engine looks so often at the latest: what is due waits up to this long."""

_KEY = ProbeKey("link", "icmp")
_SIGMAS_99 = 2.326
_SAMPLED = 5
_LONG_S = 10.0


@dataclass
class Link:
    """A link that loses at random and, with ``burst_begins`` and ``burst_ends`` (per second), in bursts.

    Gilbert and Elliott's chain, stepped every second: all is lost in the bad state. Round-trip times are
    log-normal. From ``silent_from_s`` on so many in a hundred are still answered: ``still_answered``.
    """

    chance: random.Random
    loss_ratio: float = 0.0
    burst_begins: float = 0.0
    burst_ends: float = 1.0
    rtt_median_s: float = 0.03
    rtt_p99_s: float = 0.09
    silent_from_s: float = math.inf
    still_answered: float = 0.0
    _burst_s: tuple[float, float] = (-1.0, -1.0)
    _long_s: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the first burst."""
        self._next_burst(0.0)

    def _next_burst(self, from_s: float) -> None:
        if not self.burst_begins:
            self._burst_s = (math.inf, math.inf)
            return
        self._long_s += [self._burst_s] if self._burst_s[1] - self._burst_s[0] >= _LONG_S else []
        begins_s = from_s + self._geometric(self.burst_begins)
        self._burst_s = (begins_s, begins_s + self._geometric(self.burst_ends))

    def _geometric(self, share: float) -> int:
        return 1 + int(math.log(1.0 - self.chance.random()) / math.log1p(-share)) if share < 1.0 else 1

    def bad_until_s(self, at_s: float) -> float:
        """Return the end of the burst that holds at a time, or the time itself."""
        while at_s >= self._burst_s[1]:
            self._next_burst(self._burst_s[1])
        return self._burst_s[1] if at_s >= self._burst_s[0] else at_s

    def burst_length_s(self, at_s: float) -> float:
        """Return how long the burst is in which, or just after which, a time lies; 0 for old short ones."""
        known = (*self._long_s, self._burst_s)
        near = (ends_s - begins_s for begins_s, ends_s in known if begins_s <= at_s <= ends_s + 2.0)
        return max(near, default=0.0)

    def next_burst_s(self) -> float:
        """Return when the next burst begins, or the one that goes on began."""
        return self._burst_s[0]

    def rtt_s(self, at_s: float) -> float | None:
        """Draw the round-trip time of a question sent at a time; ``None`` where it is lost."""
        if at_s >= self.silent_from_s:
            return self.drawn_rtt_s() if self.chance.random() < self.still_answered else None
        if self.bad_until_s(at_s) > at_s or self.chance.random() < self.loss_ratio:
            return None
        return self.drawn_rtt_s()

    @property
    def _sigma(self) -> float:
        return math.log(self.rtt_p99_s / self.rtt_median_s) / _SIGMAS_99

    def drawn_rtt_s(self) -> float:
        """Draw a round-trip time."""
        return self.rtt_median_s * math.exp(self._sigma * self.chance.gauss(0.0, 1.0))

    def beyond(self, time_s: float) -> float:
        """Return the share of round-trip times that are longer."""
        sigmas = math.log(time_s / self.rtt_median_s) / self._sigma
        return 0.5 * math.erfc(sigmas / math.sqrt(2.0))

    def unlucky_rtt_s(self, patience_s: float) -> float | None:
        """Draw how a beat went that is not answered in time: lost, or late."""
        late = (1.0 - self.loss_ratio) * self.beyond(patience_s)
        if self.chance.random() * (self.loss_ratio + late) >= late:
            return None
        while (rtt_s := self.drawn_rtt_s()) <= patience_s:
            pass
        return rtt_s

    def answered_beats(self, patience_s: float) -> int:
        """Draw how many beats follow each other that are answered in time, bursts aside."""
        unlucky = self.loss_ratio + (1.0 - self.loss_ratio) * self.beyond(patience_s)
        return self._geometric(unlucky) - 1 if unlucky > 0.0 else 1 << 40


@dataclass
class Player:
    """Asks one link, once a second and on suspicion, and notes when its probe turned silent and back."""

    link: Link
    attempts: int | None = None
    now_s: float = 0.0
    turned: list[tuple[float, Answering]] = field(default_factory=list)
    asked_again: int = 0

    def __post_init__(self) -> None:
        """Start with a probe that nothing is known of."""
        probe = Probe(
            type="icmp",
            name="icmp",
            period_s=PERIOD_S,
            timeout_s=TIMEOUT_S,
            confirm_attempts=self.attempts,
            parameters=ProbeParameters(),
        )
        self.tracker = ProbeTracker(probe, True, unmeasured(0.0))
        self._events: list[tuple[float, int, Callable[[float], None]]] = []
        self._number = 0
        self._waiting = 0
        self._beat_s = 0.0
        self._unlucky_beyond_s: float | None = None

    def run(self, until_s: float) -> None:
        """Play until a time."""
        while self._beat_s < until_s:
            if not self._events and self.tracker.status.undoubted:
                self._skip(until_s)
            self._play_beat(until_s)

    def _skip(self, until_s: float) -> None:
        """Pass over the beats that are answered in time, up to the next that is not."""
        usual = self.tracker.silences.usual
        if usual.late_s is None:
            return
        patience_s = self.tracker.silences.patience_s or TIMEOUT_S
        self.link.bad_until_s(self._beat_s)
        ends_s = min(until_s, self.link.silent_from_s, self.link.next_burst_s())
        beats = max(0, math.ceil((ends_s - self._beat_s) / PERIOD_S - 1e-9))
        lucky = self.link.answered_beats(patience_s)
        if lucky < beats:
            beats, self._unlucky_beyond_s = lucky, patience_s
        for _ in range(min(beats, _SAMPLED)):
            usual.answered(min(self.link.drawn_rtt_s(), patience_s))
        usual.answered_often(max(0, beats - _SAMPLED))
        self._beat_s += beats * PERIOD_S

    def _play_beat(self, until_s: float) -> None:
        """Send a beat, and play what comes until the next one is due."""
        if self._beat_s < until_s:
            at_s = self._beat_s
            self._beat_s += PERIOD_S
            self._play_until(at_s)
            self._ask(at_s, beat=True)
        self._play_until(min(self._beat_s, until_s))

    def _play_until(self, until_s: float) -> None:
        while self._events and self._events[0][0] < until_s:
            at_s, _, act = heapq.heappop(self._events)
            self.now_s = at_s
            act(at_s)

    def _at(self, at_s: float, act: Callable[[float], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (at_s, self._number, act))

    def _ask(self, at_s: float, *, beat: bool) -> None:
        rtt_s = self.link.rtt_s(at_s)
        if self._unlucky_beyond_s is not None:
            rtt_s, self._unlucky_beyond_s = self.link.unlucky_rtt_s(self._unlucky_beyond_s), None
        patience_s = beat_patience_s(self.tracker) if beat else reprobe_patience_s(self.tracker)
        told = patience_s is not None and patience_s < TIMEOUT_S and (rtt_s is None or rtt_s > patience_s)
        if told and patience_s is not None:
            look_s = self.link.chance.random() * LOOK_S
            self._at(at_s + patience_s + look_s, lambda now_s: self._lost(at_s, now_s, beat, Telling.OVERDUE))
        if rtt_s is None or rtt_s >= TIMEOUT_S:
            if beat or not told:
                telling = Telling.AGAIN if told else Telling.ONCE
                self._at(at_s + TIMEOUT_S, lambda now_s: self._lost(at_s, now_s, beat, telling))
            return
        values = {"rtt_s": rtt_s}
        answer = Reading(_KEY, at_s, at_s, Outcome.REPLIED, values=values, beat=beat)
        if beat and self.tracker.status.undoubted and not told:
            self._take(answer, at_s + rtt_s)  # nothing of what may come in between would change it
        else:
            self._at(at_s + rtt_s, lambda now_s: self._take(answer, now_s))

    def _lost(self, at_s: float, now_s: float, beat: bool, telling: Telling) -> None:
        lost = Reading(_KEY, at_s, at_s, Outcome.NO_REPLY, Reason.DEADLINE, beat=beat, telling=telling)
        self._take(lost, now_s)

    def _take(self, reading: Reading, now_s: float) -> None:
        before = self.tracker.status
        self.tracker.take(reading, now_s - reading.sent_monotonic_s)
        status = self.tracker.status
        if status.answering is not before.answering and before.answering is not Answering.UNKNOWN:
            self.turned.append((now_s, status.answering))
        first = status.attempts == 1 != before.attempts
        if status.suspect is Answering.SILENT:
            wanted = self.tracker.silences.wanted(status, reading, now_s)
            if wanted is not None:
                self._wish(now_s, wanted.attempts, wanted.spacing_s, wanted.first_s)
        elif status.suspect is Answering.ANSWERS and first:
            self._wish(now_s, self.tracker.probe.return_attempts - 1, 1.0, 1.0)

    def _wish(self, now_s: float, attempts: int, spacing_s: float, first_s: float) -> None:
        """Queue attempts as ``ReprobeQueue`` does: not where as many wait already."""
        if self._waiting >= attempts:
            return
        self._waiting += attempts
        for attempt in range(attempts):
            look_s = self.link.chance.random() * LOOK_S
            self._at(now_s + first_s + attempt * spacing_s + look_s, self._ask_again)

    def _ask_again(self, now_s: float) -> None:
        self._waiting -= 1
        self.asked_again += 1
        self._ask(now_s, beat=False)
