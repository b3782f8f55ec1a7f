"""One database copied as it was at one moment, however much is committed meanwhile."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.store.care import Doing
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_engine_store
from controlroom.store.sqlite.care import copying
from controlroom.store.sqlite.care.copying import copy_database
from tests.controlroom.store.examples import START_UTC_S
from tests.controlroom.store.sqlite.care.stores import DAY_S, commit


def test_commits_meanwhile_do_not_make_it_begin_anew(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every step is followed by a commit: the copy still ends after its pages, without what came since."""
    monkeypatch.setattr(copying, "_PAGES_AT_ONCE", 8)
    steps: list[Doing] = []
    with closing(open_engine_store(folder)) as engine:

        def go_on(doing: Doing) -> None:
            steps.append(doing)
            assert len(steps) <= doing.total
            commit(engine, START_UTC_S + 3 * DAY_S + len(steps), 1, entries=1)

        copy_database(folder.store_file, tmp_path / "copy.db", go_on)
        assert engine.remember().last_entry_number == 700 + len(steps)
    assert len(steps) > 5
    assert [doing.done for doing in steps] == sorted({doing.done for doing in steps})
    assert steps[-1].done == steps[-1].total
    with closing(sqlite3.connect(f"file:{tmp_path / 'copy.db'}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT max(number) FROM log").fetchall() == [(700,)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("PRAGMA journal_mode").fetchall() == [("delete",)]


def test_the_copy_is_one_file(folder: DataFolder, tmp_path: Path) -> None:
    """All of it, though the newest stood in the log of its engine."""
    target = tmp_path / "made" / "copy.db"
    target.parent.mkdir()
    with closing(open_engine_store(folder)) as engine:
        commit(engine, START_UTC_S + 3 * DAY_S, 1, entries=1)
        copy_database(folder.store_file, target, lambda _: None)
    assert list(target.parent.iterdir()) == [target]
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("SELECT max(number) FROM log").fetchall() == [(701,)]


def test_a_database_that_is_gone_is_no_copy(folder: DataFolder, tmp_path: Path) -> None:
    """Its engine dropped it meanwhile."""
    with pytest.raises(FileNotFoundError):
        copy_database(folder.history / "raw-1999-01-01.db", tmp_path / "copy.db", lambda _: None)
    assert not (tmp_path / "copy.db").exists()
