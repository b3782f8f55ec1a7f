"""What an alarm is, after ISA-18.2 / IEC 62682. The transitions stand in ``transitions.py``."""

from __future__ import annotations

import enum
from dataclasses import dataclass

ENGINE = "engine"
"""The subject of an alarm that concerns the monitoring itself and no endpoint."""


class Priority(enum.IntEnum):
    """How urgent: 1 is the most urgent, as printed on the badge."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class AlarmState(enum.StrEnum):
    """The states in use so far of the ISA-18.2 machine; ``NORMAL`` ends an alarm."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED_UNACKNOWLEDGED = "returned_unacknowledged"
    NORMAL = "normal"


class Cause(enum.StrEnum):
    """What an alarm is about: a code, worded at the edge."""

    DOWN = "down"
    DEGRADED = "degraded"
    NOT_MEASURED = "not_measured"
    OWN_CONNECTION_LOST = "own_connection_lost"
    NO_WAY_OUT_V4 = "no_way_out_v4"
    NO_WAY_OUT_V6 = "no_way_out_v6"
    NO_PRIVILEGE = "no_privilege"
    STORE_FAILED = "store_failed"
    STORE_MENDED = "store_mended"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm from its raising to its end; a later fault of the same subject is a new alarm.

    ``number`` grows for the life of the store. ``subject`` is an endpoint's id or ``ENGINE``.
    ``reason`` is the code behind the cause. Times are POSIX seconds; ``since_utc_s`` is when the
    fault began, ``raised_utc_s`` when it was certain. ``None`` means that it has not happened.
    ``occurrences`` counts how often it came back before anyone acknowledged its return.
    """

    number: int
    subject: str
    cause: Cause
    reason: str
    priority: Priority
    state: AlarmState
    since_utc_s: float
    raised_utc_s: float
    occurrences: int = 1
    acknowledged_utc_s: float | None = None
    acknowledged_by: str = ""
    note: str = ""
    returned_utc_s: float | None = None

    @property
    def active(self) -> bool:
        """Whether the fault itself still stands."""
        return self.state in (AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED)

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.state is AlarmState.NORMAL
