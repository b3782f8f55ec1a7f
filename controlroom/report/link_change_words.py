"""Changes and signs of a link as people read them: what is not as usual, with the figures. It finds none.

A code that is not known here (of a newer program) is shown as itself, escaped.
"""

from __future__ import annotations

from typing import Final

from controlroom.condition.grading import CHANGE, DEGRADED, ROUTE_CHANGED, SIGNAL_POOR, STEPPED_DOWN
from controlroom.condition.limit_reason import LimitReason
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import value_text
from controlroom.site.view import SeenEndpoint

_CHANGES: Final[dict[str, tuple[str, str]]] = {
    "latency-rise": ("slower than usual: the median round trip", "s"),
    "latency-fall": ("faster than usual: the median round trip", "s"),
    "loss-rise": ("more is lost than usual:", "ratio"),
    "loss-fall": ("less is lost than usual:", "ratio"),
    "spread-rise": ("round trips vary more than usual:", "s"),
    "spread-fall": ("round trips vary less than usual:", "s"),
}


def link_change_words(kind: str, before: float, after: float) -> str:
    """Say what a link does otherwise than usual, with both figures."""
    said, unit = _CHANGES.get(kind, (f"{printable(kind)}:", ""))
    now, was = value_text(after, unit), value_text(before, unit)
    verb = " is" if said.endswith("trip") else ""
    return f"{said}{verb} {now}, was {was}"


def sign_words(sign: str, seen: SeenEndpoint | None = None) -> str:
    """Say what a sign tells, from its code."""
    kind, *parts = sign.split(":")
    beside = " since its route changed" if parts[-1:] == [ROUTE_CHANGED] else ""
    own = sign.removesuffix(f":{ROUTE_CHANGED}")
    if kind == DEGRADED:
        return f"the endpoint is degraded, {wording.reason_words(own.partition(':')[2], seen)}{beside}"
    if LimitReason.read(own) is not None:
        return f"{wording.reason_words(own, seen)}{beside}"
    try:
        if kind == CHANGE:
            return f"{link_change_words(parts[0], float(parts[1]), float(parts[2]))}{beside}"
        if kind == SIGNAL_POOR:
            return f"the signal is poor ({wording.metric_words(parts[0], seen)}){beside}"
        if kind == STEPPED_DOWN:
            usual, now = (value_text(float(each), _unit(parts[0])) for each in parts[1:3])
            return (
                f"the radio carries less than usual: {wording.metric_words(parts[0], seen)} {now}, "
                f"usually {usual}{beside}"
            )
    except (ValueError, IndexError):
        return printable(sign)
    return printable(sign)


def _unit(metric: str) -> str:
    units = (("_bit_per_s", "bit/s"), ("_percent", "%"))
    return next((unit for end, unit in units if metric.endswith(end)), "")
