"""What stands on each tile and row, as text and codes: made from the picture, compared, then painted.

Views keep the face they painted; only faces that differ are painted again. No Qt here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.condition.state import Condition
from controlroom.logbook.act import Act
from controlroom.logbook.entry import Entry
from controlroom.reading import Outcome, Reading, Reason, reason_code
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.log_sentences import log_sentence
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe
from ui.desk import figures, time_text
from ui.desk.pending import PendingActs
from ui.desk.picture import EndpointPicture, Picture

OLD_AFTER_PERIODS = 2.5
OLD_AFTER_S = 3.0
"""A figure older than this, and than its periods, shows its age; all others are as fresh as they can be."""

LOSSY_RATIO = 0.005
"""From this loss on a healthy endpoint shows its loss beside its figure."""

STALE = "stale"
WAITING = "waiting"


def condition_title(condition: Condition) -> str:
    """Name a condition as a heading: ``Down``."""
    return wording.condition_words(condition).removeprefix("in ").capitalize()


def cause_sentence(alarm: Alarm, seen: SeenEndpoint | None = None) -> str:
    """Say what an alarm is about and why: ``Down, no reply in time``."""
    cause = wording.cause_words(alarm.cause)
    cause = cause[:1].upper() + cause[1:]
    if alarm.reason in ("", "none", alarm.cause):
        return cause
    return f"{cause}, {wording.reason_words(alarm.reason, seen)}"


def initials(operator: str) -> str:
    """Shorten an operator to what fits a column: ``m.kowalska`` and ``Maria Kowalska (ops1)`` are ``MK``."""
    name = re.sub(r" \([^()]*\)$", "", operator)
    parts = [part for part in re.split(r"[^\w]+|_", name) if part]
    if len(parts) > 1:
        return (parts[0][0] + parts[-1][0]).upper()
    return printable(name, 8)


@dataclass(frozen=True, slots=True)
class TileFace:
    """One endpoint on the board.

    ``shape`` is a condition's code, ``"stale"`` or ``"waiting"``; ``urgency`` 1 to 4 colours it, 0 leaves it
    grey. ``attention`` raises it from the ground. ``lossy`` tells that the loss deserves a look even where
    there is little room.
    """

    endpoint_id: str
    name: str
    shape: str
    word: str
    lasting: str
    urgency: int
    figure: str
    loss: str
    lossy: bool
    age: str
    new: bool = False

    @property
    def attention(self) -> bool:
        """Whether the tile stands out."""
        return self.shape not in (Condition.UP, Condition.MAINTENANCE, STALE, WAITING)

    def spoken(self) -> str:
        """The tile as a screen reader says it."""
        parts = (
            self.name,
            f"{self.word} {self.lasting}".strip(),
            self.figure,
            self.loss and f"loss {self.loss}",
            self.age,
        )
        return ", ".join(part for part in parts if part and part != figures.NONE)


def tile_face(endpoint: EndpointPicture, now_utc_s: float, now_monotonic_s: float, live: bool) -> TileFace:
    """Make the tile of an endpoint as it is to be shown now."""
    state, condition = endpoint.state, endpoint.state.condition if endpoint.state else None
    age_s = endpoint.age_s(now_monotonic_s)
    figure = _figure(endpoint.metric, endpoint.value()) if endpoint.metric else ""
    ratio, lasting = endpoint.loss.ratio(), ""
    if not live:
        word, shape, urgency = "Stale", STALE, 0
        lasting = "" if age_s is None else time_text.duration(age_s)
    elif state is None or condition is None:
        word, shape, urgency = "Waiting", WAITING, 0
    else:
        word, shape, urgency = condition_title(condition), str(condition), _urgency(endpoint, condition)
        if condition is not Condition.UP:
            lasting = time_text.duration(now_utc_s - state.since_utc_s)
        elif state.suspected is not None:
            word = "Checking"
    return TileFace(
        endpoint_id=endpoint.seen.id,
        name=endpoint.seen.name,
        shape=shape,
        word=word,
        lasting=lasting,
        urgency=urgency,
        figure=_no_figure(endpoint) if figure in ("", figures.NONE) else figure,
        loss=figures.share(ratio),
        lossy=ratio is not None and ratio >= LOSSY_RATIO,
        age=_age(endpoint, age_s) if live else "",
        new=endpoint.alarm is not None and endpoint.alarm.state is AlarmState.UNACKNOWLEDGED,
    )


def _figure(metric: SeenMetric, value: float | None) -> str:
    return printable(figures.figure(value, metric.unit, metric.meanings))


def _urgency(endpoint: EndpointPicture, condition: Condition) -> int:
    """Colour is urgency: that of the open alarm; without an alarm, only a failure has one."""
    if condition in (Condition.UP, Condition.MAINTENANCE):
        return 0
    if endpoint.alarm is not None:
        return int(endpoint.alarm.priority)
    return {Condition.DOWN: 1, Condition.DEGRADED: 3}.get(condition, 0)


def _no_figure(endpoint: EndpointPicture) -> str:
    if endpoint.reading is None:
        return figures.NONE
    if endpoint.reading.reason is Reason.BLIND:
        return "not asked"
    return {
        Outcome.NO_REPLY: "no reply",
        Outcome.REFUSED: "refused",
        Outcome.NOT_RUN: "not asked",
        Outcome.REPLIED: figures.NONE,
    }[endpoint.reading.outcome]


def probe_lines(endpoint: EndpointPicture, now_utc_s: float) -> list[str]:
    """Tell how each of several probes answered last, side by side; a single one stands on the tile."""
    probes = endpoint.seen.probes
    if len(probes) < 2:
        return []
    lines = []
    for probe in probes:
        reading = endpoint.newest.get(probe.name)
        age = "" if reading is None else _old(now_utc_s - reading.sent_utc_s, probe)
        lines.append(f"{probe.title}: {_answered(probe, reading)}{f', {age}' if age else ''}")
    return lines


def _answered(probe: SeenProbe, reading: Reading | None) -> str:
    """Return the first figure of a probe's newest reading, or what came of asking."""
    if reading is None:
        return "not asked yet"
    metric = next((each for each in probe.metrics if each.name in reading.values), None)
    if metric is not None and reading.outcome is Outcome.REPLIED:
        return _figure(metric, reading.values[metric.name])
    if reading.reason is Reason.NONE:
        return wording.outcome_words(reading.outcome)
    return wording.reason_words(reason_code(reading.reason, reading.values), probe_type=probe.type)


