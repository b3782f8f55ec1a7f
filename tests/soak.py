"""How long chance is given: a few rounds of each kind in the suite, many behind ``CONTROLROOM_SOAK``.

What a round proves is the same in both; only how often it is tried differs. Never a place for tests that run
in the soak alone: at least one round of each kind is in the suite.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, TypeVar

SOAK: Final = bool(os.environ.get("CONTROLROOM_SOAK"))

Case = TypeVar("Case")


def rounds(in_the_suite: int, in_the_soak: int) -> int:
    """Return how often something left to chance is tried."""
    return in_the_soak if SOAK else in_the_suite


def cases(in_the_suite: Sequence[Case], *, besides: Sequence[Case]) -> list[Case]:
    """Return what a test is tried with; ``besides`` in the soak alone."""
    return [*in_the_suite, *(besides if SOAK else ())]
