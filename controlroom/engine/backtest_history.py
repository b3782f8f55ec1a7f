"""What a store holds of one endpoint, as readings in order of their sending. It reads a slice at a time.

Rules:
1. Replayed is what every single reading is kept of; minutes and hours are not replayed.
2. Read are the figures that judging looks at, re-probes among the readings.
3. While an engine writes, what may still come of the newest questions is not waited for: the last
   ``SETTLES_S`` seconds and the longest deadline are left out.
4. A reading told again as blind is there as it was told last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from controlroom.engine.assessing import SIGNAL_GRADE
from controlroom.errors import StoreError
from controlroom.measure.asked import RTT_S
from controlroom.measure.availability import Spent, TimeSpan
from controlroom.measure.limits import told_by
from controlroom.measure.step_down import is_rate
from controlroom.reading import PATH_MTU_BYTES, ProbeKey, Reading, SeriesKey
from controlroom.report.range import Span
from controlroom.site.model import Endpoint, Probe
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import ReadStore, Resolution, Samples, Stretch

SLICE_S: Final = 6 * 3600.0
SETTLES_S: Final = 5.0
_EVERY_READING: Final = 10**12
"""So many points that no rollup has them, over whatever range."""
_KEPT_S: Final = 1e-6
"""The store keeps times to the microsecond."""
_LATEST_UTC_S: Final = 253_402_300_799.0
_TRIES: Final = 5

Tell = Callable[[float, float], None]
"""Told how many seconds of history, of how many, were read."""


class EndpointHistory:
    """What is kept of one endpoint within a range."""

    def __init__(self, store: ReadStore, endpoint: Endpoint, span: Span) -> None:
        """Look what is kept; no reading is read yet."""
        self._store = store
        measured = set(store.probes())
        probes = [probe for probe in endpoint.probes if endpoint.key(probe) in measured]
        self._series = {endpoint.key(probe): _judged(store, endpoint.key(probe), probe) for probe in probes}
        self._stretches = self._raw_stretches(span, probes)

    @property
    def seconds(self) -> float:
        """How many seconds of history are kept in the range."""
        return sum(each.until_utc_s - each.since_utc_s for each in self._stretches)

    def readings(self, tell: Tell = lambda done_s, total_s: None) -> Iterator[tuple[int, Reading]]:
        """Read what is kept, each reading with its row, counted from 0 over all probes of the endpoint."""
        row, done_s = 0, 0.0
        for stretch in self._stretches:
            since_s = stretch.since_utc_s
            while since_s < stretch.until_utc_s:
                until_s = min(since_s + SLICE_S, stretch.until_utc_s)
                tell(done_s, self.seconds)
                for reading in self._slice(since_s, until_s):
                    yield row, reading
                    row += 1
                done_s += until_s - since_s
                since_s = until_s

    def blind(self) -> list[TimeSpan]:
        """Return the times in which nothing could be measured."""
        if not self._stretches:
            return []
        ends = self._stretches[0].since_utc_s, self._stretches[-1].until_utc_s
        return [
            TimeSpan(Spent.BLIND, each.from_utc_s, each.until_utc_s, each.cause)
            for each in self._store.blind_time(*ends)
        ]

    def _raw_stretches(self, span: Span, probes: Sequence[Probe]) -> list[Stretch]:
        """Return where single readings are kept (rules 1 and 3)."""
        if not self._series:
            return []
        since_s = 0.0 if span.since_utc_s is None else span.since_utc_s
        until_s = _LATEST_UTC_S if span.until_utc_s is None else span.until_utc_s + _KEPT_S
        heartbeat = self._store.heartbeat()
        if heartbeat is not None and heartbeat.engine_pid is not None:
            settles_s = SETTLES_S + max(probe.timeout_s for probe in probes)
            until_s = min(until_s, heartbeat.at_utc_s - settles_s)
        if since_s >= until_s:
            return []
        first = next(iter(self._series.values()))[0]
        found = self._store.stretches(first, since_s, until_s, _EVERY_READING)
        return [each for each in found if each.resolution is Resolution.RAW]

    def _slice(self, since_utc_s: float, until_utc_s: float) -> list[Reading]:
        readings: list[Reading] = []
        for key, series in self._series.items():
            readings += _readings_of(key, self._aligned(series, since_utc_s, until_utc_s))
        return sorted(readings, key=lambda each: each.sent_utc_s)

    def _aligned(
        self, series: Sequence[SeriesKey], since_utc_s: float, until_utc_s: float
    ) -> Mapping[str, Samples]:
        """Read all figures of a probe, so that a place in one is the same reading in all."""
        for _ in range(_TRIES):
            found = {each.metric: self._store.samples(each, since_utc_s, until_utc_s) for each in series}
            first, *others = found.values()
            if all(np.array_equal(first.at_utc_s, other.at_utc_s) for other in others):
                return found
        raise StoreError(
            "history-moving",
            "The history grew while it was read, so that figures of one reading could not be told together.",
            "Give an --until that lies some minutes back.",
        )


def _judged(store: ReadStore, key: ProbeKey, probe: Probe) -> list[SeriesKey]:
    """Name what judging looks at (rule 2); where nothing of it ever came, one name gives the outcomes."""
    metrics = [each.metric for each in store.series() if each.probe == key and _is_judged(each.metric, probe)]
    return [SeriesKey(key.endpoint_id, key.probe_name, metric) for metric in metrics or [RTT_S]]


def _is_judged(metric: str, probe: Probe) -> bool:
    limited = {name for each in probe.limits for name in (each.metric, told_by(each))}
    return metric in {RTT_S, PATH_MTU_BYTES} | limited or is_rate(metric) or metric.endswith(SIGNAL_GRADE)


def _readings_of(key: ProbeKey, samples: Mapping[str, Samples]) -> Iterator[Reading]:
    """Put the figures of each reading together."""
    first = next(iter(samples.values()))
    values = list(zip(*(each.value.tolist() for each in samples.values()), strict=True))
    columns = (first.at_utc_s, first.outcome, first.reason, first.beat)
    rows = zip(*(column.tolist() for column in columns), values, strict=True)
    for at_utc_s, outcome, reason, beat, figures in rows:
        held = {name: each for name, each in zip(samples, figures, strict=True) if not math.isnan(each)}
        yield Reading(key, at_utc_s, math.nan, OUTCOMES[outcome], REASONS[reason], held, beat)
