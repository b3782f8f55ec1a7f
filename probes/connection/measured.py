"""What one asking has measured so far: values of the phases that ended, notes, and what goes on just now.

It keeps no clock of its own and judges nothing. A phase that did not end has no value, never a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from controlroom.reading import Reason


class Measured:
    """The measurement of one asking, filled while it goes on."""

    def __init__(
        self, utc_s: Callable[[], float], monotonic_s: Callable[[], float], asked_s: float | None = None
    ) -> None:
        """Nothing was sent yet; ``asked_s`` is when it was to be, on the monotonic clock, if not now."""
        self._utc_s, self._monotonic_s = utc_s, monotonic_s
        self.sent_utc_s, self.sent_monotonic_s = utc_s(), monotonic_s()
        self._asked_s = self.sent_monotonic_s if asked_s is None else asked_s
        self.values: dict[str, float] = {}
        self.notes: list[str] = []
        self.doing = "getting ready"
        self.our_fault: Reason | None = Reason.OVERLOADED
        """Why it is our own fault where time runs out now, ``None`` where it is the other side's."""

    def begin(self) -> None:
        """Count from here: all that we need is there, and the asking begins."""
        self.sent_utc_s, self.sent_monotonic_s = self._utc_s(), self._monotonic_s()
        self.our_fault = None

    def ready_after_s(self) -> float:
        """Return how long it took to get ready."""
        return self.sent_monotonic_s - self._asked_s

    @contextmanager
    def preparing(self, doing: str, reason: Reason) -> Iterator[None]:
        """Mark a part that waits for this very machine; ``reason`` tells why when time runs out in it."""
        before = self.our_fault
        self.doing, self.our_fault = doing, reason
        yield
        self.our_fault = before

    @contextmanager
    def phase(self, metric: str, doing: str) -> Iterator[None]:
        """Measure a phase: its time is added to the metric when it ends well."""
        self.doing = doing
        began_s = self._monotonic_s()
        yield
        self.values[metric] = self.values.get(metric, 0.0) + self._monotonic_s() - began_s

    def passed_s(self) -> float:
        """Return how long the asking takes already."""
        return self._monotonic_s() - self.sent_monotonic_s

    def now_utc_s(self) -> float:
        """Return the time for people."""
        return self._utc_s()
