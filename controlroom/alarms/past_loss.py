"""What the alarm of a service says of a loss that is over. It judges no service and knows no clock.

Rules:
1. While nobody acknowledged that a service was lost, its alarm says so: from when, and for how long in all
   where it was lost more than once.
2. So long it stays as urgent as it was then.
3. A loss that lasts is no past one; those before it are counted once it is over.
"""

from __future__ import annotations

import math
from dataclasses import replace

from controlroom.alarms.alarm import WAITING, Alarm, Cause
from controlroom.alarms.service_reason import PastLoss, ServiceReason
from controlroom.alarms.transitions import Fault


def was_lost(reason: str) -> bool:
    """Whether such a reason tells of a loss that is over."""
    told = ServiceReason.read(reason)
    return told is not None and told.was_lost is not None


def with_past_loss(fault: Fault, known: Alarm | None, now_utc_s: float) -> Fault:
    """Let a fault tell of the loss that its subject's alarm tells of (rules 1 and 2)."""
    if known is None or known.state not in WAITING:
        return fault
    reason, past = ServiceReason.read(fault.reason), _past(known, fault, now_utc_s)
    if reason is None or past is None:
        return fault
    priority = min(fault.priority, known.priority)
    return replace(fault, reason=replace(reason, was_lost=past).code, priority=priority)


def _past(known: Alarm, fault: Fault, now_utc_s: float) -> PastLoss | None:
    told = ServiceReason.read(known.reason)
    past = None if told is None else told.was_lost
    still = known.active and fault.cause is Cause.SERVICE_LOST
    if known.cause is not Cause.SERVICE_LOST or still:
        return past
    over_utc_s = now_utc_s if known.returned_utc_s is None else known.returned_utc_s
    lasted_s = math.floor(max(0.0, over_utc_s - known.raised_utc_s) * 10) / 10
    if past is None:
        return PastLoss(known.raised_utc_s, lasted_s)
    return PastLoss(past.from_utc_s, past.lasted_s + lasted_s)
