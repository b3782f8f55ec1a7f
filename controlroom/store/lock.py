"""The engine's lock: one engine per store, and who it is. It starts and ends no process.

Rules
1. The kernel's lock on ``engine.lock`` decides, never the file or its text: a killed engine leaves the
   file behind and the lock free.
2. The file is never deleted, for two engines could then each lock a file of that name.
3. Testing takes a shared lock for an instant. It never keeps an engine out, for the engine tries again
   for a moment; testers never disturb each other.
4. No child keeps the lock: the descriptor closes on exec, and at once in a forked child.
5. The file's text is the engine's introduction while it lives, and its last words after that. They are
   written over what was there, which needs no room on the disk.
"""

from __future__ import annotations

import json
import os
import platform
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.file_lock import try_lock
from controlroom.store.folder import DataFolder
from controlroom.store.interface import NOTHING_LEFT, LeftOver

_TRIES: Final = 50
_LOOKS: Final = 10
_PAUSE_S: Final = 0.01
_TEXT_LIMIT: Final = 4096


class EngineLock:
    """The right to write one store, held by at most one process at a time."""

    def __init__(
        self,
        folder: DataFolder,
        *,
        utc_s: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Name the store; nothing is taken before ``acquire``."""
        self._folder = folder
        self._utc_s = utc_s
        self._pause = pause
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise ``StoreError`` ``engine-running`` naming the pid that has it."""
        if self._descriptor is not None:
            return
        descriptor = self._open()
        try:
            self._wait(descriptor)
            self._introduce(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        _close_in_forked_children(self)

    def release(self, left_over: LeftOver = NOTHING_LEFT) -> None:
        """Give the lock back; what was left over stays in the file (rule 5). Twice does no harm."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            words = {"left_over_seconds": left_over.seconds, "left_over_entries": left_over.entries}
            text = json.dumps(words).encode()
            with suppress(OSError):
                os.pwrite(descriptor, text, 0)
                os.ftruncate(descriptor, len(text))
            os.close(descriptor)

    @staticmethod
    def last_words(folder: DataFolder) -> LeftOver | None:
        """Return what the engine that ended last left over; ``None`` where it ended without a word."""
        try:
            words = json.loads(folder.lock_file.read_bytes()[:_TEXT_LIMIT])
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(words, dict):
            return None
        seconds, entries = words.get("left_over_seconds"), words.get("left_over_entries")
        return LeftOver(seconds, entries) if type(seconds) is int and type(entries) is int else None

    def in_place(self) -> bool:
        """Whether the file that is locked still lies where the next engine would look for it."""
        if self._descriptor is None:
            return False
        try:
            there = os.stat(self._folder.lock_file, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return os.path.samestat(there, os.fstat(self._descriptor))

    def forget(self) -> None:
        """Close a forked child's copy; the lock itself stays with the parent."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)

    @staticmethod
    def holder(folder: DataFolder, *, pause: Callable[[float], None] = time.sleep) -> int | None:
        """Return the pid of the engine that holds the store now, or ``None`` when none does.

        Raises ``StoreError`` ``engine-unknown`` when something holds the lock and does not say who it is.
        """
        pid: int | None = None
        for _ in range(_LOOKS):
            held, pid = _look(folder)
            if not held:
                return None
            if pid is not None and _alive(pid):
                return pid
            pause(_PAUSE_S)  # an engine that has just taken the lock writes its name next
        if pid is not None:
            return pid  # held by a process that this one cannot see, as from inside a container
        raise StoreError(
            "engine-unknown",
            f"Something holds {folder.lock_file} and does not say which process it is.",
            "Find out with: fuser -v " + str(folder.lock_file),
        )

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            return os.open(self._folder.lock_file, flags, 0o600)
        except OSError as error:
            raise StoreError(
                "lock-unusable",
                f"The engine's lock {self._folder.lock_file} cannot be opened: {error.strerror}.",
                "Check the data folder and its rights.",
            ) from error

    def _wait(self, descriptor: int) -> None:
        for _ in range(_TRIES):
            if try_lock(descriptor):
                return
            self._pause(_PAUSE_S)
        pid = _pid_in(descriptor)
        who = f"process {pid}" if pid is not None else "another process"
        raise StoreError(
            "engine-running",
            f"An engine already runs on {self._folder.path}: {who}.",
            f"Use it, or end it first with: controlroom stop --data {self._folder.path}",
        )

    def _introduce(self, descriptor: int) -> None:
        about = {"pid": os.getpid(), "started_utc_s": self._utc_s(), "host": platform.node()}
        text = json.dumps(about).encode()
        try:
            os.pwrite(descriptor, text, 0)
            os.ftruncate(descriptor, len(text))
            os.fsync(descriptor)
        except OSError as error:
            raise StoreError(
                "lock-unusable",
                f"The engine's lock {self._folder.lock_file} cannot be written: {error.strerror}.",
                "Check the disk and the data folder.",
            ) from error


def _close_in_forked_children(lock: EngineLock) -> None:
    reference = weakref.ref(lock)

    def forget() -> None:
        held = reference()
        if held is not None:
            held.forget()

    os.register_at_fork(after_in_child=forget)


def _look(folder: DataFolder) -> tuple[bool, int | None]:
    try:
        descriptor = os.open(folder.lock_file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False, None
    except OSError as error:
        raise StoreError(
            "lock-unusable",
            f"The engine's lock {folder.lock_file} cannot be read: {error.strerror}.",
            "Check the data folder and its rights.",
        ) from error
    try:
        if try_lock(descriptor, shared=True):
            return False, None
        return True, _pid_in(descriptor)
    finally:
        os.close(descriptor)


def _pid_in(descriptor: int) -> int | None:
    try:
        about = json.loads(os.pread(descriptor, _TEXT_LIMIT, 0))
    except (ValueError, RecursionError):
        return None
    pid = about.get("pid") if isinstance(about, dict) else None
    return pid if type(pid) is int and pid > 0 else None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
