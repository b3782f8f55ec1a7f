"""An alarm as the log's entries have left it: whether it stands, whether it is hidden. It counts nothing.

Rules:
1. Where an entry tells the alarm's state, or by what it is hidden, that holds; otherwise it follows from what
   the entry is.
2. An alarm that the log had not told of before is begun by whatever is told of it, at that moment.
3. It is raised when its fault begins to stand; a fault that becomes more urgent does not raise it anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from controlroom.alarms.alarm import ACTIVE, BY_OPERATOR, LATCHED, WAITING, Alarm
from controlroom.alarms.health.presented import Hidden, Row, Shelved
from controlroom.alarms.health.source import Source, source_of
from controlroom.logbook.entry import Entry, Fact

RAISED: Final = "alarm_raised"
RAISED_AGAIN: Final = "alarm_raised_again"
HIDES: Final = {
    "alarm_shelved": Hidden.SHELVED,
    "alarm_suppressed": Hidden.SUPPRESSED,
    "alarm_out_of_service": Hidden.OUT_OF_SERVICE,
}
_SHOWS: Final = {
    "alarm_unshelved": Hidden.SHELVED,
    "alarm_released": Hidden.SUPPRESSED,
    "alarm_in_service": Hidden.OUT_OF_SERVICE,
}
_TOLD_HIDDEN: Final = {
    "suppressed_by": Hidden.SUPPRESSED,
    "out_of_service": Hidden.OUT_OF_SERVICE,
    "shelved_utc_s": Hidden.SHELVED,
}


@dataclass(slots=True)
class Standing:
    """An alarm that has not ended. ``held`` is one whose fault is over and that waits for a reset."""

    number: int
    source: Source
    priority: int
    raised_utc_s: float
    active: bool = False
    held: bool = False
    unacknowledged: bool = False
    hidden: set[Hidden] = field(default_factory=set)
    out_of_service: str = ""
    """The code of what took it out of service."""
    visible_since_utc_s: float | None = None
    row: Row | None = None
    """Its newest presentation."""
    reason: str | None = None
    """The code that ``source`` was read from."""
    shelved: Shelved | None = None

    @property
    def calls(self) -> bool:
        """Whether it stands before the operators and calls for an acknowledgement."""
        return self.active and self.unacknowledged and not self.hidden

    @property
    def visible(self) -> bool:
        """Whether it stands before the operators."""
        return (self.active or self.held) and not self.hidden

    @property
    def over(self) -> bool:
        """Whether nothing is left of it: no fault, and no operator who put it away or out of service."""
        kept = Hidden.SHELVED in self.hidden or self.out_of_service == BY_OPERATOR
        return not (self.active or self.held or self.unacknowledged or kept)

    def hidden_by(self) -> Hidden | None:
        """Return why it is hidden, the first of several."""
        if not self.hidden:
            return None
        return next((each for each in Hidden if each in self.hidden), None)


def known(alarm: Alarm, since_utc_s: float) -> Standing:
    """Tell how an alarm stood at a moment after its raising, by what is known of it now."""
    returned_s, acknowledged_s = alarm.returned_utc_s, alarm.acknowledged_utc_s
    active = returned_s is None or returned_s >= since_utc_s
    known_as = Standing(
        number=alarm.number,
        source=source_of(alarm.subject, alarm.cause.value, alarm.reason),
        priority=int(alarm.priority),
        raised_utc_s=alarm.raised_utc_s,
        active=active,
        held=alarm.state in LATCHED and not active,
        unacknowledged=acknowledged_s is None or acknowledged_s >= since_utc_s,
        hidden=_hidden(alarm, since_utc_s),
        out_of_service=alarm.out_of_service,
    )
    if known_as.visible:
        known_as.visible_since_utc_s = alarm.raised_utc_s
    if Hidden.SHELVED in known_as.hidden:
        known_as.shelved = Shelved(
            number=alarm.number,
            source=known_as.source,
            priority=known_as.priority,
            since_utc_s=alarm.shelved_utc_s or since_utc_s,
            until_utc_s=alarm.shelved_until_utc_s,
            by=alarm.shelved_by,
            why=alarm.shelved_why,
        )
    return known_as


def _hidden(alarm: Alarm, since_utc_s: float) -> set[Hidden]:
    """By what an alarm was hidden at a moment; of what took it away without a time, as it is now."""
    shelved_s = alarm.shelved_utc_s
    by = {
        Hidden.OUT_OF_SERVICE: bool(alarm.out_of_service),
        Hidden.SUPPRESSED: bool(alarm.suppressed_by),
        Hidden.SHELVED: shelved_s is not None and shelved_s < since_utc_s,
    }
    return {why for why, is_so in by.items() if is_so}


def begun(number: int, entry: Entry) -> Standing:
    """Begin an alarm with the first entry that tells of it (rule 2)."""
    # What is new tells since when; of an older one this log lacks the beginning.
    new = entry.kind == RAISED or "since_utc_s" in entry.facts
    source = Source(entry.subject, "")
    return Standing(number, source, 0, entry.at_utc_s, active=not new, unacknowledged=not new)


def follow(alarm: Standing, entry: Entry) -> None:
    """Bring an alarm to where an entry left it."""
    kind, facts, was_active = entry.kind, entry.facts, alarm.active
    cause, reason = text(facts.get("cause")) or alarm.source.cause, text(facts.get("reason"))
    if reason != alarm.reason or cause != alarm.source.cause:
        alarm.source, alarm.reason = source_of(entry.subject, cause, reason), reason
    alarm.priority = whole(facts.get("priority")) or alarm.priority
    _follow_kind(alarm, kind, facts)
    if told := text(facts.get("state")):
        alarm.active, alarm.held, alarm.unacknowledged = told in ACTIVE, told in LATCHED, told in WAITING
    _follow_hiding(alarm, kind, facts)
    if kind == "alarm_ended" or facts.get("ended") is True:
        alarm.active = alarm.held = alarm.unacknowledged = False
        alarm.hidden.clear()
        alarm.out_of_service = ""
    if alarm.hidden or alarm.shelved is not None:
        _follow_shelf(alarm, kind, entry)
    if alarm.active and not was_active:
        alarm.raised_utc_s = entry.at_utc_s


def text(fact: Fact) -> str:
    """Return a fact that is text, else nothing."""
    return fact if isinstance(fact, str) else ""


def whole(fact: Fact) -> int | None:
    """Return a fact that is a whole number."""
    return fact if isinstance(fact, int) and not isinstance(fact, bool) else None


def number(fact: Fact) -> float | None:
    """Return a fact that is a number."""
    return float(fact) if isinstance(fact, int | float) and not isinstance(fact, bool) else None


def _follow_kind(alarm: Standing, kind: str, facts: Mapping[str, Fact]) -> None:
    if kind in (RAISED, RAISED_AGAIN):
        alarm.active, alarm.held, alarm.unacknowledged = True, False, True
    elif kind == "alarm_returned":
        alarm.active = False
    elif kind == "alarm_latched":
        alarm.active, alarm.held = False, True
    elif kind == "alarm_acknowledged":
        alarm.unacknowledged = False
    elif kind == "alarm_acknowledgement_expired":
        alarm.unacknowledged = alarm.active
    elif kind == "alarm_reset":
        alarm.active = alarm.held = alarm.unacknowledged = False


def _follow_hiding(alarm: Standing, kind: str, facts: Mapping[str, Fact]) -> None:
    alarm.out_of_service = text(facts.get("out_of_service", alarm.out_of_service))
    if kind in HIDES:
        alarm.hidden.add(HIDES[kind])
    elif kind in _SHOWS:
        alarm.hidden.discard(_SHOWS[kind])
    for fact, why in _TOLD_HIDDEN.items():
        if fact in facts:
            (alarm.hidden.add if facts[fact] else alarm.hidden.discard)(why)


def _follow_shelf(alarm: Standing, kind: str, entry: Entry) -> None:
    if Hidden.SHELVED not in alarm.hidden:
        alarm.shelved = None
    elif kind == "alarm_shelved" or alarm.shelved is None:
        # Put away anew, it tells only what became another.
        facts, before = entry.facts, alarm.shelved
        alarm.shelved = Shelved(
            number=alarm.number,
            source=alarm.source,
            priority=alarm.priority,
            since_utc_s=entry.at_utc_s,
            until_utc_s=number(facts.get("shelved_until_utc_s", before.until_utc_s if before else None)),
            by=entry.operator or text(facts.get("shelved_by")),
            why=text(facts.get("shelved_why", before.why if before else "")),
        )
