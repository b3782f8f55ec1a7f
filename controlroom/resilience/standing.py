"""How a service stands: its state, its margin, its legs and what would lose it. It decides nothing.

The margin is the least number of further independent failures that lose the service; an endpoint and a risk
group count as one each. It is a range where endpoints are unknown: the least with all of them taken for lost,
the most with all of them taken for working.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class ServiceState(enum.StrEnum):
    """How a service is. *Unknown* where it depends on endpoints that are."""

    WORKING = "working"
    AT_RISK = "at_risk"
    DEGRADED = "degraded"
    LOST = "lost"
    UNKNOWN = "unknown"


class LegState(enum.StrEnum):
    """How one path of a service is; a degraded one works, and not well enough."""

    WORKING = "working"
    DEGRADED = "degraded"
    LOST = "lost"
    UNKNOWN = "unknown"
    MAINTENANCE = "maintenance"


@dataclass(frozen=True, slots=True)
class Margin:
    """Between how many further failures lose it. ``exact`` is false where it may be more than it says.

    A structure that is too large for an exact answer was looked through up to some number of failures:
    then nothing up to ``least - 1`` of them loses it.
    """

    least: int
    most: int
    exact: bool = True

    @property
    def certain(self) -> bool:
        """Whether nothing unknown makes a difference to it."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class LegStanding:
    """One path: its state, and the endpoints that make it so, worst first as the path lists them."""

    id: str
    name: str
    state: LegState
    because_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextToFail:
    """The sets of components, each as large as the margin, of which any that fails loses the service.

    ``more`` counts those that are not listed. Where the margin is a range, they are those with everything
    unknown taken for working.
    """

    sets: tuple[tuple[str, ...], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """One service now.

    ``whole`` is its margin with nothing failed, by its structure alone; where ``whole_exact`` is false it is
    at least that.

    ``quality`` is the margin that counts only what is good enough for the service's use; ``quality_lost``
    says that it works and that not enough of it is, ``quality_next`` what would lose its quality next, where
    that is not what loses the service. ``failed``, ``poor``, ``unknown`` and ``planned`` are
    the endpoints of it that are so; planned ones are in maintenance and are taken for failed in the margin.
    ``rests_on_planned`` says that it would be lost with them. ``single`` are the components that lose it by
    themselves with nothing failed.
    """

    service_id: str
    state: ServiceState
    margin: Margin
    whole: int
    quality: Margin
    quality_lost: bool
    legs: tuple[LegStanding, ...]
    next_to_fail: NextToFail
    failed: tuple[str, ...] = ()
    poor: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    rests_on_planned: bool = False
    single: tuple[str, ...] = ()
    whole_exact: bool = True
    quality_next: NextToFail = NextToFail()
