"""What a store tells of how well a site was measured over the last days. It judges nothing.

Rules:
1. The range is thirty days, or what there is of them.
2. Minutes are read where that is little enough to wait for, else hours; the answer says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.availability import Availability, availability_of
from controlroom.reading import SeriesKey
from controlroom.report.audit.data_quality import ProbeQuality, StuckValue, probe_quality, stuck_value
from controlroom.report.site_spans import SiteSpans
from controlroom.site.view import SiteView
from controlroom.store.interface import BlindTime, ReadStore, Resolution

DAYS_S: Final = 30 * 86_400.0
MOST_BUCKETS: Final = 2_000_000
OFFSET: Final = "offset_s"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured between two moments; ``bucket_s`` is how finely it was looked at."""

    since_utc_s: float
    until_utc_s: float
    bucket_s: int
    blind: Sequence[BlindTime]
    worked: Mapping[str, Availability]
    probes: Sequence[ProbeQuality]
    stuck: Sequence[StuckValue]
    offsets_s: Mapping[str, float]
    steps: Sequence[Entry]

    @property
    def blind_s(self) -> float:
        """How long nothing at all could be measured."""
        return sum(_within(each, self.since_utc_s, self.until_utc_s) for each in self.blind)

    @property
    def length_s(self) -> float:
        """How long the range is."""
        return self.until_utc_s - self.since_utc_s


def read_measured(store: ReadStore, view: SiteView, spans: SiteSpans, until_utc_s: float) -> Measured:
    """Read it all; ``spans`` are those of at least these days."""
    begun_s = min((each[0].since_utc_s for each in spans.values() if each), default=until_utc_s)
    since_utc_s = max(until_utc_s - DAYS_S, begun_s)
    listed = [*_series(store, view)]
    finest = (until_utc_s - since_utc_s) / Resolution.MINUTE * len(listed) <= MOST_BUCKETS
    bucket = Resolution.MINUTE if finest else Resolution.HOUR
    probes, stuck = _looked_through(store, view, listed, (since_utc_s, until_utc_s), bucket)
    return Measured(
        since_utc_s=since_utc_s,
        until_utc_s=until_utc_s,
        bucket_s=int(bucket),
        blind=store.blind_time(since_utc_s, until_utc_s),
        worked={name: availability_of(each, since_utc_s, until_utc_s) for name, each in spans.items()},
        probes=probes,
        stuck=stuck,
        offsets_s=_offsets(store, view),
        steps=store.entries(since_utc_s=since_utc_s, kinds=frozenset({LogKind.CLOCK_STEPPED})),
    )


def _series(store: ReadStore, view: SiteView) -> Iterator[SeriesKey]:
    """Yield the series of probes that the site has now."""
    known = {(each.id, probe.name) for each in view.endpoints for probe in each.probes}
    for series in store.series():
        if (series.endpoint_id, series.probe_name) in known:
            yield series


def _looked_through(
    store: ReadStore,
    view: SiteView,
    listed: Sequence[SeriesKey],
    range_utc_s: tuple[float, float],
    bucket: Resolution,
) -> tuple[list[ProbeQuality], list[StuckValue]]:
    periods = {each.key(probe): probe.period_s for each in view.endpoints for probe in each.probes}
    probes: dict[object, ProbeQuality] = {}
    stuck: list[StuckValue] = []
    since_s = range_utc_s[0] - range_utc_s[0] % bucket
    for series in listed:
        rollup = store.curves([series], since_s, range_utc_s[1], bucket)[series].rollup
        if rollup is None:
            raise ValueError("a curve of buckets has a rollup")
        key = series.probe
        if key not in probes:
            probes[key] = probe_quality(key, periods[key], rollup, range_utc_s[1])
        found = stuck_value(series, rollup)
        stuck += [] if found is None else [found]
    return [
        *probes.values(),
        *(ProbeQuality(key, periods[key]) for key in periods if key not in probes),
    ], stuck


def _offsets(store: ReadStore, view: SiteView) -> Mapping[str, float]:
    """Return the newest clock offset of each endpoint that tells one."""
    known = {each.id for each in view.endpoints}
    newest = store.latest(86_400.0)
    return {
        key.endpoint_id: reading.values[OFFSET]
        for key, reading in newest.items()
        if key.endpoint_id in known and OFFSET in reading.values
    }


def _within(blind: BlindTime, since_utc_s: float, until_utc_s: float) -> float:
    return max(0.0, min(blind.until_utc_s, until_utc_s) - max(blind.from_utc_s, since_utc_s))
