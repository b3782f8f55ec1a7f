"""Structures: what a service hangs on, and what is refused by name."""

from __future__ import annotations

import pytest

from controlroom.resilience.expression import fails
from controlroom.resilience.structure import StructureError, structures_of
from controlroom.site.view import SeenNeed
from tests.controlroom.resilience.rooms import endpoint, room, service


def test_a_service_hangs_on_endpoints_groups_and_what_they_stand_behind() -> None:
    """A group takes its members; of two uplinks one is enough."""
    view = room(
        ["left", "right", endpoint("gateway", behind=["left | right"])],
        [service("voice", {"only": ["gateway"]})],
        {"mast": ["gateway"], "duct": ["left", "right"]},
    )
    found = structures_of(view)["voice"]
    assert set(found.components) == {"gateway", "group:mast", "left", "right", "group:duct"}
    assert set(found.endpoints) == {"gateway", "left", "right"}
    for failed in (["gateway"], ["group:mast"], ["left", "right"], ["group:duct"]):
        assert fails(found.lost, failed), failed
    assert not fails(found.lost, ["left"])


def test_needs_may_be_nested_and_share_endpoints() -> None:
    """Two of three sites, and the core or its stand-in."""
    nested = SeenNeed(
        at_least=2,
        of=(SeenNeed(at_least=2, of=("a", "b", "c")), SeenNeed(at_least=1, of=("core", "spare"))),
    )
    paths = {"a": ["x", "core"], "b": ["y", "core"], "c": ["z"], "core": ["core"], "spare": ["spare"]}
    found = structures_of(room(["x", "y", "z", "core", "spare"], [service("radio", paths, nested)]))["radio"]
    assert not fails(found.lost, ["x"])
    assert fails(found.lost, ["x", "y"])
    assert fails(found.lost, ["core"])
    assert not fails(found.lost, ["spare"])


@pytest.mark.parametrize(
    ("paths", "needs", "code", "named"),
    [
        ({"a": ["x"]}, SeenNeed(at_least=2, of=("a",)), "impossible-need", "2 of 1"),
        ({"a": ["x"]}, SeenNeed(at_least=0, of=("a",)), "impossible-need", "0 of 1"),
        ({"a": ["x"]}, SeenNeed(at_least=1, of=()), "empty-need", "Voice"),
        ({"a": []}, SeenNeed(at_least=1, of=("a",)), "empty-need", "Voice"),
        ({"a": ["x"]}, SeenNeed(at_least=1, of=("b",)), "unknown-path", "'b'"),
        ({"a": ["nobody"]}, SeenNeed(at_least=1, of=("a",)), "unknown-endpoint", "'nobody'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    paths: dict[str, list[str]], needs: SeenNeed, code: str, named: str
) -> None:
    """With the service, and what is wrong of it."""
    with pytest.raises(StructureError) as refusal:
        structures_of(room(["x"], [service("voice", paths, needs)]))
    assert refusal.value.code == code
    assert named in refusal.value.happened
    assert refusal.value.advice


def test_a_ring_is_refused_with_its_members() -> None:
    """Each behind the next."""
    ring = [endpoint("x", behind=["y"]), endpoint("y", behind=["z"]), endpoint("z", behind=["x"])]
    with pytest.raises(StructureError) as refusal:
        structures_of(room(ring, [service("voice", {"a": ["x"]})]))
    assert refusal.value.code == "cycle"
    assert all(name in refusal.value.happened for name in "xyz")


def test_a_chain_of_a_thousand_routers_is_no_matter() -> None:
    """Deeper than any recursion."""
    chain = [endpoint("e0")] + [endpoint(f"e{n}", behind=[f"e{n - 1}"]) for n in range(1, 1500)]
    found = structures_of(room(chain, [service("voice", {"a": ["e1499"]})]))["voice"]
    assert len(found.components) == 1500
    assert fails(found.lost, ["e0"])
