"""What can be done about an alarm now, and why something cannot. It does nothing; the engine checks it again.

Rules:
1. What makes no sense for an alarm is not offered. What the role forbids is, disabled, and says why.
2. While an act on the alarm is on its way no other of that kind is taken.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import BY_OPERATOR, WAITING, Alarm, AlarmState, is_endpoint
from controlroom.logbook.act import ActKind
from controlroom.operators.role import Permission
from ui.desk.pending import PendingActs

INFERRED: Final = ("location:", "subnet:", "group:", "beyond:")
"""How the subjects begin whose members can be told one by one."""

ON_ITS_WAY: Final = "On its way to the engine."


class AlarmAct(enum.Enum):
    """What the detail of an alarm offers, in the order of its buttons."""

    ACKNOWLEDGE = "Acknowledge  F2"
    SHELVE = "Shelve…"
    UNSHELVE = "Take off the shelf"
    RESET = "Reset"
    TAKE_OUT = "Out of service…"
    PUT_BACK = "Back in service…"
    SPLIT = "Tell one by one"
    PLAN = "Plan maintenance…"


KINDS: Final[Mapping[AlarmAct, ActKind]] = {
    AlarmAct.ACKNOWLEDGE: ActKind.ACKNOWLEDGE,
    AlarmAct.SHELVE: ActKind.SHELVE,
    AlarmAct.UNSHELVE: ActKind.UNSHELVE,
    AlarmAct.RESET: ActKind.RESET,
    AlarmAct.TAKE_OUT: ActKind.OUT_OF_SERVICE,
    AlarmAct.PUT_BACK: ActKind.IN_SERVICE,
    AlarmAct.SPLIT: ActKind.SPLIT,
}
_NEEDS: Final[Mapping[AlarmAct, Permission]] = {
    AlarmAct.ACKNOWLEDGE: Permission.ACKNOWLEDGE,
    AlarmAct.SHELVE: Permission.SHELVE,
    AlarmAct.UNSHELVE: Permission.SHELVE,
    AlarmAct.RESET: Permission.ACKNOWLEDGE,
    AlarmAct.TAKE_OUT: Permission.TAKE_OUT,
    AlarmAct.PUT_BACK: Permission.TAKE_OUT,
    AlarmAct.SPLIT: Permission.ACKNOWLEDGE,
    AlarmAct.PLAN: Permission.PLAN_MAINTENANCE,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether an act is offered, and why it cannot be done now; empty where it can."""

    shown: bool
    why_not: str = ""


def offers_of(
    alarm: Alarm, pending: PendingActs, why_not: Callable[[Permission], str], *, plans: bool
) -> Mapping[AlarmAct, Offer]:
    """Return what is offered for an alarm; ``plans`` tells whether this desk can plan maintenance."""
    reasons = _shown(alarm, plans=plans)
    offers = {}
    for act in AlarmAct:
        kind = KINDS.get(act)
        busy = ON_ITS_WAY if kind is not None and pending.doing(kind, alarm.number) else ""
        offers[act] = Offer(act in reasons, why_not(_NEEDS[act]) or busy or reasons.get(act, ""))
    return offers


def _shown(alarm: Alarm, *, plans: bool) -> dict[AlarmAct, str]:
    """Return what makes sense for an alarm, with why it cannot be done yet."""
    shown: dict[AlarmAct, str] = {}
    hidden, endpoint = alarm.hidden, is_endpoint(alarm.subject)
    if not hidden:
        taken = "" if alarm.state in WAITING else "It is acknowledged."
        shown[AlarmAct.ACKNOWLEDGE] = taken
    if alarm.shelved:
        shown[AlarmAct.UNSHELVE] = ""
    elif not hidden and not alarm.ended:
        shown[AlarmAct.SHELVE] = ""
    if alarm.state is AlarmState.LATCHED_UNACKNOWLEDGED:
        shown[AlarmAct.RESET] = "Acknowledge it first."
    elif alarm.state is AlarmState.LATCHED_ACKNOWLEDGED:
        shown[AlarmAct.RESET] = ""
    if endpoint and not alarm.out_of_service:
        shown[AlarmAct.TAKE_OUT] = ""
    elif endpoint and alarm.out_of_service == BY_OPERATOR:
        shown[AlarmAct.PUT_BACK] = ""
    if alarm.subject.startswith(INFERRED) and alarm.active:
        shown[AlarmAct.SPLIT] = ""
    if plans and endpoint:
        shown[AlarmAct.PLAN] = ""
    return shown
