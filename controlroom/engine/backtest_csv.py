"""A CSV of round-trip times as the readings of one link, row by row. It writes nothing.

Rules:
1. The columns ``time`` and ``rtt_ms`` are needed, ``status`` may be there, in any order by the header; others
   are passed over. Blank lines are no rows.
2. A row without an ``rtt_ms`` is a lost probe, and so is one whose status is ``timeout``. One whose status is
   ``error`` says that the measuring probe itself failed: it was not run.
3. A time is ISO 8601, in UTC where it has no offset, or POSIX seconds. Times may repeat and step back now and
   then; a file whose times mostly step back has its newest rows first, and is refused.
4. The file is looked through once before anything is replayed: wrong rows are named, the first
   ``MOST_MISTAKES`` of them, and nothing is replayed then.
5. The period is the median step of the first ``PERIOD_ROWS`` rows, at least ``LEAST_PERIOD_S``.
6. The file is untrusted: it is regular, no larger than ``LARGEST_BYTES``, and no line is longer than
   ``LONGEST_LINE`` characters. What is repeated of it is short and escaped.
"""

from __future__ import annotations

import csv
import math
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, TypeAlias

from controlroom.errors import ControlroomError
from controlroom.measure.asked import RTT_S
from controlroom.probe import ProbeTypes
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.report.escaping import printable
from controlroom.report.range import Span
from controlroom.site.mistakes import nearest
from controlroom.site.model import Endpoint, EndpointKind, Probe, Site

if TYPE_CHECKING:
    import _csv

RECORDED: Final = ProbeKey("csv", "icmp")
"""The endpoint and the probe that the rows of a file stand for."""

_TYPE: Final = "icmp"
BAD_CSV: Final = "bad-csv"
LARGEST_BYTES: Final = 1024**3
LONGEST_LINE: Final = 65_536
MOST_MISTAKES: Final = 20
PERIOD_ROWS: Final = 1001
LEAST_PERIOD_S: Final = 0.2
LONGEST_PERIOD_S: Final = 86_400.0
LONGEST_RTT_MS: Final = 3_600_000.0
_LATEST_UTC_S: Final = 253_402_300_799.0
_SHOWN: Final = 40
_POSIX: Final = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)
_TOLD_EVERY_ROWS: Final = 1000
_FEW_STEPS: Final = 3
_STATUSES: Final = ("ok", "timeout", "error")


Reader: TypeAlias = "_csv.Reader"


class _WrongRowError(Exception):
    """A row cannot be read; the message is the sentence that says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one row tells: when, and what came of it; ``rtt_s`` is ``None`` where nothing came."""

    at_utc_s: float
    outcome: Outcome
    rtt_s: float | None


@dataclass(frozen=True, slots=True)
class CsvFacts:
    """What was seen when a file was looked through: its rows, and the period that they were sent in."""

    rows: int
    period_s: float


Tell = Callable[[int, int], None]
"""Told how many bytes, about, of how many were read."""


