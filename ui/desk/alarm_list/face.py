"""What stands in each row of a list of alarms, as text and codes: made, compared, painted. No Qt here."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import LATCHED, Alarm, AlarmState, Cause
from controlroom.alarms.service_reason import ServiceReason
from controlroom.alarms.service_subject import service_of
from controlroom.report import wording
from controlroom.report.alarm_words import service_words, suppression_words
from controlroom.report.escaping import printable
from ui.desk import figures, time_text
from ui.desk.alarm_list.lists import BEHIND, Incident
from ui.desk.alarm_list.shift_end import shift_left_s
from ui.desk.faces import cause_sentence, initials
from ui.desk.pending import PendingActs
from ui.desk.picture import Picture

PENDING = "pending…"
NEW = "NEW"


class Mark(enum.StrEnum):
    """The signs beside the state, each with its letters."""

    NONE = ""
    LATCHED = "L"
    SHELVED = "S"
    ONE_SHOT = "S 1×"
    SUPPRESSED = "SUP"
    OUT_OF_SERVICE = "OOS"


MARK_WORDS = {
    Mark.LATCHED: "held until it is reset",
    Mark.SHELVED: "shelved",
    Mark.ONE_SHOT: "shelved, at most until it is over",
    Mark.SUPPRESSED: "suppressed",
    Mark.OUT_OF_SERVICE: "out of service",
}


class Row(enum.Enum):
    """What a row is."""

    ALARM = enum.auto()
    HEADING = enum.auto()
    """Names what the rows below it are part of; ``number`` is that of the alarm that leads them, or 0."""
    MORE = enum.auto()
    """Stands for the rows that are not listed; ``subject`` is the key of what they are part of."""


@dataclass(frozen=True, slots=True)
class AlarmFace:
    """One row. ``badge`` says that it is new, who acknowledged it, or that it is over; ``below`` is under it.

    ``new`` and ``returned`` wait for somebody: while the fault stands, and when it is over. ``over`` is what
    is over, also where it is held and acknowledged.
    """

    number: int
    subject: str
    urgency: int
    name: str
    cause: str
    raised: str
    age: str
    badge: str
    new: bool
    returned: bool
    below: str = ""
    mark: Mark = Mark.NONE
    over: bool = False
    row: Row = Row.ALARM

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells the row from others while its words change."""
        return (self.row.name, self.number, self.subject)

    @property
    def waits(self) -> bool:
        """Whether somebody may acknowledge it now."""
        return (self.new or self.returned) and self.badge != PENDING

    @property
    def flashes(self) -> bool:
        """Whether its marker flashes: it calls for somebody, and its fault stands or it is held."""
        return self.new or (self.returned and self.mark is Mark.LATCHED)

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        if self.row is not Row.ALARM:
            return ", ".join(part for part in (self.name, self.cause) if part)
        state = ", ".join(part for part in (self.badge, MARK_WORDS.get(self.mark, ""), self.below) if part)
        urgency = wording.priority_words(self.urgency)
        return f"{state}, {urgency}, {self.name}, {self.cause}, raised {self.raised}, {self.age}"


