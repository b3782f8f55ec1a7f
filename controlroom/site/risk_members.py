"""Which endpoints a risk group takes with it, also through smaller groups within it. It judges nothing."""

from __future__ import annotations

from controlroom.site.model import Site


def members_of(site: Site, group_id: str) -> tuple[str, ...]:
    """Return the ids of a group's endpoints in the order of the site; groups in a ring count once each."""
    taken = {group_id}
    grows = True
    while grows:
        more = {group.id for group in site.risk_groups if taken.intersection(group.member_of)} - taken
        grows = bool(more)
        taken |= more
    return tuple(endpoint.id for endpoint in site.endpoints if taken.intersection(endpoint.risk_groups))
