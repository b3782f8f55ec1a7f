"""How long an answer is waited for before it counts as lost, on suspicion. It waits for nothing itself.

The deadline that the site allows is another thing: until then an answer still clears the suspicion.
"""

from __future__ import annotations

from typing import Final

from controlroom.condition.answering import Answering
from controlroom.condition.tracker import ProbeTracker

SHORTEST_UNLEARNT_S: Final = 0.25
"""Before a link's own time is learnt no re-probe is told as lost sooner."""


def beat_patience_s(probe: ProbeTracker) -> float | None:
    """Return the patience with a beat; ``None`` is the deadline: until it is learnt, and in silence."""
    answers = probe.reaches and probe.status.answering is Answering.ANSWERS
    return probe.silences.patience_s if answers else None


def reprobe_patience_s(probe: ProbeTracker) -> float:
    """Return the patience with a re-probe: as learnt, before that twice the slowest answer so far."""
    learnt_s, timeout_s = probe.silences.patience_s, probe.probe.timeout_s
    if learnt_s is not None:
        return learnt_s
    slowest_s = probe.window.highest("rtt_s")
    return timeout_s if slowest_s is None else min(timeout_s, max(SHORTEST_UNLEARNT_S, 2 * slowest_s))
