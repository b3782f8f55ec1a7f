"""What an alarm is, after ISA-18.2 / IEC 62682. How it moves stands in ``transitions.py`` and beside it.

An alarm has a state by its process and its acknowledgement, and beside it up to three reasons for which it is
hidden. All are kept; ``shown_state`` tells the one that counts: out of service before suppressed by design
before shelved.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

ENGINE = "engine"
"""The subject of an alarm that concerns the monitoring itself and no endpoint."""

BY_OPERATOR: Final = "operator"
"""The code of what an operator took out of service; ``maintenance:<number>`` is that of a window."""


class Priority(enum.IntEnum):
    """How urgent: 1 is the most urgent, as printed on the badge."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class AlarmState(enum.StrEnum):
    """The states of the ISA-18.2 machine; the last three are told by ``shown_state`` alone."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED_UNACKNOWLEDGED = "returned_unacknowledged"
    LATCHED_UNACKNOWLEDGED = "latched_unacknowledged"
    LATCHED_ACKNOWLEDGED = "latched_acknowledged"
    NORMAL = "normal"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out_of_service"


ACTIVE: Final = frozenset({AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED})
"""The states in which the fault itself stands."""

LATCHED: Final = frozenset({AlarmState.LATCHED_UNACKNOWLEDGED, AlarmState.LATCHED_ACKNOWLEDGED})
"""The states in which the fault is over and the alarm held until somebody resets it."""

WAITING: Final = frozenset(
    {
        AlarmState.UNACKNOWLEDGED,
        AlarmState.RETURNED_UNACKNOWLEDGED,
        AlarmState.LATCHED_UNACKNOWLEDGED,
    }
)
"""The states that wait for somebody to acknowledge them."""


class Cause(enum.StrEnum):
    """What an alarm is about: a code, worded at the edge."""

    DOWN = "down"
    DEGRADED = "degraded"
    NOT_MEASURED = "not_measured"
    UNSTABLE = "unstable"
    GROUP_LOST = "group_lost"
    SERVICE_LOST = "service_lost"
    SERVICE_AT_RISK = "service_at_risk"
    SERVICE_DEGRADED = "service_degraded"
    DIVERSITY_LOST = "diversity_lost"
    STANDBY_DEAD = "standby_dead"
    NO_FAULT = "no_fault"
    OWN_CONNECTION_LOST = "own_connection_lost"
    NO_WAY_OUT_V4 = "no_way_out_v4"
    NO_WAY_OUT_V6 = "no_way_out_v6"
    NO_PRIVILEGE = "no_privilege"
    STORE_FAILED = "store_failed"
    STORE_MENDED = "store_mended"


SERVICE_CAUSES: Final = frozenset(
    {
        Cause.SERVICE_LOST,
        Cause.SERVICE_AT_RISK,
        Cause.SERVICE_DEGRADED,
        Cause.DIVERSITY_LOST,
        Cause.STANDBY_DEAD,
    }
)
"""What is wrong with a service, and with no endpoint by itself."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm from its raising to its end; a later fault of the same subject is a new alarm.

    ``number`` grows for the life of the store. ``subject`` is an endpoint's id, ``ENGINE``, or what several
    endpoints have in common (``group:<id>``, ``location:<words>``, ``subnet:<network>``), or a service
    (``service:<id>``, ``service_subject.py``).
    ``reason`` is the code behind the cause. Times are POSIX seconds; ``since_utc_s`` is when the
    fault began, ``raised_utc_s`` when it was certain. ``None`` means that it has not happened.
    ``occurrences`` counts how often it came back before anyone acknowledged its return.
    An acknowledgement holds until ``acknowledged_until_utc_s``, where that is set, else for ``remind_s``
    seconds. ``owner`` has it in hand. ``steps_done`` are the numbers of the steps of the action card that
    were done (``1,3``). ``suppressed_by`` is a code (``behind:<endpoint>``, ``part_of:<subject>``),
    ``part_of`` the number of the alarm that tells of the common cause.
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
    acknowledged_until_utc_s: float | None = None
    owner: str = ""
    steps_done: str = ""
    latching: bool = False
    off_delay_s: float = 0.0
    remind_s: float | None = None
    shelved_utc_s: float | None = None
    shelved_until_utc_s: float | None = None
    shelved_by: str = ""
    shelved_why: str = ""
    one_shot: bool = False
    suppressed_by: str = ""
    part_of: int | None = None
    out_of_service: str = ""
    out_of_service_by: str = ""
    out_of_service_why: str = ""
    ended_utc_s: float | None = None

    @property
    def active(self) -> bool:
        """Whether the fault itself still stands."""
        return self.state in ACTIVE

    @property
    def shelved(self) -> bool:
        """Whether an operator put it away for a time."""
        return self.shelved_utc_s is not None

    @property
    def hidden(self) -> bool:
        """Whether it is out of service, suppressed by design or shelved: then it calls nobody."""
        return bool(self.out_of_service or self.suppressed_by or self.shelved)

    @property
    def annunciated(self) -> bool:
        """Whether it calls for somebody now."""
        return not self.hidden and self.state in WAITING

    @property
    def shown_state(self) -> AlarmState:
        """The state that counts where several hold."""
        if self.out_of_service:
            return AlarmState.OUT_OF_SERVICE
        if self.suppressed_by:
            return AlarmState.SUPPRESSED
        return AlarmState.SHELVED if self.shelved else self.state

    @property
    def ended(self) -> bool:
        """Whether nothing is left of it: no fault, and nobody who put it away or out of service."""
        kept = self.shelved or self.out_of_service == BY_OPERATOR
        return self.state is AlarmState.NORMAL and not kept

    def is_step_done(self, step: int) -> bool:
        """Whether a step of the action card was done; the first is 1."""
        return str(step) in self.steps_done.split(",")


def is_endpoint(subject: str) -> bool:
    """Whether a subject is an endpoint's id, and neither the monitoring nor what several have in common."""
    return subject != ENGINE and ":" not in subject
