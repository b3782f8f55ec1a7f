"""The times of an alarm, told by a clock that was set. It reads no clock.

Rules:
1. What was stamped since the alarms were given moves with the clock; what was given stays, for nobody knows
   by which clock it was made.
2. A clock that is set back makes nothing quiet for longer: until when an alarm is on its shelf or
   acknowledged moves with it in any case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import Alarm

STAMPS: Final = (
    "since_utc_s",
    "raised_utc_s",
    "acknowledged_utc_s",
    "acknowledged_until_utc_s",
    "returned_utc_s",
    "shelved_utc_s",
    "shelved_until_utc_s",
)

QUIET: Final = frozenset(
    {"shelved_utc_s", "shelved_until_utc_s", "acknowledged_utc_s", "acknowledged_until_utc_s"}
)
"""The stamps between which an alarm is quiet (rule 2)."""


def in_new_time(alarm: Alarm, given: Alarm | None, step_s: float) -> Alarm:
    """Tell an alarm's times by a clock that was set by so much; ``given`` is how it came (rules 1 and 2)."""
    moved: dict[str, float] = {}
    for stamp in STAMPS:
        at_utc_s = getattr(alarm, stamp)
        follows = given is None or at_utc_s != getattr(given, stamp) or (step_s < 0 and stamp in QUIET)
        if at_utc_s is not None and follows:
            moved[stamp] = at_utc_s + step_s
    return replace(alarm, **moved) if moved else alarm  # type: ignore[arg-type]  # every stamp is a float
