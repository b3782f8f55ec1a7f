"""The words for how an endpoint is, and the value that says so. It decides nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Condition(enum.StrEnum):
    """How an endpoint is. The last three are known only to later rules and to the operator."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"
    UNREACHABLE = "unreachable"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class EndpointState:
    """An endpoint's hard condition, since when and why, and whether a change is in the air.

    ``since_utc_s`` counts from the first reading that showed the condition: down counts from the
    first lost probe. ``suspected`` is the soft condition not yet confirmed, or ``None``.
    ``reason`` is a code: a ``Reason``, ``"limit:<metric>:<figure>[:warning]"`` (``LimitReason``),
    ``"fragmentation_needed:<MTU>"``, ``"own_connection_lost"``, ``"not_measured_yet"`` or ``"site_changed"``.
    """

    endpoint_id: str
    condition: Condition
    since_utc_s: float
    reason: str
    suspected: Condition | None = None
