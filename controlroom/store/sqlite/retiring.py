"""Drops the oldest files of the history: those beyond the retention, one at each look.

Rules
1. The newest file of each kind stays, whatever the limits say.
2. By number first: days, months and years in which something was measured (``Retention`` says why). Then by
   size: while all together are too large, the oldest day of readings goes, then the oldest month of minutes,
   then the oldest year.
3. A file that was set aside is somebody's evidence: it is never dropped here, and does not count for the
   size, or one large file would cost all days that are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from controlroom.store.interface import Retention
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.failure import naming

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
        with naming(doomed):
            for suffix in reversed(_SUFFIXES):
                doomed.with_name(doomed.name + suffix).unlink(missing_ok=True)
    return doomed


def size_of(history: HistoryFolder) -> int:
    """Return the bytes of the history's files with their logs, those set aside left out (rule 3)."""
    paths = [path.with_name(path.name + suffix) for path in history.files() for suffix in _SUFFIXES]
    return sum(path.stat().st_size for path in paths if path.exists())


def _first_of_several(kinds: Sequence[Sequence[Path]]) -> Path | None:
    return next((files[0] for files in kinds if len(files) > 1), None)
