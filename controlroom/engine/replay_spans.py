"""In which condition a replayed endpoint was from when on, and where nothing was recorded. It judges nothing.

Rules:
1. A condition counts from when it says, the earliest from the first row.
2. Much later than the row before it, a row ends a gap: from the one to the other nothing was measured.
"""

from __future__ import annotations

from collections.abc import Iterable

from controlroom.condition.state import Condition, EndpointState
from controlroom.measure.availability import (
    Availability,
    Spent,
    TimeSpan,
    availability_of,
    spent_in,
    with_blind,
)


class ReplaySpans:
    """The spans of one endpoint."""

    def __init__(self, began_utc_s: float, gap_s: float) -> None:
        """Begin with the first row; rows that are more than ``gap_s`` apart have a gap between them."""
        self.since_utc_s = self.until_utc_s = began_utc_s
        self._gap_s = gap_s
        self._gaps: list[TimeSpan] = []
        self._turns: list[tuple[float, Condition]] = []

    def asked(self, utc_s: float) -> None:
        """Note that a row was sent (rule 2)."""
        if utc_s - self.until_utc_s > self._gap_s:
            self._gaps.append(TimeSpan(Spent.BLIND, self.until_utc_s, utc_s))
        self.until_utc_s = max(self.until_utc_s, utc_s)

    def turned(self, state: EndpointState) -> None:
        """Note a state (rule 1)."""
        if not self._turns or self._turns[-1][1] is not state.condition:
            earliest_utc_s = self._turns[-1][0] if self._turns else self.since_utc_s
            self._turns.append((max(state.since_utc_s, earliest_utc_s), state.condition))

    def availability(self, blind: Iterable[TimeSpan] = ()) -> Availability:
        """Sum up from the first row until the last; ``blind`` are times known to be without measurement."""
        ends = [since_utc_s for since_utc_s, _ in self._turns[1:]] + [self.until_utc_s]
        spans = [
            TimeSpan(spent_in(condition), since_utc_s, max(since_utc_s, end_utc_s))
            for (since_utc_s, condition), end_utc_s in zip(self._turns, ends, strict=True)
        ]
        return availability_of(with_blind(spans, [*blind, *self._gaps]), self.since_utc_s, self.until_utc_s)
