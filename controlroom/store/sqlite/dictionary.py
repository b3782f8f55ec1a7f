"""The small numbers that stand for probes and series in the journal. They grow and never change.

``Numbering`` is the writer's side and gives numbers out; ``Names`` is a reader's and reads them back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.interface import BoolArray
from controlroom.store.sqlite.day_file import Named
from controlroom.store.sqlite.failure import damaged


@dataclass(slots=True)
class NumberedProbe:
    """A probe's number, and the numbers of its series by metric."""

    number: int
    series: dict[str, int] = field(default_factory=dict)


class Numbering:
    """Gives every probe and series its number, within the writer's open transaction.

    A transaction that is rolled back takes its numbers back: make a new ``Numbering`` then.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Read the numbers already given."""
        self._connection = connection
        self._highest = 0
        names = Names()
        names.refresh(connection)
        self._probes = {
            (key.endpoint_id, key.probe_name): NumberedProbe(number) for number, key in names.probes.items()
        }
        self._spans: set[int] = set()
        for number, series in names.series.items():
            self._probes[series.endpoint_id, series.probe_name].series[series.metric] = number
            self._know(number, series.metric)
        self._are_spans = self._span_table()

    def probe(self, key: ProbeKey) -> NumberedProbe:
        """Return a probe's number and its series, numbering the probe if it is new."""
        name = (key.endpoint_id, key.probe_name)  # a pair of texts is found three times quicker than a key
        known = self._probes.get(name)
        if known is None:
            known = NumberedProbe(
                self._insert("INSERT INTO probe (endpoint_id, probe_name) VALUES (?, ?) RETURNING id", name)
            )
            self._probes[name] = known
        return known

    def series(self, probe: NumberedProbe, metric: str) -> int:
        """Return the number of a probe's series, numbering it if it is new."""
        number = probe.series.get(metric)
        if number is None:
            number = self._insert(
                "INSERT INTO series (probe_id, metric) VALUES (?, ?) RETURNING id", (probe.number, metric)
            )
            probe.series[metric] = number
            self._know(number, metric)
        return number

    def are_spans(self, series: npt.NDArray[np.uint32]) -> BoolArray:
        """Tell which of these series are spans of time: metrics whose names end in ``_s``."""
        if series.max(initial=0) >= len(self._are_spans):
            self._are_spans = self._span_table()
        return self._are_spans[series]

    def _know(self, number: int, metric: str) -> None:
        self._highest = max(self._highest, number)
        if metric.endswith("_s"):
            self._spans.add(number)

    def _span_table(self) -> BoolArray:
        table = np.zeros(self._highest + 1, dtype=np.bool_)
        table[list(self._spans)] = True
        return table

    def _insert(self, statement: str, row: tuple[str | int, ...]) -> int:
        (inserted,) = self._connection.execute(statement, row).fetchall()
        return int(inserted[0])


class Names:
    """What the numbers stand for, as far as they have been read. Each refresh reads only what is new."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.probes: dict[int, ProbeKey] = {}
        self.series: dict[int, SeriesKey] = {}
        self._probe_numbers: dict[ProbeKey, int] = {}
        self._series_numbers: dict[SeriesKey, int] = {}

    def probe_number(self, key: ProbeKey) -> int | None:
        """Return a probe's number, or ``None`` for one never measured."""
        return self._probe_numbers.get(key)

    def series_number(self, key: SeriesKey) -> int | None:
        """Return a series' number, or ``None`` for one never measured."""
        return self._series_numbers.get(key)

    def named(self, series: Iterable[int]) -> Named:
        """Return these series, as far as they are known, with their probes."""
        found = {number: self.series[number] for number in series if number in self.series}
        return Named({self._probe_numbers[key.probe]: key.probe for key in found.values()}, found)

    def contradict(self, named: Named) -> bool:
        """Tell whether somebody else gives a number of ours to something else, or the other way round."""
        return any(
            self.probes.get(number, key) != key or self._probe_numbers.get(key, number) != number
            for number, key in named.probes.items()
        ) or any(
            self.series.get(number, key) != key or self._series_numbers.get(key, number) != number
            for number, key in named.series.items()
        )

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Read the numbers given since the last time."""
        rows = connection.execute(
            "SELECT id, endpoint_id, probe_name FROM probe WHERE id > ? ORDER BY id",
            (max(self.probes, default=0),),
        )
        for number, endpoint_id, probe_name in rows.fetchall():
            key = ProbeKey(endpoint_id, probe_name)
            self.probes[number] = key
            self._probe_numbers[key] = number
        rows = connection.execute(
            "SELECT id, probe_id, metric FROM series WHERE id > ? ORDER BY id",
            (max(self.series, default=0),),
        )
        for number, probe_number, metric in rows.fetchall():
            probe = self.probes.get(probe_number)
            if probe is None:
                raise damaged("A series in the store belongs to no probe.")
            series = SeriesKey(probe.endpoint_id, probe.probe_name, metric)
            self.series[number] = series
            self._series_numbers[series] = number


def put_missing_names(connection: sqlite3.Connection, named: Named) -> None:
    """Give a store the names behind these numbers where it has none."""
    numbers = {key: number for number, key in named.probes.items()}
    connection.executemany(
        "INSERT OR IGNORE INTO probe (id, endpoint_id, probe_name) VALUES (?, ?, ?)",
        [(number, key.endpoint_id, key.probe_name) for number, key in named.probes.items()],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO series (id, probe_id, metric) VALUES (?, ?, ?)",
        [(number, numbers[key.probe], key.metric) for number, key in named.series.items()],
    )
