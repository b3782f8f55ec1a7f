"""Days of history, written chunk by chunk as sealing writes them, for the benches that only read."""

from __future__ import annotations

from contextlib import closing
from typing import Final

import numpy as np

from controlroom.reading import Outcome, Reason
from controlroom.store.codes import OUTCOME_CODE, REASON_CODE
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch, Retention, Second
from controlroom.store.sqlite import open_engine_store
from controlroom.store.sqlite.chunk import Chunk, Section, encode
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.day import DAY_US, HistoryFolder
from controlroom.store.sqlite.day_file import StoredChunk
from controlroom.store.sqlite.day_files import DayFiles
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.numbering import Numbering
from tests.bench.store_load import Load, key_of

WINDOW: Final = 600
_WINDOWS: Final = 86_400 // WINDOW
FIRST_DAY: Final = 20_000
"""In October 2024, by days since 1970."""


def write_history(folder: DataFolder, load: Load, days: int) -> None:
    """Make a store with whole days of every probe, sealed and not rolled up yet."""
    open_engine_store(folder).close()
    with closing(open_to_write(folder.store_file)) as connection:
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            numbering = Numbering(connection)
            probes = numbering.probes([key_of(probe) for probe in range(load.probes)])
            series = numbering.series(probes, ["rtt_s"] * load.probes)
        numbers = dict(enumerate(zip(probes.tolist(), series.tolist(), strict=True)))
        names = Names()
        names.refresh(connection)
        (store,) = connection.execute("SELECT name FROM identity").fetchone()
        with closing(DayFiles(HistoryFolder(folder.history), store, names, lambda *_: None)) as files:
            for day in range(days):
                of_probes = [
                    _day_of(load, probe, number, one, day) for probe, (number, one) in numbers.items()
                ]
                for window in zip(*of_probes, strict=True):  # as windows are sealed, one after another
                    files.put(FIRST_DAY + day, window, series.tolist())
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE sealing SET below_key = ?", (1 + days * 86_400,))
            rows = [(FIRST_DAY + day, 0) for day in range(days)]
            connection.executemany("INSERT INTO to_roll_up VALUES (?, ?)", rows)


def roll_up_all(folder: DataFolder, days: int) -> None:
    """Let the last day end."""
    with closing(open_engine_store(folder)) as engine:
        engine.commit(Batch(Second((FIRST_DAY + days) * 86_400.0 + 7200)))
        while engine.tend(Retention(raw_days=3660)):
            pass


def _day_of(load: Load, probe: int, number: int, series: int, day: int) -> list[StoredChunk]:
    found = []
    for window in range(_WINDOWS):
        first = day * 86_400 + window * WINDOW
        rtt_s = load.of_probe(probe, first, WINDOW)
        lost = np.isnan(rtt_s)
        begin_us = FIRST_DAY * DAY_US + first * 1_000_000 + probe * 1_000_000 // load.probes
        sent_us = begin_us + np.arange(WINDOW, dtype=np.int64) * 1_000_000
        replied, no_reply = OUTCOME_CODE[Outcome.REPLIED], OUTCOME_CODE[Outcome.NO_REPLY]
        outcome = np.where(lost, no_reply, replied).astype(np.uint8)
        reason = np.where(lost, REASON_CODE[Reason.DEADLINE], REASON_CODE[Reason.NONE]).astype(np.uint8)
        empty = np.empty(0, dtype=np.uint8)
        chunk = Chunk(
            Section(sent_us, outcome, reason, {series: rtt_s}),
            Section(np.empty(0, dtype=np.int64), empty, empty, {}),
        )
        span = int(sent_us[0]), int(sent_us[-1])
        found.append(StoredChunk(number, 1 + first, 1 + first + WINDOW, *span, WINDOW, encode(chunk)))
    return found
