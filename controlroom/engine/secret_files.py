"""Secrets in files that only their owner can read, in the data folder. It names none of them in an error.

1. The folder is its owner's alone (0700), each file too (0600), made so before the first byte stands in it.
2. A secret to keep goes into a file of a fresh name: one that something refers to is never written over.
3. A secret that is only lent is overwritten and removed when the block ends, whatever ended it. What a
   crash left behind is wiped before the next is lent. (On a disk that writes elsewhere what it overwrites,
   as flash does, only encryption of the whole disk makes more of it.)
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from controlroom.errors import SecretError

FOLDER: Final = "secrets"
_LENT: Final = "unsaved-"
_LARGEST_BYTES: Final = 4096


class SecretFiles:
    """The secrets of one data folder."""

    def __init__(self, data_folder: Path, *, token: Callable[[int], str] = secrets.token_hex) -> None:
        """Name the folder; nothing is made before there is a secret."""
        self._folder = data_folder / FOLDER
        self._token = token

    def keep(self, endpoint_id: str, probe_name: str, key: str, secret: str) -> str:
        """Keep a secret for good; return its reference. Raise ``SecretError`` where it cannot be kept."""
        stem = re.sub(r"[^a-z0-9.-]", "-", f"{endpoint_id}.{probe_name}.{key}".lower())[:180]
        for number in range(1, 1000):
            name = stem if number == 1 else f"{stem}-{number}"
            if self._write(name, secret):
                return f"file:{FOLDER}/{name}"
        raise SecretError(
            "secret-unwritable", f"There are too many secrets of one name in {self._folder}.", "Clear some."
        )

    @contextmanager
    def lend(self, secret: str) -> Iterator[str]:
        """Lend a reference to a secret for the length of a block."""
        self.wipe_left_over()
        name = f"{_LENT}{os.getpid()}-{self._token(16)}"
        self._write(name, secret)
        try:
            yield f"file:{FOLDER}/{name}"
        finally:
            _wipe(self._folder / name)

    def wipe_left_over(self) -> None:
        """Wipe what was lent by a process that is gone."""
        with suppress(FileNotFoundError):
            for path in self._folder.iterdir():
                owner = re.fullmatch(rf"{_LENT}(\d+)-[0-9a-f]+", path.name)
                if owner is not None and not _alive(int(owner[1])):
                    _wipe(path)

    def _write(self, name: str, secret: str) -> bool:
        """Write a new file; tell whether the name was free."""
        content = secret.encode()
        if not 0 < len(content) <= _LARGEST_BYTES or "\n" in secret or "\r" in secret:
            raise SecretError(
                "secret-unusable",
                f"A secret is one line of 1 to {_LARGEST_BYTES} bytes; what was given is not.",
                "Type it again.",
            )
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
            handle = os.open(self._folder / name, flags, 0o600)
        except FileExistsError:
            return False
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            if os.write(handle, content) != len(content):
                raise OSError(28, os.strerror(28))
            os.fsync(handle)
        except OSError as error:
            _wipe(self._folder / name)
            raise self._unwritable(error) from None
        finally:
            os.close(handle)
        return True

    def _unwritable(self, error: OSError) -> SecretError:
        return SecretError(
            "secret-unwritable",
            f"A secret cannot be kept in {self._folder}: {error.strerror}.",
            "Check the folder, its rights and its space.",
        )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wipe(path: Path) -> None:
    """Overwrite a file, empty it, remove it; what is gone already is well."""
    with suppress(FileNotFoundError):
        handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            os.write(handle, b"\0" * os.fstat(handle).st_size)
            os.fsync(handle)
            os.ftruncate(handle, 0)
        finally:
            os.close(handle)
        path.unlink()
