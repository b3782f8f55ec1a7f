"""Drops the oldest files of the history: those beyond the retention, one at each look.

Rules
1. The newest file of each kind stays, whatever the limits say.
2. By number first: days, months and years in which something was measured (``Retention`` says why). Then by
   size: while all together are too large, the oldest day of readings goes, then the oldest month of minutes,
   then the oldest year.
3. A file that was set aside counts for the size and is never dropped here: it is somebody's evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from controlroom.store.interface import Retention
from controlroom.store.sqlite.day import HistoryFolder

_SUFFIXES: Final = ("", "-wal", "-shm")


def retire(history: HistoryFolder, retention: Retention, let_go: Callable[[Path], None]) -> Path | None:
    """Drop the one file that must go first; return it, or ``None`` where all may stay.

    ``let_go`` is told before, so that whoever has the file open closes it.
    """
    raw = [history.raw(day) for day in history.raw_days()]
    kinds = (
        (raw, retention.raw_days),
        (history.minute_files(), retention.minute_months),
        (history.hour_files(), retention.hour_years),
    )
    doomed = next((files[0] for files, most in kinds if len(files) > max(most, 1)), None)
    if doomed is None and size_of(history) > retention.most_bytes:
        doomed = _first_of_several([files for files, _ in kinds])
    if doomed is not None:
        let_go(doomed)
        for suffix in reversed(_SUFFIXES):
            doomed.with_name(doomed.name + suffix).unlink(missing_ok=True)
    return doomed


def size_of(history: HistoryFolder) -> int:
    """Return the bytes of all files of the history."""
    return sum(each.stat().st_size for each in history.path.iterdir() if each.is_file())


def _first_of_several(kinds: Sequence[Sequence[Path]]) -> Path | None:
    return next((files[0] for files in kinds if len(files) > 1), None)
