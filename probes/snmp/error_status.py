"""What an agent's error-status means (RFC 3416, 3). It knows the numbers, not the wire."""

from __future__ import annotations

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer

TOO_BIG = 1
NO_SUCH_NAME = 2
AUTHORIZATION_ERROR = 16

_NAMES = (
    "noError",
    "tooBig",
    "noSuchName",
    "badValue",
    "readOnly",
    "genErr",
    "noAccess",
    "wrongType",
    "wrongLength",
    "wrongEncoding",
    "wrongValue",
    "noCreation",
    "inconsistentValue",
    "resourceUnavailable",
    "commitFailed",
    "undoFailed",
    "authorizationError",
    "notWritable",
    "inconsistentName",
)
_REASONS = {NO_SUCH_NAME: Reason.NO_SUCH_OBJECT, AUTHORIZATION_ERROR: Reason.AUTHENTICATION_FAILED}


def error_answer(status: int, index: int) -> Answer:
    """Put an error-status other than 0 as an answer; ``index`` counts the objects asked, from 1."""
    name = _NAMES[status] if 0 <= status < len(_NAMES) else f"error-status {status}"
    where = f" at object {index}" if index > 0 else ""
    reason = _REASONS.get(status, Reason.DEVICE_ERROR)
    return Answer(Outcome.REFUSED, reason, text=f"{name}{where}", at=max(index, 0))


def is_too_big(answer: Answer) -> bool:
    """Whether an agent says that its answer would not fit its messages."""
    return answer.reason is Reason.DEVICE_ERROR and answer.text.startswith(_NAMES[TOO_BIG])
