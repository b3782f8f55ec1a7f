"""Reads a stretch of history for the graph, as finely as it is kept and can be seen. It draws nothing.

Rules
1. What a desk can draw reading by reading is read so; longer ranges come in minutes or hours.
2. Where the readings of a day are no longer kept, its minutes stand in for them, or its hours.
3. The newest, unfinished bucket is read as readings, so that live ones go on behind it without a gap and
   without one counted twice.
4. What cannot be read of it, for a file is damaged there, goes with the answer.
"""

from __future__ import annotations

from controlroom.measure.log_histogram import LogHistogram
from controlroom.store.interface import ReadStore, Resolution, Stretch
from ui.desk.snapshot import History, Request


def read_history(store: ReadStore, wish: Request, newest_utc_s: float) -> History:
    """Answer a wish; ``newest_utc_s`` is the time of the newest second that is committed."""
    series, since_s, until_s = wish.series, wish.since_utc_s, wish.until_utc_s
    store.passed_over()  # what was met before is of other questions
    stretches = store.stretches(series, since_s, until_s, wish.points)
    raw_from_s = min([each.since_utc_s for each in stretches if not each.resolution], default=until_s)
    rolled = [each for each in stretches if each.resolution]
    if rolled and rolled[-1].until_utc_s > newest_utc_s:
        rolled[-1] = _finished(rolled[-1], newest_utc_s)
        raw_from_s = min(raw_from_s, rolled[-1].until_utc_s)
    rollups = [
        store.curves([series], each.since_utc_s, each.until_utc_s, each.resolution)[series].rollup
        for each in rolled
    ]
    histograms = [store.histogram(series, each.since_utc_s, each.until_utc_s) for each in rolled]
    samples = store.samples(series, raw_from_s, until_s)
    return History(
        request=wish,
        samples=samples,
        blind=tuple(store.blind_time(since_s, until_s)),
        rollups=tuple(rollup for rollup in rollups if rollup is not None),
        histogram=LogHistogram.merged(histograms),
        passed_over=tuple(store.passed_over()),
    )


def _finished(stretch: Stretch, newest_utc_s: float) -> Stretch:
    """Cut a stretch at its last bucket that has ended (rule 3)."""
    bucket_s = int(stretch.resolution)
    end_s = max(newest_utc_s // bucket_s * bucket_s, stretch.since_utc_s)
    return Stretch(Resolution(bucket_s), stretch.since_utc_s, end_s)
