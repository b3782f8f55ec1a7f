"""Rows of any lengths behind each other in one array, so that one call does for all of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from controlroom.store.interface import IntArray

Item = TypeVar("Item", bound=np.generic)
Other = TypeVar("Other", bound=np.generic)


class Ragged(Generic[Item]):
    """Rows of numbers, none of them empty, for an empty row would have no lowest number."""

    def __init__(self, rows: Sequence[npt.NDArray[Item]]) -> None:
        """Put the rows, at least one, behind each other."""
        self.flat = np.concatenate(rows)
        self.lengths: IntArray = np.array([len(row) for row in rows], dtype=np.int64)
        ends = np.cumsum(self.lengths)
        self.starts: IntArray = ends - self.lengths
        self.ends: IntArray = ends

    def lowest(self, flat: npt.NDArray[Other]) -> npt.NDArray[Other]:
        """Return the lowest number of each row of an array that is divided like this one."""
        lowest: npt.NDArray[Other] = np.minimum.reduceat(flat, self.starts)
        return lowest

    def highest(self, flat: npt.NDArray[Other]) -> npt.NDArray[Other]:
        """Return the highest number of each row of an array that is divided like this one."""
        highest: npt.NDArray[Other] = np.maximum.reduceat(flat, self.starts)
        return highest

    def spread(self, per_row: Iterable[int]) -> IntArray:
        """Return a row's number for each of its items."""
        return np.repeat(np.fromiter(per_row, dtype=np.int64, count=len(self.lengths)), self.lengths)

    def places(self) -> IntArray:
        """Return the place of each item in its row, counted from 0."""
        return np.arange(len(self.flat)) - np.repeat(self.starts, self.lengths)

    def rows(self, flat: npt.NDArray[Other]) -> Iterator[npt.NDArray[Other]]:
        """Divide an array like this one into its rows."""
        return (flat[start:end] for start, end in pairwise([0, *self.ends.tolist()]))
