"""What endpoints share: groups and those above, locations however spelt, subnets of literal addresses."""

from __future__ import annotations

from controlroom.condition.shared_risk import RiskKind, is_shared_risk, shared_risks
from controlroom.site.model import Criticality, Endpoint, EndpointKind, RiskGroup, Site


def endpoint(name: str, address: str, location: str = "", *groups: str) -> Endpoint:
    """An endpoint without probes."""
    return Endpoint(
        id=name,
        name=name,
        kind=EndpointKind.CLOUD,
        address=address,
        criticality=Criticality.LOW,
        location=location,
        risk_groups=groups,
    )


def shared(*endpoints: Endpoint, groups: tuple[RiskGroup, ...] = ()) -> dict[str, set[str]]:
    """Return who shares what, by subject."""
    site = Site(name="Room", endpoints=endpoints, risk_groups=groups)
    return {risk.subject: set(risk.members) for risk in shared_risks(site)}


def test_groups_take_those_with_them_that_are_members_of_them() -> None:
    """However far up, and once where two ways lead there."""
    groups = (
        RiskGroup(id="east", name="E", member_of=("town", "carrier")),
        RiskGroup(id="west", name="W", member_of=("town",)),
        RiskGroup(id="town", name="T", member_of=("region",)),
        RiskGroup(id="carrier", name="C", member_of=("region",)),
        RiskGroup(id="region", name="R"),
    )
    found = shared(
        endpoint("a", "a.example", "", "east"),
        endpoint("b", "b.example", "", "east", "west"),
        endpoint("c", "c.example", "", "west"),
        groups=groups,
    )
    assert found == {
        "group:east": {"a", "b"},
        "group:carrier": {"a", "b"},
        "group:west": {"b", "c"},
        "group:town": {"a", "b", "c"},
        "group:region": {"a", "b", "c"},
    }


def test_a_location_is_one_however_it_is_written() -> None:
    """It is told as it was written first; an empty one is none."""
    found = shared(
        endpoint("a", "a.example", "North hill"),
        endpoint("b", "b.example", " north  HILL "),
        endpoint("c", "c.example"),
        endpoint("d", "d.example", " "),
    )
    assert found == {"location:North hill": {"a", "b"}}


def test_subnets_are_those_of_literal_addresses() -> None:
    """A /24 and a /64; names, this machine itself and link-local ones have none."""
    found = shared(
        endpoint("a", "10.1.2.3"),
        endpoint("b", "10.1.2.250"),
        endpoint("c", "10.1.3.1"),
        endpoint("d", "2001:db8:0:1::1"),
        endpoint("e", "2001:db8:0:1:ffff::9"),
        endpoint("f", "127.0.0.1"),
        endpoint("g", "127.0.0.2"),
        endpoint("h", "fe80::1%eth0"),
        endpoint("i", "fe80::2%eth0"),
    )
    assert found == {"subnet:10.1.2.0/24": {"a", "b"}, "subnet:2001:db8:0:1::/64": {"d", "e"}}


def test_subjects_of_what_is_shared_are_told_from_endpoints() -> None:
    """No endpoint's id has a colon."""
    assert all(map(is_shared_risk, ("group:duct-east", "location:", "subnet:10.1.2.0/24")))
    assert not any(map(is_shared_risk, ("mast", "engine", "group", "mast:x")))


def test_of_those_that_fit_as_well_the_fewest_share_it() -> None:
    """And what somebody configured goes before what is only seen."""
    group, subnet = (
        next(iter(shared_risks(site)))
        for site in (
            Site(
                name="R",
                endpoints=(endpoint("a", "x.example", "", "g"), endpoint("b", "y.example", "", "g")),
            ),
            Site(name="R", endpoints=(endpoint("a", "10.0.0.1"), endpoint("b", "10.0.0.2"))),
        )
    )
    assert (group.kind, subnet.kind) == (RiskKind.GROUP, RiskKind.SUBNET)
    assert group.rank < subnet.rank
