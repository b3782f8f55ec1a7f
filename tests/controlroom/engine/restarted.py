"""What an engine had committed, and the monitor of the next one that begins with it."""

from __future__ import annotations

from controlroom.condition.state import EndpointState
from controlroom.engine.monitor import Monitor
from tests.stories.world import START_UTC_S, site_of


def states_of(monitor: Monitor) -> list[EndpointState]:
    """Take what the store would hold."""
    return [tracker.state for tracker in monitor.trackers.values()]


def restarted(monitor: Monitor, endpoint_ids: list[str]) -> Monitor:
    """Start a new engine's monitor from what the old one had committed."""
    return Monitor(
        site_of(endpoint_ids),
        {"icmp": True},
        START_UTC_S,
        states=states_of(monitor),
        alarms=monitor.alarms.alarms(),
        next_alarm_number=2,
    )
