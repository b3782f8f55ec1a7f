"""The open alarms in the lists in which people look for them, and what is part of what. Pure.

Rules:
1. An alarm stands in one list: what hides it decides, out of service before suppressed before shelved; what
   nothing hides is active.
2. Active ones stand worst first, then newest; those whose fault is over come last. Shelved ones stand in the
   order in which they come back, suppressed ones by what they are part of and then as they failed.
3. What is suppressed belongs to the alarm that leads it, else to what it is suppressed by.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import Alarm, AlarmState

BEHIND: Final = "behind:"


class ListKind(enum.Enum):
    """The lists, in the order of their tabs."""

    ACTIVE = "Active"
    SHELVED = "Shelved"
    SUPPRESSED = "Suppressed"
    OUT_OF_SERVICE = "Out of service"


_LIST_OF: Final = {
    AlarmState.OUT_OF_SERVICE: ListKind.OUT_OF_SERVICE,
    AlarmState.SUPPRESSED: ListKind.SUPPRESSED,
    AlarmState.SHELVED: ListKind.SHELVED,
}


@dataclass(frozen=True, slots=True)
class Incident:
    """What is suppressed for one cause. ``lead`` is the alarm that tells of it, where it is known.

    ``members`` stand in the order in which they failed; ``code`` is by what they are suppressed.
    """

    code: str
    lead: Alarm | None
    members: tuple[Alarm, ...]

    @property
    def key(self) -> str:
        """What tells it from the others for as long as it lasts."""
        return self.code if self.lead is None else f"alarm:{self.lead.number}"

    @property
    def first_out(self) -> Alarm | None:
        """The member that failed first; ``None`` where the leading alarm itself did."""
        first = self.members[0]
        if self.lead is not None and not _is_common(self.lead) and self.lead.since_utc_s <= first.since_utc_s:
            return None
        return first


class AlarmLists:
    """All lists at one moment."""

    def __init__(self, alarms: Iterable[Alarm] = ()) -> None:
        """Sort the alarms that have not ended."""
        lists: dict[ListKind, list[Alarm]] = {kind: [] for kind in ListKind}
        for alarm in alarms:
            if not alarm.ended:
                lists[_LIST_OF.get(alarm.shown_state, ListKind.ACTIVE)].append(alarm)
        lists[ListKind.ACTIVE].sort(key=lambda alarm: (not alarm.active, alarm.priority, -alarm.raised_utc_s))
        lists[ListKind.SHELVED].sort(key=lambda alarm: (alarm.shelved_until_utc_s or 0.0, alarm.number))
        lists[ListKind.OUT_OF_SERVICE].sort(key=lambda alarm: (alarm.out_of_service, alarm.number))
        self._by_number = {alarm.number: alarm for members in lists.values() for alarm in members}
        self.incidents = self._incidents(lists[ListKind.SUPPRESSED], lists[ListKind.ACTIVE])
        lists[ListKind.SUPPRESSED] = [each for incident in self.incidents for each in incident.members]
        self._lists = {kind: tuple(members) for kind, members in lists.items()}
        self._led = {each.lead.number: each for each in self.incidents if each.lead is not None}

    def of(self, kind: ListKind) -> Sequence[Alarm]:
        """Return a list (rule 2)."""
        return self._lists[kind]

    @property
    def active(self) -> tuple[Alarm, ...]:
        """What nothing hides."""
        return self._lists[ListKind.ACTIVE]

    def numbered(self, number: int) -> Alarm | None:
        """Return an open alarm by its number."""
        return self._by_number.get(number)

    def kind_of(self, alarm: Alarm) -> ListKind:
        """Return the list in which an alarm stands (rule 1)."""
        return _LIST_OF.get(alarm.shown_state, ListKind.ACTIVE)

    def led_by(self, number: int) -> Incident | None:
        """Return what an alarm leads, where it leads anything."""
        return self._led.get(number)

    def _incidents(self, suppressed: Iterable[Alarm], active: Iterable[Alarm]) -> tuple[Incident, ...]:
        subjects = {alarm.subject: alarm for alarm in active}
        groups: dict[str, tuple[str, Alarm | None, list[Alarm]]] = {}
        for alarm in suppressed:
            code = alarm.suppressed_by
            lead = None if alarm.part_of is None else self._by_number.get(alarm.part_of)
            lead = lead or subjects.get(code.partition(":")[2])
            key = code if lead is None else f"alarm:{lead.number}"
            group = groups.setdefault(key, (code, lead, []))
            group[2].append(alarm)
            if group[0] != code and lead is not None:
                groups[key] = (f"part_of:{lead.subject}", lead, group[2])
        found = []
        for code, lead, members in groups.values():
            members.sort(key=lambda alarm: (alarm.since_utc_s, alarm.number))
            found.append(Incident(code, lead, tuple(members)))
        return tuple(sorted(found, key=lambda each: (each.members[0].since_utc_s, each.key)))


def _is_common(alarm: Alarm) -> bool:
    """Whether an alarm tells of what several have in common, and of no endpoint of its own."""
    return ":" in alarm.subject
