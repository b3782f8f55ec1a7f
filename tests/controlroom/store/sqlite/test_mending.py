"""A database that turns out damaged while the engine runs: set aside, saved, completed from memory."""

from __future__ import annotations

import re
import sqlite3
import struct
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from controlroom.alarms.message import digest_of
from controlroom.condition.maintenance.window import MaintenanceWindow, OneOff
from controlroom.condition.state import Condition, EndpointState
from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain, first_break
from controlroom.logbook.entry import Draft, LogKind
from controlroom.measure.learnt import Learnt
from controlroom.measure.remark import Remark
from controlroom.route.kept import RouteKind
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import Batch, BlindTime, EngineStore, Retention, TakenAct
from controlroom.store.outbox import MessageState
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.route.routes import kept
from tests.controlroom.store.examples import GATEWAY, RTT, START_UTC_S, act, alarm, draft, replied, second
from tests.controlroom.store.outbox_contract import message, settled
from tests.controlroom.store.place import until_calm

SECONDS = 30
UNKNOWN = {"rsrp_dbm": "cannot be decoded: 0x00"}


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Name a data folder."""
    return DataFolder(tmp_path / "data")


@pytest.fixture
def engine(folder: DataFolder) -> Iterator[EngineStore]:
    """Hold a store for a running engine."""
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        yield engine


def state(condition: Condition) -> EndpointState:
    """The gateway's state."""
    return EndpointState("gateway", condition, START_UTC_S, "deadline")


WINDOW = MaintenanceWindow(
    1, "Mast", "New radio", "anna", START_UTC_S, ("mast",), (), "Europe/Berlin", OneOff(START_UTC_S, 2e9)
)


def live(engine: EngineStore, chain: Chain, seconds: int, start_s: int = 0) -> None:
    """Commit some seconds, each with an entry, a state and an alarm; the first with more."""
    for number in range(start_s, start_s + seconds):
        at_utc_s = START_UTC_S + number
        first = number == 0
        batch = Batch(
            second(at_utc_s, replied(at_utc_s, float(number))),
            states=[state(Condition.DOWN)],
            alarms=[alarm(1), alarm(2)] if first else [alarm(2)],
            entries=[chain.append(draft(at_utc_s))],
            blind=[BlindTime(START_UTC_S - 9, START_UTC_S - 5, "asleep")] if first else (),
            site_json='{"name": "room"}' if first else None,
            routes=[kept("gateway", RouteKind.GOOD), kept("gateway", RouteKind.NEWEST)] if first else (),
            learnt=[Learnt(GATEWAY, "usual_silence", "seven")] if first else (),
            remarks=[Remark(GATEWAY, UNKNOWN)] if first else (),
            maintenance=[WINDOW] if first else (),
            acts=acts_of(engine),
            messages=[message(1), message(2), digest_of(message(3))] if first else (),
            deliveries=[settled(message(1), MessageState.DELIVERED)] if number == 1 else (),
        )
        engine.commit(batch)


def acts_of(engine: EngineStore) -> Sequence[TakenAct]:
    """Look for acts as the committer does: damage found there is told, and the commits go on."""
    try:
        return engine.waiting_acts()
    except StoreError:
        return ()


