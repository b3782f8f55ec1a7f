"""How services stand where something in maintenance has truly failed, as its alarm tells. It raises nothing.

Rules:
1. What is in maintenance is shown as that, however it truly is; its alarm goes on with its fault, out of
   service. One that is down there is truly down.
2. A service that is lost with these counted as failed is lost, and shown so: that is what its alarm says too.
   All others stand as ever, for what is planned puts nothing at risk by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import ServiceState, Standing


def with_true_losses(
    resilience: Resilience, observed: Observed, alarms: Iterable[Alarm]
) -> Mapping[str, Standing]:
    """Look at all services, and tell those as lost that truly are."""
    standings = resilience.look(observed)
    if not observed.planned:
        return standings
    down = {alarm.subject for alarm in alarms if alarm.active and alarm.cause is Cause.DOWN}
    down &= observed.planned
    if not down:
        return standings
    truly = replace(observed, failed=observed.failed | down, planned=observed.planned - down)
    true = resilience.look(truly)
    return {
        name: true[name] if true[name].state is ServiceState.LOST else standing
        for name, standing in standings.items()
    }
