"""Makes minutes, hours and days out of chunks, one probe's day at a step.

Rules
1. Rollups are made from raw readings alone, and made again whenever a day's readings change: so they are the
   same however often and in whatever order they are made.
2. A day is rolled up ``QUIET_US`` after it ended, when its last window has been sealed. Until then whoever
   asks computes its rollups from the readings themselves.
3. Only readings on the beat count. *Not run* counts neither as asked nor as lost; a refusal by an endpoint
   that lives counts as *not run*, and so does a loss that was our own (``corrections``).
4. Minutes and hours are durable before the day is marked as done; a day that was interrupted goes on with the
   probe it stopped at.
5. A file of readings that cannot be read is set aside; what can be read of it is made a new one, and its day
   begins again. Of a file of rollups that was damaged all days do whose readings are kept.
6. A chunk that cannot be read is taken out of the way and told of; its probe's day is made of the others.
7. Where damage shows and nothing is found to mend, the day waits for the next start, told of once, and the
   others go on.
8. A day in which a probe was asked has rows of all its series, also of those that had no value: a day of
   losses alone is no day that nobody measured.
9. A day counts as done when nothing of it is left in the logs of its files: SQLite takes a log that was
   damaged for one that ends earlier. A start begins a day again that was under way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from controlroom.errors import StoreError
from controlroom.measure.log_histogram import LogHistogram, histograms_of
from controlroom.measure.rollup import Rollup, roll_up
from controlroom.store.codes import lost_codes, unmeasured_codes
from controlroom.store.interface import BoolArray, FloatArray, IntArray
from controlroom.store.sqlite.blobs import set_rows_aside
from controlroom.store.sqlite.chunk import Chunk, Section, decode
from controlroom.store.sqlite.claim import Claim
from controlroom.store.sqlite.connection import open_to_write
from controlroom.store.sqlite.corrections import standing
from controlroom.store.sqlite.day import DAY_US, HistoryFolder, date_of, day_of
from controlroom.store.sqlite.day_claim import claim_day
from controlroom.store.sqlite.day_file import DAY_LADDER, chunks_between, next_probe
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import is_damage
from controlroom.store.sqlite.rollup_file import HOURS_LADDER, MINUTES_LADDER
from controlroom.store.sqlite.rollup_files import RolledDay, RollupFiles
from controlroom.store.sqlite.rollup_packing import pack_histograms, pack_rollup
from controlroom.store.sqlite.salvage import replace_damaged
from controlroom.store.sqlite.sealed import Part
from controlroom.store.sqlite.second import MICROSECONDS

QUIET_US: Final = 1_800_000_000
MINUTE_S: Final = 60
HOUR_S: Final = 3600
DAY_S: Final = 86_400
_NO_KEY: Final = 1 << 62


class Asked(NamedTuple):
    """What was asked of one series on the beat, as rollups are made from it."""

    sent_us: IntArray
    value: FloatArray
    lost: BoolArray
    not_run: BoolArray


def asked_in(parts: Sequence[Part]) -> Asked:
    """Put one series' readings on the beat behind each other."""
    beats = [part for part in parts if part.beat.all()]
    none = np.zeros(0, dtype=np.uint8)
    outcome = np.concatenate([none, *(part.outcome for part in beats)])
    reason = np.concatenate([none, *(part.reason for part in beats)])
    return Asked(
        np.concatenate([np.zeros(0, dtype=np.int64), *(part.sent_us for part in beats)]),
        np.concatenate([np.zeros(0), *(part.value for part in beats)]),
        lost_codes(outcome, reason),
        unmeasured_codes(outcome, reason),
    )


def rollup_of(parts: Sequence[Part], bucket_s: int) -> Rollup:
    """Roll up one series' readings on the beat."""
    return roll_up(*asked_in(parts), bucket_s)


