"""Asks an endpoint once what it is, outside the beat and without a store: the identification by hand.

It takes a probe type's declaration and knows no type by name.
"""

from __future__ import annotations

from collections.abc import Callable

from controlroom.engine.ask_now import BAD_PARAMETER, refuse_bad_target, resolve
from controlroom.errors import EngineError
from controlroom.identification import Identification, OnStep
from controlroom.probe import Inquiry, ProbeParameters, ProbeType
from controlroom.reading import Outcome, Reason


async def identify_now(
    probe_type: ProbeType,
    parameters: ProbeParameters,
    target: str,
    *,
    resolve_secret: Callable[[str], str],
    timeout_s: float | None = None,
    on_step: OnStep = lambda _step: None,
) -> Identification:
    """Ask a target, which may be a name; one that cannot be resolved is not run.

    Raises ``EngineError`` for a target that is none, and for a type that identifies nothing.
    """
    if probe_type.identifier is None:
        happened = f"The {probe_type.name} probe cannot find out what an endpoint is."
        raise EngineError(BAD_PARAMETER, happened)
    refuse_bad_target(probe_type, target)
    address = await resolve(target, parameters.wanted_ip_version)
    if address is None:
        return Identification(outcome=Outcome.NOT_RUN, reason=Reason.NO_NAME)
    waiting_s = probe_type.default_timeout_s if timeout_s is None else timeout_s
    return await probe_type.identifier.ask(Inquiry(address, parameters, waiting_s, resolve_secret, on_step))
