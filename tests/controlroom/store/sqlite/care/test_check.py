"""Looking a store through: each kind of damage is found where it is, and nothing is changed by the look."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, suppress

import pytest

from controlroom.errors import StoreError
from controlroom.finding import Health
from controlroom.store.care import Aspect, Doing
from controlroom.store.commit_mark import CommitMark
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Retention
from controlroom.store.sqlite import open_engine_store
from controlroom.store.sqlite.care.check import check_store
from controlroom.store.sqlite.set_aside import set_aside
from tests.controlroom.store.examples import START_UTC_S
from tests.controlroom.store.place import until_calm
from tests.controlroom.store.sqlite.care.stores import (
    DAY_S,
    FIRST_DAY,
    HOURS,
    LAST_DAY,
    MINUTES,
    SITE_OF_ONE_PROBE,
    changing,
    commit,
    contents,
    damage_page,
    flip_a_byte,
    found,
    leaf_of,
    troubles,
    unheard,
)


def test_a_good_store_is_well_and_is_left_as_it_is(folder: DataFolder) -> None:
    """Every file and every aspect is told; no file is made, changed or touched."""
    before = contents(folder)
    seen = check_store(folder, unheard)
    assert contents(folder) == before
    assert {each.health for each in seen} == {Health.OK}
    told = {(each.file, each.aspect) for each in seen}
    assert {file for file, _ in told} == {"store.db", FIRST_DAY, LAST_DAY, MINUTES, HOURS}
    assert {aspect for file, aspect in told if file == "store.db"} == {
        *(Aspect.PAGES, Aspect.FORMAT, Aspect.IDENTITY, Aspect.RECORDS),
        *(Aspect.LOG, Aspect.JOURNAL, Aspect.SEALING),
    }
    assert found(folder, "log-whole").facts["entries"] == 700
    assert found(folder, "sealing-meets").facts == {"sealed": 2500, "waiting": 101}
    readings = {each.file: each.facts for each in seen if each.aspect is Aspect.READINGS}
    assert readings[FIRST_DAY]["readings"] == 2 * 1300
    assert readings[LAST_DAY]["readings"] == 2 * 1200


def test_a_store_is_well_beside_its_live_engine(folder: DataFolder) -> None:
    """At every moment of sealing and rolling up, with all of it in the write-ahead logs."""
    with closing(open_engine_store(folder)) as engine:
        begin_utc_s = START_UTC_S + 4 * DAY_S
        for part in range(12):
            commit(engine, begin_utc_s + 120 * part, 120)
            assert troubles(folder) == []
        until_calm(engine)
        assert troubles(folder) == []


def test_a_look_that_changes_meanwhile_is_taken_again(folder: DataFolder) -> None:
    """An engine that opens, works and closes under a look without its log spoils no answer."""
    worked: list[bool] = []

    def work(doing: Doing) -> None:
        if doing.step == "journal" and not worked:
            worked.append(True)
            with closing(open_engine_store(folder)) as engine:
                commit(engine, START_UTC_S + 3 * DAY_S, 700)
                until_calm(engine)

    seen = check_store(folder, work)
    assert worked
    assert {each.health for each in seen} == {Health.OK}
    (journal,) = (each for each in seen if each.aspect is Aspect.JOURNAL)
    assert journal.facts["seconds"] != 101


@pytest.mark.parametrize(
    ("name", "table", "aspects"),
    [
        ("store.db", "log", {"pages", "log"}),
        ("store.db", "endpoint_state", {"pages", "records"}),
        (FIRST_DAY, "chunk", {"pages", "readings"}),
        (MINUTES, "minutes", {"pages", "rollups"}),
    ],
)
def test_a_damaged_page_is_found_in_its_file(
    folder: DataFolder, name: str, table: str, aspects: set[str]
) -> None:
    """Its pages are damaged, what stood there is unreadable, and every other file is well."""
    path = folder.store_file if name == "store.db" else folder.history / name
    damage_page(path, leaf_of(path, table))
    before = contents(folder)
    told = troubles(folder)
    assert {(file, aspect) for file, aspect, _ in told} == {(name, aspect) for aspect in aspects}
    assert (name, "pages", "pages-damaged") in told
    assert contents(folder) == before


@pytest.mark.parametrize("name", ["store.db", FIRST_DAY, HOURS])
def test_a_file_that_is_no_database_is_damage(folder: DataFolder, name: str) -> None:
    """With nothing left to go by, the look says so and goes on with the next file."""
    path = folder.store_file if name == "store.db" else folder.history / name
    path.write_bytes(b"\xa5" * 8192)
    assert (name, "pages", "pages-damaged") in troubles(folder)
    well = {each.file for each in check_store(folder, unheard) if each.aspect is Aspect.FORMAT}
    assert well >= {"store.db", FIRST_DAY, LAST_DAY, MINUTES, HOURS} - {name}


@pytest.mark.parametrize(
    ("name", "table", "column", "code"),
    [
        (FIRST_DAY, "chunk", "packed", "chunks-damaged"),
        (MINUTES, "minutes", "packed", "rollups-damaged"),
        (HOURS, "hours", "histograms", "rollups-damaged"),
        ("store.db", "journal", "readings", "seconds-damaged"),
    ],
)
def test_a_flipped_bit_is_found_by_its_checksum(
    folder: DataFolder, name: str, table: str, column: str, code: str
) -> None:
    """SQLite calls the file sound; the checksum of the row does not fit, and one row is counted."""
    path = folder.store_file if name == "store.db" else folder.history / name
    if name in (MINUTES, HOURS):
        with changing(path) as connection:  # one day alone was rolled up: give it the one before
            columns = "packed" if table == "minutes" else "day, hours, histograms"
            connection.execute(f"INSERT INTO {table} SELECT id - 1, {columns} FROM {table}")  # noqa: S608
    flip_a_byte(path, table, column)
    assert [(file, what) for file, _, what in troubles(folder)] == [(name, code)]
    assert found(folder, code).facts["damaged"] == 1
    if table == "chunk":
        assert found(folder, code).facts["probe"] == "gateway/icmp"
        assert found(folder, code).facts["from_us"] == (START_UTC_S + 600) * 1e6


def test_a_row_that_lies_about_its_chunk_is_damage(folder: DataFolder) -> None:
    """A reader finds chunks by what their rows say."""
    with changing(folder.history / FIRST_DAY) as connection:
        connection.execute("UPDATE chunk SET until_us = until_us - 1 WHERE id = (SELECT min(id) FROM chunk)")
    assert troubles(folder) == [(FIRST_DAY, "readings", "chunks-damaged")]


@pytest.mark.parametrize("entry", [1, 2, 500, 501, 700])
def test_a_changed_entry_breaks_the_log_there(folder: DataFolder, entry: int) -> None:
    """Also at the ends of the slices in which the chain is followed."""
    with changing(folder.store_file) as connection:
        connection.execute("DROP TRIGGER log_is_not_changed")
        connection.execute("UPDATE log SET operator = 'nobody' WHERE number = ?", (entry,))
    assert troubles(folder) == [("store.db", "log", "log-broken")]
    assert found(folder, "log-broken").facts["entry"] == entry


@pytest.mark.parametrize("entry", [1, 500, 501])
def test_a_removed_entry_breaks_the_log_behind_it(folder: DataFolder, entry: int) -> None:
    """The first as well: a log begins with number 1."""
    with changing(folder.store_file) as connection:
        connection.execute("DROP TRIGGER log_is_not_shortened")
        connection.execute("DELETE FROM log WHERE number = ?", (entry,))
    assert found(folder, "log-broken").facts["entry"] == entry + 1


@pytest.mark.parametrize("name", ["store.db", LAST_DAY])
def test_a_newer_format_is_no_damage(folder: DataFolder, name: str) -> None:
    """Its pages are looked at, what is in them is not, and the newer program is asked for."""
    path = folder.store_file if name == "store.db" else folder.history / name
    with changing(path) as connection:
        connection.execute("PRAGMA user_version = 9")
    told = [each for each in troubles(folder) if each[0] == name]
    assert told == [(name, "format", "store-newer")]
    assert found(folder, "store-newer").facts["version"] == 9


def test_a_file_of_another_store_is_told(folder: DataFolder) -> None:
    """Under the right name, and with sound pages."""
    with changing(folder.history / FIRST_DAY) as connection:
        connection.execute("UPDATE about SET store = 'another'")
    assert (FIRST_DAY, "identity", "other-store") in troubles(folder)


@pytest.mark.parametrize("name", [MINUTES, HOURS])
@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE about SET store = 'another'", "other-store"),
        ("UPDATE probe SET endpoint_id = 'someone-else'", "names-differ"),
        ("UPDATE series SET id = 7", "names-differ"),
        ("DELETE FROM about", "of-no-store"),
        ("DELETE FROM series", "rollups-damaged"),
    ],
)
def test_rollups_that_are_not_to_be_believed_are_told(
    folder: DataFolder, name: str, statement: str, code: str
) -> None:
    """Of another store, of none, under names at odds with the store's, or under none."""
    with changing(folder.history / name) as connection:
        connection.execute(statement)
    before = contents(folder)
    assert (name, code) in [(file, what) for file, _, what in troubles(folder)]
    assert contents(folder) == before
    with closing(open_engine_store(folder)) as engine:
        with suppress(StoreError):
            until_calm(engine)
        until_calm(engine)
    assert troubles(folder) == []