class CsvRecording:
    """One file."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read yet."""
        self._path = path

    def look_through(self, tell: Tell = lambda done, total: None) -> CsvFacts:
        """Read the whole file; raise ``ControlroomError`` (``bad-csv``) with what is wrong (rule 4)."""
        wrong: list[str] = []
        more, count, ahead, back = 0, 0, 0, 0
        before_s: float | None = None
        times: list[float] = []
        for line, row in self._rows(tell):
            if isinstance(row, str):
                more += len(wrong) >= MOST_MISTAKES
                wrong += [f"Line {line}: {row}"] if len(wrong) < MOST_MISTAKES else []
                continue
            count += 1
            if before_s is not None:
                ahead, back = ahead + (row.at_utc_s > before_s), back + (row.at_utc_s < before_s)
            before_s = row.at_utc_s
            if len(times) < PERIOD_ROWS:
                times.append(row.at_utc_s)
        if more:
            wrong.append(f"{more:,} more rows are wrong.")
        if wrong:
            advice = "Nothing was replayed."
            raise ControlroomError(BAD_CSV, f"{self._shown}:\n" + "\n".join(wrong), advice)
        if back > max(ahead, _FEW_STEPS):
            raise self._bad("Its times go backwards.", "Sort the rows, the oldest first.")
        if not count:
            raise self._bad("It has no rows.", "Below the header each row is one probe.")
        return CsvFacts(count, period_of(times))

    def readings(
        self, probe: ProbeKey, span: Span, tell: Tell = lambda done, total: None
    ) -> Iterator[tuple[int, Reading]]:
        """Read the file as the readings of a probe, each with its row; those sent in a range alone."""
        for number, (line, row) in enumerate(self._rows(tell)):
            if isinstance(row, str):
                raise self._bad(f"Line {line}: {row}", "It was changed while it was read.")
            if span.holds(row.at_utc_s):
                yield number, reading_of(row, probe)

    @property
    def _shown(self) -> str:
        return printable(str(self._path), 300)

    def _bad(self, happened: str, advice: str = "") -> ControlroomError:
        return ControlroomError(BAD_CSV, f"{self._shown}: {happened}", advice)

    def _rows(self, tell: Tell) -> Iterator[tuple[int, Measured | str]]:
        """Go through the rows with their lines; for a row that cannot be read there is a sentence."""
        try:
            size = self._size()
            with closing(self._path.open(encoding="utf-8-sig", errors="replace", newline="")) as file:
                yield from self._parsed(file, size, tell)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise self._bad(f"It cannot be read: {reason}.", "Check its name.") from error

    def _size(self) -> int:
        if not self._path.is_file():
            there = self._path.exists()
            happened = "This is no regular file." if there else "There is no such file."
            raise self._bad(happened, "Name a CSV file.")
        size = self._path.stat().st_size
        if size > LARGEST_BYTES:
            raise self._bad(f"It is larger than {LARGEST_BYTES // 1024**3} GiB.", "Divide it.")
        return size

    def _parsed(self, file: TextIO, size: int, tell: Tell) -> Iterator[tuple[int, Measured | str]]:
        lines = _Lines(file, self._bad)
        table = csv.reader(lines, strict=True)
        columns = self._columns(next(self._cells(table), []))
        for number, cells in enumerate(self._cells(table)):
            if number % _TOLD_EVERY_ROWS == 0:
                tell(min(lines.characters, size), size)
            try:
                yield table.line_num, columns.measured(cells)
            except _WrongRowError as wrong:
                yield table.line_num, str(wrong)

    def _cells(self, table: Reader) -> Iterator[list[str]]:
        """Go through the rows that are not blank."""
        try:
            yield from filter(None, table)
        except csv.Error as error:
            raise self._bad(f"Line {table.line_num}: {error}.", "Check its quotes.") from error

    def _columns(self, header: Sequence[str]) -> _Columns:
        names = [name.strip().lower() for name in header]
        for needed in ("time", "rtt_ms", "status"):
            if names.count(needed) > 1:
                raise self._bad(f"It has the column {needed} more than once.", "Take one out.")
            if needed not in names and needed != "status":
                meant = nearest(needed, [name for name in names if name])
                like = f" “{printable(meant, _SHOWN)}” looks like it." if meant else ""
                advice = "The first line names the columns: time, rtt_ms and maybe status."
                raise self._bad(f"It has no column {needed}.{like}", advice)
        status = names.index("status") if "status" in names else None
        return _Columns(names.index("time"), names.index("rtt_ms"), status)


