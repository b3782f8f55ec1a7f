"""How quick and how small the store is, beside a row per sample: ``python -m tests.bench.store``.

Both write the same readings to the same disk in turns, second by second, each committed in full
(write-ahead log, ``synchronous=FULL``). Figures of one run compare; those of two machines do not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from controlroom.reading import SeriesKey
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, ReadStore, Resolution, Retention, Second
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.numbering import Numbering
from controlroom.store.sqlite.second import columns_of
from tests.bench.store_history import FIRST_DAY, roll_up_all, write_history
from tests.bench.store_load import START_UTC_S, Load, key_of, recorded
from tests.bench.store_rows import NaiveRows
from tests.bench.store_stall import stalls

PROBES, SECONDS = 2000, 1200
DAYS, DAY_PROBES = 31, 20
ROWS_PROBES = 20
DAY_S = 86_400
PIXELS = 1000


@dataclass(slots=True)
class Work:
    """What some work took, call by call, in seconds."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: float = 0.0

    def time(self, work: Callable[[], object]) -> None:
        """Do it, and add what it took."""
        wall_s, cpu_s = time.perf_counter(), time.process_time()
        work()
        self.cpu_s += time.process_time() - cpu_s
        self.wall_s.append(time.perf_counter() - wall_s)

    def line(self, name: str, readings: int) -> str:
        """Write it as one line of a table."""
        p50, p99, most = np.percentile(self.wall_s, [50, 99, 100]) * 1000
        return (
            f"  {name:<36} {self.cpu_s / readings * 1e6:6.2f} s CPU per million"
            f"   p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   longest {most:7.1f} ms"
        )


def write(folder: Path, load: Load, seconds: int) -> None:
    """Write the same seconds to the store and to rows, in turns."""
    data, rows_file = DataFolder(folder / "written"), folder / "rows.db"
    readings = load.probes * seconds
    commit, tend, naive = Work(), Work(), Work()
    with closing(open_engine_store(data)) as engine, closing(NaiveRows(rows_file)) as rows:
        for number in range(seconds):
            second = load.second(number)
            commit.time(lambda: engine.commit(Batch(second)))  # noqa: B023 - called at once
            tend.time(lambda: engine.tend(Retention()))
            naive.time(lambda: rows.commit(second))  # noqa: B023 - called at once
        engine.commit(Batch(Second(START_UTC_S + seconds + 601)))
        while True:
            more: list[bool] = []
            tend.time(lambda: more.append(engine.tend(Retention())))  # noqa: B023 - called at once
            if not more[0]:
                break
    show(commit.line("commit", readings))
    show(f"  {'  of it turning objects into columns':<36} {_turning(folder, load):6.2f} s CPU per million")
    show(tend.line("sealing, a step a second", readings))
    whole = Work(commit.wall_s, commit.cpu_s + tend.cpu_s)
    show(whole.line("store, both", readings))
    show(naive.line("a row per sample", readings))
    show(f"  rows take {naive.cpu_s / whole.cpu_s:.1f} times as much CPU")
    _sizes(data, rows_file, readings)


def _turning(folder: Path, load: Load) -> float:
    """Return the seconds of CPU per million readings that making columns of objects takes."""
    work = Work()
    with closing(open_to_write(folder / "scratch.db")) as scratch:
        scratch.execute("BEGIN")
        numbering = Numbering(scratch)
        columns_of(load.second(0), numbering)
        for number in range(1, 101):
            second = load.second(number)
            work.time(lambda: columns_of(second, numbering))  # noqa: B023 - called at once
    return work.cpu_s / (load.probes * 100) * 1e6


def _sizes(data: DataFolder, rows_file: Path, readings: int) -> None:
    raw = sum(file.stat().st_size for file in data.history.glob("raw-*.db"))
    whole = raw + data.store_file.stat().st_size
    rows = rows_file.stat().st_size
    show(f"  {'bytes a reading: chunks':<36} {raw / readings:6.2f}   with store.db {whole / readings:6.2f}")
    show(f"  {'bytes a reading: rows':<36} {rows / readings:6.2f}   {rows / raw:.0f} times the chunks")


