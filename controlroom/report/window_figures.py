"""The figures of a probe over any window, read from the store as finely as they can be. It words nothing.

Rules:
1. Up to a day, single readings are read: all figures, the grade and the estimate of voice.
2. Beyond a day, or where readings are no longer kept, buckets tell what they can (``rolled_figures.py``):
   whole hours beyond a day, whole minutes below. A bucket that is still under way belongs to it.
3. Copies of replies are counted by the probers over the last hour alone, and only the endpoints that have
   most are named: the hour that ends now may have them, else they are unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from controlroom.measure.asked import RTT_S
from controlroom.measure.figures import LinkFigures, WindowLength, link_figures
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.loss import Loss
from controlroom.measure.quality import Quality, quality_of
from controlroom.measure.rolled_figures import RolledFigures, rolled_figures
from controlroom.reading import SeriesKey
from controlroom.report.link_quality import asked_in
from controlroom.report.stray_words import strays
from controlroom.site.profile import Profile
from controlroom.site.view import SeenEndpoint, SeenProbe
from controlroom.store.interface import Heartbeat, ReadStore, Resolution

SINGLE_UP_TO_S: Final = 86_400.0
_EVERY_READING: Final = 10**9
_NOW_WITHIN_S: Final = 60.0
"""A window that ends so little before the newest second ends now: seconds are committed while it is read."""
_COUNTED: Final = "_lately_duplicate_replies"
_NO_VALUES: Final = LogHistogram.merged(())


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """What a probe measured in a window; ``quality`` is ``None`` where only buckets are read."""

    probe: SeenProbe
    told: LinkFigures | RolledFigures
    quality: Quality | None = None

    @property
    def loss(self) -> Loss:
        """The loss with its interval."""
        return self.told.loss if isinstance(self.told, RolledFigures) else self.told.losses.loss


def window_figures(
    store: ReadStore,
    seen: SeenEndpoint,
    probe: SeenProbe,
    profile: Profile | None,
    since_utc_s: float,
    until_utc_s: float,
) -> WindowFigures:
    """Read the figures of a window of a probe that measures round trips."""
    series = SeriesKey(seen.id, probe.name, RTT_S)
    if until_utc_s - since_utc_s > SINGLE_UP_TO_S:
        return WindowFigures(probe, _rolled(store, series, since_utc_s, until_utc_s, Resolution.HOUR))
    kept = store.stretches(series, since_utc_s, until_utc_s, _EVERY_READING)
    if any(each.resolution is not Resolution.RAW for each in kept):
        return WindowFigures(probe, _rolled(store, series, since_utc_s, until_utc_s, Resolution.MINUTE))
    asked = asked_in(store, seen, probe, since_utc_s, until_utc_s)
    copies = _duplicates(store.heartbeat(), seen.id, since_utc_s, until_utc_s)
    quality = quality_of(link_figures(asked, since_utc_s, until_utc_s, copies), profile, seen.voice)
    return WindowFigures(probe, quality.figures, quality)


def _rolled(
    store: ReadStore, series: SeriesKey, since_utc_s: float, until_utc_s: float, bucket: Resolution
) -> RolledFigures:
    """Read the buckets of a window (rule 2); hours have histograms, minutes have none that add up."""
    heartbeat = store.heartbeat()
    bucket_s = int(bucket)
    since_s = math.ceil(since_utc_s / bucket_s) * bucket_s
    until_s = until_utc_s // bucket_s * bucket_s
    if heartbeat is not None and until_utc_s >= heartbeat.at_utc_s - _NOW_WITHIN_S:
        until_s = until_utc_s
    until_s = max(until_s, since_s)
    # Of a series never measured there is an empty curve, and it has a rollup as well.
    rollup = store.curves([series], since_s, until_s, bucket)[series].rollup
    if rollup is None:
        raise ValueError("a curve of buckets has a rollup")
    histogram = store.histogram(series, since_s, until_s) if bucket is Resolution.HOUR else _NO_VALUES
    return rolled_figures(rollup, histogram, float(since_s), float(until_s))


def _duplicates(
    heartbeat: Heartbeat | None, endpoint_id: str, since_utc_s: float, until_utc_s: float
) -> int | None:
    """Return how many further copies came in the hour that ends now; ``None`` where nobody knows (rule 3)."""
    if heartbeat is None or abs(heartbeat.at_utc_s - until_utc_s) > _NOW_WITHIN_S:
        return None
    if until_utc_s - since_utc_s != WindowLength.HOUR:
        return None
    counted = [name for name in heartbeat.health if name.endswith(_COUNTED)]
    if not counted:
        return None
    here = strays(heartbeat.health, endpoint_id).get("duplicate")
    return here if here is not None else None if strays(heartbeat.health).get("duplicate") else 0
