"""Works out how the services stand, in the thread that reads the store. It never touches a widget.

Rules:
1. Standings follow from the states of the endpoints and the grades of their links, which are read with every
   state and, as grades change rarely, after entries that tell of one and every few seconds.
2. What is handed on is ``None`` where nothing differs from what was handed on before.
3. A site whose services cannot be a structure has none to show, and says why.
4. The diagrams of the structures belong to one thread: what makes this object has to drop it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from controlroom.alarms.true_loss import with_true_losses
from controlroom.condition.assessment import Assessment
from controlroom.condition.state import EndpointState
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed, observed
from controlroom.resilience.standing import Standing
from controlroom.resilience.structure import StructureError
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore

GRADES_EVERY_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class SeenStandings:
    """How every service stands by what was observed; ``refusal`` says why there is none.

    ``poor`` are the judgements of the links that are not good enough for what they carry, by endpoint.
    """

    observed: Observed = field(default_factory=Observed)
    standings: Mapping[str, Standing] = field(default_factory=lambda: MappingProxyType({}))
    refusal: str = ""
    poor: Mapping[str, Assessment] = field(default_factory=lambda: MappingProxyType({}))


class StandingsReading:
    """Keeps the structures of the site that was seen last."""

    def __init__(self) -> None:
        """Begin without a site."""
        self._site: SiteView | None = None
        self._resilience: Resilience | None = None
        self._refusal = ""
        self._grades: Mapping[str, Assessment] = {}
        self._grades_due_s = float("-inf")
        self._told: SeenStandings | None = None

    def see(
        self,
        store: ReadStore,
        site: SiteView | None,
        states: Sequence[EndpointState],
        now_monotonic_s: float,
        *,
        grades_changed: bool,
    ) -> SeenStandings | None:
        """Return how the services stand, where that differs from the time before (rule 2)."""
        if site is None or not site.services:
            return self._tell(SeenStandings())
        if site is not self._site:
            self._take_site(site)
        if self._resilience is None:
            return self._tell(SeenStandings(refusal=self._refusal))
        if grades_changed or now_monotonic_s >= self._grades_due_s:
            self._grades_due_s = now_monotonic_s + GRADES_EVERY_S
            self._grades = {each.endpoint_id: each for each in store.assessments()}
        known = {state.endpoint_id: state for state in states}
        seen = observed((each.id for each in site.endpoints), known, self._grades, site.services)
        alarms = store.alarms() if seen.planned else ()
        standings = with_true_losses(self._resilience, seen, alarms)
        named = {each for standing in standings.values() for each in standing.poor}
        poor = {each: self._grades[each] for each in named if each in self._grades}
        return self._tell(SeenStandings(seen, standings, poor=poor))

    def _take_site(self, site: SiteView) -> None:
        self._site, self._resilience, self._refusal = site, None, ""
        try:
            self._resilience = Resilience(site)
        except StructureError as error:
            self._refusal = str(error)

    def _tell(self, seen: SeenStandings) -> SeenStandings | None:
        if seen == self._told:
            return None
        self._told = seen
        return seen
