"""Opens the store's database for its writer, mending it where it is damaged. It decides nothing else.

Rules
1. A database that is damaged is set aside as it is; what can be read of it becomes the new one.
2. What only the history's files or the writer's memory still know is put back into it.
3. A database of another program, or of a newer one, is no damage: it is refused and left alone.
4. A mend that was interrupted just before the new database took its name is finished. Where there is no
   database at all but a history, it was lost: the new one takes over the history, and that is told.
5. A database that ends earlier than it once did is told of, and its keys go on where they had got.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from controlroom.errors import StoreError
from controlroom.store.commit_mark import Mark, mark_in
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite.adoption import recall
from controlroom.store.sqlite.connection import holds_nothing, open_to_write
from controlroom.store.sqlite.cut_short import cut_short
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.failure import damaged, is_damage
from controlroom.store.sqlite.losses import losses_in
from controlroom.store.sqlite.recollection import Recollection
from controlroom.store.sqlite.replacing import finish_replacing
from controlroom.store.sqlite.salvage import replace_damaged
from controlroom.store.sqlite.schema import LADDER, has_its_columns
from controlroom.store.sqlite.upkeep import Upkeep


def opened(folder: DataFolder) -> tuple[sqlite3.Connection, Upkeep]:
    """Open the database; may raise ``sqlite3.Error`` or ``StoreError``."""
    short = cut_short(folder)
    try:
        connection, upkeep = _opened_once(folder)
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error) or getattr(error, "code", "") == "store-foreign":
            raise
        mark = mark_in(folder.mark_file)
        mended = opened_anew(folder, Recollection(), str(error), mark)
        if mended is None:
            raise
        return mended
    if short is not None:
        upkeep.next_key = max(upkeep.next_key, short.key + 1)
        # What a history beside it tells is told by whoever looked at the two.
        upkeep.tell_if(None if upkeep.went_further else short.told)
    return connection, upkeep


def opened_anew(
    folder: DataFolder, recollection: Recollection, why: str, reached: Mark | None
) -> tuple[sqlite3.Connection, Upkeep] | None:
    """Set a damaged database aside and open the mended one; ``None`` where all of it can be read.

    ``reached`` is how far it was committed, where that is known.
    """
    aside = replace_damaged(folder.store_file, LADDER, recollection.put_back)
    if aside is None:
        return None
    with closing(open_to_write(folder.store_file)) as mended:
        recall(HistoryFolder(folder.history), mended)
    connection, upkeep = _opened_once(folder)
    lost = losses_in(connection, reached)
    if reached is not None:
        upkeep.next_key = max(upkeep.next_key, reached.key + 1)
    upkeep.note(aside, f"{why} {lost}")
    return connection, upkeep


def _opened_once(folder: DataFolder) -> tuple[sqlite3.Connection, Upkeep]:
    finish_replacing(folder.path)
    finish_replacing(folder.history)
    history = HistoryFolder(folder.history)
    gone = not folder.store_file.exists() or holds_nothing(folder.store_file)
    lost = gone and bool(history.files())
    connection = open_to_write(folder.store_file)
    try:
        if not has_its_columns(connection, LADDER):
            raise damaged(f"The tables of {folder.store_file.name} are not those of its format.")
        if lost:
            recall(history, connection)
        upkeep = Upkeep(folder.store_file, connection, history)
    except BaseException:
        connection.close()
        raise
    if lost:
        upkeep.tell(_missing(folder))
    return connection, upkeep


def _missing(folder: DataFolder) -> StoreError:
    return StoreError(
        "store-missing",
        f"The file {folder.store_file} was missing or empty, though there is a history beside it. A new one"
        " was begun: what was measured is there, the log and alarms begin anew.",
        "If you have a backup, end the engine, put it in place, and start the engine again.",
    )
