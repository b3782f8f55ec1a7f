"""How far a store was committed, kept beside it: so that it shows where the end of a store was lost.

SQLite takes a log that was damaged or deleted for one that ends earlier, and says nothing. It knows no SQL.

Rules
1. The mark is written when a commit is durable, and not forced to the disk: it may lag behind the store, as
   after a power cut, and never tells more than was committed.
2. It is a file of one length that is written over in place, which needs no room on a full disk.
3. A mark of another store, or one that cannot be read, says nothing. One that cannot be written stops
   nothing.
"""

from __future__ import annotations

import json
import logging
import os
import zlib
from pathlib import Path
from typing import Final, NamedTuple

_LENGTH: Final = 256
_SUM_LENGTH: Final = 8

log = logging.getLogger("controlroom.store")


class Mark(NamedTuple):
    """A store's name, the key of its newest second and the number of the newest entry of its log."""

    store: str
    key: int
    entry: int


class CommitMark:
    """One store's mark, while its engine runs. One thread at a time."""

    def __init__(self, path: Path, store: str, key: int, entry: int) -> None:
        """Begin where the store is now; nothing is written before a commit."""
        self._path = path  # a regular file, or none: the data folder sees to that
        self._reached = Mark(store, key, entry)
        self._told = False
        self._descriptor: int | None = None

    @property
    def reached_so_far(self) -> Mark:
        """How far the store was committed."""
        return self._reached

    def reached(self, key: int, entry: int) -> None:
        """Take it that so much is durable; an ``entry`` of 0 is none."""
        self._reached = self._reached._replace(
            key=max(self._reached.key, key), entry=max(self._reached.entry, entry)
        )
        try:
            if self._descriptor is None:
                flags = os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW
                self._descriptor = os.open(self._path, flags, 0o600)
            os.pwrite(self._descriptor, _text(self._reached), 0)
        except OSError as error:
            if not self._told:
                log.warning("store: the mark %s cannot be written: %s", self._path, error)
            self._told = True

    def close(self) -> None:
        """Leave the mark as it is."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def mark_in(path: Path) -> Mark | None:
    """Return the mark that was left, or ``None`` where none can be read."""
    try:
        text = path.read_bytes()[:_LENGTH].rstrip()
        told = json.loads(text[_SUM_LENGTH:])
        mark = Mark(str(told["store"]), int(told["key"]), int(told["entry"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return mark if text == _text(mark).rstrip() else None


def _text(mark: Mark) -> bytes:
    told = json.dumps(mark._asdict()).encode()
    return (f"{zlib.crc32(told):0{_SUM_LENGTH}x}".encode() + told).ljust(_LENGTH - 1) + b"\n"
