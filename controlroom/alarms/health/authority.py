"""Whether hiding an alarm had its authority. It looks at one entry and knows no alarm.

Rules:
1. Shelving and taking out of service need somebody who is signed in: an entry with an empty role tells of
   nobody.
2. Longer than is permitted needs a justification, which the entry tells.
3. What the engine hides by itself, and a maintenance window, have their authority from the site.
"""

from __future__ import annotations

from typing import Final

from controlroom.alarms.health.presented import Doubt
from controlroom.alarms.health.standing import number, text
from controlroom.logbook.entry import Entry

LONGEST_SHELF_S: Final = 28_800.0
BY_PEOPLE: Final = frozenset({"alarm_shelved", "alarm_out_of_service"})
_MAINTENANCE: Final = "maintenance:"
_A_MOMENT_S: Final = 1.0


def doubt_of(entry: Entry, longest_shelf_s: float) -> Doubt | None:
    """Return what is wrong with an act that hides, ``None`` where nothing is."""
    facts = entry.facts
    by_itself = not entry.operator or text(facts.get("out_of_service")).startswith(_MAINTENANCE)
    if entry.kind not in BY_PEOPLE or by_itself:
        return None
    if "role" in facts and not text(facts["role"]):
        return Doubt.NOBODY_SIGNED_IN
    until_utc_s = number(facts.get("shelved_until_utc_s"))
    longest_utc_s = entry.at_utc_s + longest_shelf_s + _A_MOMENT_S
    if until_utc_s is not None and until_utc_s > longest_utc_s and facts.get("justified") is not True:
        return Doubt.TOO_LONG
    return None
