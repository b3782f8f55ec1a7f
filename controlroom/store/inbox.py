"""The desk's end of its inbox: it appends acts, one line each, and never reads another desk's.

Rules
1. One desk has one file and holds its lock while it lives, so that the engine can tell a desk that is
   gone, and a second desk of the same name is refused.
2. An act is one write of one line, made durable before ``put`` returns. What ``put`` refused with
   ``disk-full`` or ``act-malformed`` is never taken; after ``inbox-failed`` it may be, and the
   engine's answer tells.
3. A line that was cut off in the middle is removed before the next: nobody was told it was kept.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Callable
from typing import Final

from controlroom.errors import StoreError
from controlroom.logbook.act import Act
from controlroom.store.act_text import MalformedActError, text_of
from controlroom.store.file_lock import try_lock
from controlroom.store.folder import DataFolder
from controlroom.store.inbox_file import GENERATION_BITS, Header, inbox_path

_TRIES: Final = 20
_PAUSE_S: Final = 0.01
_TAIL: Final = 128 * 1024
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class DeskInbox:
    """One desk's own inbox (an ``ActInbox``). One thread at a time."""

    def __init__(
        self,
        folder: DataFolder,
        desk_id: str,
        *,
        random_bits: Callable[[int], int] = secrets.randbits,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open or make the desk's file; raise ``StoreError`` ``desk-open`` when a desk already has it."""
        folder.prepare()
        self._path = inbox_path(folder, desk_id)
        self._desk_id = desk_id
        self._random_bits = random_bits
        self._pause = pause
        self._descriptor: int | None = self._open()

    def put(self, act: Act) -> None:
        """Make an act durable for the engine to take; raise ``StoreError`` where it cannot."""
        if self._descriptor is None:
            raise StoreError("inbox-closed", "The desk has already left its inbox.")
        try:
            line = text_of(act).encode() + b"\n"
        except MalformedActError as error:
            raise StoreError(
                "act-malformed", f"The act cannot be kept: {error}.", "Shorten or correct the text."
            ) from error
        try:
            if not _is_at(self._descriptor, self._path):
                os.close(self._descriptor)
                self._descriptor = None
                self._descriptor = self._open()
            _append(self._descriptor, line)
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Leave the inbox to the engine, which clears it once all of it is taken."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    def _open(self) -> int:
        for _ in range(_TRIES):
            descriptor = self._open_once()
            if descriptor is not None:
                return descriptor
            self._pause(_PAUSE_S)  # the engine holds a lock for an instant while it clears
        raise StoreError(
            "desk-open",
            f"Another desk named {self._desk_id} is open on this store.",
            "Close it, or give this one another name.",
        )

    def _open_once(self) -> int | None:
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor: int | None = None
        kept = False
        try:
            descriptor = os.open(self._path, flags, 0o600)
            if try_lock(descriptor) and _is_at(descriptor, self._path):
                self._begin(descriptor)
                kept = True
        except OSError as error:
            raise self._failed(error) from error
        finally:
            if descriptor is not None and not kept:
                os.close(descriptor)
        return descriptor if kept else None

    def _begin(self, descriptor: int) -> None:
        _mend(descriptor)
        if os.fstat(descriptor).st_size == 0:
            generation = self._random_bits(GENERATION_BITS) or 1
            _append(descriptor, Header.text(generation))
            _make_name_durable(self._path.parent)

    def _failed(self, error: OSError) -> StoreError:
        if error.errno in _FULL:
            return StoreError(
                "disk-full",
                f"There is no room left for {self._path}.",
                "Make room on the disk and do it again: nothing was kept.",
            )
        return StoreError(
            "inbox-failed",
            f"The inbox {self._path} cannot be written: {error.strerror}.",
            "Check the disk and the data folder.",
        )


def _append(descriptor: int, line: bytes) -> None:
    _mend(descriptor)
    written = os.write(descriptor, line)
    if written != len(line):
        _mend(descriptor)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


def _mend(descriptor: int) -> None:
    """Remove a line without its end. The engine takes whole lines only, so it has not taken this one."""
    size = os.fstat(descriptor).st_size
    tail = os.pread(descriptor, _TAIL, max(0, size - _TAIL))
    end = tail.rfind(b"\n") + 1
    if end != len(tail):
        os.ftruncate(descriptor, size - len(tail) + end)


def _is_at(descriptor: int, path: os.PathLike[str]) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path, follow_symlinks=False))
    except FileNotFoundError:
        return False


def _make_name_durable(folder: os.PathLike[str]) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
