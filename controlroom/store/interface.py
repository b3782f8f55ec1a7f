"""The store as the rest of the house sees it: values in, values out. No path, row or lock in sight.

Two sides. The engine alone writes (``EngineStore``); any number of desks read (``ReadStore``) and
put their operators' acts into an inbox of their own (``ActInbox``), which the engine takes in order,
exactly once: an act's effect and the place up to which its inbox was taken are committed together.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.message import Message
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.logbook.act import Act
from controlroom.logbook.entry import Entry, LogKind
from controlroom.measure.learnt import Learnt
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.remark import Remark
from controlroom.measure.rollup import Rollup
from controlroom.reading import ProbeKey, Reading, SeriesKey
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.store.outbox import Delivery, KeptMessage, ReadOutbox

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
CodeArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Second:
    """All readings that closed in one second of the engine, and how the engine itself was.

    ``health`` holds the engine's own figures (``lateness_p99_s``, ``missed_beats``, ``probes``, …).
    """

    at_utc_s: float
    readings: Sequence[Reading] = ()
    health: Mapping[str, float] = field(default_factory=dict)


class LeftOver(NamedTuple):
    """What an engine had to give up at its end: seconds of readings, and entries of the log."""

    seconds: int = 0
    entries: int = 0
    why: str = ""
    """The code of the trouble, where one is known."""

    @property
    def is_nothing(self) -> bool:
        """Whether all was committed."""
        return not (self.seconds or self.entries)


NOTHING_LEFT: Final = LeftOver()


@dataclass(frozen=True, slots=True)
class BlindTime:
    """A span in which nothing could be measured. ``cause`` is a code.

    Causes: ``engine_stopped``, ``asleep``, ``overloaded``, ``own_connection_lost``.
    """

    from_utc_s: float
    until_utc_s: float
    cause: str


@dataclass(frozen=True, slots=True)
class TakenAct:
    """An act with the place in its inbox, and the engine's answer once it was taken."""

    act: Act
    desk_id: str
    place: int
    """Where the inbox goes on after this act; opaque to everyone but the store."""
    accepted: bool = True
    answer: str = ""
    """A code that says why an act was refused; empty when it was accepted."""
    lines: int = 1
    """How many lines of the inbox it stands for; told to the engine, not kept with the answer."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is committed together or not at all. Any part may be empty."""

    second: Second | None = None
    states: Sequence[EndpointState] = ()
    alarms: Sequence[Alarm] = ()
    entries: Sequence[Entry] = ()
    acts: Sequence[TakenAct] = ()
    blind: Sequence[BlindTime] = ()
    site_json: str | None = None
    routes: Sequence[KeptRoute] = ()
    """Each takes the place of the one of its endpoint and kind."""
    learnt: Sequence[Learnt] = ()
    assessments: Sequence[Assessment] = ()
    """Each of these two takes the place of the one before; assessments are told anew every minute."""
    remarks: Sequence[Remark] = ()
    """Each takes the place of the one of its probe."""
    maintenance: Sequence[MaintenanceWindow] = ()
    """Each takes the place of the one of its number."""
    messages: Sequence[Message] = ()
    deliveries: Sequence[Delivery] = ()


@dataclass(frozen=True, slots=True)
class Retention:
    """How much of what was measured is kept. The log, the alarms and the acts are kept for ever.

    Days, months and years count by those in which something was measured, not by the calendar: a clock that
    was wrong by years for a minute then costs no history. Each is at least 1. ``most_bytes`` is for all files
    of measurements together; where it is exceeded the oldest readings go first, then the oldest minutes.
    """

    raw_days: int = 14
    minute_months: int = 13
    hour_years: int = 10
    most_bytes: int = 60_000_000_000


@dataclass(frozen=True, slots=True)
class EngineMemory:
    """What an engine must know again after a restart, as it was last committed."""

    states: Sequence[EndpointState]
    alarms: Sequence[Alarm]
    """Alarms that have not ended."""
    next_alarm_number: int
    last_entry_number: int
    last_entry_hash: str
    last_heartbeat_utc_s: float | None
    ended_orderly: bool
    """Whether the engine before this one wrote ``engine_stopped`` as its last entry."""
    site_json: str | None = None
    """The site that it ran."""
    routes: Sequence[KeptRoute] = ()
    """The last good route to each endpoint."""
    learnt: Sequence[Learnt] = ()
    remarks: Sequence[Remark] = ()
    maintenance: Sequence[MaintenanceWindow] = ()
    """Every window that was ever planned."""
    next_window_number: int = 1
    outbox: Sequence[KeptMessage] = ()
    """The messages that wait or still gather."""
    next_message_number: int = 1


