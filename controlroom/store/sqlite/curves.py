"""Series at a wanted resolution: from minutes, hours and days where they are made, from readings where not.

Rules
1. A day that still changes (``to_roll_up``, or with seconds in the journal) is computed from its readings, by
   the same way as its rollups will be: a chart has no seam where the one ends and the other begins.
2. A series' rollups and its readings come from one snapshot of ``to_roll_up`` and ``below_key``.
3. A row is believed only where its file names the series as the store does (``rollup_file``).
4. Buckets belong to a range by their beginning; readings by their sending.
5. A day whose rollups are damaged is computed from its readings; where those are not kept it is passed over.
6. So is a day of which there are readings and no rows: nothing had a value that day, or it was rolled up by a
   program that left such days out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence, Set
from operator import itemgetter
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from controlroom.errors import StoreError
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.rollup import Rollup, joined
from controlroom.reading import SeriesKey
from controlroom.store.codes import unmeasured_codes
from controlroom.store.interface import Curve, Resolution, Samples, Stretch
from controlroom.store.sqlite.archive import Archive
from controlroom.store.sqlite.claim import first_day
from controlroom.store.sqlite.day import DAY_US, HistoryFolder, day_of
from controlroom.store.sqlite.day_file import DAY_LADDER, next_probe
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import is_damage
from controlroom.store.sqlite.rolling import rollup_of
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER, names_as, packed_between
from controlroom.store.sqlite.rollup_packing import unpack_histograms, unpack_rollup
from controlroom.store.sqlite.sealed import Part
from controlroom.store.sqlite.second import MICROSECONDS, NEAR_US
from controlroom.store.sqlite.stretches import cut

_UNSEALED: Final = "FROM journal WHERE key >= (SELECT below_key FROM sealing)"
_UNSEALED_SPAN: Final = f"SELECT min(at_utc_us), max(at_utc_us) {_UNSEALED}"
_UNSEALED_TIMES: Final = f"SELECT at_utc_us {_UNSEALED}"
_WHAT: Final = {Resolution.MINUTE: "minutes", Resolution.HOUR: "hours", Resolution.DAY: "day"}

Readings = Callable[[SeriesKey, float, float], Samples]
Made = TypeVar("Made")


def raw_curve(samples: Samples) -> Curve:
    """Return the readings on the beat as a curve."""
    beat = samples.beat
    return Curve(
        Resolution.RAW,
        samples.at_utc_s[beat],
        samples.value[beat],
        unmeasured_codes(samples.outcome[beat], samples.reason[beat]),
    )


def rolled_curve(resolution: Resolution, rollup: Rollup) -> Curve:
    """Return buckets as a curve."""
    nobody_asked = (rollup.count == 0) & (rollup.lost == 0) & (rollup.not_run > 0)
    return Curve(resolution, rollup.start_utc_s.astype(np.float64), rollup.p50, nobody_asked, rollup)


def empty_curve(resolution: Resolution) -> Curve:
    """Return a curve without a point."""
    if resolution is Resolution.RAW:
        return Curve(resolution, np.empty(0), np.empty(0), np.empty(0, dtype=np.bool_))
    return rolled_curve(resolution, rollup_of([], int(resolution)))


class Rollups:
    """Finds rollups within one snapshot of the store."""

    def __init__(
        self, connection: sqlite3.Connection, archive: Archive, names: Names, readings: Readings
    ) -> None:
        """Look which days still change. ``readings`` reads a series' samples within the same snapshot."""
        self._archive, self._names, self._readings = archive, names, readings
        self._changing = _changing_days(connection, archive.history)
        self._connection = connection

    def rollup(
        self, series: SeriesKey, resolution: Resolution, since_utc_s: float, until_utc_s: float
    ) -> Rollup:
        """Return the buckets of a series that begin within a range."""
        days = self._days_between(since_utc_s, until_utc_s)
        made, unmade = self._unpacked(series, _WHAT[resolution], days, unpack_rollup)
        parts = [rollup for _, rollup in sorted(made.items(), key=itemgetter(0))]
        parts += [self._computed(series, resolution, day) for day in unmade]
        whole = joined(parts) if parts else rollup_of([], int(resolution))
        return _within(whole, since_utc_s, until_utc_s)

    def _days_between(self, since_utc_s: float, until_utc_s: float) -> range:
        first = day_of(int(max(since_utc_s, 0.0)) * MICROSECONDS)
        last = day_of(int(min(max(until_utc_s, 0.0), 6e10)) * MICROSECONDS)
        return range(first, last + 1)

    def stretches(
        self, series: SeriesKey, since_utc_s: float, until_utc_s: float, points: int
    ) -> Sequence[Stretch]:
        """Cut a range into stretches by what is still kept of each day."""
        days = self._days_between(since_utc_s, until_utc_s)
        raw = {day for day in (*self._archive.history.raw_days(), *self._changing) if day in days}
        changing = {day for day in self._changing if day in days}
        kept: dict[Resolution, set[int]] = {Resolution.RAW: raw}
        for resolution, what in _WHAT.items():
            packed, damaged_days = self._packed(series, what, days)
            made = changing | damaged_days | packed.keys()
            kept[resolution] = made | self._asked_without_rows(series, days, made)
        wanted = Resolution.filling(until_utc_s - since_utc_s, points)
        return cut(kept, wanted, since_utc_s, until_utc_s)

    def histogram(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> LogHistogram:
        """Return the values of the hours that begin within a range."""
        days = self._days_between(since_utc_s, until_utc_s)
        histograms, unmade = self._unpacked(series, "histograms", days, _histograms_of)
        hours, unmade_hours = self._unpacked(series, "hours", days, unpack_rollup)
        parts: list[LogHistogram] = []
        for day in histograms.keys() & hours.keys():
            begin_s = hours[day].start_utc_s
            if len(histograms[day]) == len(begin_s):
                wanted = ((since_utc_s <= begin_s) & (begin_s < until_utc_s)).tolist()
                parts += [part for part, inside in zip(histograms[day], wanted, strict=True) if inside]
            else:
                unmade += self._computable(self._archive.history.hours(day), range(day, day + 1))
        parts += [self._counted(series, day, since_utc_s, until_utc_s) for day in {*unmade, *unmade_hours}]
        return LogHistogram.merged(parts)

    def _counted(self, series: SeriesKey, day: int, since_utc_s: float, until_utc_s: float) -> LogHistogram:
        begin_s = day * DAY_US / MICROSECONDS
        samples = self._readings(series, begin_s, begin_s + DAY_US / MICROSECONDS)
        hour_s = samples.at_utc_s // Resolution.HOUR * Resolution.HOUR
        wanted = samples.beat & (since_utc_s <= hour_s) & (hour_s < until_utc_s)
        return LogHistogram.of(samples.value[wanted])

    def _unpacked(
        self, series: SeriesKey, what: str, days: range, unpack: Callable[[bytes, int], Made]
    ) -> tuple[dict[int, Made], list[int]]:
        """Return what is made of days, and the days that are to be computed from their readings instead."""
        packed, unmade = self._packed(series, what, days)
        made: dict[int, Made] = {}
        for day, blob in packed.items():
            try:
                made[day] = unpack(blob, day)
            except StoreError:
                history = self._archive.history
                path = history.minutes(day) if what == "minutes" else history.hours(day)
                unmade |= self._computable(path, range(day, day + 1))
        unmade |= {day for day in self._changing if day in days}
        return made, sorted(unmade | self._asked_without_rows(series, days, unmade | made.keys()))

    def _asked_without_rows(self, series: SeriesKey, days: range, made: Set[int]) -> set[int]:
        """Return days in which a probe was asked and that have no rows of this series (rule 6)."""
        probe, history = self._names.probe_number(series.probe), self._archive.history
        found = set()
        for day in history.raw_days() if probe is not None else ():
            if day in days and day not in made:
                with self._archive.passing_over(history.raw(day), day * DAY_US, (day + 1) * DAY_US):
                    file = self._archive.connection(history.raw(day), DAY_LADDER)
                    if file is not None and probe is not None and next_probe(file, probe) == probe:
                        found.add(day)
        return found

    def _packed(self, series: SeriesKey, what: str, days: range) -> tuple[dict[int, bytes], set[int]]:
        """Return packed rows by day, and the days whose file is damaged while their readings are kept."""
        number = self._names.series_number(series)
        found: dict[int, bytes] = {}
        damaged_days: set[int] = set()
        if number is None or not len(days):
            return found, damaged_days
        history = self._archive.history
        files = history.minute_files() if what == "minutes" else history.hour_files()
        ladder = MINUTES_LADDER if what == "minutes" else HOURS_LADDER
        for path in files:
            try:
                connection = self._archive.connection(path, ladder)
                if connection is not None and names_as(connection, number, series):
                    found |= packed_between(connection, what, number, days[0], days[-1])
            except (sqlite3.DatabaseError, StoreError) as error:
                self._archive.refuse_nameless()
                if not is_damage(error):
                    raise
                self._archive.let_go(path)
                damaged_days |= self._computable(path, days)
        return {day: packed for day, packed in found.items() if day not in self._changing}, damaged_days

    def _computable(self, path: Path, days: range) -> set[int]:
        """Return a damaged file's days of which there are readings; the others are passed over (rule 5)."""
        raw = set(self._archive.history.raw_days())
        first, last = first_day(self._connection), max(raw | self._changing, default=days[-1])
        theirs = [day for day in self._archive.history.days_in(path) if day in days and first <= day <= last]
        missing = [day for day in theirs if day not in raw | self._changing]
        if missing:
            self._archive.pass_over(path.name, missing[0] * DAY_US, (missing[-1] + 1) * DAY_US)
        return {day for day in theirs if day in raw}

    def _computed(self, series: SeriesKey, resolution: Resolution, day: int) -> Rollup:
        begin_s = day * DAY_US / MICROSECONDS
        samples = self._readings(series, begin_s, begin_s + DAY_US / MICROSECONDS)
        beat = samples.beat
        sent_us = np.rint(samples.at_utc_s * MICROSECONDS).astype(np.int64)
        part = Part(
            sent_us[beat], samples.value[beat], samples.outcome[beat], samples.reason[beat], beat[beat]
        )
        return rollup_of([part], int(resolution))


def _changing_days(connection: sqlite3.Connection, history: HistoryFolder) -> frozenset[int]:
    """Return the days whose readings may say more than their rollups.

    A day whose readings are kept no more is none of them, though it waits: its rollups are all that there is.
    """
    waiting = {int(row[0]) for row in connection.execute("SELECT day FROM to_roll_up")}
    days = waiting.intersection(history.raw_days()) if waiting else set()
    first, last = connection.execute(_UNSEALED_SPAN).fetchone()
    if first is None:
        return frozenset(days)
    times: list[int] = [first, last]
    if day_of(last) - day_of(first) > 1:  # a clock was set, or an engine stood still: not all between change
        rows = connection.execute(_UNSEALED_TIMES).fetchall()
        times = [time_us for (time_us,) in rows]
    return frozenset(days.union(*({day_of(time - NEAR_US), day_of(time + NEAR_US)} for time in times)))


def _histograms_of(packed: bytes, _day: int) -> list[LogHistogram]:
    return unpack_histograms(packed)


def _within(rollup: Rollup, since_utc_s: float, until_utc_s: float) -> Rollup:
    inside = (rollup.start_utc_s >= since_utc_s) & (rollup.start_utc_s < until_utc_s)
    return rollup if inside.all() else rollup.taken(inside)
