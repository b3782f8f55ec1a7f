"""Readings out of chunks: one series' part of a chunk, and a probe's newest reading. It only reads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from controlroom.reading import Reading
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray
from controlroom.store.sqlite.archive import Archive
from controlroom.store.sqlite.chunk import Chunk, Section, decode
from controlroom.store.sqlite.day import day_of
from controlroom.store.sqlite.day_file import DAY_LADDER, chunks_backward
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


def newest_sealed(
    archive: Archive, names: Names, probe: int, below_key: int, oldest_us: int, newest_us: int
) -> Reading | None:
    """Return a probe's newest reading on the beat in chunks, by the order of windows and then by sending."""
    for day in reversed(archive.history.raw_days()):
        if day_of(oldest_us) <= day <= day_of(newest_us):
            file = archive.connection(archive.history.raw(day), DAY_LADDER)
            if file is not None:
                for packed in chunks_backward(file, probe, below_key, oldest_us):
                    beat = decode(packed).beat
                    if len(beat.sent_us) and int(beat.sent_us.max()) >= oldest_us:
                        return _reading(beat, int(np.argmax(beat.sent_us)), names, probe)
    return None


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