def _age(endpoint: EndpointPicture, age_s: float | None) -> str:
    probe = endpoint.probe
    return "" if age_s is None or probe is None else _old(age_s, probe)


def _old(age_s: float, probe: SeenProbe) -> str:
    """Tell the age of a figure that is older than it should be."""
    old = age_s > max(OLD_AFTER_S, OLD_AFTER_PERIODS * probe.period_s)
    return f"{time_text.duration(age_s)} old" if old else ""


@dataclass(frozen=True, slots=True)
class AlarmFace:
    """One alarm in the list. ``badge`` is ``"NEW"``, or says who acknowledged it, or that it returned."""

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

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        urgency = wording.priority_words(self.urgency)
        return f"{self.badge}, {urgency}, {self.name}, {self.cause}, raised {self.raised}, {self.age}"


def alarm_face(
    alarm: Alarm, picture: Picture, pending: PendingActs, now_utc_s: float, zone: ZoneInfo
) -> AlarmFace:
    """Make the row of an alarm as it is to be shown now."""
    returned = alarm.state is AlarmState.RETURNED_UNACKNOWLEDGED
    new = alarm.state is AlarmState.UNACKNOWLEDGED
    if pending.acknowledging(alarm.number):
        badge = "pending…"
    elif returned:
        badge = "Returned"
    elif new:
        badge = "NEW"
    else:
        badge = f"Ack {initials(alarm.acknowledged_by)}"
    since_s = alarm.returned_utc_s if returned and alarm.returned_utc_s is not None else alarm.since_utc_s
    about = picture.endpoints.get(alarm.subject)
    cause = cause_sentence(alarm, about.seen if about is not None else None)
    if returned:
        cause = f"{cause}; now normal"
    if alarm.occurrences > 1:
        cause = f"{cause} ({alarm.occurrences} times)"
    return AlarmFace(
        number=alarm.number,
        subject=alarm.subject,
        urgency=int(alarm.priority),
        name=picture.name_of(alarm.subject),
        cause=cause,
        raised=time_text.moment(alarm.raised_utc_s, now_utc_s, zone),
        age=time_text.duration(now_utc_s - since_s),
        badge=badge,
        new=new,
        returned=returned,
    )


@dataclass(frozen=True, slots=True)
class LogFace:
    """One line of the event log. ``number`` is ``None`` while the engine has not taken it."""

    number: int | None
    subject: str
    at: str
    who: str
    text: str
    by_person: bool

    def spoken(self) -> str:
        """The line as a screen reader says it."""
        return f"{self.at}, {self.who}, {self.text}"


def log_face(entry: Entry, picture: Picture, now_utc_s: float, zone: ZoneInfo) -> LogFace:
    """Make the line of an entry."""
    return LogFace(
        number=entry.number,
        subject=entry.subject,
        at=time_text.moment(entry.at_utc_s, now_utc_s, zone),
        who=initials(entry.operator) if entry.operator else "auto",
        text=log_sentence(entry, picture.site),
        by_person=bool(entry.operator),
    )


def pending_note_face(act: Act, picture: Picture, now_utc_s: float, zone: ZoneInfo) -> LogFace:
    """Make the line of a note that is on its way to the engine."""
    about = "" if act.subject == "engine" else f"{picture.name_of(act.subject)}: "
    return LogFace(
        number=None,
        subject=act.subject,
        at=time_text.moment(act.at_utc_s, now_utc_s, zone),
        who=initials(act.operator),
        text=f"pending… {about}{printable(act.note)}",
        by_person=True,
    )
