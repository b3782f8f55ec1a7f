"""A trial: asking an endpoint a few times as a form has it, before anything is saved. It asks nothing itself.

The request and each answer travel as one line of JSON, for the asking is done in a process of its own.
Secrets stand in it as references, never themselves.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from controlroom.errors import ControlroomError
from controlroom.reading import Outcome, Reading, Reason

BAD_TRIAL: Final = "bad-trial"
MOST_ASKINGS: Final = 100
LONGEST_TIMEOUT_S: Final = 60.0
LONGEST_TEXT: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What to ask: a probe type by its name, its own parameters as plain values, whom, how often.

    ``timeout_s`` is how long each asking waits; ``None`` takes the type's default.
    """

    probe_type: str
    parameters: Mapping[str, object]
    address: str
    count: int = 3
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class TrialAnswer:
    """What one asking came to, as in a ``Reading``. ``detail`` is raw, untrusted text."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    values: Mapping[str, float] = field(default_factory=dict)
    detail: str = ""


class Trials(Protocol):
    """Runs trials; one call may take many seconds."""

    def run(
        self,
        request: TrialRequest,
        on_answer: Callable[[TrialAnswer], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Ask, and tell each answer at once, in the calling thread; return early where cancelled.

        Raises ``ControlroomError`` that names what is wrong with the request, or why nobody could ask.
        """


def request_text(request: TrialRequest) -> str:
    """Write a request as one line."""
    return json.dumps(
        {
            "probe_type": request.probe_type,
            "parameters": dict(request.parameters),
            "address": request.address,
            "count": request.count,
            "timeout_s": request.timeout_s,
        }
    )


def request_of(text: str) -> TrialRequest:
    """Read a request; raise ``ControlroomError`` where it is none."""
    found = _table(text)
    probe_type, address = found.get("probe_type"), found.get("address")
    parameters, count, timeout_s = found.get("parameters"), found.get("count"), found.get("timeout_s")
    if not (isinstance(probe_type, str) and isinstance(address, str) and isinstance(parameters, dict)):
        raise _bad("It needs probe_type, parameters and address.")
    if type(count) is not int or not 1 <= count <= MOST_ASKINGS:
        raise _bad(f"Its count is no whole number from 1 to {MOST_ASKINGS}.")
    if timeout_s is not None and not _is_wait(timeout_s):
        raise _bad(f"Its timeout_s is no number above 0 and up to {LONGEST_TIMEOUT_S:g}.")
    waits_s = float(timeout_s) if isinstance(timeout_s, int | float) else None
    return TrialRequest(probe_type, parameters, address, count, waits_s)


def answer_text(reading: Reading) -> str:
    """Write what one asking came to as one line."""
    values = {name: value for name, value in reading.values.items() if math.isfinite(value)}
    return json.dumps(
        {
            "outcome": reading.outcome.value,
            "reason": reading.reason.value,
            "values": values,
            "detail": reading.detail,
        }
    )


def failure_text(error: ControlroomError) -> str:
    """Write why nobody could ask as one line."""
    return json.dumps({"code": error.code, "happened": error.happened, "advice": error.advice})


def answer_of(text: str) -> TrialAnswer:
    """Read an answer; raise the ``ControlroomError`` that stands in its place."""
    found = _table(text)
    if "code" in found:
        code, happened, advice = (str(found.get(key, "")) for key in ("code", "happened", "advice"))
        raise ControlroomError(code, happened, advice)
    values = found.get("values")
    try:
        outcome, reason = Outcome(str(found.get("outcome"))), Reason(str(found.get("reason")))
    except ValueError:
        raise _bad("An answer of an unknown kind came back.") from None
    numbers = values.items() if isinstance(values, dict) else ()
    kept = {str(name): float(value) for name, value in numbers if _is_number(value)}
    return TrialAnswer(outcome, reason, kept, str(found.get("detail", "")))


def _table(text: str) -> dict[str, object]:
    if len(text) > LONGEST_TEXT:
        raise _bad("It is too long.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad("It is no JSON.") from None
    if not isinstance(found, dict):
        raise _bad("It is no JSON object.")
    return found


def _bad(why: str) -> ControlroomError:
    return ControlroomError(BAD_TRIAL, f"The trial cannot be understood. {why}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_wait(value: object) -> bool:
    return isinstance(value, int | float) and _is_number(value) and 0 < value <= LONGEST_TIMEOUT_S
