"""Small rooms as desks see them, and a second, naive way to tell how a service stands."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence

from hypothesis import strategies as st

from controlroom.resilience.component import group_component
from controlroom.site.behind import alternatives
from controlroom.site.criticality import Criticality
from controlroom.site.model import EndpointKind
from controlroom.site.view import SeenEndpoint, SeenNeed, SeenPath, SeenRiskGroup, SeenService, SiteView


def endpoint(endpoint_id: str, *, behind: Sequence[str] = ()) -> SeenEndpoint:
    """An endpoint of which only the name matters."""
    return SeenEndpoint(
        id=endpoint_id,
        name=endpoint_id.title(),
        kind=EndpointKind.RADIO_GATEWAY,
        address="192.0.2.1",
        criticality=Criticality.HIGH,
        behind=tuple(behind),
    )


def service(service_id: str, paths: Mapping[str, Sequence[str]], needs: SeenNeed | int = 1) -> SeenService:
    """A service of these paths, of which it needs so many."""
    return SeenService(
        id=service_id,
        name=service_id.title(),
        criticality=Criticality.CRITICAL,
        paths=tuple(SeenPath(id=name, name=name, endpoints=tuple(of)) for name, of in paths.items()),
        needs=needs if isinstance(needs, SeenNeed) else SeenNeed(at_least=needs, of=tuple(paths)),
    )


def room(
    endpoints: Iterable[str | SeenEndpoint],
    services: Iterable[SeenService],
    groups: Mapping[str, Sequence[str]] | None = None,
) -> SiteView:
    """A site of endpoints, services and risk groups with their members."""
    return SiteView(
        name="Room",
        endpoints=tuple(endpoint(each) if isinstance(each, str) else each for each in endpoints),
        services=tuple(services),
        risk_groups=tuple(
            SeenRiskGroup(id=name, name=name.title(), members=tuple(members))
            for name, members in (groups or {}).items()
        ),
    )


def naively_lost(view: SiteView, seen: SeenService, failed: Collection[str]) -> bool:
    """Whether a service is lost, told from the words of the site, endpoint by endpoint."""
    known = {each.id: each for each in view.endpoints}

    def works(endpoint_id: str) -> bool:
        groups = [group.id for group in view.risk_groups if endpoint_id in group.members]
        if endpoint_id in failed or any(group_component(name) in failed for name in groups):
            return False
        return all(any(map(works, alternatives(entry))) for entry in known[endpoint_id].behind)

    def holds(need: SeenNeed) -> bool:
        paths = {path.id: path for path in seen.paths}
        return need.at_least <= sum(
            all(map(works, paths[part].endpoints)) if isinstance(part, str) else holds(part)
            for part in need.of
        )

    return not holds(seen.needs)


def naive_cuts(view: SiteView, seen: SeenService, failed: Collection[str]) -> tuple[int, set[frozenset[str]]]:
    """The margin and the sets of that size, by trying all sets of further failures, the smallest first."""
    names = [each.id for each in view.endpoints] + [group_component(each.id) for each in view.risk_groups]
    left = [name for name in names if name not in failed]
    for size in range(len(left) + 1):
        found = {
            frozenset(each)
            for each in itertools.combinations(left, size)
            if naively_lost(view, seen, {*failed, *each})
        }
        if found:
            return size, found
    raise AssertionError("a service that nothing loses")


@st.composite
def rooms(draw: st.DrawFn) -> SiteView:
    """A room of up to eight endpoints and four risk groups, some endpoints behind earlier ones."""
    names = [f"e{number}" for number in range(draw(st.integers(2, 8)))]
    endpoints = []
    for place, name in enumerate(names):
        entries = st.lists(st.sampled_from(names[:place]), min_size=1, max_size=2, unique=True)
        behind = draw(st.lists(entries.map(" | ".join), max_size=1)) if place else []
        endpoints.append(endpoint(name, behind=behind))
    some = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    groups = {f"g{number}": draw(some) for number in range(draw(st.integers(0, 4)))}
    paths = {f"p{number}": draw(some) for number in range(draw(st.integers(1, 4)))}
    flat = SeenNeed(at_least=draw(st.integers(1, len(paths))), of=tuple(paths))
    inner = draw(st.sampled_from([flat, SeenNeed(at_least=1, of=(flat,))]))
    return room(endpoints, [service("s", paths, inner)], groups)
