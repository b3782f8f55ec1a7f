"""The small numbers that stand for probes and series in the journal, as the writer gives them out.

They grow and never change. ``dictionary`` reads them back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.reading import ProbeKey
from controlroom.store.interface import BoolArray
from controlroom.store.sqlite.dictionary import Names

Numbers = npt.NDArray[np.uint32]

_OBJECTS_A_PROBE: Final = 4
_PUT_PROBE: Final = "INSERT INTO probe (endpoint_id, probe_name) VALUES (?, ?) RETURNING id"
_PUT_SERIES: Final = "INSERT INTO series (probe_id, metric) VALUES (?, ?) RETURNING id"


class Numbering:
    """Gives every probe and series its number, within the writer's open transaction.

    A transaction that is rolled back takes its numbers back: make a new ``Numbering`` then.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read the numbers already given."""
        self._connection = connection
        names = Names()
        names.refresh(connection)
        self._probes = {key: number for number, key in names.probes.items()}
        self._series = {(self._probes[key.probe], key.metric): number for number, key in names.series.items()}
        self._table = _SeriesTable(self._series)
        self._met: list[ProbeKey] = []
        self._by_object: dict[int, int] = {}

    def probes(self, keys: Sequence[ProbeKey]) -> Numbers:
        """Return the numbers of probes, numbering those that are new.

        An engine has one object for each key and keeps it, so it is looked for by object, which is many times
        quicker than by key. Objects that were met are held, so that no other can take the place of one.
        """
        try:
            numbers = [self._by_object[id(key)] for key in keys]
        except KeyError:
            self._meet(keys)
            numbers = [self._by_object[id(key)] for key in keys]
        return np.array(numbers, dtype=np.uint32)

    def series(self, probes: Numbers, metrics: Sequence[str]) -> Numbers:
        """Return the numbers of series by probe and metric, numbering those that are new.

        There is one metric for each probe, or one for all.
        """
        numbers = self._table.numbers(probes, metrics)
        if not numbers.all():
            for probe, metric in zip(probes.tolist(), cycle(metrics)):
                if (probe, metric) not in self._series:
                    self._series[probe, metric] = self._insert(_PUT_SERIES, (probe, metric))
            self._table = _SeriesTable(self._series)
            numbers = self._table.numbers(probes, metrics)
        return numbers

    def are_spans(self, series: Numbers) -> BoolArray:
        """Tell which of these series are spans of time: metrics whose names end in ``_s``."""
        return self._table.are_spans[series]

    def _meet(self, keys: Sequence[ProbeKey]) -> None:
        if len(self._met) > _OBJECTS_A_PROBE * (len(self._probes) + len(keys)):
            self._met, self._by_object = [], {}  # of somebody who makes new ones all the time
        for key in keys:
            if id(key) not in self._by_object:
                self._met.append(key)
                self._by_object[id(key)] = self._probe(key)

    def _probe(self, key: ProbeKey) -> int:
        if key not in self._probes:
            self._probes[key] = self._insert(_PUT_PROBE, (key.endpoint_id, key.probe_name))
        return self._probes[key]

    def _insert(self, statement: str, row: tuple[str | int, ...]) -> int:
        (inserted,) = self._connection.execute(statement, row).fetchall()
        return int(inserted[0])


class _SeriesTable:
    """The numbers of series: a row for each metric, a column for each probe, 0 where there is none.

    The last row and the last column are those of metrics and probes that are not in it.
    """

    def __init__(self, series: Mapping[tuple[int, str], int]) -> None:
        """Take them by probe and metric."""
        self._rows = {metric: row for row, metric in enumerate({metric: None for _, metric in series})}
        self._no_probe = max((probe for probe, _ in series), default=0) + 1
        self._numbers: Numbers = np.zeros((len(self._rows) + 1, self._no_probe + 1), dtype=np.uint32)
        self.are_spans = np.zeros(max(series.values(), default=0) + 1, dtype=np.bool_)
        for (probe, metric), number in series.items():
            self._numbers[self._rows[metric], probe] = number
            self.are_spans[number] = metric.endswith("_s")

    def numbers(self, probes: Numbers, metrics: Sequence[str]) -> Numbers:
        """Return the numbers of series by probe and metric, one metric for each probe or one for all."""
        try:
            rows = [self._rows[metric] for metric in metrics]
        except KeyError:
            rows = [self._rows.get(metric, -1) for metric in metrics]
        return self._numbers[np.array(rows, dtype=np.intp), np.minimum(probes, self._no_probe)]
