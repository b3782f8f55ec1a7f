"""How the care of a store looks into its files beside a live engine. It judges nothing.

Rules
1. A database that has no log beside it is read as it is, so that no file is made. Should an engine open and
   change it meanwhile, the look would be worth nothing and is taken again.
2. A database with a log beside it is read through it, as any reader does: engine and look never wait for
   each other.
3. A long statement runs in a thread of its own, so that an interrupt ends it at once.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from controlroom.errors import StoreError
from controlroom.store.sqlite.connection import has_log, open_unjudged
from controlroom.store.sqlite.failure import is_passing

_TRIES: Final = 20
_PAUSE_S: Final = 0.05
_TICK_S: Final = 0.2

Answer = TypeVar("Answer")


def steadily(path: Path, look: Callable[[sqlite3.Connection], Answer]) -> Answer:
    """Look into a database, again where it changed under a look without its log (rule 1).

    Raise ``FileNotFoundError`` where it is gone, ``StoreError`` ``store-busy`` where it never stood still,
    and whatever the look raises.
    """
    for _ in range(_TRIES):
        before = _state(path)
        alone = not has_log(path)
        try:
            with closing(open_unjudged(path, as_it_is=alone)) as connection:
                answer = look(connection)
            if not alone or _state(path) == before:
                return answer
        except (sqlite3.Error, StoreError) as error:
            passing = isinstance(error, sqlite3.Error) and is_passing(error)
            if not passing and (not alone or _state(path) == before):
                raise
        time.sleep(_PAUSE_S)
    raise StoreError(
        "store-busy",
        f"{path.name} changed each time it was looked at.",
        "Try again in a moment.",
    )


def interruptible(
    connection: sqlite3.Connection, work: Callable[[], Answer], tick: Callable[[], None]
) -> Answer:
    """Run a long statement of this connection, ``tick`` now and then; an exception ends it (rule 3)."""
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(work)
        try:
            while not wait((running,), _TICK_S).done:
                tick()
        except BaseException:
            _end(connection, running)
            raise
        return running.result()


def bytes_on_disk(path: Path) -> int:
    """Return the bytes of a database and of its log; 0 for what is gone."""
    return sum(_size(path.with_name(path.name + suffix)) for suffix in ("", "-wal"))


def _end(connection: sqlite3.Connection, running: Future[Answer]) -> None:
    while not running.done():  # it may not have begun yet, and then there is nothing to interrupt
        connection.interrupt()
        wait((running,), _PAUSE_S)


def _state(path: Path) -> tuple[int, int, int, bool]:
    about = path.stat()
    return about.st_ino, about.st_size, about.st_mtime_ns, has_log(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
