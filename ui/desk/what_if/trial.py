"""Works out a supposition, away from the GUI thread. It writes nothing and keeps nothing but the structures.

The diagrams of the structures belong to the thread that made them, which has to drop them as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from controlroom.alarms.service_faults import faults_of
from controlroom.alarms.transitions import Fault
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.what_if import WhatIf, what_if
from controlroom.site.view import SiteView


@dataclass(frozen=True, slots=True)
class Supposed:
    """What is ticked: the components that fail, and those in maintenance."""

    failed: frozenset[str] = frozenset()
    planned: frozenset[str] = frozenset()

    @property
    def ticked(self) -> frozenset[str]:
        """All of them."""
        return self.failed | self.planned


@dataclass(frozen=True, slots=True)
class Tried:
    """The services before and after, and the faults of them of which alarms would come."""

    found: WhatIf
    faults: tuple[Fault, ...] = ()


class Trial:
    """Lives in one worker thread: ``run`` is its job, ``forget`` its last one."""

    def __init__(self) -> None:
        """Begin without a site."""
        self._resilience: Resilience | None = None

    def run(self, site: SiteView, observed: Observed, supposed: Supposed) -> Tried:
        """Suppose it; raise ``StructureError`` where the services of the site are no structure."""
        if self._resilience is None or self._resilience.view is not site:
            self._resilience = Resilience(site)
        found = what_if(self._resilience, observed, supposed.failed, supposed.planned)
        structures = self._resilience.structures
        faults = (
            fault
            for service_id, after in found.after.items()
            for fault in faults_of(found.before[service_id], after, structures[service_id])
        )
        return Tried(found, tuple(faults))

    def forget(self) -> None:
        """Drop the diagrams in the thread that made them."""
        self._resilience = None
