"""Rows out of a database's pages, tree by tree, where its own program stops at a page that was damaged.

After the file format as SQLite documents it (sqlite.org/fileformat2.html). A row is what its page and its
overflow pages say, or it is left out.

Rules
1. Leaves of tables, and leaves and inner pages of tables without row numbers, hold rows. To which tree a page
   belongs the maps of pointers say; so a damaged inner page costs nothing, and a free page is not taken for
   what it once held.
2. A row must have as many columns as its table, or fewer (the table grew later); anything else is none.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any, Final

from controlroom.store.sqlite.page_file import PageFile

Row = tuple[Any, ...]

_LEAF: Final = 13
_KEYED_LEAF: Final = 10
_KEYED_INNER: Final = 2
_LARGEST: Final = 1 << 30
_SIZES: Final = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)


def rows_by_root(file: PageFile) -> Iterator[tuple[int, int | None, Row]]:
    """Return every row that can be made out: its tree's root, its row number if it has one, its columns."""
    for number in range(1, file.count + 1):
        page = file.page(number)
        header = 100 if number == 1 else 0  # the first page begins with the file's own header
        if not page or page[header] not in (_LEAF, _KEYED_LEAF, _KEYED_INNER):
            continue
        root = file.root_of(number)
        if root is not None:
            for key, row in _rows_in(file, page, header):
                yield root, key, row


def fitted(row: Row, key: int | None, columns: Sequence[str], number_column: str | None) -> Row | None:
    """Return a row as its table has it (rule 2); ``number_column`` is the column that is the row's number."""
    if len(row) > len(columns) or (key is None) != (number_column is None):
        return None
    whole = [*row, *[None] * (len(columns) - len(row))]
    if number_column is not None:
        whole[list(columns).index(number_column)] = key
    return tuple(whole)


def _rows_in(file: PageFile, page: bytes, header: int) -> Iterator[tuple[int | None, Row]]:
    kind = page[header]
    (cells,) = struct.unpack(">H", page[header + 3 : header + 5])
    first = header + (12 if kind == _KEYED_INNER else 8)
    for place in range(first, min(first + 2 * cells, len(page) - 1), 2):
        (start,) = struct.unpack(">H", page[place : place + 2])
        try:
            yield _cell(file, page, kind, start)
        except (IndexError, struct.error, ValueError, OverflowError):
            continue  # no row, or one that was damaged


def _cell(file: PageFile, page: bytes, kind: int, start: int) -> tuple[int | None, Row]:
    at = start + (4 if kind == _KEYED_INNER else 0)
    size, at = _varint(page, at)
    key = None
    if kind == _LEAF:
        key, at = _varint(page, at)
    if not 0 < size < _LARGEST:
        raise ValueError("no row is so large")
    return key, _record(_payload(file, page, at, size, _most_local(len(page), kind)))


def _most_local(page_bytes: int, kind: int) -> int:
    """Return how much of a row its page holds at most; the rest overflows."""
    return page_bytes - 35 if kind == _LEAF else (page_bytes - 12) * 64 // 255 - 23


def _payload(file: PageFile, page: bytes, at: int, size: int, most_local: int) -> bytes:
    if size <= most_local:
        return page[at : at + size]
    smallest = (len(page) - 12) * 32 // 255 - 23
    local = smallest + (size - smallest) % (len(page) - 4)
    local = local if local <= most_local else smallest
    parts, missing = [page[at : at + local]], size - local
    (following,) = struct.unpack(">I", page[at + local : at + local + 4])
    while missing > 0:
        overflow = file.page(following)
        (following,) = struct.unpack(">I", overflow[:4])
        parts.append(overflow[4 : 4 + missing])
        missing -= len(parts[-1])
    return b"".join(parts)


def _record(payload: bytes) -> Row:
    header_size, at = _varint(payload, 0)
    if header_size > len(payload):
        raise ValueError("no record begins so")
    kinds = []
    while at < header_size:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    row = []
    for kind in kinds:
        size = _SIZES[kind] if kind < len(_SIZES) else (kind - 12) // 2
        if kind in (10, 11) or at + size > len(payload):
            raise ValueError("no value has this form")
        row.append(_value(kind, payload[at : at + size]))
        at += size
    if at != len(payload):
        raise ValueError("a record ends with its last value")
    return tuple(row)


def _value(kind: int, raw: bytes) -> object:
    if kind == 0:
        return None
    if kind == 7:
        (real,) = struct.unpack(">d", raw)
        return float(real)
    if kind in (8, 9):
        return kind - 8
    if kind < 7:
        return int.from_bytes(raw, "big", signed=True)
    return raw.decode("utf-8") if kind % 2 else raw


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; return it and where it ends."""
    value = 0
    for count in range(8):
        byte = data[at + count]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >= 1 << 63 else value, at + 9
