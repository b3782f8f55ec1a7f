"""Secrets that are kept in files that only their owner can read, in the data folder.

1. No error names a secret.
2. A secret to keep goes into a file of a fresh name: one that something refers to is never written over.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from controlroom.engine import owner_only_file
from controlroom.errors import SecretError

FOLDER: Final = "secrets"
_LARGEST_BYTES: Final = 4096


class SecretFiles:
    """The secrets of one data folder."""

    def __init__(self, data_folder: Path) -> None:
        """Name the folder; nothing is made before there is a secret."""
        self._folder = data_folder / FOLDER

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

    def forget(self, reference: str) -> None:
        """Wipe a secret that was kept here; anything else is left alone."""
        folder, _, name = reference.removeprefix("file:").partition("/")
        if folder == FOLDER and re.fullmatch(r"[a-z0-9.-]+", name) and name.strip("."):
            owner_only_file.wipe(self._folder / name)

    def _write(self, name: str, secret: str) -> bool:
        """Write a new file; tell whether the name was free."""
        content, path = content_of(secret), self._folder / name
        try:
            handle = owner_only_file.make(path)
        except FileExistsError:
            return False
        except OSError as error:
            raise unwritable(self._folder, error) from None
        try:
            owner_only_file.fill(handle, content)
        except OSError as error:
            owner_only_file.wipe(path)
            raise unwritable(self._folder, error) from None
        finally:
            os.close(handle)
        return True


def content_of(secret: str) -> bytes:
    """Return what a file is to hold; raise ``SecretError`` for what is no secret."""
    content = secret.encode()
    if not 0 < len(content) <= _LARGEST_BYTES or "\n" in secret or "\r" in secret:
        raise SecretError(
            "secret-unusable",
            f"A secret is one line of 1 to {_LARGEST_BYTES} bytes; what was given is not.",
            "Type it again.",
        )
    return content


def unwritable(folder: Path, error: OSError) -> SecretError:
    """Say that a folder takes no secret, and why."""
    return SecretError(
        "secret-unwritable",
        f"A secret cannot be kept in {folder}: {error.strerror}.",
        "Check the folder, its rights and its space.",
    )
