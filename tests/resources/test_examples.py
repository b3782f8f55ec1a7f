"""The example sites: each loads, the full one has every key, the room is made up and marked as such."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Standing
from controlroom.site.keys import file_keys, models_of
from controlroom.site.load import load_site
from controlroom.site.model import Endpoint, EndpointKind, Site
from controlroom.site.service import AllOf, AnyOf, AtLeast
from controlroom.site.simulation import types_of_kind
from controlroom.site.view import view_of
from probes.registry import PROBE_TYPES

EXAMPLES = sorted(resources.path("examples").glob("*.toml"))
PROFILES = read_profiles(resources.path("profiles"))
MEASURING = types_of_kind(PROBE_TYPES, simulated=False)
"""What an example can have side by side; the demonstration has the others."""
NOBODYS = "pager-relay"
"""The one endpoint of the control room of which nobody says whose it is and what to do."""
DOCUMENTATION = [
    ipaddress.ip_network(block)
    for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def _site(example: Path) -> Site:
    return load_site(example.read_text(encoding="utf-8"), example.name, PROBE_TYPES, PROFILES)


def _keys_of(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, str]]:
    """Go through the keys of a model and of all that it holds; a probe type's keys are counted apart."""
    if model in seen:
        return
    seen.add(model)
    for name, field in file_keys(model).items():
        if name == "parameters":
            continue
        yield model.__name__, name
        for inner in models_of(field.annotation):
            yield from _keys_of(inner, seen)