class _Lines:
    """The lines of a file, none of them longer than allowed (rule 6)."""

    def __init__(self, file: TextIO, bad: Callable[[str, str], ControlroomError]) -> None:
        self._file, self._bad = file, bad
        self._number = 0
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(LONGEST_LINE + 1)
        self._number += 1
        self.characters += len(line)
        if not line:
            raise StopIteration
        if len(line) > LONGEST_LINE or self.characters > LARGEST_BYTES:
            raise self._bad(f"Line {self._number}: it is longer than {LONGEST_LINE:,} characters.", "")
        return line


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where what is needed stands in a row."""

    time: int
    rtt: int
    status: int | None

    def measured(self, cells: Sequence[str]) -> Measured:
        """Read a row; raise ``_WrongRowError`` where it cannot be."""
        if len(cells) <= max(self.time, self.rtt, self.status or 0):
            fields = "1 field" if len(cells) == 1 else f"{len(cells)} fields"
            raise _WrongRowError(f"it has {fields}, fewer than the header.")
        at_utc_s, rtt_s = utc_s_of(cells[self.time]), _rtt_s(cells[self.rtt])
        status = "" if self.status is None else cells[self.status].strip().lower()
        if status and status not in _STATUSES:
            shown = printable(status, _SHOWN)
            raise _WrongRowError(f"“{shown}” is no status; it is one of {', '.join(_STATUSES)}.")
        if status == "error":
            return Measured(at_utc_s, Outcome.NOT_RUN, None)
        if rtt_s is None or status == "timeout":
            return Measured(at_utc_s, Outcome.NO_REPLY, None)
        return Measured(at_utc_s, Outcome.REPLIED, rtt_s)


def utc_s_of(text: str) -> float:
    """Read a time (rule 3); raise ``_WrongRowError`` where it is none."""
    typed = text.strip()
    try:
        if _POSIX.fullmatch(typed):
            at_utc_s = float(typed)
        else:
            moment = datetime.fromisoformat(typed)
            at_utc_s = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        at_utc_s = math.nan
    if not 0.0 <= at_utc_s <= _LATEST_UTC_S:
        raise _WrongRowError(f"“{printable(typed, _SHOWN)}” is no time that can be read.")
    return at_utc_s


def _rtt_s(text: str) -> float | None:
    typed = text.strip()
    if not typed:
        return None
    try:
        rtt_ms = float(typed)
    except ValueError:
        rtt_ms = math.nan
    if not 0.0 <= rtt_ms <= LONGEST_RTT_MS:
        raise _WrongRowError(f"“{printable(typed, _SHOWN)}” is no round-trip time in milliseconds.")
    return rtt_ms / 1000.0


def period_of(times_utc_s: Sequence[float]) -> float:
    """Return the period by the first rows' times (rule 5); a second where there is but one row."""
    steps = [later - earlier for earlier, later in pairwise(times_utc_s)]
    forward = [step for step in steps if step > 0]
    return min(LONGEST_PERIOD_S, max(LEAST_PERIOD_S, statistics.median(forward))) if forward else 1.0


def reading_of(row: Measured, probe: ProbeKey) -> Reading:
    """Return a row as a reading on the beat; its monotonic time means nothing."""
    values = {} if row.rtt_s is None else {RTT_S: row.rtt_s}
    reason = {Outcome.NO_REPLY: Reason.DEADLINE, Outcome.NOT_RUN: Reason.SEND_FAILED}
    return Reading(probe, row.at_utc_s, math.nan, row.outcome, reason.get(row.outcome, Reason.NONE), values)


def recorded_site(probe_types: ProbeTypes, period_s: float, other_period_s: float | None = None) -> Site:
    """Return a site of the one link that a file is of: pinged in its period, and judged as is usual.

    A reply is waited for as long as is usual for a ping, also where its rows follow each other sooner; but no
    longer than until the next beat of another period that is to be tried out.
    """
    ping = probe_types[_TYPE]
    tried_s = other_period_s if other_period_s is not None and other_period_s > 0 else math.inf
    probe = Probe(
        type=_TYPE,
        name=RECORDED.probe_name,
        period_s=period_s,
        timeout_s=min(ping.default_timeout_s, tried_s),
        parameters=ping.parameters(),
    )
    endpoint = Endpoint(
        id=RECORDED.endpoint_id,
        name="The link",
        kind=EndpointKind.INFRASTRUCTURE,
        address="192.0.2.1",
        probes=(probe,),
    )
    return Site(name="Recording", endpoints=(endpoint,))
