"""What the small numbers for probes and series in the journal stand for, as a reader finds it.

They are given out by ``numbering``; they grow and never change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from controlroom.reading import ProbeKey, SeriesKey
from controlroom.store.sqlite.day_file import Named
from controlroom.store.sqlite.failure import damaged


class Names:
    """What the numbers stand for, as far as they have been read. Each refresh reads only what is new."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.probes: dict[int, ProbeKey] = {}
        self.series: dict[int, SeriesKey] = {}
        self._probe_numbers: dict[ProbeKey, int] = {}
        self._series_numbers: dict[SeriesKey, int] = {}
        self._series_of: dict[int, list[int]] = {}

    def series_of(self, probe: int) -> Sequence[int]:
        """Return the numbers of a probe's series."""
        return self._series_of.get(probe, ())

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
            self._series_of.setdefault(probe_number, []).append(number)


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
