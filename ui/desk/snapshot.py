"""What the desk's threads hand to the GUI thread: frozen values, whole and in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.message import Message
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.logbook.entry import Entry
from controlroom.measure.availability import Availability
from controlroom.measure.change_detector import Learning
from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.quality import Quality
from controlroom.measure.remark import Remark
from controlroom.measure.rollup import Rollup
from controlroom.reading import ProbeKey, Reading, SeriesKey
from controlroom.report.objective_figures import ObjectiveFigures
from controlroom.report.window_figures import WindowFigures
from controlroom.route.kept import KeptRoute, RouteKind
from controlroom.site.view import SiteView
from controlroom.store.interface import BlindTime, Heartbeat, PassedOver, Samples, TakenAct
from ui.desk.graph.change_marks import ChangeMark
from ui.desk.standings_reading import SeenStandings

EVERY_READING: Final = 10**9
"""So many points that no rollup has them."""
NO_VALUES: Final = LogHistogram.merged(())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one look into the store saw. ``None`` stands for unchanged since the look before."""

    read_monotonic_s: float
    heartbeat: Heartbeat | None
    site: SiteView | None = None
    states: Sequence[EndpointState] | None = None
    alarms: Sequence[Alarm] | None = None
    entries: Sequence[Entry] = ()
    readings: Sequence[Reading] = ()
    latest: Mapping[ProbeKey, Reading] | None = None
    answers: Mapping[str, TakenAct] = field(default_factory=dict)
    blind: Sequence[BlindTime] | None = None
    series: Sequence[SeriesKey] = ()
    """Every series that was ever measured, where this look saw everything afresh."""
    remarks: Sequence[Remark] | None = None
    maintenance: Sequence[MaintenanceWindow] | None = None
    """Every window that was ever planned, where the log told of any since the look before."""
    standings: SeenStandings | None = None
    """How the services stand."""
    messages: Sequence[Message] = ()
    """What came for the desks; in the first look, what waits since no desk told of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for one series over a range; ``ticket`` tells the newest wish from older ones.

    ``points`` is how many can be drawn: coarser figures than that many are not wanted.
    """

    ticket: int
    series: SeriesKey
    since_utc_s: float
    until_utc_s: float
    points: int = EVERY_READING


@dataclass(frozen=True, slots=True)
class History:
    """The answer to a request: readings, and before them rollups where there are no readings to draw.

    ``histogram`` is of the values behind the rollups, ``passed_over`` what of all this could not be read.
    """

    request: Request
    samples: Samples
    blind: Sequence[BlindTime]
    rollups: Sequence[Rollup] = ()
    histogram: LogHistogram = NO_VALUES
    passed_over: Sequence[PassedOver] = ()


@dataclass(frozen=True, slots=True)
class Recent:
    """The last minutes of one probe, read once so that its loss is known from the start."""

    series: SeriesKey
    samples: Samples


@dataclass(frozen=True, slots=True)
class ReadFailure:
    """The store could not be read just now; ``reason`` is fit for the screen."""

    read_monotonic_s: float
    reason: str


@dataclass(frozen=True, slots=True)
class Routes:
    """The traces that the store keeps of one endpoint."""

    endpoint_id: str
    routes: Mapping[RouteKind, KeptRoute]


@dataclass(frozen=True, slots=True)
class Worked:
    """How long one endpoint worked, and how its objective stands, where it has one.

    ``availability`` is over the last so many seconds each, the shorter first.
    """

    availability: Sequence[tuple[float, Availability]] = ()
    objective: ObjectiveFigures | None = None


NOTHING_WORKED: Final = Worked()


@dataclass(frozen=True, slots=True)
class Worth:
    """How good one endpoint's link is now, and how long it worked; ``None`` where nothing tells.

    ``marks`` are where the link changed in the time of ``worked``.
    """

    endpoint_id: str
    quality: Quality | None
    assessment: Assessment | None
    worked: Worked
    marks: Sequence[ChangeMark] = ()
    learning: Learning | None = None
    """What is still to be learned of the link's normal."""


@dataclass(frozen=True, slots=True)
class RangeWish:
    """A wish for the figures of a range of an endpoint's probe; without an end it goes on until now."""

    endpoint_id: str
    probe_name: str
    length_s: float
    until_utc_s: float | None = None


@dataclass(frozen=True, slots=True)
class RangeTold:
    """The figures of a range; ``figures`` is ``None`` where nothing measures round trips."""

    wish: RangeWish
    figures: WindowFigures | None
    worked: Availability


ReaderEvent = Snapshot | History | Recent | ReadFailure | Routes | Worth | RangeTold