def _written(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _written(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _written(inner)


def test_there_are_three_examples() -> None:
    """The names are those that the documentation gives."""
    assert [example.name for example in EXAMPLES] == ["control-room.toml", "full.toml", "minimal.toml"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_every_example_is_right_and_made_up(example: Path) -> None:
    """Examples load with the shipped probe types, and hold no address that could be somebody's."""
    for endpoint in _site(example).endpoints:
        assert _is_made_up(endpoint), endpoint.address


def _is_made_up(endpoint: Endpoint) -> bool:
    if endpoint.address == "localhost" or endpoint.address.endswith(".example"):
        return True
    literal = ipaddress.ip_address(endpoint.address)
    return any(literal in block for block in DOCUMENTATION)


def test_the_full_example_has_every_key() -> None:
    """Every field of the model and of the shipped types' parameters stands in it."""
    text = resources.path("examples/full.toml").read_text(encoding="utf-8")
    written = set(_written(tomllib.loads(text)))
    declared = set(_keys_of(Site, set()))
    for probe_type in MEASURING.values():
        declared |= set(_keys_of(probe_type.parameters, set()))
    assert {key for key in declared if key[1] not in written} == set()


def test_the_full_example_has_every_own_key_of_a_type_at_a_probe_of_it() -> None:
    """A key that two types share stands at both."""
    tables = tomllib.loads(resources.path("examples/full.toml").read_text(encoding="utf-8"))
    probes = [probe for endpoint in tables["endpoints"] for probe in endpoint["probes"]]
    for name, probe_type in MEASURING.items():
        written = {key for probe in probes if probe["type"] == name for key in probe}
        assert set(probe_type.parameters.model_fields) <= written


def test_every_key_of_the_full_example_has_a_word_on_it() -> None:
    """A key explains itself where it first stands: by a comment on its line, or just above."""
    lines = resources.path("examples/full.toml").read_text(encoding="utf-8").splitlines()
    seen: set[str] = set()
    for number, line in enumerate(lines):
        key, equals, rest = line.partition(" = ")
        if equals and key.isidentifier() and key not in seen:
            seen.add(key)
            above = next(one for one in reversed(lines[:number]) if one and not one.startswith("["))
            within = '"""' in rest and any("#" in one for one in lines[number : number + 4])
            assert "#" in rest or above.startswith("#") or within, line


def test_the_control_room_is_whole_and_marked_as_an_example() -> None:
    """All kinds, about forty endpoints, words for the operator on each, risk groups and nested needs."""
    example = resources.path("examples/control-room.toml")
    site = _site(example)
    assert "EXAMPLE" in site.name
    assert "EXAMPLE" in example.read_text(encoding="utf-8").splitlines()[0]
    assert len(site.endpoints) >= 50
    assert {endpoint.kind for endpoint in site.endpoints} == set(EndpointKind)
    for endpoint in site.endpoints:
        assert endpoint.consequence
        assert endpoint.location
        if endpoint.id == NOBODYS:
            continue
        assert endpoint.contact
        assert endpoint.what_to_do
    assert len(site.risk_groups) >= 10
    assert len(site.services) >= 12
    needs = [service.needs for service in site.services]
    assert any(isinstance(need, AllOf) and any(isinstance(one, AnyOf) for one in need.all) for need in needs)
    assert any(isinstance(need, AtLeast) for need in needs)
    assert any(
        isinstance(need, AllOf) and any(isinstance(one, AtLeast) for one in need.all) for need in needs
    )


def test_the_control_room_hides_risks_that_are_worth_finding() -> None:
    """What one failure loses, by service; most of it shared, and two of it through a larger group."""
    standings = _standings()
    assert {name: found.single for name, found in standings.items() if found.whole == 1} == {
        "talk-to-fire-crews": (
            "group:carrier-a",
            "group:duct-west",
            "group:mast-north",
            "group:north-feed",
        ),
        "dispatch": ("group:cloud-region-1", "sign-in"),
        "page-on-call-crews": ("group:north-feed", "group:pager-engineer"),
        "locate-callers": ("caller-location", "group:cloud-region-1", "group:cloud-region-2", "maps"),
        "national-checks": (
            "group:carrier-a",
            "group:duct-west",
            "group:equipment-room",
            "group:power-feed-a",
            "national-database",
        ),
        "hand-over-to-partners": ("group:carrier-b", "group:duct-east"),
        "same-time": ("group:equipment-room-2", "group:power-feed-b"),
        "record": ("group:equipment-room", "group:power-feed-a", "voice-recorder"),
    }
    assert {name for name, found in standings.items() if found.whole == 3} == {"alert-fire-stations"}
    assert ("group:bridge-chamber", "phone-fallback") in [
        tuple(sorted(found)) for found in standings["answer-emergency-calls"].next_to_fail.sets
    ], "both trunks go through one chamber, and only the fallback is left then"


def test_the_control_room_has_what_an_audit_finds() -> None:
    """Nobody's endpoint, a standby never exercised, partners with, without and after an agreement."""
    site = _site(resources.path("examples/control-room.toml"))
    assert {one.id for one in site.endpoints if not one.owner} == {NOBODYS, "drone-video"}
    assert {one.id for one in site.endpoints if not one.what_to_do} == {NOBODYS}
    assert {one.id for one in site.services if not one.owner} == {"record"}
    standby = [path for service in site.services for path in service.paths if path.standby]
    assert {path.id for path in standby if path.exercised is None} == {"line-5g"}
    assert len(standby) >= 4
    partners = [one for one in site.endpoints if one.kind is EndpointKind.PARTNER]
    expiries = {one.id: one.agreement_expires for one in partners if one.agreement_expires is not None}
    assert min(expiries, key=lambda name: expiries[name]) == "neighbour-police"
    assert max(expiries.values()) > date(2028, 12, 31)
    assert {one.id for one in partners if not one.agreement} == {"traffic-centre"}
    assert {one.id for one in partners if one.agreement and not one.agreement_expires} == {"coastguard"}


def test_the_routers_of_the_examples_are_made_up() -> None:
    """As the addresses are."""
    routers = [
        ipaddress.ip_network(router)
        for example in EXAMPLES
        for group in _site(example).risk_groups
        for router in group.routers
    ]
    assert len(routers) >= 4
    for router in routers:
        assert any(router[0] in block and router[-1] in block for block in DOCUMENTATION), router


def _standings() -> Mapping[str, Standing]:
    site = _site(resources.path("examples/control-room.toml"))
    return Resilience(view_of(site, PROBE_TYPES, profiles=PROFILES)).look(Observed())
