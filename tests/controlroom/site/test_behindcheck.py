"""What cannot stand behind what: unknown names with the nearest, itself, and rings by name."""

from __future__ import annotations

import pytest

from controlroom.site.load import load_site
from controlroom.site.mistakes import Mistake, SiteError
from tests.controlroom.site.declared import TYPES


def room(**behind: str) -> str:
    """Write a site in which each endpoint has this entry, as TOML."""
    text = 'name = "Room"\n'
    for name, entry in behind.items():
        text += f'[[endpoints]]\nid = "{name}"\nname = "N"\nkind = "cloud"\naddress = "192.0.2.1"\n'
        text += f'behind = {entry}\nprobes = [{{ type = "icmp" }}]\n'
    return text


def mistakes_of(text: str) -> tuple[Mistake, ...]:
    """Load what is refused."""
    with pytest.raises(SiteError) as raised:
        load_site(text, "room.toml", TYPES)
    return raised.value.mistakes


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """Also within an entry of several."""
    (mistake,) = mistakes_of(room(router="[]", mast='["router | ruoter"]'))
    assert (mistake.code, mistake.key_path) == ("unknown-reference", "endpoints[mast].behind[#1]")
    assert mistake.nearest_key == "router"


def test_nothing_stands_behind_itself() -> None:
    """It is named once, and not as a ring besides."""
    (mistake,) = mistakes_of(room(mast='["mast"]'))
    assert (mistake.code, mistake.key_path) == ("cycle", "endpoints[mast].behind[#1]")


def test_a_ring_is_refused_by_its_members() -> None:
    """Alternatives are no way out of it; a second ring is named as well."""
    text = room(a='["b"]', b='["c | d"]', c='["a"]', d="[]", e='["f"]', f='["e"]', g='["a"]')
    found = mistakes_of(text)
    assert [mistake.code for mistake in found] == ["cycle", "cycle"]
    assert "a → b → c → a" in found[0].happened
    assert found[0].key_path == "endpoints[a].behind"
    assert "e → f → e" in found[1].happened


def test_nothing_is_named_twice() -> None:
    """Neither within an entry nor as an entry of its own, whatever the order."""
    assert [m.code for m in mistakes_of(room(a="[]", b='["a | a"]'))] == ["duplicate-reference"]
    text = room(a="[]", b="[]", c='["a | b", "b|a"]')
    assert [m.key_path for m in mistakes_of(text)] == ["endpoints[c].behind[#2]"]


@pytest.mark.parametrize("entry", ["router |", "| router", "Router", "", "a || b", "a,b"])
def test_what_is_no_entry_is_refused(entry: str) -> None:
    """A name is needed on each side of the bar; commas stand between entries."""
    found = mistakes_of(room(router="[]", a="[]", b="[]", mast=f'["{entry}"]'))
    assert ("bad-text", "endpoints[mast].behind[#1]") in [(m.code, m.key_path) for m in found]


def test_a_diamond_is_no_ring() -> None:
    """Two ways to one core."""
    text = room(core="[]", left='["core"]', right='["core"]', mast='["left | right", "core"]')
    assert load_site(text, "room.toml", TYPES).endpoints[3].behind == ("left | right", "core")
