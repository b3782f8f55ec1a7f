"""What must hang together in risk groups. It reads no file.

1. A group is part of others that there are, names none twice, and is no part of itself, also not by way of
   others: the ring is named.
2. A router is one IP address or one network in plain notation, and stands once in its group.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from graphlib import CycleError, TopologicalSorter
from typing import Final

from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.references import check_references, duplicate_reference

_MOST_RINGS: Final = 50
_LONGEST_SHOWN: Final = 63

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def check_risk_groups(mistakes: MistakeList, site: Place, group_ids: Collection[str]) -> None:
    """Note every group that cannot be as it is written."""
    for group in site.items("risk_groups"):
        check_references(mistakes, group, "member_of", group_ids, "risk group")
        _check_routers(mistakes, group)
    _check_rings(mistakes, site)


def _check_routers(mistakes: MistakeList, group: Place) -> None:
    seen: set[Network] = set()
    for place, router in group.texts("routers"):
        network = _network(router)
        if network is None:
            _note_router(mistakes, place, router)
        elif network in seen:
            duplicate_reference(mistakes, place, router)
        else:
            seen.add(network)


def _note_router(mistakes: MistakeList, place: Place, router: str) -> None:
    """Refuse what is no network, and say which one it may be where only bits of a machine stand in it."""
    shown = router if len(router) <= _LONGEST_SHOWN else f"{router[:_LONGEST_SHOWN]}…"
    wider = _network(router, strict=False)
    if wider is not None:
        happened = f'names "{shown}", which is a machine and the size of a network.'
        advice = f"Write {wider} for the network, or the address without a slash for the machine."
    else:
        happened = f'names "{shown}", which is neither an IP address nor a network.'
        advice = "Write an address such as 192.0.2.1, or a network such as 192.0.2.0/24."
    mistakes.add("bad-router", place.path, happened, advice)


def _network(router: str, *, strict: bool = True) -> Network | None:
    if "%" in router:  # an interface of this machine, which says nothing of a router elsewhere
        return None
    try:
        return ipaddress.ip_network(router, strict=strict)
    except ValueError:
        return None


def _check_rings(mistakes: MistakeList, site: Place) -> None:
    """Note each ring of risk groups once, at one of its members, and go on without that ring."""
    members: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    for group in site.items("risk_groups"):
        name = group.at("id").text
        if name is not None:
            members.setdefault(name, set()).update(text for _, text in group.texts("member_of"))
            places.setdefault(name, group)
    for _ in range(_MOST_RINGS):
        try:
            TopologicalSorter(members).prepare()
        except CycleError as error:
            ring = list(dict.fromkeys(error.args[1]))
            _note_ring(mistakes, places[ring[0]], ring)
            for name in ring:
                members[name] = set()
        else:
            return


def _note_ring(mistakes: MistakeList, group: Place, ring: list[str]) -> None:
    names = ", ".join(name[:_LONGEST_SHOWN] for name in ring[:5]) + (", …" if len(ring) > 5 else "")
    happened = f"leads back to the group itself ({names})."
    mistakes.add("cycle", group.at("member_of").path, happened, "A risk group cannot be part of itself.")
