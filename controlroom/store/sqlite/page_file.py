"""The pages of a database file with its log laid over them, whatever can no longer be read in between.

After the file format as SQLite documents it (sqlite.org/fileformat2.html). It interprets no page but the maps
of pointers that a database with ``auto_vacuum`` keeps, and changes nothing.

Rules
1. A page in the log counts before the one in the file, up to the last frame that ends a transaction; frames
   of an earlier log, known by their salt, do not count.
2. No connection of this process may have the database open: closing the file here would drop its locks.
3. Nothing here trusts a number that it read: what points outside of the file points nowhere.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

PAGE_BYTES: Final = 4096
LARGE_PAGE_BYTES: Final = 8192
"""Ours are never made with other sizes, and the file's own word for it may be what was damaged."""

_WORD_AT: Final = 16
_LOOKED_AT: Final = 3
_ENTRY_BYTES: Final = 5
_POINTERS: Final = range(1, 6)
"""What an entry of a map begins with, before the parent's number, which is never so large as to fill it."""

_ROOT: Final = 1
_TREE: Final = 5
_DEEPEST: Final = 20
_LOG_HEADER: Final = 32
_FRAME_HEADER: Final = 24
_LOG_MAGIC: Final = frozenset({0x377F0682, 0x377F0683})


class PageFile:
    """Pages by their number, counted from 1."""

    def __init__(self, path: Path) -> None:
        """Read the log's index; pages are read when they are asked for."""
        self._file = path.open("rb")
        log = path.with_name(f"{path.name}-wal")
        self._log = log.read_bytes() if log.exists() else b""
        self.page_bytes = self._told_page_bytes() or self._likely_page_bytes()
        self._entries = self.page_bytes // _ENTRY_BYTES
        self._in_log = _frames(self._log, self.page_bytes)
        pages = path.stat().st_size // self.page_bytes
        self.count = max(pages, *self._in_log, 0)

    def _told_page_bytes(self) -> int:
        """Return the size that the file or its log tells; 0 where neither tells one that ours have."""
        words = (self._file.read(_WORD_AT + 2)[_WORD_AT:], self._log[10:12])
        told = (int.from_bytes(word, "big") for word in words)
        return next((size for size in told if size in (PAGE_BYTES, LARGE_PAGE_BYTES)), 0)

    def _likely_page_bytes(self) -> int:
        """Guess by where the second page begins, which is the first map of pointers."""
        return (
            LARGE_PAGE_BYTES
            if self._is_map(LARGE_PAGE_BYTES) and not self._is_map(PAGE_BYTES)
            else PAGE_BYTES
        )

    def _is_map(self, place: int) -> bool:
        self._file.seek(place)
        entries = [self._file.read(_ENTRY_BYTES) for _ in range(_LOOKED_AT)]
        return all(len(entry) == _ENTRY_BYTES and entry[0] in _POINTERS and not entry[1] for entry in entries)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def page(self, number: int) -> bytes:
        """Return a page; the empty word where there is none (rule 3)."""
        if not 1 <= number <= self.count:
            return b""
        place = self._in_log.get(number)
        if place is not None:
            return self._log[place : place + self.page_bytes]
        self._file.seek((number - 1) * self.page_bytes)
        found = self._file.read(self.page_bytes)
        return found if len(found) == self.page_bytes else b""

    def root_of(self, number: int) -> int | None:
        """Return the root of the tree that a page belongs to, by the maps of pointers; ``None`` if none."""
        for _ in range(_DEEPEST):
            if number == 1:
                return 1
            kind, parent = self._pointer(number)
            if kind == _ROOT:
                return number
            if kind != _TREE:
                return None
            number = parent
        return None

    def _pointer(self, number: int) -> tuple[int, int]:
        """Return what the map says of a page: its kind and its parent."""
        map_number = (number - 2) // (self._entries + 1) * (self._entries + 1) + 2
        if map_number == number:
            return 0, 0
        entry = self.page(map_number)[(number - map_number - 1) * 5 :][:5]
        if len(entry) < 5:
            return 0, 0
        kind, parent = struct.unpack(">BI", entry)
        return kind, parent


def _frames(log: bytes, page_bytes: int) -> dict[int, int]:
    """Return where in a log each page's newest committed content lies (rule 1)."""
    found: dict[int, int] = {}
    if len(log) < _LOG_HEADER or struct.unpack(">I", log[:4])[0] not in _LOG_MAGIC:
        return found
    salt = log[16:24]
    open_transaction: dict[int, int] = {}
    for start in range(_LOG_HEADER, len(log) - _FRAME_HEADER - page_bytes + 1, _FRAME_HEADER + page_bytes):
        number, size_after = struct.unpack(">II", log[start : start + 8])
        if log[start + 8 : start + 16] != salt:
            break
        open_transaction[number] = start + _FRAME_HEADER
        if size_after:
            found.update(open_transaction)
            open_transaction = {}
    return found
