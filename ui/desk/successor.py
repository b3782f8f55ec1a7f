"""Who is looked at once an endpoint is gone from the site. Pure; it selects nothing.

1. An endpoint that came with another id, and is the same otherwise, is the one that was looked at.
2. Else the eye stays where it was: the next of the same kind that was there before, else the one before it,
   else the nearest of another kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from controlroom.site.model import EndpointKind
from controlroom.site.view import SeenEndpoint


def renamed_to(before: Sequence[SeenEndpoint], after: Sequence[SeenEndpoint], gone: str) -> str:
    """Return the id that an endpoint has now, where it got another one; empty where it is gone."""
    lost = next((one for one in before if one.id == gone), None)
    known = {one.id for one in before}
    if lost is None:
        return ""
    same = [one for one in after if one.id not in known and _same(lost, one)]
    return min(same, key=lambda one: one.name != lost.name).id if same else ""


def successor(before: Sequence[SeenEndpoint], after: Sequence[SeenEndpoint], gone: str) -> str:
    """Return the id of the one to look at instead of ``gone``; empty where there is none."""
    kind = next((one.kind for one in before if one.id == gone), None)
    left = {one.id for one in after}
    mine = [one.id for one in before if one.kind is kind]
    shown = [one.id for one in _as_shown(before)]
    first = next((one.id for one in _as_shown(after)), "")
    return neighbour(mine, left, gone) or neighbour(shown, left, gone) or first


def neighbour(order: Sequence[str], left: Iterable[str], gone: str) -> str:
    """Return the nearest that is left: the next after ``gone``, else the one before; empty for none."""
    if gone not in order:
        return ""
    place, still = order.index(gone), frozenset(left)
    near = (*order[place + 1 :], *reversed(order[:place]))
    return next((one for one in near if one in still), "")


def _same(lost: SeenEndpoint, other: SeenEndpoint) -> bool:
    """Whether the same is asked of the same address; where there is none, of the same name."""
    asked = (lost.kind, lost.address, lost.probes) == (other.kind, other.address, other.probes)
    return asked and (bool(lost.address) or lost.name == other.name)


def _as_shown(endpoints: Sequence[SeenEndpoint]) -> list[SeenEndpoint]:
    """Order endpoints as the board does: by kind, and within it as the site has them."""
    kinds = list(EndpointKind)
    return sorted(endpoints, key=lambda one: kinds.index(one.kind))
