"""What the replay of one endpoint's readings found: changes, conditions, alarms. It finds nothing itself.

Rules of ``Alarms``:
1. An alarm is one time of fault, from its raising until its return, for in a replay nobody acknowledges.
2. A fault that becomes more urgent raises its alarm again: that is counted, and the most urgent is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.finding import Doubt
from controlroom.logbook.entry import Draft, LogKind
from controlroom.measure.availability import Availability
from controlroom.measure.change_detector import Learning
from controlroom.measure.detection import Detection
from controlroom.site.view import SiteView

NOTHING_MEASURED: Final = Availability(0, 0)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something became certain, and by which row.

    ``row`` is the newest that had been sent, counted from 0 over all rows of the endpoint that were replayed,
    or over those of the file. ``probe_name`` is the probe whose reading made it certain.
    """

    row: int
    at_utc_s: float
    probe_name: str


@dataclass(frozen=True, slots=True)
class FoundChange:
    """A change of the link."""

    moment: Moment
    detection: Detection


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """A change of the condition or of the grade, as the log would have told it."""

    moment: Moment
    entry: Draft


@dataclass(frozen=True, slots=True)
class Raising:
    """An alarm as it was told when it was raised, or when it became more urgent."""

    moment: Moment
    cause: str
    reason: str
    priority: int


@dataclass(frozen=True, slots=True)
class ReplayedAlarm:
    """An alarm from its raising until its return; ``returned`` is ``None`` while it stands.

    It is told as at its most urgent; ``raisings`` are what was told of it in turn, and ``times_raised``
    counts them: the raising, and each time that it became more urgent.
    """

    subject: str
    raised: Moment
    cause: str
    reason: str
    priority: int
    since_utc_s: float
    times_raised: int = 1
    returned: Moment | None = None
    raisings: tuple[Raising, ...] = ()

    def lasted_s(self, until_utc_s: float) -> float:
        """Return how long it stood, one that stands until the end of the replay."""
        end_utc_s = until_utc_s if self.returned is None else self.returned.at_utc_s
        return max(0.0, end_utc_s - self.raised.at_utc_s)


@dataclass(frozen=True, slots=True)
class Replayed:
    """All that the replay of one endpoint found. ``view`` is the site as it was judged by, of it alone.

    The range is that of its rows; both ends are 0 where there was none.
    """

    endpoint_id: str
    view: SiteView
    rows: int = 0
    since_utc_s: float = 0.0
    until_utc_s: float = 0.0
    changes: Sequence[FoundChange] = ()
    conditions: Sequence[ToldEntry] = ()
    alarms: Sequence[ReplayedAlarm] = ()
    grades: Sequence[ToldEntry] = ()
    availability: Availability = NOTHING_MEASURED
    learning: Learning | None = None
    """What was still to be learned of the link's normal at the end of the range."""
    deadline_s: float | None = None
    """After how long a recorded reply counted as lost; ``None`` where it had been judged by that already."""
    late_replies: int = 0
    """How many replies counted as lost because of that."""
    doubts: tuple[Doubt, ...] = ()
    """What is amiss with the settings although they work."""


class Alarms:
    """Puts alarms together from the entries that tell their lives."""

    def __init__(self) -> None:
        """Begin without an alarm."""
        self.all: list[ReplayedAlarm] = []
        self._open: dict[int, int] = {}

    def take(self, entry: Draft, moved: Mapping[int, Alarm], moment: Moment) -> None:
        """Take an entry that tells of one of the alarms that moved; any other is passed over."""
        alarm = moved.get(_number(entry))
        if alarm is None:
            return
        number = alarm.number
        place = self._open.get(number)
        if entry.kind in _RAISING and place is None:
            self._open[number] = len(self.all)
            self.all.append(_raised(entry, alarm, moment))
        elif entry.kind in _RAISING and place is not None:
            before, now = self.all[place], _raised(entry, alarm, moment)
            worse = replace(before, cause=now.cause, reason=now.reason, priority=now.priority)
            raisings = (*before.raisings, *now.raisings)
            self.all[place] = replace(worse, times_raised=before.times_raised + 1, raisings=raisings)
        elif entry.kind in _ENDING and place is not None:
            del self._open[number]
            self.all[place] = replace(self.all[place], returned=moment)


_RAISING: Final = frozenset({LogKind.ALARM_RAISED, LogKind.ALARM_RAISED_AGAIN})
_ENDING: Final = frozenset({LogKind.ALARM_RETURNED, LogKind.ALARM_ENDED})


def _number(entry: Draft) -> int:
    number = entry.facts.get("alarm")
    return number if isinstance(number, int) else 0


def _raised(entry: Draft, alarm: Alarm, moment: Moment) -> ReplayedAlarm:
    """Take cause and reason as the entry tells them, for they may have moved on since."""
    fact = entry.facts.get("priority")
    priority = fact if isinstance(fact, int) else int(alarm.priority)
    cause, reason = str(entry.facts.get("cause", "")), str(entry.facts.get("reason", ""))
    return ReplayedAlarm(
        subject=entry.subject,
        raised=moment,
        cause=cause,
        reason=reason,
        priority=priority,
        since_utc_s=alarm.since_utc_s,
        raisings=(Raising(moment, cause, reason, priority),),
    )
