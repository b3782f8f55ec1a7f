"""Measures a store: what it holds, how large that is, how fast it grows. It changes nothing.

Rules
1. It may run beside a live engine, and makes no file: each file is looked at by itself, and one that goes
   meanwhile is not counted.
2. The present rate is counted over the newest seconds of the journal that follow one another, where they are
   enough; a rate of yesterday would say nothing about a site that was changed.
3. What cannot be read raises ``StoreError``: half a figure would be a wrong one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from controlroom.errors import StoreError
from controlroom.store.care import Doing, Held, StoreStats, Tell
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite.care.looking import Answer, bytes_on_disk, interruptible, steadily
from controlroom.store.sqlite.care.room import free_bytes
from controlroom.store.sqlite.connection import refuse_unknown
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import DAY_LADDER, readings_in
from controlroom.store.sqlite.failure import store_error
from controlroom.store.sqlite.packing import readings_told
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER, rows_in
from controlroom.store.sqlite.schema import LADDER, Rung
from controlroom.store.sqlite.second import MICROSECONDS
from controlroom.store.sqlite.set_aside import files_set_aside

_NEWEST: Final = 600
_FEWEST_S: Final = 30
_FOLLOWS_US: Final = 3 * MICROSECONDS
_DATE: Final = re.compile(r"\d{4}(-\d{2}){0,2}")
_FIGURES: Final = """SELECT (SELECT count(*) FROM probe), (SELECT count(*) FROM series),
    (SELECT coalesce(max(number), 0) FROM log),
    (SELECT count(DISTINCT at_utc_us) FROM journal WHERE key >= (SELECT below_key FROM sealing))"""
_RATE: Final = "SELECT at_utc_us, substr(readings, 1, 16) FROM journal ORDER BY key DESC LIMIT ?"


class _Counted(NamedTuple):
    """Rows or readings in some files, and the bytes of their pages."""

    number: int
    bytes: int


def store_stats(folder: DataFolder, tell: Tell) -> StoreStats:
    """Measure a store; raise ``StoreError`` where a part of it cannot be read."""
    history = HistoryFolder(folder.history)
    raw = [history.raw(day) for day in history.raw_days()]
    minutes, hours = history.minute_files(), history.hour_files()
    probes, series, entries, backlog = _ask(folder.store_file, LADDER, _figures) or (0, 0, 0, 0)
    aside = (*files_set_aside(folder.path), *files_set_aside(folder.history))
    in_raw, in_minutes, in_hours = (
        _counted(files, ladder, count, tell)
        for files, ladder, count in (
            (raw, DAY_LADDER, readings_in),
            (minutes, MINUTES_LADDER, lambda file: rows_in(file, "minutes")),
            (hours, HOURS_LADDER, lambda file: rows_in(file, "hours")),
        )
    )
    return StoreStats(
        store_bytes=bytes_on_disk(folder.store_file),
        raw=_held(raw, in_raw),
        minutes=_held(minutes, in_minutes),
        hours=_held(hours, in_hours),
        set_aside=[(path.name, bytes_on_disk(path)) for path in aside],
        probes=probes,
        series=series,
        log_entries=entries,
        sealed_readings=in_raw.number,
        backlog_seconds=backlog,
        readings_per_s=_ask(folder.store_file, LADDER, _rate),
        rolled_series_days=in_minutes.number,
        free_bytes=free_bytes(folder.path),
    )


def _figures(connection: sqlite3.Connection) -> tuple[int, int, int, int]:
    probes, series, entries, backlog = connection.execute(_FIGURES).fetchone()
    return int(probes), int(series), int(entries), int(backlog)


def _rate(connection: sqlite3.Connection) -> float | None:
    rows = connection.execute(_RATE, (_NEWEST,)).fetchall()
    readings, newest_us, oldest_us = 0, 0, 0
    for (at_us, head), (before_us, _) in pairwise(rows):
        if not 0 < at_us - before_us < _FOLLOWS_US:
            break
        readings += readings_told(head)
        newest_us, oldest_us = newest_us or at_us, before_us
    span_s = (newest_us - oldest_us) / MICROSECONDS
    return readings / span_s if span_s >= _FEWEST_S else None


def _held(files: Sequence[Path], inside: _Counted) -> Held:
    if not files:
        return Held()
    names = [match[0] for path in files if (match := _DATE.search(path.name))]
    return Held(len(files), sum(map(bytes_on_disk, files)), names[0], names[-1], inside.bytes)


def _counted(
    files: Sequence[Path], ladder: Sequence[Rung], count: Callable[[sqlite3.Connection], int], tell: Tell
) -> _Counted:
    each = [_counted_in(path, ladder, count, tell) for path in files]
    return _Counted(sum(one.number for one in each), sum(one.bytes for one in each))


def _counted_in(
    path: Path, ladder: Sequence[Rung], count: Callable[[sqlite3.Connection], int], tell: Tell
) -> _Counted:
    def tick() -> None:
        tell(Doing(path.name, "count"))

    def ask(connection: sqlite3.Connection) -> _Counted:
        found = interruptible(connection, lambda: count(connection), tick)
        (pages,), (size,) = (
            connection.execute(f"PRAGMA page_{what}").fetchone() for what in ("count", "size")
        )
        return _Counted(found, pages * size)

    tick()
    return _ask(path, ladder, ask) or _Counted(0, 0)


def _ask(path: Path, ladder: Sequence[Rung], ask: Callable[[sqlite3.Connection], Answer]) -> Answer | None:
    """Ask a file; ``None`` where it is gone or has no tables yet."""

    def look(connection: sqlite3.Connection) -> Answer | None:
        return ask(connection) if refuse_unknown(connection, ladder) else None

    try:
        return steadily(path, look)
    except FileNotFoundError:
        return None
    except sqlite3.Error as error:
        raise store_error(error, f"Reading {path.name}") from error
    except StoreError as error:
        raise StoreError(error.code, f"{path.name}: {error.happened}", error.advice) from error
