"""How much hangs on an endpoint or a service. It sets no priority: that is the alarms' work."""

from __future__ import annotations

import enum


class Criticality(enum.StrEnum):
    """How much hangs on an endpoint; an alarm's priority follows from it."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
