"""Alarms that stand for more than a day: nobody sees them any more. It judges none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controlroom.alarms.health.presented import StaleSpan

DAY_S: Final = 86_400.0


def most_at_once(spans: Sequence[StaleSpan]) -> int:
    """Return how many were stale at one moment, at the most."""
    edges = [(span.from_utc_s, 1) for span in spans] + [(span.until_utc_s, -1) for span in spans]
    standing = most = 0
    for _, step in sorted(edges):
        standing += step
        most = max(most, standing)
    return most


def still_stale(spans: Sequence[StaleSpan], until_utc_s: float) -> tuple[StaleSpan, ...]:
    """Return those that are stale at the end of the range, the oldest first."""
    still = [span for span in spans if span.until_utc_s >= until_utc_s]
    return tuple(sorted(still, key=lambda span: (span.raised_utc_s, span.number)))
