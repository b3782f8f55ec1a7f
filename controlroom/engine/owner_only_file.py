"""One file that only its owner can read: made, filled, put in a place, wiped. No error names its content.

1. It is its owner's alone (0600) before the first byte stands in it.
2. Wiping overwrites, then removes. (On a disk that writes elsewhere what it overwrites, as flash does, only
   encryption of the whole disk makes more of it.)
"""

from __future__ import annotations

import errno
import os
import stat
import threading
from contextlib import suppress
from pathlib import Path


def make(path: Path) -> int:
    """Make a new empty file in a folder of its owner's alone; return its descriptor."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def fill(descriptor: int, content: bytes) -> None:
    """Write a whole content and make it durable; raise ``OSError`` where there is no room for all of it."""
    if os.write(descriptor, content) != len(content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(descriptor)


def put(path: Path, content: bytes, *, over: bool = True) -> None:
    """Put a whole content in a file's place; not ``over`` another raises ``FileExistsError``."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if over:
            draft.replace(path)
        else:
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def wipe(path: Path) -> None:
    """Overwrite a file, empty it, remove it; what is gone already is well. Raise ``OSError`` if it stays."""
    with suppress(OSError):  # what cannot be overwritten is removed all the same
        _overwrite(path)
    path.unlink(missing_ok=True)


def _overwrite(path: Path) -> None:
    # A pipe that nobody reads must not make the opening wait.
    handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        about = os.fstat(handle)
        if stat.S_ISREG(about.st_mode):
            os.write(handle, b"\0" * about.st_size)
            os.fsync(handle)
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)
