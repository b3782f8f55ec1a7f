"""In which order replies came, and which came more than once. It sees packets by number and nothing else.

1. A packet is *reordered* if it came, for the first time, after a younger one (RFC 4737, 3.3: its number is
   less than the next that was expected).
2. A further copy of a packet is a *duplicate* (RFC 5560) and not reordered by being late.
3. Moments of sending are kept to the hundredth of a second, so replies that came nearer to each other than
   that may be told in the wrong order.
4. Readings say in which order their replies came, for a reading has one reply. Further copies they do not
   say: the probers count those over the last hour (``probes/strays.py``), and ``duplicates`` is ``None``,
   unknown, until somebody brings that count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from controlroom.measure.asked import Asked, IntArray


@dataclass(frozen=True, slots=True)
class ArrivalFigures:
    """How many packets arrived, how many of them after a younger one, and how many further copies."""

    received: int
    reordered: int
    duplicates: int | None = None

    @property
    def reordered_ratio(self) -> float | None:
        """The share of the received that was reordered; ``None`` where nothing was received."""
        return self.reordered / self.received if self.received else None

    @property
    def duplicate_ratio(self) -> float | None:
        """Further copies per packet received; ``None`` where either is not known."""
        return self.duplicates / self.received if self.received and self.duplicates is not None else None


def arrivals_of(number: IntArray) -> ArrivalFigures:
    """Count over packets by their number in the sequence of sending, given in order of arrival."""
    _numbers, first = np.unique(number, return_index=True)
    return ArrivalFigures(
        received=len(first), reordered=_reordered(number[np.sort(first)]), duplicates=len(number) - len(first)
    )


def reply_arrivals(asked: Asked, duplicates: int | None = None) -> ArrivalFigures:
    """Count over the replies of known round-trip time; ``duplicates`` is counted elsewhere."""
    order = asked.in_order_of_arrival()
    return ArrivalFigures(received=len(order), reordered=_reordered(order), duplicates=duplicates)


def _reordered(number: IntArray) -> int:
    """Count the numbers that are less than the greatest before them; each stands once."""
    return int((number < np.maximum.accumulate(number)).sum()) if len(number) else 0
