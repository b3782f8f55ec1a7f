"""A log of alarms as a test tells it, and the health of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from controlroom.alarms.health.figures import AlarmHealth, health_of
from controlroom.alarms.health.monitored import Span, monitored
from controlroom.logbook.entry import Entry, Fact, LogKind

START_S = 1_800_000_000.0
"""A full hour, and a full window of ten minutes."""
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86_400.0


@dataclass(slots=True)
class ToldLog:
    """Entries in order; times are seconds after ``START_S``."""

    entries: list[Entry] = field(default_factory=list)
    alarms: int = 0

    def tell(self, kind: LogKind, number: int, at_s: float, by: str = "", /, **facts: Fact) -> None:
        """Tell anything of an alarm; its subject is that of its raising."""
        before = next((each for each in self.entries if each.facts["alarm"] == number), None)
        known: dict[str, Fact] = {"alarm": number, "cause": "down", "reason": "deadline", "priority": 4}
        if before is not None:
            known |= {each: before.facts[each] for each in ("cause", "reason", "priority")}
        subject = str(facts.pop("subject", before.subject if before is not None else "mast"))
        whole = known | facts
        self.entries.append(Entry(len(self.entries) + 1, START_S + at_s, kind, subject, by, whole, "", ""))

    def raised(self, at_s: float, subject: str = "mast", /, **facts: Fact) -> int:
        """Raise a new alarm, and return its number."""
        self.alarms += 1
        self.tell(LogKind.ALARM_RAISED, self.alarms, at_s, subject=subject, **facts)
        return self.alarms

    def returned(self, number: int, at_s: float, ended: bool = False) -> None:
        """End the fault of an alarm."""
        self.tell(LogKind.ALARM_RETURNED, number, at_s, ended=ended)

    def acknowledged(self, number: int, at_s: float, ended: bool = False) -> None:
        """Let somebody acknowledge it."""
        self.tell(LogKind.ALARM_ACKNOWLEDGED, number, at_s, "Eva", ended=ended)

    def health(
        self,
        since_s: float = 0.0,
        until_s: float = DAY_S,
        blind: tuple[Span, ...] = (),
        positions: int = 1,
    ) -> AlarmHealth:
        """Tell the health of a range; spans without monitoring are seconds after ``START_S`` too."""
        spans = [(START_S + from_s, START_S + to_s) for from_s, to_s in blind]
        ran = monitored(START_S + since_s, START_S + until_s, spans)
        return health_of(self.entries, ran, positions=positions)


def burst(count: int, first_s: float = 0.0, apart_s: float = 50.0) -> ToldLog:
    """Alarms of as many endpoints, so far apart."""
    log = ToldLog()
    for place in range(count):
        log.raised(first_s + place * apart_s, f"mast-{place}")
    return log
