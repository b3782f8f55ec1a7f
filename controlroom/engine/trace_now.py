"""Traces the route to a target once, outside the beat and without a store: the trace by hand."""

from __future__ import annotations

import time

from controlroom.engine.ask_now import BAD_TARGET, resolve
from controlroom.errors import EngineError
from controlroom.reading import Reason
from controlroom.report.escaping import printable
from controlroom.route.trace import Trace, TraceEnd, TraceOrder, Tracer
from controlroom.site.address import address_fault


async def trace_now(tracer: Tracer, target: str, most_hops: int, probes_per_hop: int) -> Trace:
    """Trace to a target, which may be a name; one that cannot be resolved is not run.

    Raises ``EngineError`` for a target that is none.
    """
    fault = address_fault(target)
    if fault is not None:
        happened, advice = fault
        raise EngineError(BAD_TARGET, f'"{printable(target, 100)}" {happened}', advice)
    address = await resolve(target)
    if address is None:
        return Trace("", time.time(), TraceEnd.NOT_RUN, reason=Reason.NO_NAME)
    return await tracer(TraceOrder(address, most_hops, probes_per_hop))
