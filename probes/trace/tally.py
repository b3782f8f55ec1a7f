"""From the packets of a trace and what answered them to its hops. Pure: no sockets, no clock.

Rules
1. The first answer to a packet counts; later ones are passed over, so that nobody can add to a hop.
2. The route ends at the nearest distance at which the target answered; where it never did, at the nearest
   that refused; where none did, at the farthest that answered.
3. An answer that would have come before its packet was sent is no measurement.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from controlroom.reading import Reason
from controlroom.route.trace import Hop, HopAddress, TraceEnd
from probes.trace.sighting import Sighting

_PASSED_ON: Final = Reason.TTL_EXCEEDED


@dataclass(slots=True)
class Packet:
    """One packet of a trace: how far it was to live, when it left, and what answered it."""

    distance: int
    sent_s: float
    answer: Sighting | None = None


class Tally:
    """Counts the packets of one trace."""

    def __init__(self) -> None:
        """Begin with none."""
        self.packets: list[Packet] = []
        self.slowest_s = 0.0

    def sent(self, distance: int, at_s: float) -> None:
        """Count a packet that left; its number is its place."""
        self.packets.append(Packet(distance, at_s))

    def saw(self, sighting: Sighting) -> None:
        """Take an answer (rules 1 and 3)."""
        if not 0 <= sighting.number < len(self.packets):
            return
        packet = self.packets[sighting.number]
        if packet.answer is None and sighting.at_s >= packet.sent_s:
            packet.answer = sighting
            self.slowest_s = max(self.slowest_s, sighting.at_s - packet.sent_s)

    @property
    def end_distance(self) -> int | None:
        """Where the route ends as far as is known, or ``None`` (rule 2)."""
        reached = self._distances(lambda reason: reason is Reason.NONE)
        refused = self._distances(lambda reason: reason not in (Reason.NONE, _PASSED_ON))
        return min(reached, default=min(refused, default=None))

    @property
    def last_answering(self) -> int:
        """The farthest distance that answered; 0 where none did."""
        return max((packet.distance for packet in self.packets if packet.answer is not None), default=0)

    def all_answered(self) -> bool:
        """Whether every packet up to the end of the route is answered; never while the end is unknown."""
        end = self.end_distance
        return end is not None and all(
            packet.answer is not None for packet in self.packets if packet.distance <= end
        )

    def end(self) -> tuple[TraceEnd, Reason]:
        """Return how the trace ended, and why where it was refused."""
        end = self.end_distance
        if end is None:
            return TraceEnd.SILENT, Reason.NONE
        answers = [packet.answer for packet in self.packets if packet.distance == end]
        reasons = [answer.reason for answer in answers if answer is not None]
        if Reason.NONE in reasons:
            return TraceEnd.REACHED, Reason.NONE
        return TraceEnd.REFUSED, next(reason for reason in reasons if reason is not _PASSED_ON)

    def hops(self) -> tuple[Hop, ...]:
        """Return the hops up to the end of the route."""
        last = self.end_distance or self.last_answering
        return tuple(self._hop(distance) for distance in range(1, last + 1))

    def _hop(self, distance: int) -> Hop:
        packets = [packet for packet in self.packets if packet.distance == distance]
        times_s: dict[tuple[str, Reason], list[float]] = {}
        for packet in packets:
            if packet.answer is not None:
                key = packet.answer.host, packet.answer.reason
                times_s.setdefault(key, []).append(packet.answer.at_s - packet.sent_s)
        seen = tuple(
            HopAddress(host, len(times), min(times), statistics.median(times), max(times), reason)
            for (host, reason), times in times_s.items()
        )
        return Hop(distance, len(packets), seen)

    def _distances(self, is_wanted: Callable[[Reason], bool]) -> list[int]:
        return [
            packet.distance
            for packet in self.packets
            if packet.answer is not None and is_wanted(packet.answer.reason)
        ]
