"""Gives a raw file its owner back, where damage cost it the page that names its store. No other file.

Without a name nobody would believe the file, and a whole day would be lost with one small page. Names that
contradict the store's are those of another one: then the file stays without an owner, and is told of.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.day_file import DAY_LADDER, about, names_in, put_owner
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import damaged


def claim_day(path: Path, store: str, own: sqlite3.Connection) -> None:
    """Name the store in a file that names none; raise ``StoreError`` ``store-damaged`` if it is not ours."""
    with closing(open_to_write(path, DAY_LADDER, checked=())) as file:
        if about(file)[0]:
            return
        known = Names()
        known.refresh(own)
        if known.contradict(names_in(file)):
            raise damaged("It gives numbers to other probes than the store does.")
        with file:
            file.execute("BEGIN IMMEDIATE")
            put_owner(file, store)
