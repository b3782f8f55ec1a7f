"""Risk groups that cannot be: rings, and routers that are none; each named with its line."""

from __future__ import annotations

import pytest

from controlroom.site.load import load_site
from controlroom.site.risk_group import MOST_ROUTERS
from tests.controlroom.site.declared import ROOM, TYPES, mistakes_of

GROUP = '[[risk_groups]]\nid = "{}"\nname = "G"\nmember_of = [{}]\n'


def test_a_ring_is_named_with_all_of_it_in_the_line_of_one() -> None:
    """Each once; whoever only leads into a ring is not blamed."""
    groups = (("a", '"b"'), ("b", '"c"'), ("c", '"a"'), ("d", '"d"'), ("e", '"a"'))
    found = mistakes_of(ROOM + "".join(GROUP.format(*group) for group in groups))
    assert [one.code for one in found] == ["cycle", "cycle"]
    ring, alone = found
    assert all(name in ring.happened for name in "abc")
    assert ring.key_path in {f"risk_groups[{name}].member_of" for name in "abc"}
    lines = (ROOM + "".join(GROUP.format(*group) for group in groups)).splitlines()
    assert lines[ring.line - 1].startswith("member_of")
    assert (alone.key_path, alone.line) == ("risk_groups[d].member_of", len(ROOM.splitlines()) + 16)


@pytest.mark.parametrize("router", ["192.0.2.1", "198.51.100.0/24", "2001:db8::1", "2001:db8:7::/48"])
def test_an_address_or_a_network_is_a_router(router: str) -> None:
    """Of either family."""
    text = ROOM + GROUP.format("wan", "") + f'routers = ["{router}"]\n'
    assert load_site(text, "room.toml", TYPES).risk_groups[0].routers == (router,)


@pytest.mark.parametrize(
    ("router", "said", "advice"),
    [
        ("core1.carrier.example", "neither an IP address nor a network", "192.0.2.0/24"),
        ("192.0.2.300", "neither", "192.0.2.1"),
        ("192.0.2.0/33", "neither", "192.0.2.1"),
        ("fe80::1%eth0", "neither", "192.0.2.1"),
        ("", "neither", "192.0.2.1"),
        ("192.0.2.17/28", "a machine and the size of a network", "Write 192.0.2.16/28"),
    ],
)
def test_what_is_no_router_is_refused_by_its_name(router: str, said: str, advice: str) -> None:
    """With its line, its place, and what would be right."""
    text = ROOM + GROUP.format("wan", "") + f'routers = [\n  "192.0.2.1",\n  "{router}",\n]\n'
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.key_path) == ("bad-router", "risk_groups[wan].routers[#2]")
    assert mistake.line >= len(ROOM.splitlines()) + 5
    assert f'"{router}"' in mistake.happened
    assert said in mistake.happened
    assert advice in mistake.advice


def test_a_router_stands_once_however_it_is_written() -> None:
    """Two notations of one address are one router."""
    text = ROOM + GROUP.format("wan", "") + 'routers = ["2001:db8::1", "2001:db8:0:0::1/128"]\n'
    assert [one.code for one in mistakes_of(text)] == ["duplicate-reference"]


def test_a_group_has_a_bounded_number_of_routers() -> None:
    """And a long name is cut where it is named."""
    many = ", ".join(f'"10.0.{number // 256}.{number % 256}"' for number in range(MOST_ROUTERS + 1))
    (mistake,) = mistakes_of(ROOM + GROUP.format("wan", "") + f"routers = [{many}]\n")
    assert (mistake.code, mistake.key_path) == ("too-many", "risk_groups[wan].routers")
    (long,) = mistakes_of(ROOM + GROUP.format("wan", "") + f'routers = ["{"x" * 190}"]\n')
    assert len(long.happened) < 130
