"""Gets the secret that a reference names, from an owner-only file or from the keyring. It keeps none.

1. A file gives its secret only if it is a regular file, belongs to the user who runs this program, and is
   closed to group and others. What was opened is what is judged, so that nothing can be swapped in between.
2. No error, and nothing this module writes anywhere, holds a secret.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from controlroom.errors import SecretError
from controlroom.site.secret import FileSecret, KeyringSecret, parse_reference

LARGEST_SECRET_BYTES: Final = 4096


class SecretResolver:
    """Call it with a reference to get the secret. It reads a file or the keyring: not for an event loop."""

    def __init__(self, base: Path) -> None:
        """Read relative paths from ``base``, the data folder."""
        self._base = base

    def __call__(self, reference: str) -> str:
        """Return the secret, or raise ``SecretError`` with the reason."""
        match parse_reference(reference):
            case FileSecret(path):
                return _from_file(self._base / path)
            case KeyringSecret(service, user):
                return _from_keyring(service, user)
        raise SecretError(
            "secret-bad-reference",
            "A secret is given by something that is no reference (it is not shown).",
            "Write file:PATH or keyring:SERVICE/USER.",
        )


def _from_file(path: Path) -> str:
    secret = _without_line_end(_text(_content(path), path))
    if not secret:
        raise SecretError(
            "secret-empty", f"The secret file {path} is empty.", "Write the secret on its first line."
        )
    return secret


def _content(path: Path) -> bytes:
    """Read what was opened and judged; a file that cannot be had becomes a code."""
    try:
        return _read_once(path)
    except FileNotFoundError:
        raise SecretError(
            "secret-missing",
            f"There is no secret file {path}.",
            "Write the secret into it and run chmod 600 on it.",
        ) from None
    except OSError as error:
        raise SecretError(
            "secret-unreadable",
            f"The secret file {path} cannot be read: {error.strerror}.",
            "The user who runs the engine must be able to read it.",
        ) from None


def _read_once(path: Path) -> bytes:
    """Open, judge and read; a pipe must not make the opening wait (``O_NONBLOCK``)."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        _refuse_unsafe(os.fstat(handle), path)
        return os.read(handle, LARGEST_SECRET_BYTES + 1)
    finally:
        os.close(handle)


def _refuse_unsafe(status: os.stat_result, path: Path) -> None:
    """Refuse what is no plain file, what somebody else owns, and what others may read."""
    if not stat.S_ISREG(status.st_mode):
        raise SecretError("secret-not-a-file", f"{path} is not a regular file.", "Name a plain text file.")
    if status.st_uid != os.geteuid():
        raise SecretError(
            "secret-owner",
            f"The secret file {path} does not belong to the user who runs this program.",
            f"Make user number {os.geteuid()} its owner.",
        )
    if status.st_mode & 0o077:
        raise SecretError(
            "secret-open-to-others",
            f"The secret file {path} can be used by others than its owner (mode {status.st_mode & 0o777:o}).",
            "Run chmod 600 on it, and change the secret if somebody may have read it.",
        )


def _text(content: bytes, path: Path) -> str:
    if len(content) > LARGEST_SECRET_BYTES:
        raise SecretError(
            "secret-too-long",
            f"The secret file {path} is longer than {LARGEST_SECRET_BYTES} bytes.",
            "Keep the secret alone in it.",
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        # The original error carries the bytes, which are the secret: it must not be chained.
        raise SecretError(
            "secret-not-text", f"The secret file {path} is not UTF-8 text.", "Save it as UTF-8."
        ) from None


def _without_line_end(text: str) -> str:
    """Take one line end off, as editors put one there."""
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _from_keyring(service: str, user: str) -> str:
    """Ask the operating system's keyring; its package is loaded only where a reference needs it."""
    import keyring
    from keyring import errors

    name = f"{service}/{user}"
    try:
        secret = keyring.get_password(service, user)
    except errors.NoKeyringError:
        raise SecretError(
            "secret-no-keyring",
            f"There is no keyring on this machine to get the secret {name} from.",
            "Use a file that only its owner can read: file:PATH.",
        ) from None
    except errors.KeyringLocked:
        raise SecretError(
            "secret-keyring-locked", f"The keyring that holds the secret {name} is locked.", "Unlock it."
        ) from None
    except errors.KeyringError as error:
        raise SecretError(
            "secret-keyring-failed",
            f"The keyring did not give the secret {name} ({type(error).__name__}).",
            "Test it with: python -m keyring get SERVICE USER.",
        ) from None
    if not secret:
        raise SecretError(
            "secret-missing",
            f"The keyring holds no secret for {name}.",
            f"Store it with: python -m keyring set {service} {user}",
        )
    return secret
