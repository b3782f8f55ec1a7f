"""The times of an alarm, told by a clock that was set. It reads no clock."""

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


def in_new_time(alarm: Alarm, given: Alarm | None, step_s: float) -> Alarm:
    """Tell an alarm's times by a clock that was set by so much; those it was ``given`` with stay."""
    moved: dict[str, float] = {}
    for stamp in STAMPS:
        at_utc_s = getattr(alarm, stamp)
        if at_utc_s is not None and (given is None or at_utc_s != getattr(given, stamp)):
            moved[stamp] = at_utc_s + step_s
    return replace(alarm, **moved) if moved else alarm  # type: ignore[arg-type]  # every stamp is a float
