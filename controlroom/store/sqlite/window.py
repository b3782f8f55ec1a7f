"""The seconds of about ten minutes, turned from second by second to probe by probe. Pure: no SQL, no clock.

Rules
1. A window ends with the ``WINDOW_SECONDS``-th second, or when its seconds' own times lie ``WINDOW_SPAN_US``
   apart in either direction: after a gap, a sleep or a clock that was set, a chunk covers no more than that.
2. A probe's readings are told in order of sending, and by the UTC day in which they were sent.
3. A reading that was told again takes the place of the one told first (``corrections``).
4. Gathering sorts by probe alone, in one call; all else is done probe by probe, so that no call is long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.store.codes import correcting_codes
from controlroom.store.interface import BoolArray, FloatArray
from controlroom.store.sqlite.chunk import NO_READINGS, Chunk, Section
from controlroom.store.sqlite.corrections import standing
from controlroom.store.sqlite.day import day_of, days_of
from controlroom.store.sqlite.packing import Columns, joined
from controlroom.store.sqlite.second import sent_us

WINDOW_SECONDS: Final = 600
WINDOW_SPAN_US: Final = 600_000_000

_FEW_PROBES: Final = 1 << 16


class Window:
    """Seconds that are still coming in: their keys, times and readings."""

    def __init__(self) -> None:
        """Begin empty."""
        self.keys: list[int] = []
        self.at_us: list[int] = []
        self.columns: list[Columns] = []

    def takes(self, at_us: int) -> bool:
        """Tell whether a second of this time still belongs to the window (rule 1)."""
        if not self.keys:
            return True
        return len(self.keys) < WINDOW_SECONDS and abs(at_us - self.at_us[0]) < WINDOW_SPAN_US

    def add(self, key: int, at_us: int, columns: Columns) -> None:
        """Take a second that was committed."""
        self.keys.append(key)
        self.at_us.append(at_us)
        self.columns.append(columns)


class Gathered:
    """All readings of a window, by probe."""

    def __init__(self, at_us: Sequence[int], columns: Sequence[Columns]) -> None:
        """Take the seconds in the order of their keys, their columns one for one."""
        whole = joined(columns)
        self._columns = whole
        self._sent_us = sent_us(whole, np.asarray(at_us, dtype=np.int64))
        self._order = np.argsort(_narrow(whole.probe), kind="stable")
        sorted_probes = whole.probe[self._order]
        self._starts = np.flatnonzero(np.diff(sorted_probes, prepend=-1))
        self._ends = np.append(self._starts[1:], len(sorted_probes))
        self.probes: list[int] = sorted_probes[self._starts].tolist()
        counted = whole.value_count.astype(np.int64)
        self._first_value = np.cumsum(counted) - counted
        self._some_told_again = bool(correcting_codes(whole.outcome, whole.reason).any())

    def __len__(self) -> int:
        """Return how many probes have readings here."""
        return len(self.probes)

    def chunks(self, place: int) -> Iterator[tuple[int, Chunk]]:
        """Return the readings of the probe at this place, a chunk for each day in which some were sent."""
        index = self._order[self._starts[place] : self._ends[place]]
        if self._some_told_again:
            index = self._standing(index)
        sent_us = self._sent_us[index]
        if (sent_us[1:] < sent_us[:-1]).any():
            index = index[np.argsort(sent_us, kind="stable")]
            sent_us = self._sent_us[index]
        for day in range(day_of(int(sent_us[0])), day_of(int(sent_us[-1])) + 1):
            inside = index[days_of(sent_us) == day]
            if len(inside):
                yield day, self._chunk(inside)

    def _standing(self, index: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        whole = self._columns
        stands = standing(self._sent_us[index], whole.outcome[index], whole.reason[index], whole.beat[index])
        return index if stands is None else index[stands]

    def _chunk(self, index: npt.NDArray[np.intp]) -> Chunk:
        on_beat = self._columns.beat[index]
        if on_beat.all():
            return Chunk(self._section(index), NO_READINGS)
        return Chunk(self._section(index[on_beat]), self._section(index[~on_beat]))

    def _section(self, index: npt.NDArray[np.intp]) -> Section:
        columns = self._columns
        counts = columns.value_count[index].astype(np.int64)
        owner = np.repeat(np.arange(len(index)), counts)
        ends = np.cumsum(counts)
        item = np.arange(len(owner)) + np.repeat(self._first_value[index] - (ends - counts), counts)
        series, value = columns.series[item], columns.value[item]
        lanes = {number: _lane(len(index), owner, value, series == number) for number in _numbers_in(series)}
        return Section(self._sent_us[index], columns.outcome[index], columns.reason[index], lanes)


def _numbers_in(series: npt.NDArray[np.uint32]) -> list[int]:
    if not len(series):
        return []
    if (series == series[0]).all():  # most probes measure one thing
        return [int(series[0])]
    numbers: list[int] = np.unique(series).tolist()
    return numbers


def _lane(count: int, owner: npt.NDArray[np.int64], value: FloatArray, mine: BoolArray) -> FloatArray:
    lane = np.full(count, np.nan)
    lane[owner[mine]] = value[mine]
    return lane


def _narrow(probe: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint16] | npt.NDArray[np.uint32]:
    """Small numbers are sorted by their digits, many times quicker than by comparing."""
    return probe.astype(np.uint16) if probe.max(initial=0) < _FEW_PROBES else probe
