"""Notices when time itself went wrong: a stepped clock, a sleep, a stall. It reads no clock itself.

Rules:
1. The wall clock and the monotonic clock advance together; a difference above ``STEP_S`` is a step.
2. The boot clock goes on while the machine sleeps and the monotonic one does not; a difference above
   ``ASLEEP_S`` is a sleep.
3. More than ``STALL_S`` between two looks is a stall: the machine could not keep up.
Sleep and stall are blind time.
"""

from __future__ import annotations

from dataclasses import dataclass

STEP_S = 0.5
ASLEEP_S = 1.0
STALL_S = 2.0


@dataclass(frozen=True, slots=True)
class Clocks:
    """One look at the three clocks, in seconds."""

    utc_s: float
    monotonic_s: float
    boot_s: float


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What the look showed: how far the wall clock was stepped, and how long we were blind, and why."""

    step_s: float = 0.0
    blind_s: float = 0.0
    cause: str = ""


class TimeWatch:
    """Compares each look with the one before."""

    def __init__(self, first: Clocks) -> None:
        """Begin with a first look."""
        self._last = first

    def look(self, now: Clocks) -> Disturbance | None:
        """Return what went wrong since the last look, or ``None``."""
        last, self._last = self._last, now
        monotonic_s = now.monotonic_s - last.monotonic_s
        boot_s = now.boot_s - last.boot_s
        step_s = (now.utc_s - last.utc_s) - boot_s
        stepped = step_s if abs(step_s) > STEP_S else 0.0
        if boot_s - monotonic_s > ASLEEP_S:
            return Disturbance(stepped, boot_s, "asleep")
        if monotonic_s > STALL_S:
            return Disturbance(stepped, monotonic_s, "overloaded")
        return Disturbance(stepped) if stepped else None
