"""A log entry with the site's names beside it, and its facts in the types that sentences need. It tells none.

A fact that is missing or of another type than expected (a newer program, a damaged file) is empty.
"""

from __future__ import annotations

import math

from controlroom.logbook.entry import Entry
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.site.view import SiteView


class ToldEntry:
    """An entry as a sentence needs it."""

    def __init__(self, entry: Entry, view: SiteView | None) -> None:
        """Take an entry, and the site that names what it is about, where it is known."""
        self.entry, self.view = entry, view
        self.subject = wording.subject_words(entry.subject, view)
        self.seen = wording.seen_endpoint(entry.subject, view)
        self.profile = view.profile_of(self.seen) if view is not None and self.seen is not None else None
        self.operator = printable(entry.operator, 100)
        self.zone = view.time_zone if view is not None else "UTC"

    def words(self, fact: str) -> str:
        """A fact as text, or ``""``."""
        value = self.entry.facts.get(fact)
        return "" if value is None else printable(str(value))

    def name_of(self, subject: str) -> str:
        """Name another subject as the site does."""
        return wording.subject_words(subject, self.view)

    def number(self, fact: str) -> float | None:
        """A fact as a finite number, or ``None``."""
        value = self.entry.facts.get(fact)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value)

    def began(self) -> str:
        """How long before the entry it began, where that was a second or more."""
        since_utc_s = self.number("since_utc_s")
        if since_utc_s is None or self.entry.at_utc_s - since_utc_s < 1:
            return ""
        return f"; it began {value_text(self.entry.at_utc_s - since_utc_s, 's')} earlier"

    def by(self) -> str:
        """Who did it, where a person did."""
        return f" by {self.operator}" if self.operator else ""

    def note(self) -> str:
        """The operator's own words, marked as such."""
        note = self.words("note")
        return f" Note: “{note}”" if note else ""

    def alarm(self) -> str:
        """Which alarm an entry is about: ``Alarm 12``."""
        number = self.number("alarm")
        return "Alarm" if number is None else f"Alarm {number:.0f}"

    def fault(self) -> str:
        """What an alarm is about: ``Mast North: down, no reply in time``."""
        fault = wording.fault_words(self.words("cause"), self.words("reason"), self.seen, self.name_of)
        return f"{self.subject}: {fault}" if fault else self.subject
