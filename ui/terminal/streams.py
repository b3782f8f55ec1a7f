"""The program's own standard streams: what cannot be written ends in a sentence, never in a traceback.

Rules:
1. A character that the output cannot encode is written as an escape.
2. Standard output that refuses raises ``OutputError``, and a reader that has left ``BrokenPipeError``:
   once. What is still written afterwards leads nowhere, at the end of the program too.
3. Standard error that refuses is passed over: there is nobody left to tell.
4. A stream that the caller has closed leads nowhere, so that no file of ours gets its number.
"""

from __future__ import annotations

import io
import os
import select
import sys
from typing import TYPE_CHECKING, Final, TextIO

from controlroom.errors import ControlroomError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_OUTPUT: Final = 1
_COMPLAINTS: Final = 2


class OutputError(ControlroomError):
    """Standard output cannot be written."""


def take_streams() -> None:
    """Put streams that keep the rules in the place of ``sys.stdout`` and ``sys.stderr``."""
    _occupy_closed()
    sys.stdout = _text_on(_Output(_OUTPUT, "wb", closefd=False), sys.stdout)
    sys.stderr = _text_on(_Complaints(_COMPLAINTS, "wb", closefd=False), sys.stderr)


class _Waiting(io.FileIO):
    """Waits where the reader has made the pipe one that does not wait."""

    def write(self, octets: ReadableBuffer, /) -> int:
        # ``None``, which its type does not tell: it would have had to wait.
        written: int | None = super().write(octets)
        while written is None:
            select.select([], [self], [])
            written = super().write(octets)
        return written


class _Output(_Waiting):
    def write(self, octets: ReadableBuffer, /) -> int:
        try:
            return super().write(octets)
        except BrokenPipeError:
            _lead_nowhere(self.fileno())
            raise
        except OSError as error:
            _lead_nowhere(self.fileno())
            reason = error.strerror or type(error).__name__
            raise OutputError(
                "output-refused",
                f"The standard output cannot be written: {reason}.",
                "Check where it leads and whether there is space.",
            ) from error


class _Complaints(_Waiting):
    def write(self, octets: ReadableBuffer, /) -> int:
        try:
            return super().write(octets)
        except OSError:
            _lead_nowhere(self.fileno())
            return memoryview(octets).nbytes


def _text_on(raw: io.FileIO, before: TextIO | None) -> io.TextIOWrapper:
    at_once = isinstance(before, io.TextIOWrapper) and (before.line_buffering or before.write_through)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=before.encoding if before is not None else "utf-8",
        errors="backslashreplace",
        line_buffering=at_once,
    )


def _lead_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _occupy_closed() -> None:
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _COMPLAINTS:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
