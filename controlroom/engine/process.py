"""The engine as a process of its own: found by its lock, started detached, ended in order.

Rules:
1. Whether an engine runs is what its lock says, never what we remember having started.
2. A started engine belongs to nobody: it lives on when the desk that started it ends.
3. It is up once it holds the lock; one that ends before is reported with the last thing it said.
4. Ending asks with SIGTERM and waits for the lock to come free; nothing is ever killed.
5. Ending for good (``end``) ends an engine that is only just starting as well, and starts none from there on,
   whichever thread is about to.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from controlroom.errors import EngineError
from controlroom.store.folder import DataFolder
from controlroom.store.interface import LeftOver
from controlroom.store.lock import EngineLock

STARTING_TAKES_AT_MOST_S = 15.0
STOPPING_TAKES_AT_MOST_S = 5.0
_LOOK_EVERY_S = 0.05
_LAST_WORDS = 600
_LAST_STEPS_S = 2.0


class EngineProcess:
    """Finds, starts and stops the engine of one data folder. Calls may take seconds."""

    def __init__(
        self,
        folder: DataFolder,
        command: Sequence[str],
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """``command`` starts an engine for this folder in the foreground."""
        self._folder = folder
        self._command = list(command)
        self._monotonic_s = monotonic_s
        self._pause = pause
        self._children: list[subprocess.Popen[bytes]] = []
        self._spawning = threading.Lock()
        self._ended = False

    def pid(self) -> int | None:
        """Return the process that holds the store, or ``None`` when no engine runs."""
        with self._spawning:
            self._children = [child for child in self._children if child.poll() is None]
        return EngineLock.holder(self._folder)

    def start(self) -> int:
        """Start a detached engine and return its pid; raise ``EngineError`` with what it said if it fails."""
        running = self.pid()
        if running is not None:
            return running
        self._folder.prepare()
        log_file = self._folder.log_file
        spoke_before = log_file.stat().st_size if log_file.exists() else 0
        with self._spawning:
            if self._ended:
                raise EngineError("engine-ended", "The engine is being ended, so none is started.")
            child = self._spawn(log_file)
            self._children.append(child)
        until_s = self._monotonic_s() + STARTING_TAKES_AT_MOST_S
        while self._monotonic_s() < until_s:
            holder = EngineLock.holder(self._folder)
            if holder is not None:
                return holder
            if child.poll() is not None:
                raise EngineError(
                    "engine-failed",
                    f"The engine ended as it started: {_last_words(log_file, spoke_before)}",
                    f"More may stand in {log_file}.",
                )
            self._pause(_LOOK_EVERY_S)
        raise EngineError(
            "engine-slow",
            f"The engine has not begun to work within {STARTING_TAKES_AT_MOST_S:.0f} s.",
            f"See {log_file}.",
        )

    def stop(self) -> LeftOver | None:
        """End the engine; return what it could not commit, ``None`` where it does not say.

        Raise ``EngineError`` when it does not end.
        """
        holder = self.pid()
        if holder is None:
            return EngineLock.last_words(self._folder)
        try:
            os.kill(holder, signal.SIGTERM)
        except ProcessLookupError:
            return EngineLock.last_words(self._folder)
        except PermissionError as error:
            raise EngineError(
                "engine-foreign",
                f"The engine (process {holder}) belongs to another account.",
                "End it from that account.",
            ) from error
        until_s = self._monotonic_s() + STOPPING_TAKES_AT_MOST_S
        while self._monotonic_s() < until_s:
            if self.pid() != holder:
                left_over = EngineLock.last_words(self._folder)
                self._see_off()
                return left_over
            self._pause(_LOOK_EVERY_S)
        raise self._stays(holder)

    def end(self) -> None:
        """End the engine for good, also one that has not taken the lock yet (rule 5); raise as ``stop``."""
        holder = self.pid()
        with self._spawning:
            self._ended = True
            starting = [child for child in self._children if child.pid != holder]
            for child in starting:
                child.terminate()
        self.stop()
        for child in starting:
            try:
                child.wait(STOPPING_TAKES_AT_MOST_S)
            except subprocess.TimeoutExpired as error:
                raise self._stays(child.pid) from error

    def _stays(self, pid: int) -> EngineError:
        return EngineError(
            "engine-stays",
            f"The engine (process {pid}) has not ended within {STOPPING_TAKES_AT_MOST_S:.0f} s.",
            f"It may be waiting for its disk; see {self._folder.log_file}.",
        )

    def _see_off(self) -> None:
        """Wait for a child of ours that has given the lock back and is on its last steps."""
        for child in self._children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(_LAST_STEPS_S)

    def _spawn(self, log_file: Path) -> subprocess.Popen[bytes]:
        descriptor = os.open(log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        except OSError as error:
            raise EngineError(
                "engine-failed", f"The engine cannot be started: {error.strerror}.", "Install it again."
            ) from error
        finally:
            os.close(descriptor)


def _last_words(log_file: Path, spoke_before: int) -> str:
    with log_file.open("rb") as file:
        file.seek(spoke_before)
        said = file.read().decode(errors="replace").strip()
    printable = "".join(letter if letter.isprintable() else " " for letter in said)
    return printable[-_LAST_WORDS:] or "it said nothing."
