"""A path trace in the terminal: one line a hop, and how it ended. It traces nobody itself."""

from __future__ import annotations

import json
from typing import TextIO

from controlroom.reading import Reason
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.report.wording import reason_advice, reason_words
from controlroom.route.trace import Hop, Trace, TraceEnd, TraceMeans
from controlroom.store.route_text import text_of_trace

_MEANS = {TraceMeans.ECHO: "by ping (ICMP)", TraceMeans.UDP: "by UDP, for pings are not allowed here"}


def print_trace(target: str, trace: Trace, *, as_json: bool, out: TextIO) -> int:
    """Print a trace; return 0 where it reached its target, 1 otherwise."""
    if as_json:
        # ASCII alone, as everywhere where JSON may meet a screen.
        json.dump({"target": target, **json.loads(text_of_trace(trace))}, out, indent=2, ensure_ascii=True)
        out.write("\n")
        return 0 if trace.reached else 1
    name = printable(target, 255)
    where = name if target == trace.address or not trace.address else f"{name} ({printable(trace.address)})"
    if trace.end is TraceEnd.NOT_RUN:
        out.write(f"Route to {where}: not run, {reason_words(trace.reason)}\n")
        if advice := reason_advice(trace.reason):
            out.write(f"{advice}\n")
        return 1
    out.write(f"Route to {where}, {_MEANS[trace.means]}\n")
    out.write("".join(f"{line}\n" for hop in trace.hops for line in _hop_lines(hop)))
    out.write(f"{_end(trace)}\n")
    return 0 if trace.reached else 1


def _hop_lines(hop: Hop) -> list[str]:
    loss = value_text(hop.loss_ratio or 0.0, "ratio")
    if not hop.seen:
        return [f"{hop.distance:>3}  no answer"]
    lines = []
    for place, seen in enumerate(hop.seen):
        times = (seen.median_s, seen.least_s, seen.greatest_s)
        median, least, greatest = (value_text(time_s, "s") for time_s in times)
        refusal = (
            "" if seen.reason in (Reason.TTL_EXCEEDED, Reason.NONE) else f"  {reason_words(seen.reason)}"
        )
        head = f"{hop.distance:>3}" if place == 0 else "   "
        lost = f"{loss} lost" if place == 0 else ""
        lines.append(
            f"{head}  {printable(seen.address):<39} {lost:>10}  {median} ({least} to {greatest}){refusal}"
        )
    return lines


def _end(trace: Trace) -> str:
    if trace.reached:
        return "Reached."
    if trace.end is TraceEnd.REFUSED:
        return f"Not reached: {reason_words(trace.reason)}."
    last = trace.hops[-1].distance if trace.hops else 0
    return f"Not reached: nobody answers beyond hop {last}." if last else "Not reached: nobody answers."
