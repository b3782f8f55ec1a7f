"""How urgent an alarm is, by what hangs on its subject and how long one has. It knows no rule of a site.

1. The most that an alarm can be is as urgent as its subject is critical.
2. Up to a quarter of an hour to respond takes nothing from that, up to an hour one step, more two.
3. Of the least urgent priority there is none below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from controlroom.alarms.alarm import Priority
from controlroom.site.criticality import Criticality

AT_ONCE_S: Final = 900.0
WITHIN_THE_HOUR_S: Final = 3600.0

PRIORITY_OF: Final[Mapping[Criticality, Priority]] = {
    Criticality.CRITICAL: Priority.CRITICAL,
    Criticality.HIGH: Priority.HIGH,
    Criticality.MEDIUM: Priority.MEDIUM,
    Criticality.LOW: Priority.LOW,
}


def priority_by(criticality: Criticality, time_to_respond_s: float) -> Priority:
    """Return the priority of an alarm."""
    steps = (time_to_respond_s > AT_ONCE_S) + (time_to_respond_s > WITHIN_THE_HOUR_S)
    return Priority(min(PRIORITY_OF[criticality] + steps, Priority.LOW))
