"""The endpoints that are watched, and which of them lie outside this machine. It judges none of them.

Rule: when the site changes under way, what did not change keeps everything it knows. A probe that asks anew
begins without evidence, and its endpoint keeps its condition until there is some.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.reading import ProbeKey
from controlroom.site.model import Endpoint, Site


@dataclass(frozen=True, slots=True)
class Followed:
    """How an endpoint is followed in a changed site, which of its probes ask anew, and what is different."""

    tracker: EndpointTracker
    anew: Sequence[ProbeTracker] = ()
    is_new: bool = False
    is_changed: bool = False


class Watched:
    """The trackers by their endpoints' identifiers, in the order of the site."""

    def __init__(self, trackers: dict[str, EndpointTracker]) -> None:
        """Watch these; nothing is known yet to be on this machine."""
        self.trackers = trackers
        self.local: frozenset[str] = frozenset()
        """The endpoints on this machine: they prove nothing about our connection."""

    def find(self, key: ProbeKey) -> tuple[EndpointTracker, ProbeTracker] | None:
        """Return who follows a probe, or ``None`` where it is not watched (any longer)."""
        tracker = self.trackers.get(key.endpoint_id)
        probe = tracker.probes.get(key.probe_name) if tracker is not None else None
        return None if tracker is None or probe is None else (tracker, probe)

    def is_outside(self, endpoint_id: str) -> bool:
        """Whether an endpoint is watched and not on this machine."""
        return endpoint_id in self.trackers and endpoint_id not in self.local

    def outside(self) -> list[EndpointTracker]:
        """Return who follows the endpoints that are not on this machine."""
        return [tracker for key, tracker in self.trackers.items() if key not in self.local]

    def tells_of_us(self, tracker: EndpointTracker, probe: ProbeTracker) -> bool:
        """Whether a probe's silence may come from our own connection."""
        return probe.reaches and tracker.endpoint.id not in self.local

    def adopt(
        self, site: Site, reaches: Mapping[str, bool], now_utc_s: float
    ) -> tuple[list[Followed], list[str]]:
        """Go on with a changed site (the rule above); return what it has, and what it has no longer.

        ``reaches`` is told per probe type. What is on this machine must be told anew after it.
        """
        before, self.trackers = self.trackers, {}
        followed = []
        for endpoint in site.endpoints:
            one = _followed(before.pop(endpoint.id, None), endpoint, reaches, now_utc_s)
            self.trackers[endpoint.id] = one.tracker
            followed.append(one)
        return followed, list(before)


def _followed(
    tracker: EndpointTracker | None, endpoint: Endpoint, reaches: Mapping[str, bool], now_utc_s: float
) -> Followed:
    if tracker is None:
        tracker = EndpointTracker(endpoint, reaches, now_utc_s)
        return Followed(tracker, list(tracker.probes.values()), is_new=True, is_changed=True)
    if tracker.endpoint == endpoint:
        return Followed(tracker)
    return Followed(tracker, tracker.adopt(endpoint, reaches), is_changed=True)
