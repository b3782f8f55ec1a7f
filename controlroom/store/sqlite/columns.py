"""One second's readings, or those of many, as a few columns. It packs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Columns:
    """Readings as columns. The first seven have one item a reading, the last two one a value.

    ``row`` says which of the packed seconds a reading is from, counted from 0 in the order given, and
    ``offset_us`` how many microseconds after that second it was sent (negative: before). The values
    of a reading follow those of the one before it, ``value_count`` of them each.
    """

    row: npt.NDArray[np.intp]
    probe: npt.NDArray[np.uint32]
    offset_us: IntArray
    outcome: CodeArray
    reason: CodeArray
    beat: BoolArray
    value_count: npt.NDArray[np.uint16]
    series: npt.NDArray[np.uint32]
    value: FloatArray

    @property
    def owner(self) -> npt.NDArray[np.intp]:
        """Which reading each value belongs to, as an index into the columns of readings."""
        return np.repeat(np.arange(len(self.probe)), self.value_count)


def no_readings() -> Columns:
    """Return the columns of a second in which nothing was read."""
    return Columns(
        row=np.zeros(0, dtype=np.intp),
        probe=np.zeros(0, dtype=np.uint32),
        offset_us=np.zeros(0, dtype=np.int64),
        outcome=np.zeros(0, dtype=np.uint8),
        reason=np.zeros(0, dtype=np.uint8),
        beat=np.zeros(0, dtype=np.bool_),
        value_count=np.zeros(0, dtype=np.uint16),
        series=np.zeros(0, dtype=np.uint32),
        value=np.zeros(0),
    )


def in_one(parts: Sequence[Columns]) -> Columns:
    """Put parts behind each other, as they are."""
    if len(parts) == 1:
        return parts[0]
    return Columns(
        row=np.concatenate([part.row for part in parts]),
        probe=np.concatenate([part.probe for part in parts]),
        offset_us=np.concatenate([part.offset_us for part in parts]),
        outcome=np.concatenate([part.outcome for part in parts]),
        reason=np.concatenate([part.reason for part in parts]),
        beat=np.concatenate([part.beat for part in parts]),
        value_count=np.concatenate([part.value_count for part in parts]),
        series=np.concatenate([part.series for part in parts]),
        value=np.concatenate([part.value for part in parts]),
    )
