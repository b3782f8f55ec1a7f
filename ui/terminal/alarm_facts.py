"""All that is known of one alarm, read once: its card, its parts, its history. It prints nothing.

Rules:
1. The time to respond runs from when the fault began, while it stands and nothing hides its alarm.
2. What fell first in an incident is what its alarm says, else the part of it whose fault is the oldest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from controlroom.alarms.alarm import Alarm, is_endpoint
from controlroom.alarms.card import card_of
from controlroom.alarms.service_subject import service_of
from controlroom.condition.cause_code import LostTogether
from controlroom.report.alarm_history import AlarmHistory, history_of
from controlroom.report.export_table import site_view
from controlroom.site.action_card import ActionCard
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """An alarm with everything that belongs to it. ``members`` are part of it now, the oldest fault first."""

    alarm: Alarm
    view: SiteView
    at_utc_s: float
    card: ActionCard
    members: Sequence[Alarm]
    history: AlarmHistory

    @property
    def time_left_s(self) -> float | None:
        """How long one still has, below 0 where it is over (rule 1); ``None`` where no time runs."""
        if not self.alarm.active or self.alarm.hidden or not self.card.steps:
            return None
        return self.alarm.since_utc_s + self.card.time_to_respond_s - self.at_utc_s

    @property
    def first_out(self) -> str:
        """What fell first (rule 2); empty where nothing is part of it."""
        told = LostTogether.read(self.alarm.reason)
        if told is not None and told.first:
            return told.first
        own = is_endpoint(self.alarm.subject) or service_of(self.alarm.subject) is not None
        fallen = [*self.members, *([self.alarm] if own else [])]
        first = min(fallen, key=lambda one: (one.since_utc_s, one is not self.alarm))
        return first.subject if self.members else ""


def facts_of(store: ReadStore, alarm: Alarm, utc_s: float) -> AlarmFacts:
    """Read everything that belongs to an alarm."""
    view = site_view(store) or SiteView(name="")
    members = sorted(
        (each for each in store.alarms() if each.part_of == alarm.number),
        key=lambda each: (each.since_utc_s, each.number),
    )
    card, history = card_of(alarm, view), history_of(store, alarm.number)
    return AlarmFacts(alarm, view, utc_s, card, members, history)
