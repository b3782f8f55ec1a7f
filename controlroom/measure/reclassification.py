"""Down time that an operator counts as maintenance afterwards. It takes nothing away: what it was stays told.

Rules:
1. Only down time is counted so. What worked, or was not measured, stays what it was.
2. Each span keeps what it was (``TimeSpan.was``), so that figures can say how much was counted so afterwards.
3. It holds for the endpoint that it names, and only for what lies between its two moments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from controlroom.measure.availability import Spent, TimeSpan


@dataclass(frozen=True, slots=True)
class Reclassification:
    """What somebody counts as maintenance: whose down time, from when until when; by whom, why and when."""

    subject: str
    from_utc_s: float
    until_utc_s: float
    by: str
    why: str
    at_utc_s: float


def reclassified(spans: Iterable[TimeSpan], told: Iterable[Reclassification]) -> list[TimeSpan]:
    """Count down time of one endpoint as maintenance where somebody says so; spans stay in order."""
    found = list(spans)
    for each in told:
        found = [part for span in found for part in _parts(span, each)]
    return found


def _parts(span: TimeSpan, told: Reclassification) -> Iterator[TimeSpan]:
    since_utc_s = max(span.since_utc_s, told.from_utc_s)
    until_utc_s = min(span.until_utc_s, told.until_utc_s)
    if span.spent is not Spent.DOWN or since_utc_s >= until_utc_s:
        yield span
        return
    if span.since_utc_s < since_utc_s:
        yield replace(span, until_utc_s=since_utc_s)
    yield replace(
        span, spent=Spent.MAINTENANCE, was=Spent.DOWN, since_utc_s=since_utc_s, until_utc_s=until_utc_s
    )
    if until_utc_s < span.until_utc_s:
        yield replace(span, since_utc_s=until_utc_s)
