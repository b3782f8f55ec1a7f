"""The clocks of a command that waits, so that a test can be quicker than time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time for people, the time for durations, and how to let time pass."""

    utc_s: Callable[[], float]
    monotonic_s: Callable[[], float]
    pause: Callable[[float], None]
