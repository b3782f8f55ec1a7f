"""Says what a store that was mended lacks: entries of the log, seconds of readings. It only reads.

Numbers of the log and keys of the journal grow by one, so that what is missing shows as a gap.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from controlroom.store.commit_mark import Mark

_MOST_TOLD: Final = 3
_GAPS: Final = """SELECT before + 1, number - 1 FROM
    (SELECT number, lag(number, 1, 0) OVER (ORDER BY number) AS before FROM log)
    WHERE number > before + 1"""
_SECONDS: Final = """SELECT count(key), coalesce(min(key), 0), coalesce(max(key), 0) FROM journal
    WHERE key >= (SELECT below_key FROM sealing)"""


def losses_in(connection: sqlite3.Connection, reached: Mark | None = None) -> str:
    """Return a sentence for what is missing; ``reached`` is how far it was committed, where that is known."""
    lost = []
    next_key, last_entry = (0, 0) if reached is None else (reached.key + 1, reached.entry)
    entries = _missing_entries(connection, last_entry)
    if entries:
        lost.append(f"entries {entries} of the log")
    seconds = _missing_seconds(connection, next_key)
    if seconds:
        lost.append(f"{seconds} s of readings")
    said = f"Lost: {' and '.join(lost)}." if lost else "Nothing that is known of was lost."
    if reached is not None:
        return said
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
    return f"{said} Whether there were entries of the log behind number {last} cannot be told."


def _missing_entries(connection: sqlite3.Connection, last_entry: int) -> str:
    gaps = connection.execute(_GAPS).fetchall()
    (newest,) = connection.execute("SELECT coalesce(max(number), 0) FROM log").fetchone()
    gaps += [(newest + 1, last_entry)] if newest < last_entry else []
    told = [f"{first} to {end}" if end > first else str(first) for first, end in gaps[:_MOST_TOLD]]
    if len(gaps) > _MOST_TOLD:
        told.append(f"{len(gaps) - _MOST_TOLD} more stretches")
    return ", ".join(told)


def _missing_seconds(connection: sqlite3.Connection, next_key: int) -> int:
    count, first, newest = connection.execute(_SECONDS).fetchone()
    (below,) = connection.execute("SELECT below_key FROM sealing").fetchone()
    begin = (
        first if not next_key else below
    )  # without the writer's memory the first one says where they begin
    end = max(newest + 1, next_key)
    return max(end - begin - count, 0) if count or next_key else 0
