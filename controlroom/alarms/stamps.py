"""The times of an alarm, told by a clock that was set. It reads no clock.

Rules:
1. What was stamped since the alarms were given moves with the clock; what was given stays, for nobody knows
   by which clock it was made.
2. A clock that is set back makes nothing quiet for longer: until when an alarm is on its shelf or
   acknowledged moves with it in any case.
3. So does when a service was lost, which stands in its alarm's reason.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.service_reason import ServiceReason

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
    if given is None or alarm.reason != given.reason:
        alarm = replace(alarm, reason=_reason(alarm.reason, step_s))
    moved: dict[str, float] = {}
    for stamp in STAMPS:
        at_utc_s = getattr(alarm, stamp)
        follows = given is None or at_utc_s != getattr(given, stamp) or (step_s < 0 and stamp in QUIET)
        if at_utc_s is not None and follows:
            moved[stamp] = at_utc_s + step_s
    return replace(alarm, **moved) if moved else alarm  # type: ignore[arg-type]  # every stamp is a float


def _reason(reason: str, step_s: float) -> str:
    """Tell when a service was lost by the clock as it is now (rule 3)."""
    told = ServiceReason.read(reason)
    if told is None or told.was_lost is None:
        return reason
    past = replace(told.was_lost, from_utc_s=told.was_lost.from_utc_s + step_s)
    return replace(told, was_lost=past).code
