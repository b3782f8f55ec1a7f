"""Writes a file as a whole or not at all, for its owner's eyes only. It knows nothing of the content.

Rules:
1. The content goes to a temporary file in the same folder, which takes the name only when it is
   complete and on the disk: nobody ever finds half an export under its name.
2. The file is readable by its owner alone (0600); what stood under the name before is replaced.
3. A folder, and whatever is no ordinary file, is refused.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable

Result = TypeVar("Result")


def write_whole(path: Path, write: Callable[[TextIO], Result]) -> Result:
    """Write a text file in UTF-8, line ends as given; raise ``ControlroomError`` (``not-written``)."""

    def write_text(out: BinaryIO) -> Result:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        result = write(text)
        text.detach()
        return result

    return _write(path, write_text)


def write_whole_bytes(path: Path, content: bytes) -> None:
    """Write a file of bytes; raise ``ControlroomError`` (``not-written``)."""
    _write(path, lambda out: out.write(content))


def _write(path: Path, write: Callable[[BinaryIO], Result]) -> Result:
    shown = printable(str(path), 300)
    if path.is_dir():
        raise ControlroomError("not-written", f"{shown} is a folder.", "Name a file in it.")
    if path.exists() and not path.is_file():
        raise ControlroomError("not-written", f"{shown} is no ordinary file.", "Name another.")
    try:
        return _replace(path, write)
    except OSError as error:
        said = f"{shown} could not be written: {error.strerror or error}."
        raise ControlroomError(
            "not-written", said, "Check the folder, its permissions and its space."
        ) from None


def _replace(path: Path, write: Callable[[BinaryIO], Result]) -> Result:
    place = path.parent
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=place)
    try:
        with os.fdopen(handle, "wb") as out:
            result = write(out)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return result