def spoil(folder: DataFolder, *tables: str) -> None:
    """Overwrite the root pages of tables, in the file and for all who have it open."""
    with closing(sqlite3.connect(folder.store_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        pages = [
            connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
            for table in tables
        ]
    with folder.store_file.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * size)
            file.write(b"\xff" * size)


def forget_pages(engine: EngineStore) -> None:
    """Make the writer read its pages from the disk again, as a larger store does all the time."""
    connection = getattr(engine, "_connection")  # noqa: B009 - no business of any caller but this one
    connection.execute("PRAGMA shrink_memory").fetchall()


@pytest.mark.parametrize(
    "tables",
    [
        ("log",),
        ("alarm",),
        ("endpoint_state", "site", "route", "learnt", "remark", "maintenance", "outbox"),
        ("inbox_place",),
        ("journal",),
    ],
)
def test_nothing_but_readings_is_lost_by_a_damaged_table(
    folder: DataFolder, engine: EngineStore, tables: tuple[str, ...]
) -> None:
    """The next commit goes through; states, alarms, log, acts, site and names are as they were committed."""
    chain = Chain()
    desk = DeskInbox(folder, "desk-1")
    operator = act()
    desk.put(operator)
    live(engine, chain, SECONDS)
    spoil(folder, *tables)
    forget_pages(engine)
    live(engine, chain, 3, SECONDS)
    with closing(open_read_store(folder)) as reader:
        entries = reader.entries()
        assert [entry.number for entry in entries] == list(range(1, SECONDS + 4))
        assert first_break(entries) is None
        assert reader.states() == [state(Condition.DOWN)]
        assert {each.number for each in reader.alarms()} == {1, 2}
        assert reader.site_json() == '{"name": "room"}'
        assert reader.routes("gateway").keys() == set(RouteKind)
        assert reader.remarks() == [Remark(GATEWAY, UNKNOWN)]
        assert reader.maintenance() == [WINDOW]
        assert [kept.delivery.state for kept in reader.messages()] == ["delivered", "waiting"]
        assert reader.probes() == [GATEWAY]
        assert set(reader.answers([operator.id])) == {operator.id}
        assert len(reader.blind_time(0, 4e9)) == 1
        values = reader.samples(RTT, 0, 4e9).value.tolist()
        assert values[-3:] == [float(SECONDS + number) for number in range(3)]
        if "journal" not in tables:
            assert values == [float(number) for number in range(SECONDS + 3)]
    assert list(engine.waiting_acts()) == []
    assert [kept.message for kept in engine.remember().outbox] == [message(2), digest_of(message(3))]
    assert [each.text for each in engine.remember().learnt] == ["seven"]
    desk.close()


def test_it_is_told_once_and_the_damaged_file_is_kept(folder: DataFolder, engine: EngineStore) -> None:
    """Tending says what was set aside, where, and what to do; after that all is well."""
    chain = Chain()
    live(engine, chain, SECONDS)
    spoil(folder, "log")
    forget_pages(engine)
    live(engine, chain, 1, SECONDS)
    with pytest.raises(StoreError) as told:
        engine.tend(Retention())
    assert told.value.code == "store-mended"
    assert "store.damaged-1.db" in told.value.happened
    assert told.value.advice
    assert (folder.path / "store.damaged-1.db").exists()
    for _ in range(5):
        engine.tend(Retention())


def test_cursors_of_desks_go_on(folder: DataFolder, engine: EngineStore) -> None:
    """Keys never go back, though the newest seconds were lost: a desk's tail goes on where it was."""
    chain = Chain()
    live(engine, chain, SECONDS)
    with closing(open_read_store(folder)) as reader:
        cursor = reader.tail(0).cursor
        spoil(folder, "journal")
        forget_pages(engine)
        live(engine, chain, 2, SECONDS)
        for _ in range(3):
            with suppress(StoreError):
                tail = reader.tail(cursor)
        assert tail.cursor == cursor + 2
        assert [reading.values["rtt_s"] for reading in tail.readings] == [float(SECONDS), float(SECONDS + 1)]


def test_damage_met_while_looking_for_acts_is_mended_by_the_next_commit(
    folder: DataFolder, engine: EngineStore
) -> None:
    """Any call may be the first to meet it."""
    chain = Chain()
    desk = DeskInbox(folder, "desk-1")
    desk.put(act())
    live(engine, chain, 3)
    spoil(folder, "inbox_place")
    forget_pages(engine)
    with pytest.raises(StoreError) as met:
        engine.waiting_acts()
    assert met.value.code == "store-damaged"
    live_batch = Batch(entries=[chain.append(draft(START_UTC_S))])
    engine.commit(live_batch)
    assert list(engine.waiting_acts()) == []
    desk.close()


@pytest.mark.parametrize("table", ["alarm", "log", "journal", "log_by_time", "journal_by_time"])
def test_damage_that_only_a_desk_would_meet_is_found_and_mended(folder: DataFolder, table: str) -> None:
    """The writer has the pages in memory; the file is looked through as a desk would see it."""
    with closing(open_engine_store(folder, patrol_every_s=0.05)) as engine:
        engine.remember()
        live(engine, Chain(), SECONDS)
        spoil(folder, table)
        told = tended_until_told(engine)
        assert told.code == "store-mended"
        assert "store.damaged-1.db" in told.happened
    with closing(open_read_store(folder)) as reader:
        assert {each.number for each in reader.alarms()} == {1, 2}
        assert len(reader.entries()) == SECONDS


def tended_until_told(engine: EngineStore, what: str = "set aside") -> StoreError:
    """Tend and commit as an engine does, until it is told what was done."""
    until_s = time.monotonic() + 10
    while time.monotonic() < until_s:
        engine.commit(Batch())
        try:
            engine.tend(Retention())
        except StoreError as error:
            if what in error.happened:
                return error
        time.sleep(0.02)
    raise AssertionError("nothing was told")


@pytest.mark.parametrize("table", ["alarm", "log", "journal", "log_by_time", "journal_by_time", "site"])
def test_an_engine_starts_on_a_store_that_was_damaged_while_it_was_down(
    folder: DataFolder, table: str
) -> None:
    """Whatever the page belongs to: what can be read is kept, the rest is told."""
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, Chain(), SECONDS)
    spoil(folder, table)
    with closing(open_engine_store(folder)) as engine:
        memory = engine.remember()
        assert [each.number for each in memory.alarms] == ([] if table == "alarm" else [1, 2])
        engine.commit(Batch(second(START_UTC_S + 100)))
        with pytest.raises(StoreError) as told:
            engine.tend(Retention())
        assert told.value.code == "store-mended"


