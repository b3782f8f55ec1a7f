"""A store's claim to files of rollups: which are its own, judged before anybody reads or writes them.

Rules
1. A file that names another store is not ours. Neither is one whose names contradict the store's: a number
   that stands for something else, or something that has another number.
2. Every number that has rows must be named, by the file or by the store.
3. A file that names no store (one of the format before ``NAMED_SINCE``, or one that damage cost its name)
   becomes ours if nothing contradicts it: rules 1 and 2; no raw file of a day of its time belonged to another
   store; and it has no day from before this store's log, which begins with the store.
4. What is ours gets the names that it lacks. The store learns names from it only before anything is measured.
5. What is not ours, or was written by a newer program, is set aside and told of, and its days are rolled up
   again from raw readings of our own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from controlroom.errors import StoreError
from controlroom.store.sqlite.connection import has_log, open_to_write, open_unjudged
from controlroom.store.sqlite.day import HistoryFolder, day_of
from controlroom.store.sqlite.day_file import Named, names_in
from controlroom.store.sqlite.dictionary import Names, put_missing_names
from controlroom.store.sqlite.failure import damaged
from controlroom.store.sqlite.rollup_file import NAMED_SINCE, first_days, put_whose, series_named, store_of
from controlroom.store.sqlite.schema import Rung, has_its_columns, refuse_newer, version_of
from controlroom.store.sqlite.second import MICROSECONDS, NEAR_US
from controlroom.store.sqlite.set_aside import set_aside

Note = Callable[[Path, str], None]


@dataclass(frozen=True, slots=True)
class _Held:
    """What a file says of itself; the store's name is empty where it says none.

    ``first_days`` is of every series that has rows, sought (which takes a while) only where ``lacks_names``.
    """

    store: str
    named: Named
    lacks_names: bool
    first_days: Mapping[int, int]

    @property
    def unnamed(self) -> AbstractSet[int]:
        """Numbers that have rows and no name in the file."""
        return self.first_days.keys() - self.named.series.keys()


class Claim:
    """Judges files of rollups for one store, whose connection it shares."""

    def __init__(self, connection: sqlite3.Connection, history: HistoryFolder, note: Note) -> None:
        """``note`` is told of a file that was set aside."""
        self._connection, self._history, self._note = connection, history, note
        (name,) = connection.execute("SELECT name FROM identity").fetchone()
        self.store = str(name)
        self._known = Names()

    def judge(
        self, path: Path, ladder: Sequence[Rung], *, learn: bool = False, stranger_beside: bool = False
    ) -> bool:
        """Make sure that a file is ours; return whether it is.

        ``learn`` puts names into the store that only the file knows. ``stranger_beside`` says that a raw file
        of its time belonged to another store. May raise ``sqlite3.Error`` or ``StoreError``.
        """
        try:
            held = _look_into(path, ladder)
        except StoreError as error:
            if error.code != "store-newer":
                raise
            self._note(set_aside(path, "newer"), error.happened)
            self.make_again(path)
            return False
        if held is None:
            return True
        known = self._known
        known.refresh(self._connection)
        why = self._contradiction(held, known, learn, stranger_beside)
        if why:
            self._note(set_aside(path), f"{path.name} {why}")
            self.make_again(path)
            return False
        if not held.named.series.keys() <= known.series.keys():
            self._learn(held.named)
        if held.lacks_names:
            self._make_ours(path, ladder, known.named(held.unnamed))
        return True

    def make_again(self, path: Path) -> None:
        """Have all days of a file that was lost rolled up again, as far as their readings are kept."""
        history = self._history
        days = [day for day in history.raw_days() if path in (history.minutes(day), history.hours(day))]
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                """INSERT INTO to_roll_up (day, next_probe) VALUES (?, 0)
                    ON CONFLICT DO UPDATE SET next_probe = 0 WHERE next_probe > 0""",
                [(day,) for day in days],
            )

    def _contradiction(self, held: _Held, known: Names, learn: bool, stranger_beside: bool) -> str:
        if held.store and held.store != self.store:
            return "belongs to another store."
        if known.contradict(held.named):
            return "gives numbers to other probes than the store does."
        if not (learn or held.named.series.keys() <= known.series.keys()):
            return "names series that the store does not know."
        if not held.unnamed <= known.series.keys():
            return "has figures of series that nobody can name."
        if held.store:
            return ""
        first = first_day(self._connection)
        if stranger_beside or any(day < first for day in held.first_days.values()):
            return "has figures from before this store, and so belongs to another one."
        return ""

    def _learn(self, named: Named) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            put_missing_names(self._connection, named)
        self._known = Names()  # for a number that was learnt may be below others

    def _make_ours(self, path: Path, ladder: Sequence[Rung], named: Named) -> None:
        with closing(open_to_write(path, ladder, checked=())) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            put_whose(connection, self.store, named)


def first_day(connection: sqlite3.Connection) -> int:
    """Return the day in which a store began; the first of all where its log does not tell."""
    number, at_utc_s = connection.execute(
        "SELECT (SELECT min(number) FROM log), (SELECT min(at_utc_s) FROM log)"
    ).fetchone()
    return day_of(int(at_utc_s * MICROSECONDS) - NEAR_US) if number == 1 else 0


def _look_into(path: Path, ladder: Sequence[Rung]) -> _Held | None:
    """Return what a file says; ``None`` while there is none, or nothing in it."""
    if not path.exists():
        return None
    with closing(open_unjudged(path, as_it_is=not has_log(path))) as connection:
        version = version_of(connection)
        refuse_newer(version, ladder)
        if version == 0:
            return None
        if not has_its_columns(connection, ladder):
            raise damaged(f"The tables of {path.name} are not those of its format.")
        if version < NAMED_SINCE:
            return _Held("", Named({}, {}), lacks_names=True, first_days=first_days(connection))
        named, count = names_in(connection), series_named(connection)
        lacks_names = count is None or len(named.series) < count
        days = first_days(connection) if lacks_names else {}
        return _Held(store_of(connection), named, lacks_names, days)
