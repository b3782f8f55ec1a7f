"""What the care of a store tells: what a look found, a copy holds, was gained, is kept. Values alone.

Rules
1. A look tells codes and facts; sentences are made of them where people read.
2. ``UNKNOWN`` is what cannot be told now; it is never a quiet ``OK``.
3. Facts may hold names out of a file: whoever shows them escapes them.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from controlroom.finding import Health

Fact = str | int | float
Facts = Mapping[str, Fact]


class Aspect(enum.StrEnum):
    """What of a file was looked at."""

    FILE = "file"
    PAGES = "pages"
    FORMAT = "format"
    IDENTITY = "identity"
    RECORDS = "records"
    LOG = "log"
    JOURNAL = "journal"
    READINGS = "readings"
    ROLLUPS = "rollups"
    SEALING = "sealing"


@dataclass(frozen=True, slots=True)
class Observation:
    """How one aspect of one file was found. ``code`` is stable; the facts are those its sentence needs."""

    file: str
    aspect: Aspect
    health: Health
    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done now: which step of which file. ``total`` is 0 while nobody can know it."""

    file: str
    step: str
    done: int = 0
    total: int = 0


Tell = Callable[[Doing], None]
"""Told often; it may raise, and then the work ends in good order."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of measurements that a backup does not hold, and why: a code."""

    file: str
    code: str


@dataclass(frozen=True, slots=True)
class RowsLeftOut:
    """Rows of a file that did not fit their checksum: a backup holds the file without them."""

    file: str
    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class BackupDone:
    """A backup that is complete and has been read again."""

    folder: Path
    databases: int
    bytes: int
    other_files: Sequence[str]
    """What else was copied, by name."""
    left_out: Sequence[LeftOut]
    """Files of measurements that could not be copied whole."""
    not_copied: Sequence[str]
    """What else lies in the data folder and is no part of a backup."""
    rows_left_out: Sequence[RowsLeftOut] = ()


@dataclass(frozen=True, slots=True)
class Compacted:
    """What became of one file: its bytes before and after. ``code`` says why it was left as it is."""

    file: str
    before_bytes: int
    after_bytes: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What is kept of one resolution: files, their bytes, and the first and last day, month or year."""

    files: int = 0
    bytes: int = 0
    first: str = ""
    last: str = ""
    packed_bytes: int = 0
    """Without the logs beside the files, which come and go with whoever has them open."""


@dataclass(frozen=True, slots=True)
class StoreStats:
    """What a store holds and how fast it grows. Bytes are those of the files, logs beside them included."""

    store_bytes: int
    raw: Held
    minutes: Held
    hours: Held
    set_aside: Sequence[tuple[str, int]]
    """Files that were set aside, with their bytes."""
    probes: int
    series: int
    log_entries: int
    sealed_readings: int
    backlog_seconds: int
    """Seconds of the journal that lie in no chunk yet."""
    readings_per_s: float | None
    """At the present rate, counted over the newest minutes; ``None`` where too little is known."""
    rolled_series_days: int
    """Rows of minutes, one a series and day."""
    free_bytes: int

    @property
    def bytes_per_reading(self) -> float | None:
        """Bytes packed for each reading; ``None`` before any was packed."""
        return self.raw.packed_bytes / self.sealed_readings if self.sealed_readings else None
