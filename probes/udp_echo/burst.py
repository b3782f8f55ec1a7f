"""What came of one burst: which packets came back, how fast and how evenly. No sockets, no clock.

Rules
1. The round trip of a burst is the median of its packets', without the time that a reflector held them.
2. Variation is the mean difference between neighbours in the order of sending that both came back (RFC 3393).
   One way is known as variation alone, for the clocks of both ends need not agree.
3. A reflector's times that contradict what we measured are left out, for the whole burst.
4. A packet counts once, by its first coming back.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from probes.ntp_time import difference, seconds_between

_FRACTION: Final = 1 << 32


@dataclass(frozen=True, slots=True)
class Return:
    """One packet that came back, ``elapsed_s`` after it left.

    ``sent`` and ``arrived`` are our times, ``received`` and ``transmitted`` those of the other end, all as on
    the wire; the latter are 0 where it tells none.
    """

    elapsed_s: float
    sent: int = 0
    received: int = 0
    transmitted: int = 0
    arrived: int = 0

    @property
    def held_s(self) -> float:
        """How long the other end says that it kept the packet."""
        return seconds_between(self.received, self.transmitted)

    @property
    def stamped(self) -> bool:
        """Whether the other end tells times that can be true."""
        return bool(self.received and self.transmitted) and 0.0 <= self.held_s <= self.elapsed_s


@dataclass(slots=True)
class Burst:
    """The packets that were sent, and those that came back by their place in the order of sending."""

    sent: int = 0
    returns: dict[int, Return] = field(default_factory=dict)
    duplicates: int = 0
    out_of_order: int = 0

    def take(self, index: int, came: Return) -> None:
        """Note a packet that came back."""
        if index in self.returns:
            self.duplicates += 1
            return
        self.out_of_order += any(index < other for other in self.returns)
        self.returns[index] = came

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return len(self.returns) == self.sent

    def values(self) -> dict[str, float]:
        """Work out the figures; there is at least one packet back."""
        came = self.returns.values()
        stamped = all(each.stamped for each in came)
        round_trips = {
            index: each.elapsed_s - (each.held_s if stamped else 0.0) for index, each in self.returns.items()
        }
        values = {
            "rtt_s": statistics.median(round_trips.values()),
            "burst_loss_ratio": 1.0 - len(came) / self.sent,
        }
        neighbours = [(index, index + 1) for index in self.returns if index + 1 in self.returns]
        if not neighbours:
            return values
        values["jitter_s"] = _mean([round_trips[later] - round_trips[one] for one, later in neighbours])
        if stamped:
            pairs = [(self.returns[one], self.returns[later]) for one, later in neighbours]
            there = [_change((one.sent, one.received), (later.sent, later.received)) for one, later in pairs]
            back = [
                _change((one.transmitted, one.arrived), (later.transmitted, later.arrived))
                for one, later in pairs
            ]
            values |= {"forward_jitter_s": _mean(there), "backward_jitter_s": _mean(back)}
        return values

    def shown(self) -> str:
        """Say it for a person."""
        parts = [f"{len(self.returns)} of {self.sent} came back"]
        if self.duplicates:
            parts.append(f"{self.duplicates} more than once")
        if self.out_of_order:
            parts.append(f"{self.out_of_order} out of order")
        return ", ".join(parts)


def _change(one: tuple[int, int], later: tuple[int, int]) -> float:
    """Return how much longer the later way took than the earlier one, whatever the clocks at its ends say."""
    return difference(difference(*one), difference(*later)) / _FRACTION


def _mean(changes: Sequence[float]) -> float:
    return statistics.fmean(abs(change) for change in changes)
