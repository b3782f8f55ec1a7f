"""What happened and needs nobody: told by the log alone, never an alarm. It keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass

from controlroom.alarms.alarm import Cause
from controlroom.logbook.entry import Draft, LogKind


@dataclass(frozen=True, slots=True)
class Event:
    """A fault that a rule of the site, by its id, tells as an event."""

    subject: str
    cause: Cause
    reason: str
    since_utc_s: float
    rule: str

    def entry(self, at_utc_s: float) -> Draft:
        """Return the entry that tells it."""
        facts = {
            "cause": self.cause.value,
            "reason": self.reason,
            "since_utc_s": self.since_utc_s,
            "rule": self.rule,
        }
        return Draft(at_utc_s, LogKind.EVENT, self.subject, facts=facts)
