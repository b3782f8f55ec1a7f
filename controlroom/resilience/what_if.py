"""What services would be like if more had failed, or were in maintenance. It changes nothing.

Rules:
1. A risk group that is supposed to fail takes all its endpoints with it, also those of smaller groups in it.
2. What has failed stays failed, whatever is supposed of it. A supposed failure goes before supposed
   maintenance.
3. Whatever was unknown, or in maintenance, and is supposed to have failed is no longer so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from controlroom.resilience.component import group_of
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Standing
from controlroom.site.view import SiteView


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All services before and after, by their ids, and those that stand otherwise than before."""

    before: Mapping[str, Standing]
    after: Mapping[str, Standing]
    observed: Observed
    """What was supposed, together with what is."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The services of which the state, the margin or the margin of quality would change."""
        return tuple(name for name, after in self.after.items() if _differs(self.before[name], after))

    def down_already(self, view: SiteView, component: str) -> bool:
        """Whether a component, or all endpoints of a group, had failed without any supposition."""
        group = view.risk_group(group_id) if (group_id := group_of(component)) is not None else None
        endpoints = {component} if group is None else set(group.members)
        return bool(endpoints) and endpoints <= self.observed.failed - self.observed.supposed


def what_if(
    resilience: Resilience, observed: Observed, failed: Collection[str], planned: Collection[str] = ()
) -> WhatIf:
    """Suppose that components fail, or are in maintenance, beside what is."""
    supposed = suppose(resilience.view, observed, failed, planned)
    return WhatIf(resilience.look(observed), resilience.look(supposed), supposed)


def suppose(
    view: SiteView, observed: Observed, failed: Collection[str], planned: Collection[str] = ()
) -> Observed:
    """Return what would be observed."""
    fails = _expanded(view, failed)
    rests = _expanded(view, planned) - fails - observed.failed
    return replace(
        observed,
        failed=observed.failed | fails,
        planned=(observed.planned | rests) - fails,
        unknown=observed.unknown - fails - rests,
        poor=observed.poor - fails - rests,
        poor_for={name: poor - fails - rests for name, poor in observed.poor_for.items()},
        supposed=observed.supposed | (fails - observed.failed),
    )


def _expanded(view: SiteView, components: Collection[str]) -> frozenset[str]:
    """Add the endpoints of the groups among them (rule 1)."""
    found = set(components)
    for name in components:
        group = view.risk_group(group_id) if (group_id := group_of(name)) is not None else None
        if group is not None:
            found.update(group.members)
    return frozenset(found)


def _differs(before: Standing, after: Standing) -> bool:
    return (before.state, before.margin, before.quality) != (after.state, after.margin, after.quality)
