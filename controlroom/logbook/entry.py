"""What happened, and what somebody did about it: the entries of the log. Numbering is the chain's."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = str | int | float | bool | None
"""What an entry may state about what happened: plain values, so that every export can show them."""


class LogKind(enum.StrEnum):
    """What an entry tells: codes, worded at the edge."""

    ENGINE_STARTED = "engine_started"
    ENGINE_STOPPED = "engine_stopped"
    SITE_LOADED = "site_loaded"
    CONDITION_CHANGED = "condition_changed"
    ALARM_RAISED = "alarm_raised"
    ALARM_RAISED_AGAIN = "alarm_raised_again"
    ALARM_EASED = "alarm_eased"
    ALARM_REASON_CHANGED = "alarm_reason_changed"
    ALARM_ACKNOWLEDGED = "alarm_acknowledged"
    ALARM_RETURNED = "alarm_returned"
    ALARM_ENDED = "alarm_ended"
    ALARM_LATCHED = "alarm_latched"
    ALARM_RESET = "alarm_reset"
    ALARM_SHELVED = "alarm_shelved"
    ALARM_UNSHELVED = "alarm_unshelved"
    ALARM_SUPPRESSED = "alarm_suppressed"
    ALARM_RELEASED = "alarm_released"
    ALARM_OUT_OF_SERVICE = "alarm_out_of_service"
    ALARM_IN_SERVICE = "alarm_in_service"
    ALARM_ASSIGNED = "alarm_assigned"
    ALARM_STEP_TICKED = "alarm_step_ticked"
    ALARM_ACKNOWLEDGEMENT_EXPIRED = "alarm_acknowledgement_expired"
    ALARM_REMINDED = "alarm_reminded"
    ALARM_JOINED = "alarm_joined"
    ALARM_ESCALATED = "alarm_escalated"
    EVENT = "event"
    NOTE = "note"
    ACT_REFUSED = "act_refused"
    BLIND_TIME = "blind_time"
    OWN_CONNECTION_LOST = "own_connection_lost"
    OWN_CONNECTION_BACK = "own_connection_back"
    CLOCK_STEPPED = "clock_stepped"
    SITE_CHANGED = "site_changed"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SOUND_TESTED = "sound_tested"
    OPERATORS_CHANGED = "operators_changed"
    STORE_MENDED = "store_mended"
    ROUTE_TRACED = "route_traced"
    ROUTE_CHANGED = "route_changed"
    TRACES_SKIPPED = "traces_skipped"
    NAME_LOST = "name_lost"
    NAME_BACK = "name_back"
    ADDRESS_CHANGED = "address_changed"
    GRADE_CHANGED = "grade_changed"
    LINK_CHANGED = "link_changed"
    SERVICE_CHANGED = "service_changed"
    MAINTENANCE_PLANNED = "maintenance_planned"
    MAINTENANCE_BEGUN = "maintenance_begun"
    MAINTENANCE_ENDED = "maintenance_ended"
    MAINTENANCE_CANCELLED = "maintenance_cancelled"
    DOWNTIME_RECLASSIFIED = "downtime_reclassified"
    MESSAGES_LOST = "messages_lost"


ALARM_KINDS = frozenset(kind for kind in LogKind if kind.value.startswith("alarm_"))
"""The entries that together tell an alarm's life."""

ACT_KINDS = frozenset({LogKind.NOTE, LogKind.ACT_REFUSED})
"""The entries that an operator's act brings about, apart from the alarm transitions."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its place in the chain.

    ``subject`` is an endpoint's id, or ``"engine"``. ``operator`` is empty where no person acted.
    ``facts`` are the figures and words behind the entry; a person's own words stand in ``"note"``.
    """

    at_utc_s: float
    kind: LogKind
    subject: str
    operator: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in its place: its number, and the hash that binds it to all before it."""

    number: int
    at_utc_s: float
    kind: LogKind
    subject: str
    operator: str
    facts: Mapping[str, Fact]
    previous_hash: str
    hash: str
