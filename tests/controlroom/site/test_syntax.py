"""A broken text of TOML says where, why, and in plain words what mends it."""

from __future__ import annotations

import pytest

from controlroom.site.load import load_site
from controlroom.site.mistakes import SiteError
from probes.registry import PROBE_TYPES

SITE = """name = "Room"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "cloud"
address = "127.0.0.1"
probes = [{ type = "icmp" }]
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "cure"),
    [
        ('"Mast"', '"Mast', 4, "must end with a quotation mark"),
        ('"Mast"', "Mast", 4, "Put a text into quotation marks"),
        ('id = "mast"', 'id = "mast"\nid = "mast"', 4, "take one of the two away"),
        ('kind = "cloud"', 'kind "cloud"', 5, "A line is key = value"),
        ('kind = "cloud"', 'kind = "cloud" "x"', 5, "Only one key = value stands in a line"),
        ("[[endpoints]]", "[[endpoints]", 2, "Close the heading"),
        ("}]", "}", 8, "opened and not closed"),
        ('"Mast"', '"C:\\Mast"', 4, "each \\ is written twice"),
    ],
)
def test_each_fault_has_its_line_and_its_cure(right: str, wrong: str, line: int, cure: str) -> None:
    """What people get wrong with a text editor."""
    with pytest.raises(SiteError) as raised:
        load_site(SITE.replace(right, wrong), "site.toml", PROBE_TYPES)
    (mistake,) = raised.value.mistakes
    assert (mistake.code, mistake.line) == ("syntax", line)
    assert cure in mistake.advice
