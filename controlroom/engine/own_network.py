"""What else shows that this workstation has lost the network, and so has no alarm of its own. No I/O.

Rules:
1. Without a network no name is resolved: that an endpoint has no address is held back while nothing has
   answered yet, and after we were cut off, for ``SETTLES_S`` at most.
2. What was raised for want of a name since we are cut off is withdrawn when that is certain.
3. So is what this machine's own figures say of its network (a gateway, an interface), and while we are cut
   off they raise nothing. What they said before stays.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.condition.endpoint import Combined
from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.state import Condition
from controlroom.condition.tracker import EndpointTracker
from controlroom.probe import ProbeTypes
from controlroom.reading import Reason
from controlroom.site.model import Site

SETTLES_S: Final = 10.0
"""How long names may take to be resolved where the network has just come, or come back."""


class OwnNetwork:
    """The figures of this machine's own network, and how long names have had the chance to be resolved."""

    def __init__(self) -> None:
        """Nothing is known of any figure."""
        self._metrics: frozenset[str] = frozenset()
        self._back_s = -math.inf

    def set_metrics(self, metrics: frozenset[str]) -> None:
        """Tell which figures are of this machine's own network."""
        self._metrics = metrics

    def back(self, now_s: float) -> None:
        """Note that something outside answers again (monotonic seconds)."""
        self._back_s = now_s

    def may_lack_name(self, combined: Combined, now_s: float, *, nothing_answered: bool) -> bool:
        """Whether an endpoint may have no address because names cannot be resolved yet (rule 1)."""
        nameless = combined.condition is Condition.UNKNOWN and combined.reason == Reason.NO_NAME
        return nameless and (nothing_answered or now_s - self._back_s < SETTLES_S)

    def explains(self, alarm: Alarm, tracker: EndpointTracker, from_utc_s: float) -> bool:
        """Whether an alarm says nothing but that we are cut off since a time (rules 2 and 3).

        One that was raised for something else before waits for somebody to see that.
        """
        if alarm.raised_utc_s < from_utc_s or alarm.occurrences > 1:
            return False
        if alarm.cause is Cause.NOT_MEASURED:
            return alarm.reason == Reason.NO_NAME
        told = LimitReason.read(alarm.reason)
        ours = told is not None and told.metric in self._metrics
        return alarm.cause is Cause.DEGRADED and ours and not tracker.reaches

    def pass_over(self, tracker: EndpointTracker, from_utc_s: float) -> bool:
        """Drop what a machine's figures say of its network since a time; return whether there was any."""
        return tracker.forget_raised(self._metrics, from_utc_s)

    def settle(self, trackers: Iterable[EndpointTracker]) -> None:
        """Begin anew with the figures of this machine: those of a lost network say nothing of now."""
        for tracker in trackers:
            for probe in tracker.probes.values():
                if not probe.reaches and self._metrics.intersection(probe.limited):
                    probe.window.clear()


def metrics_of_own_network(site: Site, probe_types: ProbeTypes) -> frozenset[str]:
    """Return the figures of a site that tell of this machine's own network."""
    return frozenset(
        metric.name
        for endpoint in site.endpoints
        for probe in endpoint.probes
        if not probe_types[probe.type].reaches
        for metric in probe_types[probe.type].metrics(probe.parameters)
        if metric.of_own_network
    )
