"""The seconds of a window, turned from second by second to probe by probe. Pure: no SQL, no clock, no keys.

Rules
1. A probe's readings are told in order of sending, and by the UTC day in which they were sent.
2. A reading that was told again takes the place of the one told first (``corrections``).
3. Gathering sorts by probe alone, in one call; all else is done for a few probes at a time, so that no call
   is long.
4. Most probes measure one thing, on the beat: what they read is a piece of the few probes' columns. Any
   other probe's readings are picked out one by one, and come to the same chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.store.codes import correcting_codes
from controlroom.store.interface import BoolArray, FloatArray, IntArray
from controlroom.store.sqlite.chunk import NO_READINGS, Chunk, Section
from controlroom.store.sqlite.columns import Columns, no_readings
from controlroom.store.sqlite.corrections import standing
from controlroom.store.sqlite.day import DAY_US, day_of

Places = npt.NDArray[np.intp]

_FEW_PROBES: Final = 1 << 16


class Gathered:
    """All readings of a window, by probe."""

    def __init__(self, at_us: Sequence[int], columns: Sequence[Columns]) -> None:
        """Take the seconds in the order of their keys, their columns one for one."""
        self._readings = readings = _Readings(at_us, columns) if columns else _Readings([0], [no_readings()])
        self._order = np.argsort(_narrow(readings.probe), kind="stable")
        sorted_probes = readings.probe[self._order]
        changes = np.flatnonzero(sorted_probes[1:] != sorted_probes[:-1]) + 1
        self._bounds: list[int] = [0, *changes.tolist(), len(sorted_probes)] if len(sorted_probes) else [0]
        self.probes: list[int] = sorted_probes[self._bounds[:-1]].tolist()
        self._some_told_again = bool(correcting_codes(readings.outcome, readings.reason).any())

    def __len__(self) -> int:
        """Return how many probes have readings here."""
        return len(self.probes)

    def chunks(self, places: range) -> Iterator[tuple[int, int, Chunk]]:
        """Return the readings of the probes at these places: probe, day, and a chunk for each such day."""
        bounds = self._bounds[places.start : places.stop + 1]
        parts = [self._standing(self._order[start:end]) for start, end in pairwise(bounds)]
        few = _FewProbes(self._readings, np.concatenate(parts))
        start = 0
        for place, part in zip(places, parts, strict=True):
            for day, piece in few.days(start, start + len(part)):
                yield self.probes[place], day, few.chunk(piece)
            start += len(part)

    def _standing(self, index: Places) -> Places:
        """Return those of a probe's readings that stand (rule 2)."""
        if not self._some_told_again:
            return index
        of = self._readings
        stands = standing(of.sent_us[index], of.outcome[index], of.reason[index], of.beat[index])
        return index if stands is None else index[stands]


class _Readings:
    """The columns of a whole window; each is a piece of memory, so none is made that is not needed."""

    def __init__(self, at_us: Sequence[int], columns: Sequence[Columns]) -> None:
        """Put seconds, of which there is one at least, behind each other."""
        self.probe = np.concatenate([each.probe for each in columns])
        self.sent_us: IntArray = np.concatenate(
            [at + each.offset_us for at, each in zip(at_us, columns, strict=True)]
        )
        self.outcome = np.concatenate([each.outcome for each in columns])
        self.reason = np.concatenate([each.reason for each in columns])
        self.beat = np.concatenate([each.beat for each in columns])
        self.value_count = np.concatenate([each.value_count for each in columns])
        self.series = np.concatenate([each.series for each in columns])
        self.value = np.concatenate([each.value for each in columns])
        self.first_value = np.cumsum(self.value_count, dtype=np.int64)
        self.first_value -= self.value_count

    def section(self, index: Places) -> Section:
        """Pick readings out, whatever each of them measured."""
        counts = self.value_count[index].astype(np.int64)
        owner = np.repeat(np.arange(len(index)), counts)
        ends = np.cumsum(counts)
        item = np.arange(len(owner)) + np.repeat(self.first_value[index] - (ends - counts), counts)
        series, value = self.series[item], self.value[item]
        numbers: list[int] = np.unique(series).tolist()
        lanes = {number: _lane(len(index), owner, value, series == number) for number in numbers}
        return Section(self.sent_us[index], self.outcome[index], self.reason[index], lanes)


class _FewProbes:
    """The readings of a few probes: one probe's behind another's, each in order of sending (rule 1)."""

    def __init__(self, readings: _Readings, index: Places) -> None:
        """Take the readings at these places, which stand in order of probe and of coming in."""
        probe, sent_us = readings.probe[index], readings.sent_us[index]
        if ((sent_us[1:] < sent_us[:-1]) & (probe[1:] == probe[:-1])).any():
            index = index[np.lexsort((sent_us, probe))]
            sent_us = readings.sent_us[index]
        self._readings, self._index, self._sent_us = readings, index, sent_us
        self._outcome, self._reason = readings.outcome[index], readings.reason[index]
        self._on_beat, count = readings.beat[index], readings.value_count[index]
        self._is_plain = self._on_beat & (count <= 1)
        has_one = count == 1
        item = readings.first_value[index[has_one]]
        self._series = readings.series[item]
        self._series_bounds = np.concatenate(([0], np.cumsum(has_one)))
        self._value = np.full(len(index), np.nan)
        self._value[has_one] = readings.value[item]

    def days(self, start: int, end: int) -> Iterator[tuple[int, slice]]:
        """Divide a probe's readings by the day in which they were sent."""
        last = day_of(int(self._sent_us[end - 1]))
        while start < end:
            day, behind = day_of(int(self._sent_us[start])), end
            if day != last:
                behind = start + int(np.searchsorted(self._sent_us[start:end], (day + 1) * DAY_US))
            yield day, slice(start, behind)
            start = behind

    def chunk(self, piece: slice) -> Chunk:
        """Return some readings of one probe, those on the beat and those off it (rule 4)."""
        series = self._series[self._series_bounds[piece.start] : self._series_bounds[piece.stop]]
        if self._is_plain[piece].all() and (series == series[:1]).all():
            lanes = {int(series[0]): self._value[piece]} if len(series) else {}
            beat = Section(self._sent_us[piece], self._outcome[piece], self._reason[piece], lanes)
            return Chunk(beat, NO_READINGS)
        index, on_beat = self._index[piece], self._on_beat[piece]
        return Chunk(self._readings.section(index[on_beat]), self._readings.section(index[~on_beat]))


def _lane(count: int, owner: npt.NDArray[np.int64], value: FloatArray, mine: BoolArray) -> FloatArray:
    lane = np.full(count, np.nan)
    lane[owner[mine]] = value[mine]
    return lane


def _narrow(probe: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16] | npt.NDArray[np.uint32]:
    """Small numbers are sorted by their digits, many times quicker than by comparing."""
    return probe.astype(np.uint16) if probe.max(initial=0) < _FEW_PROBES else probe