@pytest.mark.parametrize("name", [MINUTES, HOURS])
def test_rollups_of_an_earlier_program_wait_for_an_engine(folder: DataFolder, name: str) -> None:
    """Whose they are is judged when it starts."""
    with changing(folder.history / name) as connection:
        for table in ("about", "probe", "series"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version = 1")
    assert troubles(folder) == [(name, "format", "store-older")]
    open_engine_store(folder).close()
    assert troubles(folder) == []


def test_a_store_without_a_name_is_told(folder: DataFolder) -> None:
    """Its history could not be told from another's."""
    with changing(folder.store_file) as connection:
        connection.execute("DELETE FROM identity")
    assert troubles(folder) == [("store.db", "identity", "no-identity")]


def test_numbers_that_mean_other_probes_are_told(folder: DataFolder) -> None:
    """A day's readings would be shown under a wrong name."""
    with changing(folder.history / FIRST_DAY) as connection:
        connection.execute("UPDATE probe SET endpoint_id = 'someone-else'")
    assert troubles(folder) == [(FIRST_DAY, "identity", "names-differ")]


def _set(folder: DataFolder, statement: str) -> None:
    with changing(folder.store_file) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "code", "facts"),
    [
        ("UPDATE sealing SET below_key = 1901", "history-ahead", {"seconds": 600}),
        ("UPDATE sealing SET below_key = 2700", "sealed-ahead", {"seconds": 98}),
        ("DELETE FROM journal WHERE key IN (2550, 2560)", "seconds-missing", {"seconds": 2}),
        ("DELETE FROM sealing", "sealing-lost", {}),
    ],
)
def test_journal_and_chunks_that_do_not_meet_are_told(
    folder: DataFolder, statement: str, code: str, facts: dict[str, int]
) -> None:
    """By how many seconds, too."""
    _set(folder, statement)
    assert troubles(folder) == [("store.db", "sealing", code)]
    assert found(folder, code).facts == facts


