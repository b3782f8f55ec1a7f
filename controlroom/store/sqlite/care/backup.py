"""Makes a copy of a data folder that an engine can run on, while its engine goes on. It changes nothing.

Rules
1. ``store.db`` is copied first, the history after it. Chunks are durable before their seconds leave the
   journal: so every second that is no longer in the copied journal must be in a history that is copied later.
   The other way round, what was sealed in between would be in neither.
2. Of the history, the copy keeps what was sealed whole at the moment of ``store.db``, under the names that
   the store knew then. What came later is dropped from the copy, for its seconds are in the copied journal:
   an engine that found some probes' chunks of a window would take the whole window for sealed, and would give
   a later probe's number to another. So the copy is of one moment.
3. The inboxes come last, for the same reason: an act is in the store or still waits, and is never in neither.
4. All is written into a folder beside the output, which takes the output's name when it is complete, forced
   to disk and read again. An interrupt or a failure leaves nothing behind.
5. A file of the history that is damaged, or of another store, is left out and told: it must not keep the
   rest from being saved. So are single rows that do not fit their checksum; rollups among them are made again
   by the engine that runs on the copy. Without ``store.db`` there is no backup.
6. Only what is known to belong to the folder is copied. Secrets are not.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.care import BackupDone, Doing, LeftOut, RowsLeftOut, Tell
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite.blobs import take_out, unreadable_rows
from controlroom.store.sqlite.care.belongings import belongings_in, copy_belonging
from controlroom.store.sqlite.care.copying import copy_database, force_to_disk
from controlroom.store.sqlite.care.looking import bytes_on_disk, interruptible
from controlroom.store.sqlite.care.moment import NOTHING, Known, forget_later, forget_later_series, known_of
from controlroom.store.sqlite.care.records import identity_of
from controlroom.store.sqlite.care.room import refuse_little_room, refuse_output
from controlroom.store.sqlite.connection import open_to_change, open_to_read
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_file import DAY_LADDER
from controlroom.store.sqlite.failure import damaged, is_damage, store_error
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER, day_of_row, store_of
from controlroom.store.sqlite.schema import LADDER, Rung, refuse_newer, version_of

_INBOX: Final = "inbox"
_LOGS: Final = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Belongings:
    """What a data folder holds besides the store, by name: what is copied, and what makes itself again."""

    copied: Sequence[str] = ()
    made_again: Sequence[str] = ()


@dataclass(slots=True)
class _Copy:
    """A backup in the making."""

    place: Path
    store: str = ""
    known: Known = NOTHING
    databases: list[Path] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    rows_left_out: list[RowsLeftOut] = field(default_factory=list)
    to_roll_up: set[int] = field(default_factory=set)
    """Days of which rows of rollups were left out."""
    others: list[str] = field(default_factory=list)


def backup_store(folder: DataFolder, output: Path, belongings: Belongings, tell: Tell) -> BackupDone:
    """Copy a data folder to ``output``, which must not exist or be empty.

    Raise ``StoreError``: ``output-unusable``, ``output-not-empty``, ``no-room``, ``disk-full``,
    ``store-damaged``, ``store-newer``, ``backup-failed``.
    """
    output = output.absolute()
    refuse_output(folder, output)
    names = (*belongings.copied, _INBOX)
    refuse_little_room(output.parent, _bytes_to_copy(folder, names))
    place = Path(_made_beside(output))
    try:
        copy = _Copy(place)
        _copy_all(folder, copy, names, tell)
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        _put_in_place(place, output)
    except sqlite3.Error as error:
        shutil.rmtree(place, ignore_errors=True)
        raise store_error(error, "Copying the store") from error
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise _failed(output, error) from error
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    rest = _not_copied(folder, names, belongings.made_again)
    return BackupDone(output, len(copy.databases), size, copy.others, copy.left_out, rest, copy.rows_left_out)


def _copy_all(folder: DataFolder, copy: _Copy, names: Sequence[str], tell: Tell) -> None:
    _copy_store(folder, copy, tell)
    history = HistoryFolder(folder.history)
    (copy.place / "history").mkdir(mode=0o700)
    for day in history.raw_days():
        _copy_history(history.raw(day), DAY_LADDER, copy, tell)
    for path in history.minute_files():
        _copy_history(path, MINUTES_LADDER, copy, tell)
    for path in history.hour_files():
        _copy_history(path, HOURS_LADDER, copy, tell)
    _have_rolled_up(copy, HistoryFolder(copy.place / "history"))
    for source in belongings_in(folder.path, names):
        if copy_belonging(source, copy.place / source.relative_to(folder.path)):
            copy.others.append(str(source.relative_to(folder.path)))
    (copy.place / _INBOX).mkdir(mode=0o700, exist_ok=True)
    for each in sorted({path.parent for path in copy.place.rglob("*")}):
        force_to_disk(each)


def _copy_store(folder: DataFolder, copy: _Copy, tell: Tell) -> None:
    target = copy.place / folder.store_file.name
    copy_database(folder.store_file, target, tell)
    with closing(_opened_copy(target, LADDER)) as copied:
        table, rows = _verify(copied, target.name, tell)
        copy.store = identity_of(copied)
        copy.known = known_of(copied)
    _leave_out_rows(target, table, rows, copy)
    copy.databases.append(target)


def _copy_history(source: Path, ladder: Sequence[Rung], copy: _Copy, tell: Tell) -> None:
    target = copy.place / "history" / source.name
    try:
        _copy_and_verify(source, target, ladder, copy, tell)
    except FileNotFoundError:
        target.unlink(missing_ok=True)  # dropped meanwhile, for it was beyond the retention
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error) and not _is_newer(error):
            raise
        for suffix in ("", "-journal"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        copy.left_out.append(LeftOut(source.name, _why(error)))
    else:
        copy.databases.append(target)


def _copy_and_verify(source: Path, target: Path, ladder: Sequence[Rung], copy: _Copy, tell: Tell) -> None:
    forget = forget_later if ladder is DAY_LADDER else forget_later_series

    def finish(copied: sqlite3.Connection) -> None:
        refuse_newer(version_of(copied), ladder)
        if version_of(copied):
            forget(copied, copy.known)

    copy_database(source, target, tell, finish)
    opened = open_to_read(target, ladder, leave_no_trace=True)
    if opened is None:  # it is just being made and holds nothing
        target.unlink()
        raise FileNotFoundError(target)
    with closing(opened) as copied:
        table, rows = _verify(copied, target.name, tell)
        if store_of(copied) not in ("", copy.store):
            raise StoreError("store-foreign", f"{source.name} belongs to another store.")
    _leave_out_rows(target, table, rows, copy)


def _leave_out_rows(target: Path, table: str, rows: Sequence[int], copy: _Copy) -> None:
    """Take rows out of a copy that do not fit their checksum (rule 5)."""
    if rows:
        with closing(open_to_change(target)) as copied:
            copy.rows_left_out.append(RowsLeftOut(target.name, table, take_out(copied, table, rows)))
        if table in ("minutes", "hours"):
            copy.to_roll_up.update(map(day_of_row, rows))


def _have_rolled_up(copy: _Copy, history: HistoryFolder) -> None:
    """Have days rolled up again by the engine that runs on the copy, as far as it holds their readings."""
    days = [(day,) for day in history.raw_days() if day in copy.to_roll_up]
    if days:
        store = copy.databases[0]
        with closing(open_to_change(store)) as copied, copied:
            copied.execute("BEGIN IMMEDIATE")
            copied.executemany("INSERT OR REPLACE INTO to_roll_up (day, next_probe) VALUES (?, 0)", days)


def _opened_copy(path: Path, ladder: Sequence[Rung]) -> sqlite3.Connection:
    opened = open_to_read(path, ladder, leave_no_trace=True)
    if opened is None:
        raise StoreError("engine-never-ran", "The store has no tables yet.", "Let the engine start first.")
    return opened


def _verify(copied: sqlite3.Connection, file: str, tell: Tell) -> tuple[str, list[int]]:
    """Read a copy again: its pages must hold together. Return the rows that do not fit their checksum."""

    def tick() -> None:
        tell(Doing(file, "verify"))

    tick()
    rows = interruptible(copied, lambda: copied.execute("PRAGMA quick_check(1)").fetchall(), tick)
    if rows != [("ok",)]:
        raise damaged(f"The pages of {file} do not hold together: {str(rows[0][0])[:200]}")
    return unreadable_rows(copied, tick)


def _is_newer(error: Exception) -> bool:
    return isinstance(error, StoreError) and error.code in ("store-newer", "store-older")


def _why(error: Exception) -> str:
    return error.code if isinstance(error, StoreError) else "store-damaged"


def _bytes_to_copy(folder: DataFolder, names: Sequence[str]) -> int:
    history = HistoryFolder(folder.history)
    raw = (history.raw(day) for day in history.raw_days())
    databases = (folder.store_file, *raw, *history.minute_files(), *history.hour_files())
    others = sum(path.stat().st_size for path in belongings_in(folder.path, names))
    return sum(map(bytes_on_disk, databases)) + others


def _made_beside(output: Path) -> str:
    try:
        return tempfile.mkdtemp(prefix=f".{output.name[:40]}.", suffix=".part", dir=output.parent)
    except OSError as error:
        raise _failed(output, error) from error


def _put_in_place(place: Path, output: Path) -> None:
    force_to_disk(place)
    os.rename(place, output)  # over an empty folder too, and over nothing else
    force_to_disk(output.parent)


def _not_copied(folder: DataFolder, names: Sequence[str], made_again: Sequence[str]) -> list[str]:
    history = folder.history.name
    beside = (folder.lock_file, folder.log_file, folder.reserve_file, folder.mark_file)
    own = {file.name for file in (folder.store_file, *beside)}
    own |= {history, *names, *made_again}
    own |= {folder.store_file.name + suffix for suffix in _LOGS}
    known = HistoryFolder(folder.history)
    copied = {known.raw(day).name for day in known.raw_days()}
    copied |= {path.name for path in (*known.minute_files(), *known.hour_files())}
    copied |= {name + suffix for name in copied for suffix in _LOGS}
    rest = [path.name for path in folder.path.iterdir() if path.name not in own]
    if folder.history.is_dir():
        rest += [f"{history}/{path.name}" for path in folder.history.iterdir() if path.name not in copied]
    return sorted(rest)


def _failed(output: Path, error: OSError) -> StoreError:
    return StoreError(
        "backup-failed",
        f"The backup {output} could not be written: {error.strerror or error}.",
        "Check the disk, the rights and the room there.",
    )
