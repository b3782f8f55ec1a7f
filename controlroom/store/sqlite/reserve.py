"""A little room on the disk that is kept back, so that a full disk can still be told.

Rules
1. While there is room the reserve is a file of that size that holds nothing. Readings may be committed.
2. When a disk turns out full the file is made shorter by a portion: what happened and what was done (states,
   alarms, entries, acts, the sign of life) goes into the room that it held. Readings wait. Whoever filled the
   disk may take that room too; then the next portion is given, also to open the store on such a disk.
3. Readings may be committed again as soon as the reserve can be kept once more, with ``MARGIN`` beside it:
   less, and a disk at its limit would go back and forth each second.
4. The database's log is emptied before each commit then, for what lies in it must be folded into the
   database itself, which grows by it; what little room the log has it keeps for itself, for somebody else
   would take it. Where readers keep the log from being emptied it may take half of
   that room; then the writer waits for them. The room that the log gave back does not count as free, up to
   the reserve's own size: so much of it will be used again, and no more, for with the reserve in its place
   the log is folded in before it outgrows it.
5. Of the signs of life that are committed meanwhile only the newest keeps the engine's figures about itself:
   what then remains of a second is some sixty bytes, so that the room lasts for days.
6. It is a sixteenth of the disk at most. Where it cannot be made for another reason than room there is none,
   and nothing waits for it.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Final

LARGEST: Final = 16 * 1024 * 1024
MARGIN: Final = 0.25
"""Of the reserve's own size, free beside it before it is made again."""
_OF_THE_DISK: Final = 16
_PORTIONS: Final = 8
_LEAST_PORTION: Final = 64 * 1024
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Reserve:
    """The reserve of one store. One thread at a time."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is made before ``keep``."""
        self._path = path  # a regular file, or none: the data folder sees to that
        self._kept = False
        self.given_bytes = 0
        """How much room was given away and is not kept again."""
        self.size_bytes = LARGEST
        """How much is kept back, as far as it is known."""

    @property
    def is_kept(self) -> bool:
        """Whether there is room; not so before ``keep`` has looked."""
        return self._kept

    def keep(self, owed_bytes: int = 0) -> bool:
        """Make sure that the reserve is there; return whether it is, and readings may be committed.

        ``owed_bytes`` must be free besides where some was given, up to the reserve's size (rule 4).
        """
        if not self._kept:
            self._kept = self._make(max(0, min(owed_bytes, self.size_bytes)) if self.given_bytes else 0)
        if self._kept:
            self.given_bytes = 0
        return self._kept

    def give(self) -> bool:
        """Give a portion of the reserve to what must be kept now; return whether any was left."""
        self._kept = False
        if not self._path.is_file():
            return False
        size = self._path.stat().st_size
        left = max(0, size - max(self.size_bytes // _PORTIONS, _LEAST_PORTION))
        if left:
            os.truncate(self._path, left)
        else:
            self._path.unlink()
        self.given_bytes += size - left
        return size > 0

    def _make(self, owed_bytes: int) -> bool:
        try:
            disk = os.statvfs(self._path.parent)
        except FileNotFoundError:
            return True  # rule 6
        size = self.size_bytes = min(LARGEST, disk.f_blocks * disk.f_frsize // _OF_THE_DISK)
        there = self._path.stat().st_blocks * 512 if self._path.exists() else 0
        if there >= size:
            return True
        if disk.f_bavail * disk.f_frsize + there < size * (1 + MARGIN) + owed_bytes:
            return False
        try:
            self._allocate(size)
        except OSError as error:
            self._path.unlink(missing_ok=True)
            return error.errno not in _NO_ROOM  # rule 6
        return True

    def _allocate(self, size: int) -> None:
        flags = os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(self._path, flags, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
        finally:
            os.close(descriptor)