def test_a_missing_file_of_the_history_is_a_gap(folder: DataFolder) -> None:
    """It is named while the store lists it; without that, whether it is gone cannot be told."""
    (folder.history / LAST_DAY).unlink()
    assert troubles(folder) == [(LAST_DAY, "file", "file-gone")]
    with closing(open_engine_store(folder)) as engine:
        with pytest.raises(StoreError, match=LAST_DAY):
            engine.tend(Retention())
        commit(engine, START_UTC_S + 4 * DAY_S, 1900)
        until_calm(engine)
    with changing(folder.store_file) as connection:
        connection.execute("INSERT INTO site VALUES (1, ?)", (SITE_OF_ONE_PROBE.model_dump_json(),))
    assert troubles(folder) == []
    (folder.history / "raw-2023-11-18.db").unlink()
    gap = found(folder, "history-gap")
    assert gap.health is Health.UNKNOWN
    assert gap.facts == {"seconds": 1800, "key": 2602, "newest": 1}


def test_a_store_that_lacks_its_end_is_told(folder: DataFolder) -> None:
    """As where its log was deleted: by how much, and without keeping or changing anything."""
    with closing(CommitMark(folder.mark_file, *_reached(folder))) as mark:
        mark.reached(0, 0)
        assert troubles(folder) == []
        key, entry = mark.reached_so_far[1:]
        mark.reached(key + 25, entry + 2)
    before = contents(folder)
    assert troubles(folder) == [("store.db", "journal", "cut-short")]
    assert found(folder, "cut-short").facts == {"seconds": 25, "entries": 2}
    assert contents(folder) == before


def _reached(folder: DataFolder) -> tuple[str, int, int]:
    """Return a store's name, its newest key and the number of its newest entry."""
    with changing(folder.store_file) as connection:
        query = "SELECT name, (SELECT max(key) FROM journal), (SELECT max(number) FROM log) FROM identity"
        store, key, entry = connection.execute(query).fetchone()
    return store, key, entry


def test_what_was_set_aside_is_named_and_not_looked_into(folder: DataFolder) -> None:
    """It is known to be damaged; it is somebody's evidence."""
    path = folder.history / FIRST_DAY
    path.write_bytes(b"\xa5" * 8192)
    aside = set_aside(path)
    told = found(folder, "set-aside")
    assert (told.file, told.health, told.facts) == (aside.name, Health.OK, {"bytes": 8192})


def test_a_store_that_is_gone_is_told_beside_its_history(folder: DataFolder) -> None:
    """It is no empty folder."""
    folder.store_file.unlink()
    assert troubles(folder) == [("store.db", "file", "store-missing")]


def test_an_interrupt_ends_even_the_longest_statement(folder: DataFolder) -> None:
    """While pages are checked in a thread, the interrupt comes out at once and leaves none behind."""
    threads = threading.active_count()

    def interrupt(doing: Doing) -> None:
        if doing.step == "pages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_store(folder, interrupt)
    assert threading.active_count() == threads


def test_a_database_of_another_program_is_told(folder: DataFolder) -> None:
    """It is looked at no further."""
    folder.store_file.unlink()
    with closing(sqlite3.connect(folder.store_file)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    assert ("store.db", "format", "store-foreign") in troubles(folder)
