"""Looks through the history's files when an engine opens: are they this store's, and how far do they go.

Rules
1. A file of another store or of a newer program is set aside. Of one that is damaged, what can be read
   becomes the new one. Each is told of. Files of rollups are judged after the raw ones (``claim`` says how).
2. Where the history knows numbers that the store does not (a backup was put back), their names are learnt
   from it, so that none is given out again. A file whose names contradict the store's is set aside.
3. Where all files name one store, and the store's own name differs from that in a single letter, a bit was
   flipped in its own: it takes the name that the files have. So it is in a file whose name for its store
   differs in a single letter from the store's own. A stranger's name differs in nearly all letters.
4. Rollups whose file is gone are made again as far as their readings are kept. Files older than all others of
   their kind went by retention.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.sqlite.claim import Claim, Note
from controlroom.store.sqlite.connection import holds_nothing, open_to_change, open_to_read
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_claim import claim_day
from controlroom.store.sqlite.day_file import DAY_LADDER, Named, about, highest_series, names_in
from controlroom.store.sqlite.dictionary import Names, put_missing_names
from controlroom.store.sqlite.failure import damaged, is_damage
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER, store_of
from controlroom.store.sqlite.salvage import replace_damaged
from controlroom.store.sqlite.schema import Rung, has_its_columns
from controlroom.store.sqlite.set_aside import set_aside

_LOOKS: Final = 2
"""A file that was mended is looked into once more."""


def adopt_history(history: HistoryFolder, claim: Claim, connection: sqlite3.Connection, note: Note) -> int:
    """Return the key behind the last one in any file; learn names where the store lacks them (rule 2)."""
    behind = 0
    strangers: list[int] = []
    _drop_empty(history, note)
    for day in history.raw_days():
        path = history.raw(day)
        for _ in range(_LOOKS):
            try:
                end_key, named = _look_into(path, claim.store, connection)
                if named is not None:
                    _learn(connection, named)
            except (sqlite3.DatabaseError, StoreError) as error:
                _set_right(path, DAY_LADDER, error, note)
                if not path.exists():
                    strangers += [day] if is_damage(error) else []
                    break
            else:
                behind = max(behind, end_key)
                break
    _adopt_rollups(history, claim, note, strangers)
    return behind


def _drop_empty(history: HistoryFolder, note: Note) -> None:
    """Set files aside that hold nothing at all: as if they were not there, but told of."""
    for path in history.files():
        if holds_nothing(path):
            note(set_aside(path), f"{path.name} was empty.")


def _set_right(
    path: Path, ladder: Sequence[Rung], error: sqlite3.DatabaseError | StoreError, note: Note
) -> None:
    """Save what can be read of a damaged file; set one aside whole that is sound and not for us (rule 1)."""
    newer = isinstance(error, StoreError) and error.code == "store-newer"
    if not (newer or is_damage(error)):
        raise error
    saved = None if newer else replace_damaged(path, ladder)
    note(saved or set_aside(path, "newer" if newer else "damaged"), str(error))


def _adopt(path: Path, ladder: Sequence[Rung], claim: Claim, note: Note, *, stranger: bool) -> None:
    """Judge a file of rollups; what can be read of a damaged one is judged in its place (rule 1)."""
    try:
        claim.judge(path, ladder, learn=True, stranger_beside=stranger)
    except (sqlite3.DatabaseError, StoreError) as error:
        _set_right(path, ladder, error, note)
        claim.make_again(path)
        if path.exists():
            claim.judge(path, ladder, learn=True, stranger_beside=stranger)


def recall(history: HistoryFolder, connection: sqlite3.Connection) -> None:
    """Give a store that was mended what its history still knows: its own name, and names of probes.

    A series whose probe nobody can name any more keeps its number under a name that says so.
    """
    told: dict[str, list[Named]] = {}
    for path, ladder in _files(history):
        with suppress(sqlite3.DatabaseError, StoreError):
            file = open_to_read(path, ladder, leave_no_trace=True)
            if file is not None:
                with closing(file):
                    told.setdefault(store_of(file), []).append(names_in(file))
    told.pop("", None)
    (name,) = connection.execute("SELECT name FROM identity").fetchone()
    if len(told) == 1 and name not in told:
        (name,) = told
        connection.execute("UPDATE identity SET name = ?", (name,))
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for named in told.get(name, ()):
            put_missing_names(connection, named)
    connection.execute(
        """INSERT INTO probe (id, endpoint_id, probe_name)
            SELECT DISTINCT probe_id, 'name-lost-' || probe_id, 'unknown' FROM series
            WHERE probe_id NOT IN (SELECT id FROM probe)"""
    )


def mend_names(history: HistoryFolder, connection: sqlite3.Connection) -> list[StoreError]:
    """Set names of the store right in which a bit was flipped (rule 3); return what is to be told."""
    names: dict[Path, str] = {}
    for path, ladder in _files(history):
        with suppress(sqlite3.DatabaseError, StoreError):
            file = open_to_read(path, ladder, leave_no_trace=True)
            if file is not None:
                with closing(file):
                    names[path] = store_of(file)
    (own,) = connection.execute("SELECT name FROM identity").fetchone()
    told = []
    others = set(names.values()) - {""}
    if len(others) == 1 and _differ_in_one_letter(str(own), min(others)):
        (own,) = others
        connection.execute("UPDATE identity SET name = ?", (own,))
        told.append(_name_set_right("store.db gives to itself", "in all files of its history"))
    for path, name in names.items():
        if _differ_in_one_letter(str(own), name):
            with closing(open_to_change(path)) as file:
                file.execute("UPDATE about SET store = ?", (own,))
            told.append(_name_set_right(f"{path.name} gives to its store", "of the store"))
    return told


def _name_set_right(which: str, other: str) -> StoreError:
    return StoreError(
        "store-mended",
        f"The name that {which} differed in one letter from the one {other}, and was set right.",
        "Check the disk: it gives back other bits than were written.",
    )


def _differ_in_one_letter(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _files(history: HistoryFolder) -> Iterator[tuple[Path, Sequence[Rung]]]:
    yield from ((history.raw(day), DAY_LADDER) for day in history.raw_days())
    yield from ((path, MINUTES_LADDER) for path in history.minute_files())
    yield from ((path, HOURS_LADDER) for path in history.hour_files())


def _look_into(path: Path, store: str, own: sqlite3.Connection) -> tuple[int, Named | None]:
    """Return how far a raw file goes, and its names where it may know more of them than the store."""
    connection = open_to_read(path, DAY_LADDER, leave_no_trace=True)
    if connection is None:
        return 0, None
    with closing(connection):
        if not has_its_columns(connection, DAY_LADDER):
            raise damaged(f"The tables of {path.name} are not those of its format.")
        owner, end_key = about(connection)
        if owner not in ("", store):
            raise damaged(f"{path.name} belongs to another store.")
        (newest_key,) = own.execute("SELECT coalesce(max(key), 0) FROM journal").fetchone()
        knows_more = end_key > newest_key + 1 or highest_series(connection) > highest_series(own)
        found = end_key, names_in(connection) if knows_more else None
    if not owner:
        claim_day(path, store, own)
    return found


def _learn(connection: sqlite3.Connection, named: Named) -> None:
    known = Names()
    known.refresh(connection)
    if known.contradict(named):
        raise damaged("It gives numbers to other probes than the store does.")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        put_missing_names(connection, named)


def _adopt_rollups(history: HistoryFolder, claim: Claim, note: Note, strangers: Sequence[int]) -> None:
    kinds = (
        (history.minute_files(), MINUTES_LADDER, history.minutes),
        (history.hour_files(), HOURS_LADDER, history.hours),
    )
    for files, ladder, file_of in kinds:
        beside = {file_of(day) for day in strangers}
        for path in files:
            _adopt(path, ladder, claim, note, stranger=path in beside)
        wanted = {file_of(day) for day in history.raw_days()}
        for path in sorted(wanted.difference(files)):
            if not files or path > files[0]:  # rule 4
                claim.make_again(path)
