"""A change in a few words: what went, what came, what is another, by the names that people know."""

from __future__ import annotations

import pytest

from controlroom.site.change_words import change_words
from controlroom.site.load import load_site
from controlroom.site.model import Site
from probes.registry import PROBE_TYPES

HEAD = 'name = "Room"\n'
LIMITS = 'limits = [{ metric = "rtt_s", raise_above = 0.1, clear_below = 0.05 }]'


def endpoint(number: int, name: str = "", more: str = "", probe: str = "") -> str:
    """One endpoint as it stands in a file."""
    table = f'type = "icmp"{", " if probe else ""}{probe}'
    return (
        f'[[endpoints]]\nid = "e{number}"\nname = "{name or f"Core {number}"}"\nkind = "cloud"\n'
        f'address = "192.0.2.{number}"\n{more}\nprobes = [{{ {table} }}]\n'
    )


def site(*parts: str) -> Site:
    """A site of these endpoints."""
    return load_site(HEAD + "".join(parts), "site.toml", PROBE_TYPES)


ONE, TWO = endpoint(1), endpoint(2)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([ONE], [ONE, endpoint(7, "Mast 7")], "Added endpoint Mast 7"),
        ([ONE, TWO], [ONE], "Removed endpoint Core 2"),
        ([ONE], [endpoint(1, "Core A")], "Renamed Core 1 to Core A"),
        ([ONE], [endpoint(1, probe=LIMITS)], "Changed limits of Core 1"),
        ([ONE], [endpoint(1, probe="period_s = 2")], "Changed timing of Core 1"),
        ([ONE], [endpoint(1, probe="ttl = 9")], "Changed probe settings of Core 1"),
        ([ONE], [endpoint(1, "Core A", 'location = "Hill"')], "Renamed Core 1 to Core A; changed location"),
        ([ONE, TWO], [ONE, endpoint(2, more='behind = ["e1"]')], "Changed what it stands behind of Core 2"),
        ([ONE], [endpoint(1, more='voice = { codec = "g711", ie = 1, bpl = 5 }')], "Changed voice of Core 1"),
        ([ONE], [ONE, '[voice]\ncodec = "g711"\n'], "Changed what voice quality is estimated by"),
        ([ONE], [ONE, "[alarms.flapping]\nfalls = 6\n"], "Changed how alarms behave"),
        ([ONE], [ONE, '[[alarm_rules]]\nid = "a"\nlatching = true\n'], "Changed the alarm rules"),
        (
            [ONE],
            [ONE, '[[contacts]]\nid = "c"\nname = "C"\n[[quiet_hours]]\nfrom = "22:00"\nuntil = "06:00"\n'],
            "Changed who can be called and the quiet hours",
        ),
        ([ONE], [ONE], "Comments or layout only"),
        (
            [ONE, TWO],
            [endpoint(1, probe=LIMITS), endpoint(7, "Mast 7")],
            "Removed endpoint Core 2; added endpoint Mast 7; changed limits of Core 1",
        ),
        ([ONE], [ONE, *map(endpoint, range(2, 8))], "Added 6 endpoints: Core 2, Core 3 and 4 more"),
        (
            list(map(endpoint, range(1, 7))),
            [endpoint(number, probe=LIMITS) for number in range(1, 7)],
            "Changed 6 endpoints: Core 1, Core 2 and 4 more",
        ),
        ([ONE], [ONE, "[routes]\ntrace = false\n"], "Changed whether routes are traced"),
        ([ONE], [ONE, '[history]\nraw_days = 9\n'], "Changed how much history is kept"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_a_few_words(before: list[str], after: list[str], words: str) -> None:
    """By name and kind of change; many are counted."""
    assert change_words(site(*before), site(*after)).startswith(words)


def test_texts_with_mistakes_are_told_as_such() -> None:
    """Nothing is claimed of what could not be read."""
    assert change_words(site(ONE), None) == "It had mistakes and could not be used"
    assert change_words(None, site(ONE)) == "Mended: the text before it had mistakes"


def test_a_long_name_is_cut() -> None:
    """A line stays one line."""
    assert len(change_words(site(ONE), site(ONE, endpoint(2, "x" * 150)))) < 80
