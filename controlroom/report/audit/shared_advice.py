"""What to do about what several paths share, by the kind of the risk group. It finds nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from controlroom.resilience.component import group_of
from controlroom.site.view import SiteView

ANOTHER_WAY: Final = "Provide a second way that does not share it"
_CARRIERS: Final = "Ask the carriers for separate routes, and have them say so in writing"
_PLACE: Final = "Move one of the ways to another building or mast"
_BY_KIND: Final = {
    "carrier": _CARRIERS,
    "duct": _CARRIERS,
    "power": "Put one of the ways on another feed or on a supply of its own",
    "building": _PLACE,
    "mast": _PLACE,
    "region": "Provide one of the ways from another region, with another sign-in and other software",
    "staff": "Train a second person, and let them do it for real",
}


def shared_advice(components: Iterable[str], view: SiteView) -> str:
    """Say what to do about components, each way once; without a full stop."""
    told = dict.fromkeys(_BY_KIND.get(_kind(each, view), ANOTHER_WAY) for each in components)
    return ". ".join(told)


def _kind(component: str, view: SiteView) -> str:
    group_id = group_of(component)
    group = None if group_id is None else view.risk_group(group_id)
    return "" if group is None else group.kind
