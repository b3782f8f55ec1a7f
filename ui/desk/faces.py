"""What stands on each tile and row, as text and codes: made from the picture, compared, then painted.

Views keep the face they painted; only faces that differ are painted again. No Qt here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import Alarm
from controlroom.condition.state import Condition
from controlroom.logbook.act import Act
from controlroom.logbook.entry import Entry
from controlroom.reading import Outcome, Reading, Reason, reason_code
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.log_sentences import log_sentence
from controlroom.report.service_alarm_words import joint_of
from controlroom.report.unknown_words import UNKNOWN, unknown_lines
from controlroom.site.view import SeenEndpoint, SeenMetric, SeenProbe
from ui.desk import figures, time_text
from ui.desk.picture import EndpointPicture, Picture

OLD_AFTER_PERIODS = 2.5
OLD_AFTER_S = 3.0
"""A figure older than this, and than its periods, shows its age; all others are as fresh as they can be."""

LOSSY_RATIO = 0.005
"""From this loss on a healthy endpoint shows its loss beside its figure."""

RTT_S = "rtt_s"
"""The one figure that everybody takes an unnamed one for."""

MOST_UNKNOWN = 5
"""How many values of a probe that its answer did not tell are told one by one."""

STALE = "stale"
WAITING = "waiting"


def condition_title(condition: Condition) -> str:
    """Name a condition as a heading: ``Down``."""
    return wording.condition_words(condition).removeprefix("in ").capitalize()


def cause_sentence(
    alarm: Alarm, seen: SeenEndpoint | None = None, name_of: Callable[[str], str] = printable
) -> str:
    """Say what an alarm is about and why: ``Down, no reply in time``."""
    cause = wording.cause_words(alarm.cause)
    cause = cause[:1].upper() + cause[1:]
    if alarm.reason in ("", "none", alarm.cause):
        return cause
    why = wording.reason_words(alarm.reason, seen, name_of=name_of)
    return f"{cause}{joint_of(alarm.reason)}{why}"


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
    there is little room. ``title`` names the figure; empty where it needs no name: a round-trip time, and
    words for what came of asking. ``hidden`` tells that its alarm is shelved, suppressed or out of service.
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
    title: str = ""
    hidden: bool = False

    @property
    def named_figure(self) -> str:
        """The figure with its title in front, where it has one."""
        return f"{self.title} {self.figure}".strip()

    @property
    def attention(self) -> bool:
        """Whether the tile stands out."""
        return self.shape not in (Condition.UP, Condition.MAINTENANCE, STALE, WAITING)

    def spoken(self) -> str:
        """The tile as a screen reader says it."""
        parts = (
            self.name,
            f"{self.word} {self.lasting}".strip(),
            self.named_figure if self.figure != figures.NONE else "",
            self.loss and f"loss {self.loss}",
            self.age,
        )
        return ", ".join(part for part in parts if part and part != figures.NONE)


def tile_face(endpoint: EndpointPicture, now_utc_s: float, now_monotonic_s: float, live: bool) -> TileFace:
    """Make the tile of an endpoint as it is to be shown now."""
    state, condition = endpoint.state, endpoint.state.condition if endpoint.state else None
    chief = endpoint.chief
    probe = endpoint.probe if chief is None else chief.probe
    reading = None if probe is None else endpoint.newest.get(probe.name)
    age_s = endpoint.age_of(probe, now_monotonic_s)
    figure, title = _told(chief.metric, reading) if chief is not None else ("", "")
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
        figure=figure or _no_figure(reading),
        loss=figures.share(ratio),
        lossy=ratio is not None and ratio >= LOSSY_RATIO,
        age=_age(probe, age_s) if live else "",
        new=endpoint.alarm is not None and endpoint.alarm.annunciated,
        title=title,
        hidden=live and endpoint.alarm is not None and endpoint.alarm.hidden,
    )


def _told(metric: SeenMetric, reading: Reading | None) -> tuple[str, str]:
    """Return a figure of a reading and its title; the figure is empty where nothing was answered.

    An answer that lacks it is *unknown*: it was told before, or is what the site asks for.
    """
    if reading is None or reading.outcome is not Outcome.REPLIED:
        return "", ""
    title = "" if metric.name == RTT_S else printable(metric.title or metric.name, 100)
    value = reading.values.get(metric.name)
    if value is None or not math.isfinite(value):
        return UNKNOWN, title
    return printable(figures.figure(value, metric.unit, metric.meanings)), title


def _urgency(endpoint: EndpointPicture, condition: Condition) -> int:
    """Colour is urgency: that of the open alarm; without an alarm, only a failure has one.

    What is shelved, suppressed or out of service calls nobody: it keeps its shape and word, in grey.
    """
    if condition in (Condition.UP, Condition.MAINTENANCE):
        return 0
    if endpoint.alarm is not None:
        return 0 if endpoint.alarm.hidden else int(endpoint.alarm.priority)
    return {Condition.DOWN: 1, Condition.DEGRADED: 3}.get(condition, 0)


def _no_figure(reading: Reading | None) -> str:
    if reading is None:
        return figures.NONE
    if reading.reason is Reason.BLIND:
        return "not asked"
    return {
        Outcome.NO_REPLY: "no reply",
        Outcome.REFUSED: "refused",
        Outcome.NOT_RUN: "not asked",
        Outcome.REPLIED: figures.NONE,
    }[reading.outcome]


def probe_lines(endpoint: EndpointPicture, now_utc_s: float) -> list[str]:
    """Tell how each probe answered last, side by side, and below it what its answer did not tell.

    A single one whose figure needs no name stands on the tile.
    """
    probes = endpoint.seen.probes
    lines = [line for probe in probes for line in _lines_of(endpoint, probe, now_utc_s)]
    is_told = len(probes) == 1 and len(lines) == 1 and not _title_of(endpoint, probes[0])
    return [] if is_told else lines


def _lines_of(endpoint: EndpointPicture, probe: SeenProbe, now_utc_s: float) -> list[str]:
    reading = endpoint.newest.get(probe.name)
    age = "" if reading is None else _old(now_utc_s - reading.sent_utc_s, probe)
    title = _title_of(endpoint, probe)
    answered = _answered(endpoint, probe, reading)
    line = f"{probe.title}{f', {title}' if title else ''}: {answered}{f', {age}' if age else ''}"
    if reading is None or reading.outcome is not Outcome.REPLIED:
        return [line]
    told = endpoint.told.get(probe.name, ())
    lacks = unknown_lines(probe, _unknown_besides(endpoint, probe), told)
    more = len(lacks) - MOST_UNKNOWN
    return [line, *lacks[:MOST_UNKNOWN], *([f"and {more} more unknown"] if more > 0 else [])]


def _unknown_besides(endpoint: EndpointPicture, probe: SeenProbe) -> dict[str, str]:
    """Return what a probe's answer did not tell besides the figure that stands for it."""
    chief = endpoint.figure_of(probe)
    unknown = endpoint.unknown.get(probe.name, {})
    return {metric: why for metric, why in unknown.items() if chief is None or metric != chief.name}


