"""Limits that a site may have although they never alarm: such that no answer can pass. It refuses nothing.

1. A reply that takes longer than the timeout counts as lost. So a limit on the round trip that is not below
   the timeout is never passed, mostly because milliseconds were typed for seconds.
2. Only what somebody chose is doubted, never a limit that the probe's type brings.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from controlroom.finding import Doubt
from controlroom.probe import ProbeType
from controlroom.site.model import Probe
from controlroom.site.number_text import number_text

NEVER_PASSED: Final = "limit-never-passed"
_ROUND_TRIP: Final = "rtt_s"


def limit_doubts(probe: Probe, probe_type: ProbeType) -> tuple[Doubt, ...]:
    """Doubt the limits of a probe (rule 2)."""
    usual = {(each.metric, each.raise_above) for each in probe_type.usual_limits}
    chosen = [(each.metric, each.raise_above) for each in probe.limits]
    return doubts_of((each for each in chosen if each not in usual), probe.timeout_s)


def doubts_of(limits: Iterable[tuple[object, object]], timeout_s: float) -> tuple[Doubt, ...]:
    """Doubt limits, each a metric and its ``raise_above`` as they were typed (rule 1)."""
    found = (_doubt(metric, above, timeout_s) for metric, above in limits)
    return tuple(doubt for doubt in found if doubt is not None)


def _doubt(metric: object, above: object, timeout_s: float) -> Doubt | None:
    if metric != _ROUND_TRIP or not isinstance(above, int | float) or above < timeout_s:
        return None
    words = (
        f"The limit on rtt_s never alarms: raise_above is {number_text(above)} s, and a reply after more"
        f" than timeout_s ({number_text(timeout_s)} s) counts as lost."
    )
    return Doubt(NEVER_PASSED, words, "Lower raise_above; it is in seconds: 150 ms is 0.15.")
