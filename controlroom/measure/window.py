"""The last readings of one probe, and the figures over them. It judges nothing.

Rules:
1. Only readings on the beat count; re-probes say whether, not how often.
2. *Not run* counts neither as asked nor as lost, and neither does the refusal of an endpoint that lives.
3. A lost probe has no value; figures over values are over received replies only.
"""

from __future__ import annotations

import statistics
from collections import deque

from controlroom.measure.loss import Loss, loss_of
from controlroom.reading import Outcome, Reading, shows_loss


class Window:
    """A ring of the newest readings on the beat, at most ``size`` of them."""

    def __init__(self, size: int) -> None:
        """Start empty; ``size`` is at least 1."""
        self._readings: deque[Reading] = deque(maxlen=size)

    def resized(self, size: int) -> Window:
        """Return a window of another size with the newest of these readings."""
        window = Window(size)
        window._readings.extend(self._readings)
        return window

    def add(self, reading: Reading) -> None:
        """Take in a reading; what rules 1 and 2 name is passed over."""
        if reading.beat and shows_loss(reading.outcome, reading.reason) is not None:
            self._readings.append(reading)

    def clear(self) -> None:
        """Forget everything, as after an outage that has been counted as such."""
        self._readings.clear()

    def loss(self, newest: int) -> Loss:
        """Return the loss over the newest readings."""
        recent = list(self._readings)[-newest:]
        lost = sum(reading.outcome is not Outcome.REPLIED for reading in recent)
        return loss_of(lost, len(recent))

    def answers(self, newest: int) -> int:
        """Return how many of the newest readings were answered."""
        recent = list(self._readings)[-newest:]
        return sum(reading.outcome is Outcome.REPLIED for reading in recent)

    def values(self, metric: str, newest: int) -> list[float]:
        """Return the values of a metric among the newest readings, oldest first (rule 3)."""
        recent = list(self._readings)[-newest:]
        return [reading.values[metric] for reading in recent if metric in reading.values]

    def pairs(self, metric: str, other: str, newest: int) -> list[tuple[float, float]]:
        """Return the values of two metrics where both came, oldest first."""
        recent = [reading.values for reading in list(self._readings)[-newest:]]
        return [(values[metric], values[other]) for values in recent if metric in values and other in values]

    def median(self, metric: str, newest: int) -> float | None:
        """Return the median of a metric over the newest readings, or ``None`` without any."""
        values = self.values(metric, newest)
        return statistics.median(values) if values else None

    def highest(self, metric: str) -> float | None:
        """Return the highest value of a metric in the whole window, or ``None`` without any."""
        return max(self.values(metric, len(self._readings)), default=None)