def test_what_is_lost_is_told(folder: DataFolder) -> None:
    """Entries by their numbers; a new alarm takes no number that the log tells of."""
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        chain = Chain()
        live(engine, chain, 400)
        engine.commit(
            Batch(entries=[chain.append(Draft(START_UTC_S, LogKind.ALARM_RAISED, "a", facts={"alarm": 7}))])
        )
    spoil_first_leaf(folder, "log")
    spoil(folder, "alarm", "journal")
    with closing(open_engine_store(folder)) as engine:
        memory = engine.remember()
        assert memory.last_entry_number == 401
        assert memory.next_alarm_number == 8
        with pytest.raises(StoreError) as told:
            engine.tend(Retention())
    assert re.search(r"Lost: entries 1 to \d\d? of the log\.", told.value.happened), told.value.happened


def spoil_first_leaf(folder: DataFolder, table: str) -> None:
    """Overwrite the page with the first rows of a table that has several."""
    with closing(sqlite3.connect(folder.store_file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    with folder.store_file.open("r+b") as file:
        file.seek((root - 1) * size)
        page = file.read(size)
        assert page[0] == 5  # an inner page of a table; its first cell names the first page below
        (cell,) = struct.unpack(">H", page[12:14])
        (leaf,) = struct.unpack(">I", page[cell : cell + 4])
        file.seek((leaf - 1) * size)
        file.write(b"\xff" * size)


def test_a_row_that_makes_no_sense_keeps_no_engine_from_starting(folder: DataFolder) -> None:
    """It is left out: its endpoint is judged anew, and the program's log names it."""
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, Chain(), 3)
    with closing(sqlite3.connect(folder.store_file)) as connection:
        connection.execute("UPDATE endpoint_state SET condition = 'dowm'")
        connection.execute("UPDATE alarm SET state = 'x' WHERE number = 1")
        connection.commit()
    with closing(open_engine_store(folder)) as engine:
        memory = engine.remember()
    assert memory.states == []
    assert [each.number for each in memory.alarms] == [2]


def test_a_database_of_another_program_is_no_damage(tmp_path: Path) -> None:
    """It is refused, and left as it is."""
    other = DataFolder(tmp_path / "other")
    other.prepare()
    with closing(sqlite3.connect(other.store_file)) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    before = other.store_file.read_bytes()
    with pytest.raises(StoreError) as refused:
        open_engine_store(other)
    assert refused.value.code == "store-foreign"
    assert other.store_file.read_bytes() == before
    assert list(other.path.glob("*.damaged*")) == []


def test_a_mend_that_was_interrupted_is_finished(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the damaged file still has its name or not, the new one is whole and takes it."""
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, Chain(), SECONDS)
    spoil(folder, "alarm")
    for interrupted in ("controlroom.store.sqlite.replacing.set_aside", "os.replace"):
        with monkeypatch.context() as patch:
            patch.setattr(interrupted, killed_at_ready)
            with pytest.raises(KeyboardInterrupt):
                open_engine_store(folder)
    with closing(open_engine_store(folder)) as engine:
        memory = engine.remember()
    assert memory.last_entry_number == SECONDS
    assert {each.name for each in folder.path.glob("store*.db*")} == {"store.db", "store.damaged-1.db"}


def killed_at_ready(source: Path, target: object = None) -> Path:
    """Rename what is complete, and be killed at the next step."""
    if str(source).endswith(".new"):
        Path(source).rename(str(target))
        return source
    raise KeyboardInterrupt


def test_a_store_that_was_deleted_takes_over_its_history(folder: DataFolder) -> None:
    """What was measured is there under its names; it is told that the log begins anew."""
    with closing(open_engine_store(folder)) as engine:
        engine.remember()
        live(engine, Chain(), 1300)
        until_calm(engine)
    folder.store_file.unlink()
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        assert engine.remember().last_entry_number == 0
        told = [error.code for error in told_by(engine, 100)]
        assert told == ["store-missing"]
        assert len(reader.samples(RTT, 0, 4e9).value) >= 1200
    assert not list(folder.history.glob("*damaged*"))


def told_by(engine: EngineStore, steps: int) -> list[StoreError]:
    """Tend, and gather what is told."""
    told = []
    for _ in range(steps):
        try:
            engine.tend(Retention())
        except StoreError as error:
            told.append(error)
    return told


def test_a_second_that_does_not_fit_its_checksum_is_taken_out(folder: DataFolder) -> None:
    """All pages are sound; a desk would stumble over the second until it is gone."""
    with closing(open_engine_store(folder, patrol_every_s=0.05)) as engine:
        engine.remember()
        live(engine, Chain(), SECONDS)
        with closing(sqlite3.connect(folder.store_file)) as connection, connection:
            connection.execute("UPDATE journal SET readings = zeroblob(40) WHERE key = 7")
        told = tended_until_told(engine, "taken out")
    assert told.code == "rows-damaged"
    with closing(open_read_store(folder)) as reader:
        assert len(reader.samples(RTT, 0, 4e9).value) == SECONDS - 1


def test_the_newest_second_is_looked_at_too_and_stays_as_the_sign_of_life(folder: DataFolder) -> None:
    """Its readings alone are taken out."""
    with closing(open_engine_store(folder, patrol_every_s=0.05)) as engine:
        engine.remember()
        live(engine, Chain(), SECONDS)
        with closing(open_read_store(folder)) as reader:
            before = reader.heartbeat()
        with closing(sqlite3.connect(folder.store_file)) as connection, connection:
            connection.execute(
                "UPDATE journal SET readings = zeroblob(40) WHERE key = (SELECT max(key) FROM journal)"
            )
        told = tended_until_told(engine, "taken out")
        assert "1 row" in told.happened
        with closing(open_read_store(folder)) as reader:
            assert reader.heartbeat() == before
            assert len(reader.samples(RTT, 0, 4e9).value) == SECONDS - 1


def test_a_chunk_that_does_not_fit_its_checksum_is_taken_out(folder: DataFolder) -> None:
    """The other ten minutes of the day can be read again."""
    with closing(open_engine_store(folder, patrol_every_s=0.02)) as engine:
        engine.remember()
        live(engine, Chain(), 1300)
        until_calm(engine)
        raw = next(folder.history.glob("raw-*.db"))
        with closing(sqlite3.connect(raw)) as connection, connection:
            connection.execute(
                "UPDATE chunk SET packed = zeroblob(40) WHERE id = (SELECT min(id) FROM chunk)"
            )
        told = tended_until_told(engine, "taken out")
    assert raw.name in told.happened
    with closing(open_read_store(folder)) as reader:
        assert len(reader.samples(RTT, 0, 4e9).value) == 700
