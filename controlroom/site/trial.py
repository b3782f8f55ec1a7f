"""A trial: asking an endpoint as a form has it, a few times or what it is. It asks nothing itself.

The request and each answer travel as one line of JSON, for the asking is done in a process of its own.
Secrets stand in it as references, never themselves.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from pydantic import ValidationError

from controlroom.errors import ControlroomError
from controlroom.identification import Identification, OnStep, Step
from controlroom.reading import Outcome, Reading, Reason

BAD_TRIAL: Final = "bad-trial"
MOST_ASKINGS: Final = 100
LONGEST_TIMEOUT_S: Final = 60.0
LONGEST_TEXT: Final = 256 * 1024
LONGEST_IDENTIFICATION: Final = 4 * 1024 * 1024
MOST_VALUES: Final = 500
"""How many values of an identification travel to a form, which shows a few of them."""


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What to ask: a probe type by its name, its own parameters as plain values, whom, how often.

    ``timeout_s`` is how long each asking waits; ``None`` takes the type's default. ``identify`` asks what the
    endpoint is instead of for its values.
    """

    probe_type: str
    parameters: Mapping[str, object]
    address: str
    count: int = 3
    timeout_s: float | None = None
    identify: bool = False


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

    def identify(
        self, request: TrialRequest, on_step: OnStep, cancelled: Callable[[], bool]
    ) -> Identification | None:
        """Ask what the endpoint is, in the same way; ``None`` where cancelled."""


def request_text(request: TrialRequest) -> str:
    """Write a request as one line."""
    return json.dumps(
        {
            "probe_type": request.probe_type,
            "parameters": dict(request.parameters),
            "address": request.address,
            "count": request.count,
            "timeout_s": request.timeout_s,
            "identify": request.identify,
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
    identify = found.get("identify", False)
    if not isinstance(identify, bool):
        raise _bad("Its identify is neither true nor false.")
    waits_s = float(timeout_s) if isinstance(timeout_s, int | float) else None
    return TrialRequest(probe_type, parameters, address, count, waits_s, identify)


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


def step_text(step: Step) -> str:
    """Write how far an identification has come as one line."""
    return json.dumps({"step": step.model_dump(mode="json")})


def identified_text(found: Identification) -> str:
    """Write what an endpoint turned out to be as one line."""
    kept = found.model_copy(update={"values": found.values[:MOST_VALUES]})
    return json.dumps({"identified": kept.model_dump(mode="json")})


def failure_text(error: ControlroomError) -> str:
    """Write why nobody could ask as one line."""
    return json.dumps({"code": error.code, "happened": error.happened, "advice": error.advice})


def answer_of(text: str) -> TrialAnswer:
    """Read an answer; raise the ``ControlroomError`` that stands in its place."""
    found = _told(text, LONGEST_TEXT)
    values = found.get("values")
    try:
        outcome, reason = Outcome(str(found.get("outcome"))), Reason(str(found.get("reason")))
    except ValueError:
        raise _bad("An answer of an unknown kind came back.") from None
    numbers = values.items() if isinstance(values, dict) else ()
    kept = {str(name): float(value) for name, value in numbers if _is_number(value)}
    return TrialAnswer(outcome, reason, kept, str(found.get("detail", "")))


def identification_of(text: str) -> Step | Identification:
    """Read a step or the end of an identification; raise the ``ControlroomError`` in its place."""
    found = _told(text, LONGEST_IDENTIFICATION)
    try:
        if "step" in found:
            return Step.model_validate(found["step"])
        return Identification.model_validate(found.get("identified"))
    except ValidationError:
        raise _bad("An answer of an unknown kind came back.") from None


def _told(text: str, longest: int) -> dict[str, object]:
    found = _table(text, longest)
    if "code" in found:
        code, happened, advice = (str(found.get(key, "")) for key in ("code", "happened", "advice"))
        raise ControlroomError(code, happened, advice)
    return found


def _table(text: str, longest: int = LONGEST_TEXT) -> dict[str, object]:
    if len(text) > longest:
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
