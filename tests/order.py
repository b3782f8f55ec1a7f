"""Which files of tests run first: the longest, so that no worker is left alone with one in the end.

Where a file stands says nothing of what it may rely on: each runs alone as well.
"""

from __future__ import annotations

from typing import Final

LONGEST_FIRST: Final = (
    "tests/end_to_end/",
    "tests/test_main.py",
    "tests/probes/test_refusals_in_the_lab.py",
    "tests/controlroom/store/",
    "tests/controlroom/engine/",
    "tests/golden/",
    "tests/ui/",
    "tests/probes/",
    "tests/",
)


def rank(node_id: str) -> int:
    """Return the place of a test among all: the smaller, the sooner."""
    return next(place for place, prefix in enumerate(LONGEST_FIRST) if node_id.startswith(prefix))
