"""Runs one of the system's sound programs, bounded in time, and ends it when it is wanted no longer."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from controlroom.report.escaping import printable
from ui.desk.sound.cache import SoundError

HANGS = "sound-hangs"
"""The code of a program that did not end by itself."""

_LOOK_EVERY_S = 0.05
_LONGEST_WORDS = 160

_PLACE = re.compile(r"^(\w[\w-]*: )?(\w+:\d+: )?")
"""Where in itself a program found its mistake: of no use to its user."""

Wanted = Callable[[], bool]
"""Asked all the while, from the thread that runs the program: whether it is still to go on."""


def run(
    command: Sequence[str],
    *,
    given: bytes = b"",
    timeout_s: float,
    wanted: Wanted,
    due_s: float | None = None,
    more: Mapping[str, str] | None = None,
) -> bytes | None:
    """Run a program to its end and return what it wrote; ``None`` if it was wanted no longer.

    ``given`` goes to its standard input, ``more`` into its environment. Raise ``SoundError`` when it
    cannot be started, fails, or has not ended after ``timeout_s`` seconds; the message is one line. So is
    it where it was wanted no longer but should have been over by itself, ``due_s`` seconds after its start.
    """
    name = PurePath(command[0]).name
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(more or {})},
        )
    except OSError as error:
        raise SoundError("sound-program", f"{name} cannot be started: {error.strerror}.") from error
    with process:
        try:
            return _follow(process, name, given, timeout_s, timeout_s if due_s is None else due_s, wanted)
        finally:
            if process.poll() is None:
                process.kill()


def _follow(
    process: subprocess.Popen[bytes],
    name: str,
    given: bytes,
    timeout_s: float,
    due_s: float,
    wanted: Wanted,
) -> bytes | None:
    for looks in range(max(1, round(timeout_s / _LOOK_EVERY_S))):
        if not wanted():
            if looks * _LOOK_EVERY_S < due_s:
                return None
            raise SoundError(HANGS, f"{name} had not ended after {looks * _LOOK_EVERY_S:.0f} s.")
        try:
            out, words = process.communicate(given, timeout=_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            given = b""  # what was given before is still on its way
            continue
        if process.returncode != 0:
            raise SoundError("sound-failed", f"{name} failed: {_last_words(words, process.returncode)}.")
        return out
    raise SoundError(HANGS, f"{name} did not end within {timeout_s:.0f} s.")


def _last_words(words: bytes, code: int) -> str:
    """The last line of what a program complained, for that is what ended it."""
    lines = [line.strip() for line in words[-4000:].decode("utf-8", "replace").splitlines() if line.strip()]
    said = printable(_PLACE.sub("", lines[-1]), _LONGEST_WORDS).rstrip(" .") if lines else ""
    return f"{said} (exit {code})" if said else f"exit {code}"
