"""Which paths are to be apart, and what their routes share."""

from __future__ import annotations

from controlroom.resilience.component import group_component
from controlroom.resilience.diversity import Carriers, Pair, own_side_of, pairs_apart, shared_of
from controlroom.resilience.structure import structures_of
from controlroom.site.criticality import Criticality
from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.view import SeenEndpoint, SeenNeed, SeenPath, SeenRiskGroup, SeenService, SiteView

BT = SeenRiskGroup(id="bt", name="BT", members=("c",), routers=("192.0.2.0/24", "2001:db8::1"))


def endpoint(name: str, *behind: str) -> SeenEndpoint:
    """An endpoint."""
    return SeenEndpoint(
        id=name,
        name=name,
        kind=EndpointKind.CLOUD,
        address="198.51.100.1",
        criticality=Criticality.HIGH,
        behind=behind,
    )


def site(needs: SeenNeed, *ways: str, behind: str = "", groups: tuple[SeenRiskGroup, ...] = ()) -> SiteView:
    """A service whose paths are named after their endpoints, all of them behind something or nothing."""
    names = dict.fromkeys(letter for way in ways for letter in way)
    own = [endpoint(name, *behind) for name in names] + [endpoint(name) for name in behind]
    paths = tuple(SeenPath(id=way, name=way, endpoints=tuple(way)) for way in ways)
    service = SeenService(id="s", name="S", criticality=Criticality.HIGH, paths=paths, needs=needs)
    return SiteView(name="Room", endpoints=tuple(own), services=(service,), risk_groups=groups)


def need(least: int, *of: str | SeenNeed) -> SeenNeed:
    """So many of these."""
    return SeenNeed(at_least=least, of=of)


def apart(view: SiteView) -> list[tuple[str, str]]:
    """Return the paths that are to be apart."""
    return [(pair.one.id, pair.other.id) for pair in pairs_apart(structures_of(view).values())]


def pair_of(view: SiteView) -> Pair:
    """Return the only pair of a site."""
    (pair,) = pairs_apart(structures_of(view).values())
    return pair


def test_only_what_is_not_needed_together_is_to_be_apart() -> None:
    """At any depth; also of two of three, of which none is needed by itself."""
    assert apart(site(need(1, "a", "b"), "a", "b")) == [("a", "b")]
    assert apart(site(need(2, "a", "b"), "a", "b")) == []
    assert apart(site(need(2, "a", "b", "c"), "a", "b", "c")) == [("a", "b"), ("a", "c"), ("b", "c")]
    nested = need(2, "a", need(1, "b", need(2, "c", "d")))
    assert apart(site(nested, "a", "b", "c", "d")) == [("b", "c"), ("b", "d")]


def test_what_shares_something_by_the_site_itself_is_known_not_to_be() -> None:
    """An endpoint, a group, or what both stand behind; what every path stands behind is our own side."""
    assert apart(site(need(1, "ax", "bx"), "ax", "bx")) == []
    duct = SeenRiskGroup(id="duct", name="Duct", members=("a", "b"))
    assert apart(site(need(1, "a", "b"), "a", "b", groups=(duct,))) == []
    assert apart(site(need(1, "a", "b"), "a", "b", behind="r")) == []
    assert apart(site(need(1, "a", "b", "c"), "a", "b", "c", behind="r")) == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]


def test_a_hop_of_both_is_shared_unless_it_is_our_own_side() -> None:
    """Of each path the ways to all its endpoints count."""
    pair = pair_of(site(need(1, "ax", "b"), "ax", "b"))
    routes = {
        "a": frozenset({"gate", "h1"}),
        "x": frozenset({"gate", "h3"}),
        "b": frozenset({"gate", "h2", "h3"}),
    }
    nothing = Carriers(())
    assert own_side_of(routes) == frozenset(), "too few to tell"
    assert shared_of(pair, routes, nothing, ()) == {"hop:gate", "hop:h3"}
    many = routes | {f"e{number}": frozenset({"gate"}) for number in range(4)}
    assert own_side_of(many) == {"gate"}
    assert shared_of(pair, many, nothing, own_side_of(many)) == {"hop:h3"}
    assert shared_of(pair, {"a": routes["a"]}, nothing, ()) == frozenset(), "the other is not traced"


def test_a_carrier_is_shared_by_its_routers_and_by_what_it_takes() -> None:
    """By one address here and another there, and where the site says that it takes the other with it."""
    pair = pair_of(site(need(1, "a", "b"), "a", "b", groups=(BT,)))
    carriers, bt = Carriers((BT,)), {group_component("bt")}
    both = {"a": frozenset({"192.0.2.7"}), "b": frozenset({"192.0.2.9"})}
    assert shared_of(pair, both, carriers, ()) == bt
    assert shared_of(pair, both, carriers, {"192.0.2.9"}) == frozenset(), "our own side never counts"
    assert shared_of(pair, both | {"b": frozenset({"2001:db8::1%eth0", "x"})}, carriers, ()) == bt
    assert shared_of(pair, {"a": both["a"], "b": frozenset({"203.0.113.1"})}, carriers, ()) == frozenset()
    declared = pair_of(site(need(1, "a", "c"), "a", "c", groups=(BT,)))
    assert shared_of(declared, {"a": both["a"]}, carriers, ()) == bt
    assert shared_of(declared, {"c": both["a"]}, carriers, ()) == frozenset(), "a member on its own carrier"
