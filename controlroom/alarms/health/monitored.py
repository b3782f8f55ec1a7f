"""When monitoring ran within a range: what was not watched is in no denominator. It knows no alarm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from controlroom.alarms.health.presented import FloatArray

Span = tuple[float, float]
"""From when until when, in POSIX seconds."""


@dataclass(frozen=True, slots=True)
class Monitored:
    """A range, and the spans of it in which monitoring ran, in order and apart from each other."""

    since_utc_s: float
    until_utc_s: float
    spans: tuple[Span, ...]

    @property
    def length_s(self) -> float:
        """How long monitoring ran."""
        return sum(until - since for since, until in self.spans)

    @property
    def unmonitored_s(self) -> float:
        """How long it did not run within the range."""
        return max(0.0, self.until_utc_s - self.since_utc_s - self.length_s)

    def within(self, starts_utc_s: FloatArray, ends_utc_s: FloatArray) -> FloatArray:
        """Return how long monitoring ran in each of some windows."""
        if not self.spans:
            return np.zeros(len(starts_utc_s))
        edges = np.array(self.spans, np.float64).ravel()
        lasted = np.diff(edges, prepend=edges[0]) * (np.arange(len(edges)) % 2)
        ran = np.cumsum(lasted)
        return np.asarray(np.interp(ends_utc_s, edges, ran) - np.interp(starts_utc_s, edges, ran))

    def overlap_s(self, spans: Iterable[Span]) -> float:
        """Return how long monitoring ran within spans that are apart from each other."""
        pairs = np.array(list(spans), np.float64).reshape(-1, 2)
        return float(self.within(pairs[:, 0], pairs[:, 1]).sum())


def monitored(since_utc_s: float, until_utc_s: float, blind: Iterable[Span]) -> Monitored:
    """Take the spans without monitoring out of a range, however they overlap."""
    spans: list[Span] = []
    at_s = since_utc_s
    for from_s, to_s in sorted(blind):
        if from_s > at_s:
            spans.append((at_s, min(from_s, until_utc_s)))
        at_s = max(at_s, to_s)
        if at_s >= until_utc_s:
            break
    if at_s < until_utc_s:
        spans.append((at_s, until_utc_s))
    return Monitored(since_utc_s, until_utc_s, tuple(span for span in spans if span[1] > span[0]))