def read(folder: Path, load: Load) -> None:
    """Make whole days, roll them up, and time what desks and reports ask beside a store that is held open."""
    data, roll = DataFolder(folder / "history"), Work()
    write_history(data, load, DAYS)
    roll.time(lambda: roll_up_all(data, DAYS))
    show(roll.line("rolling up whole days", load.probes * DAYS * DAY_S))
    _day_sizes(data, load)
    with closing(open_engine_store(data)), closing(open_read_store(data)) as reader:
        for line in _reads(reader):
            show(line)


def _day_sizes(data: DataFolder, load: Load) -> None:
    def a_day(pattern: str) -> float:
        return sum(file.stat().st_size for file in data.history.glob(pattern)) / DAYS / load.probes

    raw, minutes, hours = a_day("raw-*.db"), a_day("minutes-*.db"), a_day("hours-*.db")
    show(
        f"  a simulated day of one probe: raw {raw / 1000:.0f} kB, minutes {minutes / 1000:.1f} kB,"
        f" hours and day {hours / 1000:.1f} kB; of 2,000 probes {(raw + minutes + hours) * 2e3 / 1e9:.2f} GB"
    )


def _reads(reader: ReadStore) -> list[str]:
    one = SeriesKey("endpoint-7", "icmp", "rtt_s")
    many = [SeriesKey(key_of(probe).endpoint_id, "icmp", "rtt_s") for probe in range(DAY_PROBES)]
    end_s = float((FIRST_DAY + DAYS) * DAY_S)
    day, month = (end_s - DAY_S, end_s), (end_s - 30 * DAY_S, end_s)
    filling = Resolution.filling(30 * DAY_S, PIXELS)
    asked: list[tuple[str, Callable[[], object]]] = [
        ("24 h of one series, every reading", lambda: reader.samples(one, *day)),
        ("30 d of one series, every reading", lambda: reader.samples(one, *month)),
        (
            f"30 d, {filling.name.lower()}s for {PIXELS:,} pixels",
            lambda: reader.curves([one], *month, filling),
        ),
        ("30 d, hours", lambda: reader.curves([one], *month, Resolution.HOUR)),
        (f"24 h of {DAY_PROBES} series, minutes", lambda: reader.curves(many, *day, Resolution.MINUTE)),
        ("newest reading of every probe", lambda: reader.latest(1e9)),
    ]
    return [_read_line(name, ask) for name, ask in asked]


def _read_line(name: str, ask: Callable[[], object]) -> str:
    took = Work()
    for _ in range(7):
        took.time(ask)
    return (
        f"  {name:<38} {min(took.wall_s) * 1000:7.1f} ms best, {max(took.wall_s) * 1000:7.1f} ms worst of 7"
    )


def read_rows(folder: Path, load: Load) -> None:
    """Time one day of one series out of a table of rows with a few series."""
    with closing(NaiveRows(folder / "day.db")) as rows:
        few = Load(load.rtt_s, ROWS_PROBES)
        for number in range(DAY_S):
            rows.commit(few.second(number), sync=False)
        show(_read_line(f"24 h of one of {ROWS_PROBES} series, rows", lambda: rows.samples(key_of(7))))


def stall(folder: Path, load: Load) -> None:
    """Show how late the looks of a loop are."""
    alone, beside = stalls(DataFolder(folder / "stall"), load, SECONDS)
    for name, late in (("loop without the store", alone), ("loop beside commits and sealing", beside)):
        p50, p99, most = np.percentile(late, [50, 99, 100]) * 1000
        show(f"  {name:<38} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   longest {most:6.1f} ms")


def main(arguments: Sequence[str]) -> int:
    """Run the bench in a folder that is removed afterwards, and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="a folder on the disk to measure (default: the temporary one)"
    )
    chosen = parser.parse_args(arguments)
    source, rtt_s = recorded()
    show(source)
    with tempfile.TemporaryDirectory(prefix="bench-store-", dir=chosen.folder) as name:
        for probes, seconds in ((50, SECONDS), (PROBES, SECONDS)):
            show(f"writing {probes:,} readings a second, {seconds:,} seconds")
            part = Path(name) / str(probes)
            part.mkdir()
            write(part, Load(rtt_s, probes), seconds)
        show(f"a loop that looks every 5 ms, {PROBES:,} readings each tenth of a second")
        stall(Path(name), Load(rtt_s, PROBES))
        show(f"reading: {DAYS} days of {DAY_PROBES} probes at 1 s")
        read(Path(name), Load(rtt_s, DAY_PROBES))
        read_rows(Path(name), Load(rtt_s, DAY_PROBES))
    return 0


def show(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
