"""Copies what belongs to a data folder besides its databases: plain files, as they are.

Rules
1. Only ordinary files are copied, for their owner alone (0600), and of a folder only the files in it.
2. Of an inbox only whole lines are copied: one that is just being written belongs to nobody yet.
3. A file that goes meanwhile is passed over.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_OWNER_ONLY: Final = 0o700
_PIECE: Final = 1024 * 1024


def belongings_in(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the files that belong to a folder: those of these names, and those in folders of these names."""
    return [path for name in names for path in _files_at(folder / name)]


def copy_belonging(source: Path, target: Path) -> bool:
    """Copy a file; return whether it was there."""
    try:
        descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    with os.fdopen(descriptor, "rb") as file:
        target.parent.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        made = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(made, "wb") as copy:
            whole = 0
            while piece := file.read(_PIECE):
                copy.write(piece)
                line_end = piece.rfind(b"\n") + 1
                whole = copy.tell() - len(piece) + line_end if line_end else whole
            if source.suffix == ".jsonl":
                copy.truncate(whole)
            copy.flush()
            os.fsync(copy.fileno())
    return True


def _files_at(path: Path) -> Iterator[Path]:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISREG(mode):
        yield path
    elif stat.S_ISDIR(mode):
        yield from sorted(each for each in path.iterdir() if stat.S_ISREG(each.lstat().st_mode))
