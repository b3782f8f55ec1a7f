"""The store in SQLite files of one data folder. The only code that speaks SQL."""

from controlroom.store.sqlite.reader import open_read_store
from controlroom.store.sqlite.writer import open_engine_store

__all__ = ["open_engine_store", "open_read_store"]
