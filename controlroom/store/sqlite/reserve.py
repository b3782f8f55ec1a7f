"""A little room on the disk that is kept back, so that a full disk can still be told.

Rules
1. While there is room the reserve is a file of that size that holds nothing. Readings may be committed.
2. When a disk turns out full the file is dropped: what happened and what was done (states, alarms, entries,
   acts, the sign of life) goes into the room that it held. Readings wait.
3. Readings may be committed again as soon as the reserve can be kept once more, with ``MARGIN`` beside it:
   less, and a disk at its limit would go back and forth each second.
4. The database's log is emptied before each commit then, for what lies in it must be folded into the
   database itself, which grows by it. Where readers keep the log from being emptied it may take half of
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
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Reserve:
    """The reserve of one store. One thread at a time."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is made before ``keep``."""
        self._path = path
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

        ``owed_bytes`` must be free besides, up to the size given away (rule 4).
        """
        if not self._kept:
            self._kept = self._make(max(0, min(owed_bytes, self.given_bytes)))
        if self._kept:
            self.given_bytes = 0
        return self._kept

    def give(self) -> None:
        """Give the room of the reserve to what must be kept now."""
        self._kept = False
        if self._path.exists():
            self.given_bytes = self._path.stat().st_size
            self._path.unlink()

    def _make(self, owed_bytes: int) -> bool:
        try:
            disk = os.statvfs(self._path.parent)
        except FileNotFoundError:
            return True  # rule 6
        size = min(LARGEST, disk.f_blocks * disk.f_frsize // _OF_THE_DISK)
        self.size_bytes = size
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
