"""What endpoints share that can take them at once: risk groups, a location, a subnet. It judges no fault.

Rules:
1. An endpoint is in its risk groups and in all that these are members of.
2. A location is what the site calls it, whatever its letters' case and blanks.
3. A subnet is the /24 of an IPv4 address, the /64 of an IPv6 one, where the site gives the address itself.
   This machine's own addresses and those of one cable are no subnet.
4. What one endpoint alone has is shared by nobody.
5. Who stands behind one endpoint shares what lies beyond it: that may be lost though the endpoint answers.
"""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.site.behind import alternatives
from controlroom.site.model import Endpoint, RiskGroup, Site

_PREFIX: Final[Mapping[int, int]] = {4: 24, 6: 64}


class RiskKind(enum.StrEnum):
    """What is shared; the first word of a subject."""

    GROUP = "group"
    BEYOND = "beyond"
    LOCATION = "location"
    SUBNET = "subnet"


_CONFIGURED_FIRST: Final = tuple(RiskKind)


@dataclass(frozen=True, slots=True)
class SharedRisk:
    """What several endpoints share. ``subject`` is what an alarm about it goes by: ``group:duct-east``."""

    kind: RiskKind
    name: str
    members: frozenset[str]

    @property
    def subject(self) -> str:
        """The subject of its alarm."""
        return f"{self.kind.value}:{self.name}"

    @property
    def rank(self) -> tuple[int, int, str]:
        """Orders those that fit as well: the fewer share it, the more it says; what is configured first."""
        return (len(self.members), _CONFIGURED_FIRST.index(self.kind), self.name)


def shared_risks(site: Site) -> tuple[SharedRisk, ...]:
    """Return all that at least two endpoints of a site share."""
    members: dict[tuple[RiskKind, str], set[str]] = {}
    above = _all_above(site.risk_groups)
    spelt: dict[str, str] = {}
    for endpoint in site.endpoints:
        for kind, name in _risks_of(endpoint, above):
            shown = name
            if kind is RiskKind.LOCATION:
                shown = spelt.setdefault(" ".join(name.split()).casefold(), " ".join(name.split()))
            members.setdefault((kind, shown), set()).add(endpoint.id)
    return tuple(
        SharedRisk(kind, name, frozenset(own)) for (kind, name), own in members.items() if len(own) > 1
    )


def is_shared_risk(subject: str) -> bool:
    """Whether an alarm's subject is something shared, and no endpoint nor the monitoring itself."""
    kind, colon, _ = subject.partition(":")
    return bool(colon) and kind in set(RiskKind)


def _risks_of(endpoint: Endpoint, above: Mapping[str, frozenset[str]]) -> Iterator[tuple[RiskKind, str]]:
    groups = {group for own in endpoint.risk_groups for group in above.get(own, frozenset({own}))}
    yield from ((RiskKind.GROUP, group) for group in groups)
    yield from ((RiskKind.BEYOND, before) for before in _before(endpoint))
    if endpoint.location.strip():
        yield RiskKind.LOCATION, endpoint.location
    subnet = _subnet(endpoint.address)
    if subnet:
        yield RiskKind.SUBNET, subnet


def _before(endpoint: Endpoint) -> set[str]:
    """Return all that an endpoint stands right behind, each alternative for itself."""
    return {name for entry in endpoint.behind for name in alternatives(entry)}


def _subnet(address: str) -> str:
    try:
        read = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""  # a name; where it leads may change with every look
    if read.is_loopback or read.is_link_local or read.is_multicast or read.is_unspecified:
        return ""
    return str(ipaddress.ip_network((read, _PREFIX[read.version]), strict=False))


def _all_above(groups: Iterable[RiskGroup]) -> dict[str, frozenset[str]]:
    """Return each group with all that it is a member of, however far up."""
    direct = {group.id: group.member_of for group in groups}
    found: dict[str, frozenset[str]] = {}
    for group in direct:
        ahead = [group]
        for one in ahead:
            ahead += [further for further in direct.get(one, ()) if further not in ahead]
        found[group] = frozenset(ahead)
    return found
