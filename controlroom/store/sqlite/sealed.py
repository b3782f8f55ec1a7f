"""Readings out of chunks: one series' part of a chunk, and a probe's newest reading. It only reads."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from controlroom.errors import StoreError
from controlroom.reading import Reading
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray
from controlroom.store.sqlite.archive import Archive
from controlroom.store.sqlite.chunk import Chunk, Section, decode
from controlroom.store.sqlite.day import DAY_US, day_of
from controlroom.store.sqlite.day_file import DAY_LADDER, ChunkRow, chunks_backward
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.second import MICROSECONDS


@dataclass(frozen=True, slots=True)
class Part:
    """Some readings of one probe, with the value of one series (NaN where there is none)."""

    sent_us: IntArray
    value: FloatArray
    outcome: CodeArray
    reason: CodeArray
    beat: BoolArray

    def within(self, since_us: int, until_us: int) -> Part:
        """Return those sent from a time (included) until another (not included)."""
        inside = (since_us <= self.sent_us) & (self.sent_us < until_us)
        if inside.all():
            return self
        return Part(
            self.sent_us[inside],
            self.value[inside],
            self.outcome[inside],
            self.reason[inside],
            self.beat[inside],
        )


def parts_of(chunk: Chunk, series: int | None) -> Iterator[Part]:
    """Return a chunk's readings as parts: those on the beat, and those off it where there are any."""
    for section, beat in ((chunk.beat, True), (chunk.off_beat, False)):
        count = len(section.sent_us)
        if count:
            value = None if series is None else section.lanes.get(series)
            yield Part(
                section.sent_us,
                np.full(count, np.nan) if value is None else value,
                section.outcome,
                section.reason,
                np.full(count, beat),
            )


def decoded(archive: Archive, path: Path, chunk: ChunkRow, series: Collection[int] | None) -> Chunk | None:
    """Unpack a chunk, or pass it over where it cannot be read."""
    try:
        return decode(chunk.packed, series)
    except StoreError:
        archive.pass_over(path.name, chunk.from_us, chunk.until_us)
        return None


def newest_sealed(
    archive: Archive,
    names: Names,
    probe: int,
    below_key: int,
    between_us: tuple[int, int],
    *,
    off_beat: bool,
) -> Reading | None:
    """Return a probe's newest reading on the beat, or of all, by the order of windows and then by sending."""
    oldest_us, newest_us = between_us
    for day in reversed(archive.history.raw_days()):
        if day_of(oldest_us) <= day <= day_of(newest_us):
            path, found = archive.history.raw(day), None
            with archive.passing_over(path, day * DAY_US, (day + 1) * DAY_US):
                for section in _newest_of_day(archive, probe, below_key, oldest_us, path, off_beat=off_beat):
                    found = _reading(section, int(np.argmax(section.sent_us)), names, probe)
                    break
            if found is not None:
                return found
    return None


def _newest_of_day(
    archive: Archive, probe: int, below_key: int, oldest_us: int, path: Path, *, off_beat: bool
) -> Iterator[Section]:
    """Go back through the sections of a day that hold a reading so new, the one with the newest first."""
    file = archive.connection(path, DAY_LADDER)
    for row in chunks_backward(file, probe, below_key, oldest_us) if file is not None else ():
        chunk = decoded(archive, path, row, None)
        if chunk is None:
            continue
        sections = (chunk.beat, chunk.off_beat) if off_beat else (chunk.beat,)
        newest = max(sections, key=lambda section: int(section.sent_us.max(initial=oldest_us - 1)))
        if int(newest.sent_us.max(initial=oldest_us - 1)) >= oldest_us:
            yield newest


def _reading(section: Section, index: int, names: Names, probe: int) -> Reading:
    values = {
        names.series[number].metric: float(lane[index])
        for number, lane in section.lanes.items()
        if number in names.series and not math.isnan(lane[index])
    }
    return Reading(
        probe=names.probes[probe],
        sent_utc_s=int(section.sent_us[index]) / MICROSECONDS,
        sent_monotonic_s=math.nan,
        outcome=OUTCOMES[section.outcome[index]],
        reason=REASONS[section.reason[index]],
        values=values,
    )
