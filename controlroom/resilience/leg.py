"""How one leg of a service stands, by what is known of its endpoints. It weighs no leg against another.

A leg is lost when any of its endpoints is, and as its own structure has it: an endpoint takes the leg with it
whatever else works. Worst first: lost, in maintenance, unknown, degraded, working.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from controlroom.resilience.expression import components, fails
from controlroom.resilience.standing import LegStanding, LegState
from controlroom.resilience.structure import Leg


class Failures(Protocol):
    """The components of a service that are not well."""

    @property
    def failed(self) -> frozenset[str]:
        """Those that have failed."""

    @property
    def unknown(self) -> frozenset[str]:
        """Those of which nothing is known."""

    @property
    def planned(self) -> frozenset[str]:
        """Those in maintenance."""

    @property
    def poor(self) -> frozenset[str]:
        """Those that work and are not good enough."""


def leg_standing(leg: Leg, found: Failures) -> LegStanding:
    """Tell a leg's state, and which components make it so."""
    for state, names in (
        (LegState.LOST, found.failed),
        (LegState.MAINTENANCE, found.failed | found.planned),
        (LegState.UNKNOWN, found.failed | found.planned | found.unknown),
    ):
        if names and fails(leg.lost, names):
            return LegStanding(leg.id, leg.name, state, _of_leg(leg, names))
    poor = tuple(name for name in leg.endpoints if name in found.poor)
    return LegStanding(leg.id, leg.name, LegState.DEGRADED if poor else LegState.WORKING, poor)


def _of_leg(leg: Leg, names: Collection[str]) -> tuple[str, ...]:
    """List what of a leg is not well: its own endpoints before what they stand behind."""
    own = tuple(name for name in leg.endpoints if name in names)
    return own or tuple(name for name in components(leg.lost) if name in names)
