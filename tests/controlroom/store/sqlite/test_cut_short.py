"""The end of a store that is lost while no engine runs: it is told, not taken for one that ended earlier."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.logbook.chain import Chain
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, EngineStore
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import START_UTC_S, draft, replied, second
from tests.controlroom.store.place import told_by

SECONDS = 40


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


def commit(engine: EngineStore, chain: Chain, number: int) -> None:
    """Commit a second; every tenth brings an entry of the log."""
    at_utc_s = START_UTC_S + number
    entries = [chain.append(draft(at_utc_s))] if number % 10 == 0 else []
    engine.commit(Batch(second(at_utc_s, replied(at_utc_s, number / 7)), entries=entries))


def killed(folder: DataFolder, place: Path) -> DataFolder:
    """Commit seconds; return the folder as a kill would leave it."""
    with closing(open_engine_store(folder)) as engine:
        chain = Chain()
        for number in range(SECONDS):
            commit(engine, chain, number)
        shutil.copytree(folder.path, place)
    (place / "engine.lock").unlink()
    return DataFolder(place)


def log_of(folder: DataFolder) -> Path:
    """Return the log of the database."""
    return folder.store_file.with_name("store.db-wal")


def test_a_kill_alone_is_nothing_to_be_told(folder: DataFolder, tmp_path: Path) -> None:
    """All that was committed is there; so it is after an orderly end."""
    for each in (killed(folder, tmp_path / "killed"), folder):
        with closing(open_engine_store(each)) as engine:
            assert told_by(engine) == []
            assert engine.remember().last_entry_number == 4


def test_a_damaged_log_is_told_and_kept(folder: DataFolder, tmp_path: Path) -> None:
    """SQLite ends at the first frame that does not fit; what lay behind it is missed, by number."""
    after = killed(folder, tmp_path / "killed")
    spoilt = bytearray(log_of(after).read_bytes())
    spoilt[len(spoilt) * 3 // 4] ^= 0x40
    log_of(after).write_bytes(spoilt)
    with closing(open_engine_store(after)) as engine, closing(open_read_store(after)) as reader:
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        left = heartbeat.sequence
        assert 10 < left < SECONDS
        (told,) = told_by(engine)
        assert told.code == "store-cut-short"
        assert f"the last {SECONDS - left} s of readings" in told.happened
        assert "of the log that it once held" in told.happened
        assert "store.damaged-1.db" in told.happened
        engine.commit(Batch(second(START_UTC_S + 100)))
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        assert heartbeat.sequence == SECONDS + 1  # no key stands for two seconds
    assert log_of(after).with_name("store.damaged-1.db-wal").read_bytes() == bytes(spoilt)
    assert (after.path / "store.damaged-1.db").stat().st_mode & 0o077 == 0
    with closing(open_engine_store(after)) as engine:
        assert told_by(engine) == []


def test_a_deleted_log_is_told(folder: DataFolder, tmp_path: Path) -> None:
    """All had been in it, for nothing was folded in yet; there is nothing to be kept."""
    after = killed(folder, tmp_path / "killed")
    log_of(after).unlink()
    with closing(open_engine_store(after)) as engine:
        (told,) = told_by(engine)
    assert f"the last {SECONDS} s of readings and the entries 1 to 4 of the log" in told.happened
    assert not list(after.path.glob("store.damaged-*"))


def test_an_older_store_put_back_is_told(folder: DataFolder, tmp_path: Path) -> None:
    """A copy of some minutes ago is noticed though no file of the history goes further."""
    with closing(open_engine_store(folder)) as engine:
        commit(engine, Chain(), 0)
    shutil.copy(folder.store_file, tmp_path / "older.db")
    with closing(open_engine_store(folder)) as engine:
        chain = Chain(1, engine.remember().last_entry_hash)
        for number in range(1, 21):
            commit(engine, chain, number)
    shutil.copy(tmp_path / "older.db", folder.store_file)
    with closing(open_engine_store(folder)) as engine:
        (told,) = told_by(engine)
    assert "lacks the last 20 s of readings and the entries 2 to 3 of the log" in told.happened


def test_a_mark_that_lags_or_is_of_another_store_says_nothing(folder: DataFolder, tmp_path: Path) -> None:
    """A power cut leaves an older mark; a new store in the folder has nothing to do with an old one."""
    with closing(open_engine_store(folder)) as engine:
        commit(engine, Chain(), 0)
        older = folder.mark_file.read_bytes()
        chain = Chain(1, engine.remember().last_entry_hash)
        for number in range(1, 30):
            commit(engine, chain, number)
        newer = folder.mark_file.read_bytes()
    folder.mark_file.write_bytes(older)
    with closing(open_engine_store(folder)) as engine:
        assert told_by(engine) == []
    other = DataFolder(tmp_path / "other")
    open_engine_store(other).close()
    other.mark_file.write_bytes(newer)
    with closing(open_engine_store(other)) as engine:
        assert told_by(engine) == []