FOUND: Final = frozenset(
    {
        "store-mended",
        "store-missing",
        "store-replaced",
        "store-behind",
        "store-cut-short",
        "history-missing",
        "rollups-waiting",
        "rows-damaged",
    }
)
"""Codes of what ``tend`` tells once, while all works: a file was damaged, gone or overwritten, and what could
be saved is in its place."""


class EngineStore(Protocol):
    """The writing side: one engine at a time. Every call may wait for the disk; none for a reader."""

    def remember(self) -> EngineMemory:
        """Return what was last committed."""

    def commit(self, batch: Batch) -> None:
        """Make a batch durable as a whole; raise ``StoreError`` and change nothing on failure.

        A store keeps a little room back: after ``disk-full`` the same batch without its readings may well be
        committed, and readings again when there is room.
        """

    def waiting_acts(self) -> Sequence[TakenAct]:
        """Return the acts in all inboxes that no committed batch has taken, oldest first per desk."""

    def tend(self, retention: Retention) -> bool:
        """Do a small step of what keeps the store small and quick; return whether more is waiting.

        To be called about once a second, between commits. What it does is never seen in an answer, but for
        measurements beyond the retention, which go. Raise ``StoreError`` where it cannot, and with a code of
        ``FOUND`` once for each thing that was found and set right, as a damaged file.
        """

    def close(self, left_over: LeftOver | None = NOTHING_LEFT) -> None:
        """Leave everything committed and give the store free for another engine.

        What could not be committed is kept as the engine's last words, for whoever asked it to end;
        with ``None`` it leaves no word, for it does not know.
        """


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The newest sign of life of the engine."""

    sequence: int
    """Grows by one with every committed second; a reader watches it move on its own clock."""
    at_utc_s: float
    health: Mapping[str, float]
    engine_pid: int | None
    """The process that holds the store now, or ``None`` when no engine does."""


@dataclass(frozen=True, slots=True)
class Samples:
    """One series (or one probe's outcomes) over a range, oldest first, all arrays the same length.

    ``value`` is NaN where there is none. ``outcome`` and ``reason`` index ``OUTCOMES`` and
    ``REASONS`` of ``controlroom.store.codes``. ``beat`` is false for re-probes. A reading that was told again
    (``Reading.corrects``) is there once, as it was told last.
    """

    at_utc_s: FloatArray
    value: FloatArray
    outcome: CodeArray
    reason: CodeArray
    beat: BoolArray


class Resolution(enum.IntEnum):
    """How finely a curve is told: every reading, or one point a bucket of so many seconds."""

    RAW = 0
    MINUTE = 60
    HOUR = 3600
    DAY = 86_400

    @classmethod
    def filling(cls, span_s: float, points: int) -> Resolution:
        """Return the coarsest that still gives so many points over a span; raw where none does."""
        coarsest_first = (cls.DAY, cls.HOUR, cls.MINUTE)
        return next((each for each in coarsest_first if span_s >= each * points), cls.RAW)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a range, and the finest resolution at which it is still kept, as far as that is wanted."""

    resolution: Resolution
    since_utc_s: float
    until_utc_s: float


@dataclass(frozen=True, slots=True)
class Curve:
    """One series over a range, on the beat alone, oldest first, all arrays the same length.

    ``value`` is the reading's value, or the median of a bucket; NaN where nothing came back. ``not_run`` is
    where we could not ask, or a living endpoint turned us away: then the NaN says nothing of loss.
    ``rollup`` has a bucket's further figures, and is ``None`` for raw readings.
    """

    resolution: Resolution
    at_utc_s: FloatArray
    """When a reading was sent, or when a bucket begins."""
    value: FloatArray
    not_run: BoolArray
    rollup: Rollup | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """What was committed since a cursor, and the cursor to ask with next."""

    cursor: int
    readings: Sequence[Reading]
    """In the order of telling, one that is told again too; ``sent_monotonic_s`` is NaN, for it means nothing
    outside its engine."""
    gap: bool = False
    """Whether more was committed since the cursor than is told here: what lies further back than some
    minutes is found by ``samples`` alone."""


class PassedOver(NamedTuple):
    """A stretch of what was measured that could not be read, for its file is damaged there."""

    file: str
    since_utc_s: float
    until_utc_s: float


class ReadStore(ReadOutbox, Protocol):
    """The reading side, for desks and reports: never blocks the engine, never changes anything.

    Where a part of what was measured is damaged, all else is told, and that part by ``passed_over``.
    """

    def passed_over(self) -> Sequence[PassedOver]:
        """Return what could not be read since this was asked last, each stretch once, oldest first."""

    def heartbeat(self) -> Heartbeat | None:
        """Return the engine's newest sign of life, or ``None`` when it never lived."""

    def site_json(self) -> str | None:
        """Return the site that the engine runs, as JSON, or ``None`` before the first engine."""

    def states(self) -> Sequence[EndpointState]:
        """Return every endpoint's state as last committed."""

    def alarms(self, *, ended_since_utc_s: float | None = None) -> Sequence[Alarm]:
        """Return the alarms that have not ended, and those ended since a time, newest first."""

    def entries(
        self,
        *,
        after_number: int = 0,
        since_utc_s: float | None = None,
        until_utc_s: float | None = None,
        kinds: frozenset[LogKind] | None = None,
        newest: int | None = None,
    ) -> Sequence[Entry]:
        """Return log entries in order of number; with ``newest`` only that many at the end."""

    def answers(self, act_ids: Sequence[str]) -> Mapping[str, TakenAct]:
        """Return those of the acts that the engine has taken, with its answers."""

    def assessments(self) -> Sequence[Assessment]:
        """Return the newest assessment of every endpoint that has one."""

    def remarks(self) -> Sequence[Remark]:
        """Return what the newest answer of each probe did not tell; a probe that told all may be missing."""

    def learnt(self, endpoint_id: str) -> Sequence[Learnt]:
        """Return what was learnt of an endpoint's probes, as it was kept last: minutes ago at most."""

    def routes(self, endpoint_id: str) -> Mapping[RouteKind, KeptRoute]:
        """Return the traces that are kept of an endpoint: the last good route, and the newest."""

    def maintenance(self) -> Sequence[MaintenanceWindow]:
        """Return every maintenance window that was ever planned, oldest first."""

    def blind_time(self, since_utc_s: float, until_utc_s: float) -> Sequence[BlindTime]:
        """Return the spans without measurement that touch a range."""

    def probes(self) -> Sequence[ProbeKey]:
        """Return every probe that was ever measured."""

    def series(self) -> Sequence[SeriesKey]:
        """Return every series that was ever measured."""

    def samples(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> Samples:
        """Return one series over a range; losses of its probe are rows with NaN."""

    def curves(
        self, series: Sequence[SeriesKey], since_utc_s: float, until_utc_s: float, resolution: Resolution
    ) -> Mapping[SeriesKey, Curve]:
        """Return series at a resolution: buckets that begin, or readings that were sent, within the range.

        A series never measured has an empty curve. Where the readings of a day are no longer kept, or the
        minutes of a month, that stretch has no points at this resolution.
        """

    def stretches(
        self, series: SeriesKey, since_utc_s: float, until_utc_s: float, points: int
    ) -> Sequence[Stretch]:
        """Return how a range is best drawn in so many points: stretches that follow each other, oldest first.

        Each has the coarsest resolution that still gives the points, or the next coarser one where that is
        no longer kept: asked one by one, ``samples`` and ``curves`` give a chart without a seam. Time in
        which nothing was kept is in no stretch.
        """

    def histogram(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> LogHistogram:
        """Return how often values of each size came on the beat, in the hours that begin within a range.

        It gives the percentiles of any span within 1 %, and histograms of several can be added up.
        """

    def latest(self, horizon_s: float, *, off_beat: bool = False) -> Mapping[ProbeKey, Reading]:
        """Return each probe's newest reading on the beat, or of all, no older than the horizon."""

    def tail(self, cursor: int) -> Tail:
        """Return all readings committed after a cursor; cursor 0 starts at now, with none."""

    def close(self) -> None:
        """Give the reading side back."""


class ActInbox(Protocol):
    """One desk's own inbox: only it appends, only the engine takes."""

    def put(self, act: Act) -> None:
        """Make an act durable for the engine to take; raise ``StoreError`` where it cannot."""

    def close(self) -> None:
        """Leave the inbox to the engine, which clears it once all of it is taken."""
