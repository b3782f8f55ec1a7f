"""What an operator does at a desk, before the engine has taken it. Taking it is the engine's work."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Detail = str | int | float | bool
"""What an act may say besides its words."""

DESK_CLOSED: Final = "desk closed"
"""The note of a sign-out that the closing of the desk brought about."""


class ActKind(enum.StrEnum):
    """The acts that a desk can ask of the engine."""

    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    STOP = "stop"
    RELOAD = "reload"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SOUND_TEST = "sound_test"
    CHANGE_OPERATORS = "change_operators"
    TRACE = "trace"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    RESET = "reset"
    ASSIGN = "assign"
    TICK = "tick"
    OUT_OF_SERVICE = "out_of_service"
    IN_SERVICE = "in_service"
    SPLIT = "split"
    PLAN_MAINTENANCE = "plan_maintenance"
    END_MAINTENANCE = "end_maintenance"
    RECLASSIFY = "reclassify"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Act:
    """One act, as a desk wrote it to its inbox.

    ``id`` is unique for ever (a UUID), so that the desk can tell when its act has been taken.
    ``alarm_number`` names the alarm of an acknowledgement or of a note to it; ``subject`` the
    endpoint of a note without an alarm or of a trace, or ``"engine"``. ``note`` is the operator's own
    words, or what the kind of act says it is: how a sound test ended, how the list of operators changed.
    ``role`` is what the operator may do (``controlroom.operators.role``), empty where the desk knows none.
    ``details`` are what the kind of act needs besides, such as ``for_s`` of a shelf; an act on several alarms
    names them in ``alarms`` (``3,5,8``).
    """

    id: str
    kind: ActKind
    at_utc_s: float
    operator: str
    subject: str = "engine"
    alarm_number: int | None = None
    note: str = ""
    role: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict, hash=False)
