"""The last readings of one probe, and the figures over them. It judges nothing.

Rules:
1. Only readings on the beat count, and what came of them in the end; re-probes say whether, not how often.
2. *Not run* counts neither as asked nor as lost, and neither does the refusal of an endpoint that lives.
3. A lost probe has no value; figures over values are over received replies only.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TypeGuard

from controlroom.measure.loss import Loss, loss_of
from controlroom.reading import Outcome, Reading, Telling, shows_loss

_SLACK = 16
"""How many readings beyond its size a window lets pile up before it drops them, all at once."""


class _Tally:
    """What the newest readings come to: answers, runs of losses, values of each metric in order of size."""

    __slots__ = ("answered", "newest", "ordered", "runs")

    def __init__(self, newest: int) -> None:
        self.newest = newest
        self.answered = 0
        self.runs = 0
        self.ordered: dict[str, list[float]] = {}

    def add(self, reading: Reading, before: Reading | None) -> None:
        """Count a reading in that follows another of them, if any."""
        self.answered += reading.outcome is Outcome.REPLIED
        self.runs += _begins_run(before, reading)
        for metric, ordered in self.ordered.items():
            value = reading.values.get(metric)
            if _has_a_place(value):
                insort(ordered, value)

    def drop(self, reading: Reading, after: Reading | None) -> None:
        """Count a reading out that is among the newest no longer; another of them followed it, if any."""
        self.answered -= reading.outcome is Outcome.REPLIED
        self.runs -= _begins_run(after, reading)  # of a run that goes on only the first loss is gone
        for metric, ordered in self.ordered.items():
            value = reading.values.get(metric)
            if _has_a_place(value):
                del ordered[bisect_left(ordered, value)]


class Window:
    """A ring of the newest readings on the beat, at most ``size`` of them.

    What is asked again and again, a median or a loss over so many of the newest, is kept up with each reading
    from the first asking on, so that it costs no look at all of them.
    """

    def __init__(self, size: int) -> None:
        """Start empty; ``size`` is at least 1."""
        self._size = size
        self._readings: list[Reading] = []
        self._tallies: dict[int, _Tally] = {}

    def resized(self, size: int) -> Window:
        """Return a window of another size with the newest of these readings."""
        window = Window(size)
        window._readings = self._newest(size)
        return window

    def add(self, reading: Reading) -> None:
        """Take in a reading; what rules 1 and 2 name is passed over."""
        if not reading.beat or shows_loss(reading.outcome, reading.reason) is None:
            return
        if reading.telling is Telling.OVERDUE:
            return
        readings = self._readings
        for tally in self._tallies.values():
            count, newest = len(readings), tally.newest
            if count >= newest:
                tally.drop(readings[-newest], readings[1 - newest] if newest > 1 else None)
            tally.add(reading, readings[-1] if count and newest > 1 else None)
        readings.append(reading)
        if len(readings) >= self._size + _SLACK:
            del readings[: -self._size]

    def clear(self) -> None:
        """Forget everything, as after an outage that has been counted as such."""
        self._readings.clear()
        self._tallies.clear()

    def loss(self, newest: int) -> Loss:
        """Return the loss over the newest readings."""
        sent = self._count(newest)
        return loss_of(sent - self.answers(newest), sent)

    def loss_runs(self, newest: int) -> int:
        """Return in how many runs the losses among the newest readings lie."""
        return self._tally(newest).runs

    def answers(self, newest: int) -> int:
        """Return how many of the newest readings were answered."""
        return self._tally(newest).answered

    def values(self, metric: str, newest: int) -> list[float]:
        """Return the values of a metric among the newest readings, oldest first (rule 3)."""
        return [reading.values[metric] for reading in self._newest(newest) if metric in reading.values]

    def ordered(self, metric: str, newest: int) -> Sequence[float]:
        """Return the values of a metric among the newest readings, in order of size; not to be changed."""
        tally = self._tally(newest)
        ordered = tally.ordered.get(metric)
        if ordered is None:
            ordered = tally.ordered[metric] = sorted(filter(_has_a_place, self.values(metric, newest)))
        return ordered

    def pairs(self, metric: str, other: str, newest: int) -> list[tuple[float, float]]:
        """Return the values of two metrics where both came, oldest first."""
        recent = [reading.values for reading in self._newest(newest)]
        return [(values[metric], values[other]) for values in recent if metric in values and other in values]

    def median(self, metric: str, newest: int) -> float | None:
        """Return the median of a metric over the newest readings, or ``None`` without any."""
        ordered = self.ordered(metric, newest)
        if not ordered:
            return None
        half = len(ordered) // 2
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2

    def highest(self, metric: str) -> float | None:
        """Return the highest value of a metric in the whole window, or ``None`` without any."""
        return max(self.values(metric, self._size), default=None)

    def _count(self, newest: int) -> int:
        return min(newest, self._size, len(self._readings))

    def _newest(self, newest: int) -> list[Reading]:
        count = self._count(newest)
        return self._readings[-count:] if count else []

    def _tally(self, newest: int) -> _Tally:
        kept = min(newest, self._size)
        tally = self._tallies.get(kept)
        if tally is None:
            tally = self._tallies[kept] = _Tally(kept)
            before = None
            for reading in self._newest(kept):
                tally.add(reading, before)
                before = reading
        return tally


def _begins_run(beside: Reading | None, reading: Reading) -> bool:
    """Whether a reading is a loss, and the one beside it is none."""
    lost = reading.outcome is not Outcome.REPLIED
    return lost and (beside is None or beside.outcome is Outcome.REPLIED)


def _has_a_place(value: float | None) -> TypeGuard[float]:
    """Whether there is a value, and one that can be told greater or less than others: NaN cannot."""
    return value is not None and value == value
