"""Stores as earlier programs left them: brought up to date at the first start, with all that they hold."""

from __future__ import annotations

import math
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain, first_break
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Retention
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.numbering import Numbering
from controlroom.store.sqlite.rows import PUT_ENTRY, Row, alarm_row, entry_row
from controlroom.store.sqlite.schema import LADDER
from controlroom.store.sqlite.second import columns_of, is_stray, microseconds
from tests.controlroom.store.examples import RTT, START_UTC_S, alarm, draft, replied, second
from tests.controlroom.store.place import until_calm
from tests.controlroom.store.sqlite.test_packing import pack_first

STRIDE_S = 97
SECONDS = 3 * 86_400 // STRIDE_S
"""Three days, as the first format kept them: all of it in seconds."""


PUT_EARLIER_ALARM = "INSERT INTO alarm VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def _earlier_row(number: int) -> Row:
    """An alarm in the columns that every earlier format had."""
    *columns, _more, ended_utc_s = alarm_row(alarm(number))
    return (*columns, ended_utc_s)


def old_store(folder: DataFolder, version: int) -> None:
    """Make a store of an earlier format with three days of seconds, a log and alarms."""
    folder.prepare()
    with closing(open_to_write(folder.store_file, LADDER[:version], checked=())) as connection:
        connection.execute("BEGIN")
        numbering, chain = Numbering(connection), Chain()
        for number in range(SECONDS):
            at_utc_s = START_UTC_S + number * STRIDE_S
            columns = columns_of(second(at_utc_s, replied(at_utc_s, float(number))), numbering)
            row = (number + 1, microseconds(at_utc_s), int(is_stray(columns)), "{}", pack_first(columns))
            connection.execute(
                "INSERT INTO journal (key, at_utc_us, stray, health, readings) VALUES (?, ?, ?, ?, ?)", row
            )
        entries = [chain.append(draft(START_UTC_S + number)) for number in range(50)]
        connection.executemany(PUT_ENTRY, map(entry_row, entries))
        connection.executemany(PUT_EARLIER_ALARM, [_earlier_row(1), _earlier_row(2)])
        connection.execute("COMMIT")


@pytest.mark.parametrize("version", range(1, len(LADDER)))
def test_an_earlier_store_goes_on_with_all_it_held(tmp_path: Path, version: int) -> None:
    """Log, alarms and every second; then its days are packed and rolled up like any other."""
    folder = DataFolder(tmp_path / "data")
    old_store(folder, version)
    with closing(open_read_store(folder)) as reader:
        with pytest.raises(StoreError) as refused:
            reader.states()
        assert refused.value.code == "store-older"
        with closing(open_engine_store(folder)) as engine:
            memory = engine.remember()
            assert memory.last_entry_number == 50
            assert [each.number for each in memory.alarms] == [1, 2]
            later_s = START_UTC_S + SECONDS * STRIDE_S + 7200
            engine.commit(Batch(second(later_s, replied(later_s, float(SECONDS)))))
            expected = [float(number) for number in range(SECONDS + 1)]
            assert reader.samples(RTT, 0, math.inf).value.tolist() == expected
            until_calm(engine)
            assert reader.samples(RTT, 0, math.inf).value.tolist() == expected
            assert first_break(reader.entries()) is None
            engine.tend(Retention())
    assert len(list(folder.history.glob("raw-*.db"))) >= 3
    assert list(folder.history.glob("minutes-*.db"))
