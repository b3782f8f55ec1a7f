"""A row per sample with an index by series and time: what the store is measured against."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import numpy.typing as npt

from controlroom.reading import Outcome, ProbeKey
from controlroom.store.interface import Second


class NaiveRows:
    """The table that a first version of a monitor has."""

    def __init__(self, path: Path) -> None:
        """Make the table."""
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(
            "CREATE TABLE sample (series INTEGER, at INTEGER, outcome INTEGER, value REAL)"
        )
        self._connection.execute("CREATE INDEX by_series ON sample (series, at)")
        self._numbers: dict[ProbeKey, int] = {}

    def commit(self, second: Second, *, sync: bool = True) -> None:
        """Insert a second's readings; waiting for the disk or, where only reading is timed, not."""
        if not sync:
            self._connection.execute("PRAGMA synchronous = OFF")
        rows = [
            (
                self._numbers.setdefault(reading.probe, len(self._numbers)),
                round(reading.sent_utc_s * 1e6),
                reading.outcome is Outcome.REPLIED,
                reading.values.get("rtt_s"),
            )
            for reading in second.readings
        ]
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
        self._connection.execute("COMMIT")

    def samples(self, probe: ProbeKey) -> npt.NDArray[np.float64]:
        """Read all of a probe's times and values."""
        query = "SELECT at, value FROM sample WHERE series = ? ORDER BY at"
        return np.array(self._connection.execute(query, (self._numbers[probe],)).fetchall(), dtype=np.float64)

    def close(self) -> None:
        """Close the database, its log folded in."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._connection.close()
