"""Secrets that are only lent, for the length of a test, by a file in the data folder. It keeps none.

1. Who lends holds a lock on the file for as long as it is lent. The system frees the lock when that process
   ends, however it ends, so that a file without one was left behind; a number of a process that another one
   has by now deceives nobody.
2. No secret stands in a file before its lock is held and the file is still in its place.
3. What was lent is wiped when the block ends, whatever ended it. What a kill left behind is wiped when the
   desk or the engine starts, and before the next is lent.
4. Looking changes nothing.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.engine import owner_only_file
from controlroom.engine.secret_files import FOLDER, content_of, unwritable
from controlroom.errors import SecretError
from controlroom.store.file_lock import try_lock

_NAME: Final = re.compile(r"unsaved-\d+-[0-9a-f]+")
_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class LentFiles:
    """The files found: left behind by processes that are gone, in use now, those that cannot be judged.

    Where the folder itself cannot be looked into, it is the one that cannot be judged.
    """

    left: tuple[Path, ...] = ()
    in_use: tuple[Path, ...] = ()
    closed: tuple[Path, ...] = ()

    def words(self) -> str:
        """Say what became of them once they were wiped; empty where there is nothing to say."""
        said = [f"{len(self.left)} that a killed test had left behind: wiped"] if self.left else []
        said += [f"{len(self.closed)} that cannot be wiped; see: controlroom doctor"] if self.closed else []
        return f"unsaved secrets: {'; '.join(said)}" if said else ""


class LentSecrets:
    """The secrets that one data folder lends."""

    def __init__(self, data_folder: Path, *, token: Callable[[int], str] = secrets.token_hex) -> None:
        """Name the folder; nothing is made before there is a secret."""
        self._folder = data_folder / FOLDER
        self._token = token

    @contextmanager
    def lend(self, secret: str) -> Iterator[str]:
        """Lend a reference to a secret for the length of a block."""
        self.wipe_left_over()
        content = content_of(secret)
        try:
            path, handle = self._claim()
        except OSError as error:
            raise unwritable(self._folder, error) from None
        try:
            self._fill(handle, content)
            yield f"file:{FOLDER}/{path.name}"
        finally:
            try:
                owner_only_file.wipe(path)
            finally:
                os.close(handle)

    def look(self) -> LentFiles:
        """Find what is there and change nothing."""
        return self._sort(lambda path: None)

    def wipe_left_over(self) -> LentFiles:
        """Wipe what was left behind; what could not be wiped is told as closed."""
        return self._sort(owner_only_file.wipe)

    def _fill(self, handle: int, content: bytes) -> None:
        try:
            owner_only_file.fill(handle, content)
        except OSError as error:
            raise unwritable(self._folder, error) from None

    def _claim(self) -> tuple[Path, int]:
        """Make a file and lock it; another process may be looking at it just then, or have wiped it."""
        for _ in range(_TRIES):
            path = self._folder / f"unsaved-{os.getpid()}-{self._token(16)}"
            handle = owner_only_file.make(path)
            if try_lock(handle) and os.fstat(handle).st_nlink:
                return path, handle
            os.close(handle)
            with suppress(FileNotFoundError):
                path.unlink()
        raise SecretError(
            "secret-unwritable", f"No secret can be lent in {self._folder} now.", "Try again in a moment."
        )

    def _sort(self, take: Callable[[Path], None]) -> LentFiles:
        """Judge each file; ``take`` what was left behind while nobody else can."""
        found: dict[str, list[Path]] = {"left": [], "in_use": [], "closed": []}
        try:
            paths = self._files()
        except OSError:
            return LentFiles(closed=(self._folder,))
        for path in paths:
            try:
                found[_take_if_left(path, take)].append(path)
            except FileNotFoundError:
                continue  # it was wiped meanwhile
            except OSError:
                found["closed"].append(path)
        return LentFiles(tuple(found["left"]), tuple(found["in_use"]), tuple(found["closed"]))

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))
        except (FileNotFoundError, NotADirectoryError):
            return []


def _take_if_left(path: Path, take: Callable[[Path], None]) -> str:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return "closed"
        if not try_lock(handle):
            return "in_use"
        take(path)
        return "left"
    finally:
        os.close(handle)
