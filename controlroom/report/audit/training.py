"""What was practised, as far as a store has it: alarms answered, cards used, sounds tested, by shift. Pure.

Rules:
1. An alarm belongs to the shift on duty when it was raised; a site without shifts has one for all hours, and
   what lies in no shift stands under *no shift*.
2. An alarm that was hidden and never acknowledged called nobody, and does not count.
3. It was acknowledged in time within the time to respond of its card.
4. Where shifts overlap the first that the site names counts.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.card import card_of
from controlroom.alarms.duty_hours import span_at
from controlroom.logbook.entry import Entry, LogKind
from controlroom.site.duty import Hours
from controlroom.site.view import SiteView

ALL_HOURS: Final = "all hours"
NO_SHIFT: Final = "no shift"
TRAINING_KINDS: Final = frozenset(
    {LogKind.ALARM_STEP_TICKED, LogKind.NOTE, LogKind.SOUND_TESTED, LogKind.SIGNED_IN}
)


@dataclass
class ShiftRecord:
    """What one shift did; ``answers_s`` are the times from an alarm to its acknowledgement."""

    shift: str
    alarms: int = 0
    acknowledged: int = 0
    in_time: int = 0
    answers_s: list[float] = field(default_factory=list)
    counts: dict[LogKind, int] = field(default_factory=dict)
    operators: set[str] = field(default_factory=set)

    @property
    def median_answer_s(self) -> float | None:
        """The middle of those times; ``None`` without any."""
        return statistics.median(self.answers_s) if self.answers_s else None


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """What was practised of one service: alarms of its parts, steps ticked, when its standby was used."""

    service_id: str
    alarms: int
    steps: int
    standby: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Training:
    """The records by shift and by service."""

    since_utc_s: float
    until_utc_s: float
    shifts: Sequence[ShiftRecord]
    services: Sequence[ServiceRecord]


def training_of(
    view: SiteView,
    alarms: Sequence[Alarm],
    entries: Sequence[Entry],
    zone: ZoneInfo,
    range_utc_s: tuple[float, float],
) -> Training:
    """Sum up alarms and entries of a range."""
    clock = _Shifts(view, zone)
    for alarm in alarms:
        if range_utc_s[0] <= alarm.raised_utc_s <= range_utc_s[1]:
            clock.take_alarm(alarm, view)
    for entry in entries:
        clock.take_entry(entry)
    services = [_of_service(view, each.id, alarms, entries) for each in view.services]
    return Training(*range_utc_s, clock.records(), services)


class _Shifts:
    def __init__(self, view: SiteView, zone: ZoneInfo) -> None:
        self._zone = zone
        self._hours = {
            each.id: Hours.model_validate({"days": each.days, "from": each.begin, "until": each.until})
            for each in view.shifts
        }
        self._found = {name: ShiftRecord(name) for name in self._hours or (ALL_HOURS,)}

    def records(self) -> list[ShiftRecord]:
        """Return one a shift."""
        return list(self._found.values())

    def take_alarm(self, alarm: Alarm, view: SiteView) -> None:
        """Count an alarm (rules 2 and 3)."""
        if alarm.hidden and alarm.acknowledged_utc_s is None:
            return
        record = self._at(alarm.raised_utc_s)
        record.alarms += 1
        if alarm.acknowledged_utc_s is None:
            return
        took_s = max(0.0, alarm.acknowledged_utc_s - alarm.raised_utc_s)
        record.acknowledged += 1
        record.in_time += took_s <= card_of(alarm, view).time_to_respond_s
        record.answers_s.append(took_s)

    def take_entry(self, entry: Entry) -> None:
        """Count what somebody did."""
        if entry.kind not in TRAINING_KINDS:
            return
        record = self._at(entry.at_utc_s)
        record.counts[entry.kind] = record.counts.get(entry.kind, 0) + 1
        if entry.operator:
            record.operators.add(entry.operator)

    def _at(self, at_utc_s: float) -> ShiftRecord:
        if not self._hours:
            return self._found[ALL_HOURS]
        on_duty = (name for name, hours in self._hours.items() if span_at(hours, at_utc_s, self._zone))
        name = next(on_duty, NO_SHIFT)
        return self._found.setdefault(name, ShiftRecord(name))


def _of_service(
    view: SiteView, service_id: str, alarms: Sequence[Alarm], entries: Sequence[Entry]
) -> ServiceRecord:
    service = next(each for each in view.services if each.id == service_id)
    own = {endpoint for path in service.paths for endpoint in path.endpoints} | {f"service:{service_id}"}
    ticked = (each for each in entries if each.kind is LogKind.ALARM_STEP_TICKED)
    return ServiceRecord(
        service_id,
        alarms=sum(each.subject in own for each in alarms),
        steps=sum(each.subject in own for each in ticked),
        standby={path.name or path.id: str(path.exercised or "") for path in service.paths if path.standby},
    )
