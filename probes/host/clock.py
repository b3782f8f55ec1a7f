"""Whether the wall clock was stepped or the machine slept since the last measurement. It sets nothing.

Rules
1. The wall clock and the boot clock advance together, also while the clock is slewed; by how much they do
   not, the wall clock was stepped.
2. The boot clock goes on while the machine sleeps and the monotonic one does not: the difference was slept.
3. A difference smaller than ``SMALLEST_S`` is the time that reading three clocks takes, and counts as none.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

from probes.host.measured import Measured

SMALLEST_S: Final = 0.01
_TRIES: Final = 4


class Clocks(NamedTuple):
    """One look at the three clocks, in seconds. Where there is no boot clock the monotonic one stands in."""

    utc_s: float
    monotonic_s: float
    boot_s: float


def system_clocks() -> Clocks:
    """Read the three clocks as nearly at once as can be: the tightest of a few looks counts."""
    return min((_look() for _ in range(_TRIES)), key=lambda look: look[0])[1]


def _look() -> tuple[float, Clocks]:
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    began_s = time.monotonic()
    utc_s = time.time()
    boot_s = began_s if boot is None else time.clock_gettime(boot)
    return time.monotonic() - began_s, Clocks(utc_s, began_s, boot_s)


class ClockWatch:
    """Compares each measurement's look with that of the one before."""

    def __init__(self, clocks: Callable[[], Clocks] = system_clocks) -> None:
        """Begin with a first look."""
        self._clocks = clocks
        self._last = clocks()

    def measure(self) -> Measured:
        """Measure how far the clock was stepped, forth or back, how long was slept, and how long all runs."""
        last, now = self._last, self._clocks()
        self._last = now
        boot_s = now.boot_s - last.boot_s
        step_s = now.utc_s - last.utc_s - boot_s
        asleep_s = boot_s - (now.monotonic_s - last.monotonic_s)
        return Measured(
            {"clock_step_s": _counts(step_s), "asleep_s": max(0.0, _counts(asleep_s)), "uptime_s": now.boot_s}
        )


def _counts(difference_s: float) -> float:
    return difference_s if abs(difference_s) >= SMALLEST_S else 0.0
