"""The questions in flight: which are open, when they fall due, which were answered. No sockets, no clock.

Numbering
1. Every question gets the next 32-bit number; the low half of it is the sequence on the wire.
2. Never more than ``MOST_OPEN`` questions are open, so that a sequence stands for one open question.
3. Numbers answered lately are kept for a while, to tell a second reply from a late one.
4. Questions that fall due at about the same time lie in one slot, unsorted: nearly all are answered
   long before, and sorting them one by one would cost more than all else that is noted of them.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from controlroom.probe import Question
from controlroom.reading import Reason
from probes.icmp.burst import Burst
from probes.icmp.target import Target

MOST_OPEN: Final = 32_768
_ANSWERED_KEPT: Final = 65_536
_SLOTS_PER_S: Final = 50.0


@dataclass(slots=True)
class Sequel:
    """The questions of one target in one way. ``newest`` is the youngest number that was answered so far.

    Those asked in other ways may overtake one another: a small packet a large one, voice all the rest.
    """

    newest: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the network said of a question; ``mtu`` is 0 where it said nothing of that."""

    reason: Reason
    detail: str
    mtu: int = 0


@dataclass(slots=True)
class Flight:
    """One open question. ``due_s`` is on the monotonic clock; ``sent_ns`` is the wall clock at sending.

    ``epoch`` is the epoch of the wall clock at sending. ``clouded`` means that our own buffer dropped
    packets while the question was open, so that silence proves nothing. ``vague`` means that we were kept
    from sending after the clock was read, so that a reply has come but no round-trip time can be told.
    ``burst`` is what the ping is one of, ``place`` which of them. ``sequel`` is what its reply has to come in
    turn with. ``refusal`` is an ICMP error about it, which counts unless a reply comes in time.
    """

    question: Question
    target: Target
    number: int
    sent_monotonic_s: float
    sent_ns: int
    due_s: float
    epoch: int
    clouded: bool = False
    vague: bool = False
    sequel: Sequel | None = None
    burst: Burst | None = None
    place: int = 0
    refusal: Refusal | None = None


class Flights:
    """All open questions of a prober."""

    def __init__(self, first_number: int = 0) -> None:
        """Start with nothing open; ``first_number`` is the number of the first question."""
        self._next = first_number & 0xFFFF_FFFF
        self._open: dict[int, Flight] = {}
        self._slots: dict[int, list[Flight]] = {}
        self._slot_numbers: list[int] = []
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
        slot_number = int(flight.due_s * _SLOTS_PER_S)
        slot = self._slots.get(slot_number)
        if slot is None:
            self._slots[slot_number] = [flight]
            heapq.heappush(self._slot_numbers, slot_number)
        else:
            slot.append(flight)

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
        while self._slot_numbers:
            still_open = self._still_open(self._slot_numbers[0])
            if still_open:
                return min(flight.due_s for flight in still_open)
            del self._slots[heapq.heappop(self._slot_numbers)]
        return None

    def take_due(self, until_s: float) -> list[Flight]:
        """Take out every question that fell due by ``until_s``, in that order."""
        taken: list[Flight] = []
        last_slot = int(until_s * _SLOTS_PER_S)
        while self._slot_numbers and self._slot_numbers[0] <= last_slot:
            slot_number = self._slot_numbers[0]
            due = [flight for flight in self._still_open(slot_number) if flight.due_s <= until_s]
            for flight in due:
                del self._open[flight.number]
            taken += due
            if slot_number == last_slot:
                break
            del self._slots[heapq.heappop(self._slot_numbers)]
        taken.sort(key=lambda flight: flight.due_s)
        return taken

    def take_all(self) -> list[Flight]:
        """Take out every open question."""
        taken = list(self._open.values())
        self._open.clear()
        self._slots.clear()
        self._slot_numbers.clear()
        return taken

    def _still_open(self, slot_number: int) -> list[Flight]:
        """Drop from a slot what is not open any more, and return the rest."""
        is_open = self._open
        slot = [flight for flight in self._slots[slot_number] if is_open.get(flight.number) is flight]
        self._slots[slot_number] = slot
        return slot
