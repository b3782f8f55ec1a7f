"""A store in memory that tells buckets and histograms too, made of its readings as a real one makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.rollup import roll_up
from controlroom.reading import SeriesKey
from controlroom.store.codes import lost_codes, unmeasured_codes
from controlroom.store.interface import Curve, Resolution, Samples, Stretch
from tests.controlroom.report.memory_store import MemoryStore


@dataclass
class RolledStore(MemoryStore):
    """Keeps all readings, or, by ``kept``, nothing finer than a resolution of any day."""

    kept: Resolution = Resolution.RAW

    def stretches(
        self, series: SeriesKey, since_utc_s: float, until_utc_s: float, points: int
    ) -> Sequence[Stretch]:
        """One stretch, at the resolution that is kept."""
        return [Stretch(self.kept, since_utc_s, until_utc_s)]

    def curves(
        self, series: Sequence[SeriesKey], since_utc_s: float, until_utc_s: float, resolution: Resolution
    ) -> Mapping[SeriesKey, Curve]:
        """Readings, or the buckets that begin within the range."""
        return {key: self._curve(key, since_utc_s, until_utc_s, resolution) for key in series}

    def histogram(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> LogHistogram:
        """The values of the hours that begin within the range."""
        found = self.samples(series, *_whole(since_utc_s, until_utc_s, Resolution.HOUR))
        return LogHistogram.of(found.value[found.beat])

    def _curve(self, key: SeriesKey, since_utc_s: float, until_utc_s: float, resolution: Resolution) -> Curve:
        if resolution is Resolution.RAW:
            found = self.samples(key, since_utc_s, until_utc_s)
            return Curve(resolution, found.at_utc_s, found.value, np.zeros(len(found.value), np.bool_))
        found = self.samples(key, *_whole(since_utc_s, until_utc_s, resolution))
        rollup = roll_up(*_columns(found), int(resolution))
        at_utc_s = rollup.start_utc_s.astype(np.float64)
        return Curve(resolution, at_utc_s, rollup.p50, np.zeros(len(at_utc_s), np.bool_), rollup)


def _whole(since_utc_s: float, until_utc_s: float, resolution: Resolution) -> tuple[float, float]:
    """From the first bucket that begins in a range to the end of the last."""
    step_s = int(resolution)
    since_s = -(-since_utc_s // step_s) * step_s
    return since_s, -(-until_utc_s // step_s) * step_s - 1e-6


def _columns(
    found: Samples,
) -> tuple[
    np.ndarray[tuple[int], np.dtype[np.int64]],
    np.ndarray[tuple[int], np.dtype[np.float64]],
    np.ndarray[tuple[int], np.dtype[np.bool_]],
    np.ndarray[tuple[int], np.dtype[np.bool_]],
]:
    sent_us = np.rint(found.at_utc_s * 1e6).astype(np.int64)
    lost = lost_codes(found.outcome, found.reason)
    return sent_us, found.value, lost, unmeasured_codes(found.outcome, found.reason)
