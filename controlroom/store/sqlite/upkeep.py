"""What keeps the store small and quick: sealing, rolling up, retention, room given back. One step at a time.

Rules
1. A step does one small thing of each kind, so that a commit never waits long behind it.
2. Keys go on where the newest of the journal and of the history's files ended, whichever is higher: a
   store that was put back from a backup gives no key twice.
3. The log of the database is folded in between commits, never by a commit, so that no commit pays for it.
4. What was found, as a file that had to be set aside, is told of once, by a step that does nothing else.
5. What gives room comes before what needs some, so that a step that fails for want of it keeps none back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.errors import StoreError
from controlroom.store.interface import Retention
from controlroom.store.sqlite.adoption import adopt_history, mend_names
from controlroom.store.sqlite.blobs import set_rows_aside
from controlroom.store.sqlite.claim import Claim
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.connection import open_to_change
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.day_claim import claim_day
from controlroom.store.sqlite.day_file import DAY_LADDER
from controlroom.store.sqlite.day_files import DayFiles
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import set_aside_error
from controlroom.store.sqlite.inventory import Inventory
from controlroom.store.sqlite.outbox import drop_settled
from controlroom.store.sqlite.patrol import Damage
from controlroom.store.sqlite.retiring import retire
from controlroom.store.sqlite.rolling import Roller
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER
from controlroom.store.sqlite.salvage import replace_damaged
from controlroom.store.sqlite.sealing import Sealer
from controlroom.store.sqlite.set_aside import name_before

_RETIRE_EVERY: Final = 60
_FOLD_EVERY: Final = 30
_COUNT_EVERY: Final = 10
_PAGES_FREED: Final = 64


@dataclass(frozen=True, slots=True)
class StoredSecond:
    """A second as it was committed."""

    key: int
    at_us: int
    columns: Columns


class Upkeep:
    """Tends one store. It shares the writer's connection; one thread at a time."""

    def __init__(self, store_file: Path, connection: sqlite3.Connection, history: HistoryFolder) -> None:
        """Look at what the store and its history hold, and bring the two together where they differ."""
        self._store_file, self._connection, self._history = store_file, connection, history
        self._found: list[StoreError] = []
        self._steps = 0
        (newest,) = connection.execute("SELECT coalesce(max(key), 0) FROM journal").fetchone()
        self._inventory = Inventory(connection, history)
        self._found += mend_names(history, connection)
        self._claim = Claim(connection, history, self.note)
        behind = adopt_history(history, self._claim, connection, self.note)
        self.next_key = max(int(newest) + 1, behind)
        self.went_further = behind > int(newest) + 1
        """Whether the history beside the store went further than it."""
        if self.went_further:  # what the journal still has is in chunks already
            connection.execute("UPDATE sealing SET below_key = ?, end_key = NULL", (behind,))
            if newest:
                self.tell(_went_further())
        if not self.went_further:  # an older store does not know what retention has dropped since
            self.tell_if(self._inventory.missed_at_start())
        # Seconds leave the journal only when they are sealed: what is below its first one lies in chunks,
        # also where the page that says so was lost.
        connection.execute(
            "UPDATE sealing SET below_key = (SELECT min(key) FROM journal)"
            " WHERE below_key < (SELECT min(key) FROM journal)"
        )
        names = Names()
        names.refresh(connection)
        self._files = DayFiles(history, self._claim.store, names, self.tell)
        self._sealer = Sealer(connection, self._files, names, self._seconds_aside)
        self._roller = Roller(connection, history, self._claim, names, self.note, self.tell)

    def committed(self, second: StoredSecond) -> None:
        """Take a second that was just committed under ``next_key``."""
        self.next_key = second.key + 1
        self._sealer.add(second.key, second.at_us, second.columns)
        self._roller.now_us = second.at_us

    def step(self, retention: Retention) -> bool:
        """Do one step; return whether more is waiting."""
        self._steps += 1
        if self._found:
            raise self._found.pop(0)
        if self._steps % _RETIRE_EVERY == 0:
            self.retire(retention)
            drop_settled(self._connection)
        if self._steps % _COUNT_EVERY == 0:
            self.tell_if(self._inventory.look([*self._files.held(), *self._roller.held()]))
        if self._steps % _FOLD_EVERY == 0:
            self._give_room_back()
        return self._sealer.step() or self._roller.step()

    def retire(self, retention: Retention) -> None:
        """Drop the one file that is beyond the retention, if any: on a full disk that may give room."""
        retire(self._history, retention, self._let_go)

    def close(self) -> None:
        """Close the history's files."""
        self._roller.close()
        self._files.close()

    def _give_room_back(self) -> None:
        # A page is freed by each step of the statement, and only a script is stepped to its end.
        self._connection.executescript(f"PRAGMA incremental_vacuum({_PAGES_FREED})")
        self.fold()

    def fold(self) -> None:
        """Fold the log of the database in: it is then written from its beginning again."""
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def empty_log(self, *, give_back: bool) -> bool:
        """Fold the log in whole, without waiting for anybody: it is written from its beginning again.

        ``give_back`` gives its room back to the disk. Return whether it was folded in: a reader that looks at
        an older state of the store is in the way.
        """
        how = "TRUNCATE" if give_back else "RESTART"
        (waits_ms,) = self._connection.execute("PRAGMA busy_timeout").fetchone()
        self._connection.execute("PRAGMA busy_timeout = 0")
        try:
            (busy, _, _) = self._connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        finally:
            self._connection.execute(f"PRAGMA busy_timeout = {int(waits_ms)}")
        return not busy

    def _let_go(self, path: Path) -> None:
        """Close a file that is about to be dropped or set aside."""
        self._inventory.strike_out(path)
        self._roller.let_go(path)
        for day in self._history.raw_days():
            if self._history.raw(day) == path:
                self._files.let_go(day)

    def found_damaged(self, path: Path, found: Damage) -> None:
        """Mend a file of the history that was found damaged: what can be read of it becomes the new one."""
        if found.rows:
            self._take_out(path, found)
            return
        ladders = (
            ([self._history.raw(day) for day in self._history.raw_days()], DAY_LADDER),
            (self._history.minute_files(), MINUTES_LADDER),
            (self._history.hour_files(), HOURS_LADDER),
        )
        for files, ladder in ladders:
            if path in files:
                self._let_go(path)
                aside = replace_damaged(path, ladder)
                if aside is not None:
                    self.note(aside, found.why)
                    self._claim.make_again(path)
                    if ladder is DAY_LADDER:
                        claim_day(path, self._claim.store, self._connection)
                    else:
                        self._claim.judge(path, ladder)

    def _seconds_aside(self, keys: Sequence[int]) -> None:
        """Take seconds that cannot be read out of the journal."""
        self.tell_if(set_rows_aside(self._store_file, self._connection, "journal", keys))

    def _take_out(self, path: Path, found: Damage) -> None:
        self._let_go(path)
        if path.exists():  # it may have gone by retention meanwhile
            with closing(open_to_change(path)) as file:
                told = set_rows_aside(path, file, found.table, found.rows)
            if told is not None:
                self._claim.make_again(path)
                self.tell(told)

    def note(self, path: Path, why: str) -> None:
        """Take it that a file was set aside; the next step tells of it (rule 4)."""
        self._inventory.strike_out(name_before(path))
        self.tell(set_aside_error(path, why))

    def tell_if(self, found: StoreError | None) -> None:
        """Have a later step raise this, if it is anything."""
        if found is not None:
            self.tell(found)

    def tell(self, found: StoreError) -> None:
        """Have a later step raise this, once."""
        self._found.append(found)


def _went_further() -> StoreError:
    return StoreError(
        "store-behind",
        "store.db is older than the history beside it, as when a backup was put back. What was measured since"
        " is there; entries of the log and alarms since then are not.",
        "If a newer store.db exists, end the engine, put it in place, and start the engine again.",
    )
