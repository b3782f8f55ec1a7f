"""The rows of one list of alarms at one moment. What cannot have changed is not made anew. No Qt here.

Two thousand suppressed alarms are looked at every second. Their rows tell nothing that passes with time, so
each is kept for as long as its alarm, the site and the day are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.site.view import SiteView
from ui.desk import time_text
from ui.desk.alarm_list.face import (
    AlarmFace,
    Moment,
    active_face,
    heading_face,
    more_face,
    out_of_service_face,
    shelved_face,
    suppressed_face,
)
from ui.desk.alarm_list.lists import AlarmLists, Incident, ListKind

FIRST_MEMBERS: Final = 20
"""So many members of an incident are listed before somebody asks for all."""


class AlarmRows:
    """Makes the rows, and keeps those of suppressed alarms."""

    def __init__(self) -> None:
        """Begin with none kept."""
        self._kept: dict[int, tuple[Alarm, AlarmFace]] = {}
        self._kept_for: tuple[SiteView | None, str] = (None, "")

    def of(
        self, kind: ListKind, lists: AlarmLists, moment: Moment, whole: Collection[str] = ()
    ) -> Sequence[AlarmFace]:
        """Return the rows of a list; ``whole`` names the incidents of which all members are listed."""
        if kind is ListKind.SUPPRESSED:
            return self._suppressed(lists, moment, whole)
        self._kept.clear()
        if kind is ListKind.SHELVED:
            return [shelved_face(alarm, moment) for alarm in lists.of(kind)]
        if kind is ListKind.OUT_OF_SERVICE:
            return [out_of_service_face(alarm, moment) for alarm in lists.of(kind)]
        return [active_face(alarm, moment, lists.led_by(alarm.number)) for alarm in lists.of(kind)]

    def _suppressed(self, lists: AlarmLists, moment: Moment, whole: Collection[str]) -> list[AlarmFace]:
        kept_for = moment.picture.site, time_text.day(moment.now_utc_s, moment.zone)
        if kept_for[0] is not self._kept_for[0] or kept_for[1] != self._kept_for[1]:
            self._kept.clear()
            self._kept_for = kept_for
        rows = []
        for incident in lists.incidents:
            rows.append(heading_face(incident, moment))
            rows += self._members(incident, moment, incident.key in whole)
        return rows

    def _members(self, incident: Incident, moment: Moment, whole: bool) -> list[AlarmFace]:
        shown = incident.members if whole else incident.members[:FIRST_MEMBERS]
        rows = [self._member(alarm, moment) for alarm in shown]
        if len(incident.members) > FIRST_MEMBERS:
            rows.append(more_face(incident, len(incident.members) - len(shown)))
        return rows

    def _member(self, alarm: Alarm, moment: Moment) -> AlarmFace:
        kept = self._kept.get(alarm.number)
        if kept is not None and (kept[0] is alarm or kept[0] == alarm):
            if not moment.pending.about(alarm.number):
                return kept[1]
            self._kept.pop(alarm.number)
            return suppressed_face(alarm, moment)
        face = suppressed_face(alarm, moment)
        if not moment.pending.about(alarm.number):
            self._kept[alarm.number] = (alarm, face)
        return face
