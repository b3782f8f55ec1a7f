"""The example sites: each loads, the full one has every key, the room is made up and marked as such."""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.site.keys import file_keys, models_of
from controlroom.site.load import load_site
from controlroom.site.model import Endpoint, EndpointKind, Site
from controlroom.site.service import AllOf, AnyOf, AtLeast
from controlroom.site.simulation import types_of_kind
from probes.registry import PROBE_TYPES

EXAMPLES = sorted(resources.path("examples").glob("*.toml"))
PROFILES = read_profiles(resources.path("profiles"))
MEASURING = types_of_kind(PROBE_TYPES, simulated=False)
"""What an example can have side by side; the demonstration has the others."""
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
    assert len(site.endpoints) >= 40
    assert {endpoint.kind for endpoint in site.endpoints} == set(EndpointKind)
    for endpoint in site.endpoints:
        assert endpoint.contact
        assert endpoint.consequence
        assert endpoint.what_to_do
        assert endpoint.location
    assert len(site.risk_groups) >= 10
    needs = [service.needs for service in site.services]
    assert any(isinstance(need, AllOf) and any(isinstance(one, AnyOf) for one in need.all) for need in needs)
    assert any(isinstance(need, AtLeast) for need in needs)
