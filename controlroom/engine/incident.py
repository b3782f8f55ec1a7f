"""One incident: the faults of one cause, and the one alarm that leads them. It decides nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.transitions import Fault
from controlroom.condition.cause_code import PART_OF, LostTogether


@dataclass(slots=True)
class Incident:
    """What is lost together. ``members`` are the faults by endpoint; ``first`` fell first of all.

    Times are monotonic seconds: when a member returned last, and first since the incident was looked at; when
    the leading alarm was last told of, and made to call again.
    """

    subject: str
    number: int
    first: str
    since_utc_s: float
    members: dict[str, Fault] = field(default_factory=dict)
    returned_s: float | None = None
    returning_since_s: float | None = None
    told_s: float = 0.0
    called_s: float = -math.inf
    newest: str = ""
    """The member that joined last and of which nobody was told yet."""
    most: int = 0
    """How many were lost at one time: that is told, also while they return."""
    worst: Priority = Priority.LOW
    """How urgent it was at the worst: so it stays while it lasts."""

    @property
    def code(self) -> str:
        """By what its members are suppressed."""
        return f"{PART_OF}{self.subject}"

    def fault(self) -> Fault:
        """Return what the leading alarm tells: how many, who was first, as urgent as the most urgent."""
        self.most = max(self.most, len(self.members))
        self.worst = min(self.worst, *(fault.priority for fault in self.members.values()))
        return Fault(
            subject=self.subject,
            cause=Cause.GROUP_LOST,
            reason=LostTogether(self.most, self.first).code,
            priority=self.worst,
            since_utc_s=self.since_utc_s,
        )


def incident_of_alarm(lead: Alarm, now_s: float) -> Incident:
    """Return the incident that a leading alarm tells of, without its members."""
    told = LostTogether.read(lead.reason)
    count, first = (0, "") if told is None else (told.count, told.first)
    return Incident(
        lead.subject,
        lead.number,
        first,
        lead.since_utc_s,
        told_s=now_s,
        most=count,
        worst=lead.priority,
    )


def fault_of_alarm(alarm: Alarm) -> Fault:
    """Return the fault that an alarm tells, as far as the alarm keeps it."""
    return Fault(
        subject=alarm.subject,
        cause=alarm.cause,
        reason=alarm.reason,
        priority=alarm.priority,
        since_utc_s=alarm.since_utc_s,
        off_delay_s=alarm.off_delay_s,
        latching=alarm.latching,
        remind_s=alarm.remind_s,
    )
