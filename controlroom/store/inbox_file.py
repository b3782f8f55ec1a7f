"""One desk's inbox as a file: its name, its first line, and the places in it. It neither reads nor writes.

The first line, ``{"inbox": 1, "generation": 12345}``, tells this file from an earlier one of the same
desk that has been cleared away. A place is the generation and the byte offset after a line, in one
number; so a place in an old file never hides an act in a new one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder

GENERATION_BITS: Final = 22
HEADER_LIMIT: Final = 128
_OFFSET_BITS: Final = 40
_SUFFIX: Final = ".jsonl"
_DESK_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Place:
    """How far an inbox has been taken: ``offset`` bytes of the file of that ``generation``."""

    generation: int
    offset: int

    @classmethod
    def of(cls, number: int) -> Place:
        """Take a place apart again."""
        return cls(number >> _OFFSET_BITS, number & ((1 << _OFFSET_BITS) - 1))

    @property
    def number(self) -> int:
        """The place as the one number that travels with an act."""
        return self.generation << _OFFSET_BITS | self.offset


@dataclass(frozen=True, slots=True)
class Header:
    """What the first line says, and how many bytes it is; none of either for a file without one."""

    generation: int = 0
    length: int = 0

    @classmethod
    def in_front_of(cls, start: bytes) -> Header:
        """Read the header from a file's first ``HEADER_LIMIT`` bytes."""
        line, end, _ = start[:HEADER_LIMIT].partition(b"\n")
        if not end:
            return cls()
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return cls()
        generation = found.get("generation") if isinstance(found, dict) and found.get("inbox") == 1 else None
        if type(generation) is not int or not 0 < generation < 1 << GENERATION_BITS:
            return cls()
        return cls(generation, len(line) + 1)

    @staticmethod
    def text(generation: int) -> bytes:
        """Write the first line of a new file."""
        return json.dumps({"inbox": 1, "generation": generation}).encode() + b"\n"


def inbox_path(folder: DataFolder, desk_id: str) -> Path:
    """Return where a desk's inbox lies; raise ``StoreError`` for an id that is no safe file name."""
    if not _DESK_ID.fullmatch(desk_id):
        raise StoreError(
            "desk-id",
            f"{desk_id!r} cannot name a desk.",
            "Use letters, digits, dots, hyphens and underscores, at most 100.",
        )
    return folder.inbox / (desk_id + _SUFFIX)


def desk_id_of(name: str) -> str | None:
    """Return the desk whose inbox has this file name, or ``None`` for any other file."""
    desk_id = name.removesuffix(_SUFFIX)
    return desk_id if name.endswith(_SUFFIX) and _DESK_ID.fullmatch(desk_id) else None


def later_place(known: int | None, new: int) -> int:
    """Return the farther of two places in one file; a place in another file than before replaces it."""
    if known is None or Place.of(known).generation != Place.of(new).generation:
        return new
    return max(known, new)