@dataclass(frozen=True, slots=True)
class Moment:
    """When, in which zone, and beside which acts on their way the rows are made."""

    picture: Picture
    pending: PendingActs
    now_utc_s: float
    zone: ZoneInfo

    def at(self, utc_s: float) -> str:
        """Write a time."""
        return time_text.moment(utc_s, self.now_utc_s, self.zone)

    def shift_left_s(self) -> float | None:
        """How long the shift still lasts; ``None`` where none is on duty."""
        return shift_left_s(self.picture.site, self.now_utc_s, self.zone)

    def cause(self, alarm: Alarm) -> str:
        """Say what an alarm is about, and how often it came."""
        about = self.picture.endpoints.get(alarm.subject)
        past, alarm = self._past_loss(alarm)
        cause = cause_sentence(alarm, about.seen if about is not None else None, self.picture.name_of)
        cause = f"{past}{cause[:1].lower()}{cause[1:]}" if past else cause
        if alarm.reason.startswith(BEHIND):
            cause = f"Unreachable, {suppression_words(alarm.reason, self.picture.site)}"
        if alarm.returned_utc_s is not None and not alarm.active and alarm.cause is not Cause.NO_FAULT:
            cause = f"{cause}; now normal"
        # Of one that is unstable the cause says itself how often it fell.
        often = alarm.occurrences > 1 and alarm.cause is not Cause.UNSTABLE
        return f"{cause} ({alarm.occurrences} times)" if often else cause

    def _past_loss(self, alarm: Alarm) -> tuple[str, Alarm]:
        """Say first that a service was lost, and when; return its alarm without that."""
        told = ServiceReason.read(alarm.reason)
        if told is None or told.was_lost is None:
            return "", alarm
        lasted = time_text.duration(told.was_lost.lasted_s)
        words = f"Was lost {self.at(told.was_lost.from_utc_s)} for {lasted}; "
        return words, replace(alarm, reason=replace(told, was_lost=None).code)


def active_face(alarm: Alarm, moment: Moment, incident: Incident | None = None) -> AlarmFace:
    """Make the row of an alarm that nothing hides; ``incident`` is what it leads."""
    returned = alarm.state in (AlarmState.RETURNED_UNACKNOWLEDGED, AlarmState.LATCHED_UNACKNOWLEDGED)
    new = alarm.state is AlarmState.UNACKNOWLEDGED
    over = not alarm.active
    began_s = alarm.raised_utc_s if service_of(alarm.subject) else alarm.since_utc_s
    since_s = alarm.returned_utc_s if over and alarm.returned_utc_s is not None else began_s
    cause = moment.cause(alarm)
    if incident is not None and alarm.cause is Cause.GROUP_LOST:
        cause = "Lost together"  # its reason says again how many, and which was first
    return _face(
        alarm,
        moment,
        cause=_with_members(cause, alarm, incident, moment),
        age=time_text.duration(moment.now_utc_s - since_s),
        badge="Returned" if returned else NEW if new else f"Ack {initials(alarm.acknowledged_by)}",
        below=_in_hand(alarm, moment),
        mark=Mark.LATCHED if alarm.state in LATCHED else Mark.NONE,
        new=new,
        returned=returned,
        over=over,
    )


def _with_members(cause: str, alarm: Alarm, incident: Incident | None, moment: Moment) -> str:
    """Say what an alarm leads: of lost endpoints before its cause, of services after it."""
    if incident is None:
        return cause
    words = incident_words(incident, moment)
    return f"{cause}; {words}" if service_of(alarm.subject) else f"{words}; {cause}"


def shelved_face(alarm: Alarm, moment: Moment) -> AlarmFace:
    """Make the row of an alarm that somebody put away for a time: who, why, and how long still."""
    until_utc_s = alarm.shelved_until_utc_s or moment.now_utc_s
    who = printable(alarm.shelved_by, 60)
    return _face(
        alarm,
        moment,
        cause=f"{printable(alarm.shelved_why, 300)} – {who}; {_now_words(alarm, moment)}",
        raised=_until_words(until_utc_s, moment),
        age=time_text.duration(until_utc_s - moment.now_utc_s),
        badge="",
        mark=Mark.ONE_SHOT if alarm.one_shot else Mark.SHELVED,
        over=not alarm.active,
    )


def suppressed_face(alarm: Alarm, moment: Moment) -> AlarmFace:
    """Make the row of an alarm that is part of another; nothing in it changes with time."""
    cause = moment.cause(alarm)
    return _face(alarm, moment, cause=cause, raised=moment.at(alarm.since_utc_s), mark=Mark.SUPPRESSED)


