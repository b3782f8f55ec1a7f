"""A trace by hand: names are resolved, and what is no target is refused."""

from __future__ import annotations

import asyncio

import pytest

from controlroom.engine.trace_now import trace_now
from controlroom.errors import EngineError
from controlroom.reading import Reason
from controlroom.route.trace import Trace, TraceEnd, TraceOrder


async def tracer(order: TraceOrder) -> Trace:
    """Say what was ordered, in a trace of no hops."""
    return Trace(order.address, float(order.most_hops), TraceEnd.SILENT)


def test_an_address_is_traced_as_it_is() -> None:
    """With the order's numbers."""
    assert asyncio.run(trace_now(tracer, "192.0.2.1", 7, 3)) == Trace("192.0.2.1", 7.0, TraceEnd.SILENT)


def test_a_name_is_resolved_first() -> None:
    """One that nobody knows was not run."""
    assert asyncio.run(trace_now(tracer, "localhost", 7, 3)).address in ("127.0.0.1", "::1")
    assert asyncio.run(trace_now(tracer, "no-such-host.invalid", 7, 3)).reason is Reason.NO_NAME


def test_what_is_no_target_is_refused() -> None:
    """With the way to mend it."""
    with pytest.raises(EngineError):
        asyncio.run(trace_now(tracer, "http://example.org/", 7, 3))