class Roller:
    """Rolls up whole days. It shares the writer's connection, and is used by one thread at a time."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        history: HistoryFolder,
        claim: Claim,
        names: Names,
        note: Callable[[Path, str], None],
        on_found: Callable[[StoreError], None],
    ) -> None:
        """Take up where the last engine stopped.

        ``note`` is told of a file that was set aside, ``on_found`` of one that was put back.
        """
        self._connection, self._history, self._note = connection, history, note
        self._claim, self._names = claim, names
        self._rollups = RollupFiles(history, claim, names, on_found)
        self._on_found = on_found
        self._raw: tuple[Path, sqlite3.Connection] | None = None
        self._waiting: set[int] = set()
        self.now_us = 0
        connection.execute("UPDATE to_roll_up SET next_probe = 0 WHERE next_probe > 0")  # rule 9

    def step(self) -> bool:
        """Roll up one probe's day; return whether more is waiting."""
        due = self._due()
        if due is None:
            return False
        day, first_probe = due
        try:
            self._roll(day, first_probe)
        except (sqlite3.DatabaseError, StoreError) as error:
            if not is_damage(error):
                raise
            if not self._mend(day, str(error)):
                self._waiting.add(day)  # rule 7
                self._on_found(_waits(day, error))
        return True

    def held(self) -> list[Path]:
        """Return the files that are open and are put back where they go."""
        return self._rollups.held()

    def let_go(self, path: Path) -> None:
        """Close a file."""
        self._rollups.let_go(path)
        if self._raw is not None and self._raw[0] == path:
            self._raw[1].close()
            self._raw = None

    def close(self) -> None:
        """Close all files."""
        self._rollups.close()
        if self._raw is not None:
            self.let_go(self._raw[0])

    def _due(self) -> tuple[int, int] | None:
        today, before = day_of(self.now_us), day_of(self.now_us - QUIET_US)
        rows = self._connection.execute(
            "SELECT day, next_probe FROM to_roll_up WHERE day < ? OR day > ? ORDER BY day LIMIT ?",
            (before, today, len(self._waiting) + 1),
        ).fetchall()
        return next(((int(day), int(probe)) for day, probe in rows if day not in self._waiting), None)

    def _roll(self, day: int, first_probe: int) -> None:
        path = self._history.raw(day)
        raw = self._opened(path) if path.exists() else None
        probe = None if raw is None else next_probe(raw, first_probe)
        if raw is None or probe is None or day < 0:
            if day < 0 or self._rollups.fold(day):
                self._done(day)
            self.let_go(path)
            return
        chunks = self._chunks(path, raw, probe, (day + 1) * DAY_US)
        self._names.refresh(self._connection)
        sections = _standing([chunk.beat for chunk in chunks])
        rows = _rows_of(day, sections, self._names.series_of(probe))
        self._rollups.put(day, rows)
        self._mark(day, probe + 1, first_probe)

    def _chunks(self, path: Path, raw: sqlite3.Connection, probe: int, until_us: int) -> list[Chunk]:
        """Return a probe's chunks, those that cannot be read taken out of the way (rule 6)."""
        whole, unreadable = [], []
        for chunk in chunks_between(raw, probe, _NO_KEY, 0, until_us):
            try:
                whole.append(decode(chunk.packed))
            except StoreError:
                unreadable.append(chunk.row)
        told = set_rows_aside(path, raw, "chunk", unreadable) if unreadable else None
        if told is not None:
            self._on_found(told)
        return whole

    def _mark(self, day: int, probe: int, before: int) -> None:
        """Go on to a probe, unless the day was to begin again meanwhile."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(
                "UPDATE to_roll_up SET next_probe = ? WHERE day = ? AND next_probe = ?", (probe, day, before)
            )

    def _done(self, day: int) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM to_roll_up WHERE day = ?", (day,))

    def _begin_again(self, day: int) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("UPDATE to_roll_up SET next_probe = 0 WHERE day = ?", (day,))

    def _mend(self, day: int, why: str) -> bool:
        """Mend what is damaged of a day's files; return whether anything was."""
        mended = False
        for path, ladder in (
            (self._history.raw(day), DAY_LADDER),
            (self._history.minutes(day), MINUTES_LADDER),
            (self._history.hours(day), HOURS_LADDER),
        ):
            self.let_go(path)
            aside = replace_damaged(path, ladder)
            if aside is not None:
                self._note(aside, why)
                if ladder is DAY_LADDER:
                    claim_day(path, self._claim.store, self._connection)
                self._claim.make_again(path)
                mended = True
        if mended:
            self._begin_again(day)
        return mended

    def _opened(self, path: Path) -> sqlite3.Connection:
        if self._raw is None or self._raw[0] != path:
            if self._raw is not None:
                self.let_go(self._raw[0])
            self._raw = path, open_to_write(path, DAY_LADDER, checked=())
        return self._raw[1]


def _waits(day: int, error: Exception) -> StoreError:
    return StoreError(
        "rollups-waiting",
        f"The minutes and hours of {date_of(day).isoformat()} cannot be made: {error}",
        "Charts of that day are made of its readings meanwhile. It is tried again when the engine starts"
        " next; if that fails as well, please report it.",
    )


def _standing(sections: Sequence[Section]) -> list[Section]:
    """Leave out what was told again in a later window, which is seldom: a window has seen to its own."""
    stands = None
    if len(sections) > 1:
        stands = standing(
            np.concatenate([one.sent_us for one in sections]),
            np.concatenate([one.outcome for one in sections]),
            np.concatenate([one.reason for one in sections]),
        )
    if stands is None:
        return list(sections)
    ends = np.cumsum([len(one.sent_us) for one in sections])[:-1]
    return [_taken(one, which) for one, which in zip(sections, np.split(stands, ends), strict=True)]


def _taken(section: Section, which: BoolArray) -> Section:
    lanes = {number: lane[which] for number, lane in section.lanes.items()}
    return Section(section.sent_us[which], section.outcome[which], section.reason[which], lanes)


def _rows_of(day: int, sections: Sequence[Section], known: Sequence[int]) -> list[RolledDay]:
    """Return minutes, day, hours and histograms of every series of a probe that was asked (rule 8)."""
    found: list[RolledDay] = []
    if not any(len(section.sent_us) for section in sections):
        return found
    for series in sorted({number for section in sections for number in section.lanes}.union(known)):
        parts = [_part(section, series) for section in sections if len(section.sent_us)]
        asked = asked_in(parts)
        minutes, hours, days = (roll_up(*asked, bucket_s) for bucket_s in (MINUTE_S, HOUR_S, DAY_S))
        histograms = _histograms(hours, asked)
        packed = (pack_rollup(minutes, day), pack_rollup(days, day), pack_rollup(hours, day))
        found.append(RolledDay(series, *packed, pack_histograms(histograms)))
    return found


def _part(section: Section, series: int) -> Part:
    lane = section.lanes.get(series)
    value = np.full(len(section.sent_us), np.nan) if lane is None else lane
    return Part(section.sent_us, value, section.outcome, section.reason, np.ones(len(value), dtype=np.bool_))


def _histograms(hours: Rollup, asked: Asked) -> list[LogHistogram]:
    """Make a histogram of the values of each hour."""
    known = ~np.isnan(asked.value)
    hour_s = asked.sent_us[known] // (HOUR_S * MICROSECONDS) * HOUR_S
    place = np.searchsorted(hours.start_utc_s, hour_s)
    return histograms_of(asked.value[known], place, len(hours.start_utc_s))
