"""How quick and how small the store is, beside a row per sample: ``python -m tests.bench.store``.

Both write the same readings to the same disk in turns, second by second, each committed in full
(write-ahead log, ``synchronous=FULL``). Figures of one run compare; those of two machines do not.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore, Second
from controlroom.store.sqlite import open_engine_store, open_read_store

START_UTC_S = 1_700_000_000.0
SIX_HOURS_S = 21_600
LOSS_RATIO = 0.003


@dataclass(frozen=True, slots=True)
class Figures:
    """What committing some seconds took."""

    commit_s: Sequence[float]
    cpu_s: float
    size_bytes: int

    def line(self, name: str, readings: int) -> str:
        """Write the figures as one line of a table."""
        p50, p99 = np.percentile(self.commit_s, [50, 99]) * 1000
        return (
            f"  {name:<18} p50 {p50:7.2f} ms   p99 {p99:7.2f} ms"
            f"   {self.cpu_s / readings * 1e6:6.2f} s CPU per million"
            f"   {self.size_bytes / readings:6.1f} bytes a reading"
        )


class NaiveRows:
    """A row per sample with an index by series and time: what the store is measured against."""

    def __init__(self, path: Path) -> None:
        """Make the table."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute(
            "CREATE TABLE sample (series INTEGER, at INTEGER, outcome INTEGER, value REAL)"
        )
        self._connection.execute("CREATE INDEX by_series ON sample (series, at)")
        self._numbers: dict[ProbeKey, int] = {}

    def commit(self, second: Second) -> None:
        """Insert a second's readings."""
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

    def close(self) -> None:
        """Close the database."""
        self._connection.close()


def make_second(number: int, probes: int, chance: random.Random) -> Second:
    """One second of plausible round-trip times: a base of each link's own, jitter, a little loss."""
    at_utc_s = START_UTC_S + number
    readings = []
    for probe in range(probes):
        key = ProbeKey(f"endpoint-{probe}", "icmp")
        sent = at_utc_s + probe / probes
        if chance.random() < LOSS_RATIO:
            readings.append(Reading(key, sent, 0.0, Outcome.NO_REPLY, Reason.DEADLINE))
        else:
            rtt_s = 0.005 + probe % 40 / 1000 + chance.gammavariate(2, 0.0005)
            readings.append(Reading(key, sent, 0.0, Outcome.REPLIED, values={"rtt_s": rtt_s}))
    return Second(at_utc_s + 1, readings, {"lateness_p99_s": 0.003, "probes": float(probes)})


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall time and the processor time of some work."""
    wall_s, cpu_s = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall_s, time.process_time() - cpu_s


def compare(folder: Path, probes: int, seconds: int) -> tuple[Figures, Figures]:
    """Commit the same seconds to the store and to rows, in turns."""
    chance = random.Random(1)  # noqa: S311 - a load, not a secret
    data = DataFolder(folder / f"store-{probes}")
    taken: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    rows_file = folder / f"rows-{probes}.db"
    with closing(open_engine_store(data)) as engine, closing(NaiveRows(rows_file)) as rows:
        for number in range(seconds):
            second = make_second(number, probes, chance)
            taken[0].append(timed(lambda: engine.commit(Batch(second))))  # noqa: B023 - called at once
            taken[1].append(timed(lambda: rows.commit(second)))  # noqa: B023 - called at once
    sizes = (data.store_file.stat().st_size, rows_file.stat().st_size)
    ours, naive = (
        Figures([wall for wall, _ in each], sum(cpu for _, cpu in each), size)
        for each, size in zip(taken, sizes, strict=True)
    )
    return ours, naive


def fill(engine: EngineStore, probes: int, seconds: int) -> None:
    """Commit seconds as fast as they go, the same minute over and over at new times."""
    chance = random.Random(2)  # noqa: S311 - a load, not a secret
    minute = [make_second(number, probes, chance) for number in range(60)]
    for number in range(seconds):
        like = minute[number % 60]
        shift_s = number - number % 60
        readings = [
            Reading(each.probe, each.sent_utc_s + shift_s, 0.0, each.outcome, each.reason, each.values)
            for each in like.readings
        ]
        engine.commit(Batch(Second(like.at_utc_s + shift_s, readings, like.health)))


def read_series(folder: Path, probes: int, seconds: int) -> list[str]:
    """Time the reads that a desk does: a long series, the newest of each probe, the tail."""
    data = DataFolder(folder / f"history-{probes}")
    with closing(open_engine_store(data)) as engine:
        fill(engine, probes, seconds)
        lines = []
        with closing(open_read_store(data)) as reader:
            series = SeriesKey("endpoint-7", "icmp", "rtt_s")
            cursor = reader.tail(0).cursor
            engine.commit(Batch(make_second(seconds, probes, random.Random(3))))  # noqa: S311 - a load
            asked: list[tuple[str, Callable[[], object]]] = [
                (
                    f"samples() of one series over {seconds / 3600:.0f} h",
                    lambda: reader.samples(series, 0, 4e9),
                ),
                (
                    "samples() of its last 10 min",
                    lambda: reader.samples(series, START_UTC_S + seconds - 600, 4e9),
                ),
                ("latest(3600)", lambda: reader.latest(3600)),
                ("tail() of one second", lambda: reader.tail(cursor)),
            ]
            for name, ask in asked:
                took = [timed(ask)[0] * 1000 for _ in range(5)]
                lines.append(f"  {name:<38} {min(took):7.1f} ms best, {max(took):7.1f} ms worst of 5")
    return lines


def main(arguments: Sequence[str]) -> int:
    """Run the bench in a folder that is removed afterwards, and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="a folder on the disk to measure (default: the temporary one)"
    )
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-store-", dir=chosen.folder) as name:
        for probes, seconds in ((50, 600), (2000, 120)):
            ours, naive = compare(Path(name), probes, seconds)
            readings = probes * seconds
            show(f"{probes} readings a second, {seconds} seconds")
            show(ours.line("store", readings))
            show(naive.line("a row per sample", readings))
        show(f"reading beside a live engine: 50 probes at 1 s, {SIX_HOURS_S / 3600:.0f} h")
        for line in read_series(Path(name), 50, SIX_HOURS_S):
            show(line)
    return 0


def show(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
