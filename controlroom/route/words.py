"""A route in one line of text, for the log and for exports."""

from __future__ import annotations

from controlroom.route.trace import Hop, Trace

SILENT = "*"


def route_text(trace: Trace) -> str:
    """Write the addresses of a route in order: ``10.0.0.1 > * > 10.0.3.1/10.0.3.2 > 10.0.9.9``."""
    return " > ".join(_hop_text(hop) for hop in trace.hops)


def _hop_text(hop: Hop) -> str:
    return "/".join(dict.fromkeys((*(each.address for each in hop.seen), *sorted(hop.also)))) or SILENT
