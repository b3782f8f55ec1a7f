"""The questions in flight: which are open, when they fall due, which were answered. No sockets, no clock.

Numbering
1. Every question gets the next 32-bit number; the low half of it is the sequence on the wire.
2. Never more than ``MOST_OPEN`` questions are open, so that a sequence stands for one open question.
3. Numbers answered lately are kept for a while, to tell a second reply from a late one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from controlroom.probe import Question
from probes.icmp.target import Target

MOST_OPEN: Final = 32_768
_ANSWERED_KEPT: Final = 65_536


@dataclass(slots=True)
class Flight:
    """One open question. ``due_s`` is on the monotonic clock; ``sent_ns`` is the wall clock at sending.

    ``epoch`` is the epoch of the wall clock at sending. ``clouded`` means that our own buffer dropped
    packets while the question was open, so that silence proves nothing.
    """

    question: Question
    target: Target
    number: int
    sent_utc_s: float
    sent_monotonic_s: float
    sent_ns: int
    due_s: float
    epoch: int
    clouded: bool = False


class Flights:
    """All open questions of a prober."""

    def __init__(self, first_number: int = 0) -> None:
        """Start with nothing open; ``first_number`` is the number of the first question."""
        self._next = first_number & 0xFFFF_FFFF
        self._open: dict[int, Flight] = {}
        self._due: list[tuple[float, int]] = []
        self._answered: set[int] = set()
        self._answered_before: set[int] = set()

    def __len__(self) -> int:
        """How many questions are open."""
        return len(self._open)

    def __iter__(self) -> Iterator[Flight]:
        """Yield every open question in the order of sending."""
        return iter(self._open.values())

    @property
    def full(self) -> bool:
        """Whether no further question may be opened."""
        return len(self._open) >= MOST_OPEN

    def take_number(self) -> int:
        """Return the next number."""
        number = self._next
        self._next = (number + 1) & 0xFFFF_FFFF
        return number

    def open(self, flight: Flight) -> None:
        """Count a sent question as open."""
        self._open[flight.number] = flight
        heapq.heappush(self._due, (flight.due_s, flight.number))

    def get(self, number: int) -> Flight | None:
        """Return the open question of that number."""
        return self._open.get(number)

    def with_sequence(self, sequence: int) -> Flight | None:
        """Return the open question with that sequence: the youngest number that ends in it."""
        age = (self._next - 1 - sequence) & 0xFFFF
        return self._open.get((self._next - 1 - age) & 0xFFFF_FFFF)

    def close(self, flight: Flight) -> None:
        """Take an answered question out and remember its number for a while."""
        del self._open[flight.number]
        self._answered.add(flight.number)
        if len(self._answered) >= _ANSWERED_KEPT // 2:
            self._answered_before, self._answered = self._answered, set()

    def was_answered(self, number: int) -> bool:
        """Whether the question of that number was answered lately."""
        return number in self._answered or number in self._answered_before

    def next_due_s(self) -> float | None:
        """Return when the next open question falls due; None when nothing is open."""
        while self._due and self._due[0][1] not in self._open:
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    def take_due(self, until_s: float) -> list[Flight]:
        """Take out every question that fell due by ``until_s``, in that order."""
        taken: list[Flight] = []
        while self._due and self._due[0][0] <= until_s:
            _due_s, number = heapq.heappop(self._due)
            flight = self._open.pop(number, None)
            if flight is not None:
                taken.append(flight)
        return taken

    def take_all(self) -> list[Flight]:
        """Take out every open question."""
        taken = list(self._open.values())
        self._open.clear()
        self._due.clear()
        return taken