def out_of_service_face(alarm: Alarm, moment: Moment) -> AlarmFace:
    """Make the row of what is out of service: by what, by whom, why."""
    by = service_words(alarm.out_of_service)
    who = f" by {printable(alarm.out_of_service_by, 60)}" if alarm.out_of_service_by else ""
    why = printable(alarm.out_of_service_why, 300)
    return _face(
        alarm,
        moment,
        cause=f"{by[:1].upper()}{by[1:]}{who}{f': {why}' if why else ''}; {_now_words(alarm, moment)}",
        mark=Mark.OUT_OF_SERVICE,
        over=not alarm.active,
    )


def heading_face(incident: Incident, moment: Moment) -> AlarmFace:
    """Make the row that names what the rows below are part of: ``Behind Core router – 312 endpoints``."""
    how = suppression_words(incident.code, moment.picture.site).removesuffix(", which is down")
    count = _count(incident)
    lead = incident.lead
    cause = "" if lead is None else f"{moment.cause(lead)}; alarm {lead.number}"
    return AlarmFace(
        number=0 if lead is None else lead.number,
        subject=incident.key,
        urgency=0 if lead is None else int(lead.priority),
        name=f"{how[:1].upper()}{how[1:]} – {count}",
        cause=cause,
        raised=moment.at(incident.members[0].since_utc_s),
        age="",
        badge="",
        new=False,
        returned=False,
        mark=Mark.SUPPRESSED,
        row=Row.HEADING,
    )


def more_face(incident: Incident, hidden: int) -> AlarmFace:
    """Make the row that stands for those that are not listed; none hidden offers to list fewer again."""
    name = f"and {hidden:,} more" if hidden else "all listed"
    cause = "Enter lists them all" if hidden else "Enter lists the first ones only"
    return AlarmFace(0, incident.key, 0, name, cause, "", "", "", False, False, row=Row.MORE)


def incident_words(incident: Incident, moment: Moment) -> str:
    """Say how many an alarm leads, and which failed first: ``12 endpoints, first: Mast North 14:02:11``."""
    count = _count(incident)
    if service_of(incident.members[0].subject):
        return f"{count} more by the same cause"
    first = incident.first_out
    if first is None:
        return f"{count} behind it" if incident.code.startswith(BEHIND) else f"{count} with it"
    return f"{count}, first: {moment.picture.name_of(first.subject)} {moment.at(first.since_utc_s)}"


def _count(incident: Incident) -> str:
    noun = "service" if service_of(incident.members[0].subject) else "endpoint"
    return figures.counted(len(incident.members), noun)


def _until_words(until_utc_s: float, moment: Moment) -> str:
    """Say when a shelf ends; within a day by the time alone, for a date would take the room of it."""
    if until_utc_s - moment.now_utc_s < time_text.DAY_S:
        return time_text.clock(until_utc_s, moment.zone)
    return moment.at(until_utc_s)


def _now_words(alarm: Alarm, moment: Moment) -> str:
    return moment.cause(alarm) if alarm.active else "no fault now"


def _in_hand(alarm: Alarm, moment: Moment) -> str:
    """Say who has it in hand where that is not who acknowledged it; else until when the latter holds."""
    if alarm.owner and alarm.owner != alarm.acknowledged_by:
        return f"with {initials(alarm.owner)}"
    until_utc_s = alarm.acknowledged_until_utc_s
    return "" if until_utc_s is None else f"to {time_text.clock(until_utc_s, moment.zone)[:5]}"


def _face(
    alarm: Alarm,
    moment: Moment,
    *,
    cause: str,
    raised: str = "",
    age: str = "",
    badge: str = "",
    below: str = "",
    mark: Mark = Mark.NONE,
    new: bool = False,
    returned: bool = False,
    over: bool = False,
) -> AlarmFace:
    return AlarmFace(
        number=alarm.number,
        subject=alarm.subject,
        urgency=int(alarm.priority),
        name=moment.picture.name_of(alarm.subject),
        cause=cause,
        raised=raised or moment.at(alarm.raised_utc_s),
        age=age,
        badge=PENDING if moment.pending.about(alarm.number) else badge,
        new=new,
        returned=returned,
        below=below,
        mark=mark,
        over=over,
    )
