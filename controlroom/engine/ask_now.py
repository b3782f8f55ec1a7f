"""Asks an endpoint once or a few times, outside the beat and without a store: the test by hand.

It takes a probe type's declaration, as the engine does, and knows no type by name.
"""

from __future__ import annotations

import asyncio
import difflib
import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from controlroom.engine.address_book import is_literal
from controlroom.errors import EngineError
from controlroom.probe import IpVersion, ProbeParameters, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.report.escaping import printable
from controlroom.site.address import address_fault

BAD_PARAMETER: Final = "bad-parameter"
BAD_TARGET: Final = "bad-target"

LOOK_UP_S: Final = 5.0
"""Seconds a name may take to be resolved."""

BACKSTOP_S = 15.0
"""Seconds beyond a deadline after which a prober that says nothing is given up."""


def read_parameters(probe_type: ProbeType, given: Mapping[str, object]) -> ProbeParameters:
    """Make a type's parameters, or raise ``EngineError`` that names each wrong one with its help."""
    try:
        return probe_type.parameters.model_validate(dict(given))
    except ValidationError as error:
        # What was given is never repeated: it may be a secret in the place of a reference.
        faults = error.errors(include_url=False, include_context=False, include_input=False)
        happened = " ".join(_fault(probe_type, fault) for fault in faults)
        raise EngineError(BAD_PARAMETER, happened) from None


def refuse_bad_target(probe_type: ProbeType, target: str) -> None:
    """Raise ``EngineError`` where the target is no host name and no address."""
    if not probe_type.addressed:
        return
    fault = address_fault(target)
    if fault is not None:
        happened, advice = fault
        raise EngineError(BAD_TARGET, f'"{printable(target, 100)}" {happened}', advice)


async def ask_now(
    probe_type: ProbeType,
    parameters: ProbeParameters,
    target: str,
    *,
    resolve_secret: Callable[[str], str],
    count: int = 1,
    timeout_s: float | None = None,
    interval_s: float = 1.0,
    on_reading: Callable[[Reading], None] | None = None,
    utc_s: Callable[[], float] = time.time,
    monotonic_s: Callable[[], float] = time.monotonic,
) -> list[Reading]:
    """Ask ``count`` times, one every ``interval_s`` or when the last is answered; give all readings.

    ``on_reading`` is told each at once. A name that cannot be resolved yields one reading, not run.
    Raises ``EngineError`` for a target that is none.
    """
    refuse_bad_target(probe_type, target)
    told = on_reading or (lambda reading: None)
    key = ProbeKey("now", probe_type.name)
    wanted = parameters.wanted_ip_version
    address = await resolve(target, wanted) if probe_type.addressed else ""
    if address is None:
        unnamed = Reading(key, utc_s(), monotonic_s(), Outcome.NOT_RUN, Reason.NO_NAME)
        told(unnamed)
        return [unnamed]
    waiting_s = probe_type.default_timeout_s if timeout_s is None else timeout_s
    question = Question(key, address, parameters, waiting_s, name=target)
    answers: asyncio.Queue[Reading] = asyncio.Queue()
    prober = probe_type.create(ProberContext(answers.put_nowait, utc_s, monotonic_s, resolve_secret))
    await prober.start()
    readings: list[Reading] = []
    loop = asyncio.get_running_loop()
    next_s = loop.time()
    try:
        for _ in range(count):
            await asyncio.sleep(max(0.0, next_s - loop.time()))
            next_s = loop.time() + interval_s
            prober.ask(question)
            readings.append(await _answer(answers, question))
            told(readings[-1])
    finally:
        await prober.stop()
    return readings


async def _answer(answers: asyncio.Queue[Reading], question: Question) -> Reading:
    try:
        async with asyncio.timeout(question.timeout_s + BACKSTOP_S):
            return await answers.get()
    except TimeoutError:
        name = question.probe.probe_name
        raise EngineError("prober-silent", f"The {name} probe gave no answer.", "Try again.") from None


async def resolve(target: str, version: IpVersion | None = None) -> str | None:
    """Return the literal address of a target, ``None`` where the name is not resolved in time.

    ``version`` is the one IP version that is wanted; otherwise the best address is taken.
    """
    if is_literal(target):
        return target
    family = {4: socket.AF_INET, 6: socket.AF_INET6, None: socket.AF_UNSPEC}[version]
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(LOOK_UP_S):
            found = await loop.getaddrinfo(target, None, family=family, type=socket.SOCK_DGRAM)
    except (OSError, TimeoutError):
        return None
    return str(found[0][4][0]) if found else None


def _fault(probe_type: ProbeType, fault: ErrorDetails) -> str:
    path = ".".join(str(part) for part in fault["loc"])
    fields = probe_type.parameters.model_fields
    name = str(fault["loc"][0]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden" and name not in fields:
        near = difflib.get_close_matches(name, fields, n=1)
        advice = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(fields)}."
        return f"{printable(path, 100)}: the {probe_type.name} probe has no such parameter. {advice}"
    what = fault["msg"].removeprefix("Value error, ")
    description = fields[name].description if name in fields else None
    return f"{f'{path}: ' if path else ''}{what}.{f' {description}' if description else ''}"
