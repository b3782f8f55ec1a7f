"""Entries of ``behind``: taken apart, and written with another name."""

from __future__ import annotations

from controlroom.site.behind import alternatives, renamed, requirements
from controlroom.site.load import load_site
from probes.registry import PROBE_TYPES

SITE = """
name = "Room"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "192.0.2.1"
behind = ["core", "left|right"]
probes = [{ type = "icmp" }]
"""
for name in ("core", "left", "right"):
    SITE += f"""
[[endpoints]]
id = "{name}"
name = "{name.title()}"
kind = "infrastructure"
address = "192.0.2.2"
probes = [{{ type = "icmp" }}]
"""


def test_an_entry_names_one_or_several_of_which_one_is_enough() -> None:
    """However the bar between them is spaced."""
    assert alternatives("core") == ("core",)
    assert alternatives("left|right  | middle") == ("left", "right", "middle")


def test_the_site_tells_what_stands_behind_what() -> None:
    """Only those that stand behind anything are named."""
    found = requirements(load_site(SITE, "room.toml", PROBE_TYPES).endpoints)
    assert found == {"mast": (("core",), ("left", "right"))}


def test_a_new_name_takes_the_place_of_that_name_alone() -> None:
    """An entry that does not name it keeps even its blanks."""
    assert renamed("left|right", "left", "west") == "west | right"
    assert renamed("left|right", "lef", "west") == "left|right"