def _title_of(endpoint: EndpointPicture, probe: SeenProbe) -> str:
    """Name the figure that stands for a probe, where it was answered and needs a name."""
    metric = endpoint.figure_of(probe)
    return "" if metric is None else _told(metric, endpoint.newest.get(probe.name))[1]


def _answered(endpoint: EndpointPicture, probe: SeenProbe, reading: Reading | None) -> str:
    """Return the figure that stands for a probe, or what came of asking."""
    if reading is None:
        return "not asked yet"
    metric = endpoint.figure_of(probe)
    figure = "" if metric is None else _told(metric, reading)[0]
    why = "" if metric is None else endpoint.unknown.get(probe.name, {}).get(metric.name, "")
    if figure == UNKNOWN and why:
        return f"{UNKNOWN}, {printable(why, 300)}"
    if figure and (figure != UNKNOWN or reading.reason is Reason.NONE):
        return figure
    if reading.reason is Reason.NONE:
        return wording.outcome_words(reading.outcome)
    return wording.reason_words(reason_code(reading.reason, reading.values), probe_type=probe.type)


def _age(probe: SeenProbe | None, age_s: float | None) -> str:
    return "" if age_s is None or probe is None else _old(age_s, probe)


def _old(age_s: float, probe: SeenProbe) -> str:
    """Tell the age of a figure that is older than it should be."""
    old = age_s > max(OLD_AFTER_S, OLD_AFTER_PERIODS * probe.period_s)
    return f"{time_text.duration(age_s)} old" if old else ""


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
