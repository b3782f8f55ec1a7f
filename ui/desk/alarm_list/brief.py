"""What the detail of one alarm says at one moment, as words; made from the picture. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controlroom.alarms.alarm import LATCHED, Alarm, AlarmState
from controlroom.alarms.handling import calls_anew_at
from controlroom.report import wording
from controlroom.report.alarm_words import service_words, suppression_words
from controlroom.report.escaping import printable
from controlroom.site.action_card import ActionCard
from ui.desk import time_text
from ui.desk.alarm_list.face import PENDING, Moment, incident_words
from ui.desk.alarm_list.lists import Incident
from ui.desk.alarm_list.story import Tick
from ui.desk.alarm_list.term import term_words


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the card; ``by`` says who ticked it when, or that the tick is on its way."""

    number: int
    words: str
    done: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is said. ``presses`` tells that the time to respond is over while nobody has acknowledged it."""

    number: int
    urgency: int
    new: bool
    name: str
    state: str
    facts: tuple[tuple[str, str], ...]
    presses: bool = False
    steps: tuple[StepLine, ...] = ()
    members: tuple[str, ...] = ()
    members_title: str = ""


def brief_of(
    alarm: Alarm, moment: Moment, card: ActionCard, incident: Incident | None, ticks: Mapping[int, Tick]
) -> Brief:
    """Say all about an alarm."""
    left_s = _left_s(alarm, card, moment)
    facts = (
        ("Cause", moment.cause(alarm)),
        ("Respond", _respond_words(alarm, card, moment, left_s) if card.steps else ""),
        ("Lost meanwhile", card.consequence),
        ("Call", card.call),
        ("First", _first_words(incident, moment)),
        ("Note", f"“{printable(alarm.note, 1000)}”" if alarm.note else ""),
    )
    return Brief(
        number=alarm.number,
        urgency=int(alarm.priority),
        new=alarm.annunciated and alarm.active,
        name=moment.picture.name_of(alarm.subject),
        state=state_words(alarm, moment),
        facts=tuple((title, words) for title, words in facts if words),
        presses=left_s is not None and left_s < 0,
        steps=_steps(alarm, card, ticks, moment),
        members=() if incident is None else _members(incident, moment),
        members_title="" if incident is None else incident_words(incident, moment),
    )


def state_words(alarm: Alarm, moment: Moment) -> str:
    """Say the state that counts and since when; of a hidden one by what, by whom, why and for how long."""
    priority = wording.priority_words(int(alarm.priority)).capitalize()
    shown = alarm.shown_state
    if shown is AlarmState.OUT_OF_SERVICE:
        words = service_words(alarm.out_of_service)
        words += f" by {printable(alarm.out_of_service_by, 100)}" if alarm.out_of_service_by else ""
        why = alarm.out_of_service_why
    elif shown is AlarmState.SUPPRESSED:
        words, why = f"suppressed, {suppression_words(alarm.suppressed_by, moment.picture.site)}", ""
    elif shown is AlarmState.SHELVED:
        words, why = _shelf_words(alarm, moment), alarm.shelved_why
    else:
        words, why = _open_words(alarm, moment), ""
    reason = f" Reason: “{printable(why, 1000)}”" if why else ""
    return f"{priority}: {words}.{reason}"


def _shelf_words(alarm: Alarm, moment: Moment) -> str:
    until_utc_s = alarm.shelved_until_utc_s or moment.now_utc_s
    left = time_text.duration(until_utc_s - moment.now_utc_s)
    once = ", at most until it is over" if alarm.one_shot else ""
    return f"shelved by {printable(alarm.shelved_by, 100)} until {moment.at(until_utc_s)}, {left} left{once}"


def _open_words(alarm: Alarm, moment: Moment) -> str:
    since = moment.at(alarm.since_utc_s)
    lasts = time_text.duration(moment.now_utc_s - alarm.since_utc_s)
    if alarm.state is AlarmState.UNACKNOWLEDGED:
        return f"new, raised {moment.at(alarm.raised_utc_s)}; the fault began {since}, {lasts} ago"
    over = alarm.returned_utc_s
    if alarm.state is AlarmState.RETURNED_UNACKNOWLEDGED and over is not None:
        return f"over since {moment.at(over)}, not yet acknowledged; it began {since}"
    if alarm.state in LATCHED and over is not None:
        return f"{wording.alarm_state_words(alarm.state)}; over since {moment.at(over)}, it began {since}"
    if alarm.state is not AlarmState.ACKNOWLEDGED or alarm.acknowledged_utc_s is None:
        return wording.alarm_state_words(alarm.state)
    who, at = printable(alarm.acknowledged_by, 100), moment.at(alarm.acknowledged_utc_s)
    anew = calls_anew_at(alarm)
    until = "" if anew is None else f", calls again {moment.at(anew[0])}"
    return f"acknowledged by {who} {at}{until}; the fault began {since}, {lasts} ago"


def _left_s(alarm: Alarm, card: ActionCard, moment: Moment) -> float | None:
    """Return what is left of the time to respond; ``None`` where somebody has, or need not."""
    if not alarm.annunciated or not alarm.active:
        return None
    return alarm.since_utc_s + card.time_to_respond_s - moment.now_utc_s


def _respond_words(alarm: Alarm, card: ActionCard, moment: Moment, left_s: float | None) -> str:
    within = f"within {term_words(card.time_to_respond_s)}"
    if left_s is None:
        return within
    by = moment.at(alarm.since_utc_s + card.time_to_respond_s)
    if left_s < 0:
        return f"{within}: overdue since {by}, by {time_text.duration(-left_s)}"
    return f"{within}: by {by}, {time_text.duration(left_s)} left"


def _first_words(incident: Incident | None, moment: Moment) -> str:
    first = None if incident is None else incident.first_out
    if first is None:
        return ""
    return f"{moment.picture.name_of(first.subject)}, {moment.at(first.since_utc_s)}"


def _steps(alarm: Alarm, card: ActionCard, ticks: Mapping[int, Tick], moment: Moment) -> tuple[StepLine, ...]:
    lines = []
    for number, words in enumerate(card.steps, start=1):
        done, tick = alarm.is_step_done(number), ticks.get(number)
        by = (
            f"{printable(tick.operator, 60)}, {moment.at(tick.at_utc_s)}" if done and tick is not None else ""
        )
        pending = number in moment.pending.ticking(alarm.number)
        lines.append(StepLine(number, words, done is not pending, PENDING if pending else by))
    return tuple(lines)


def _members(incident: Incident, moment: Moment) -> tuple[str, ...]:
    names = (
        f"{moment.at(member.since_utc_s)}   {moment.picture.name_of(member.subject)}"
        for member in incident.members
    )
    return tuple(names)
