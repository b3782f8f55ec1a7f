"""Faults that are not told yet, and ends of faults that do not count yet. It knows no clock.

Rules:
1. A fault is told once it has stood for its on-delay without a break; what raises an alarm already there goes
   by the same rule. What is no worse than the alarm that stands needs no delay.
2. A fault has ended once it was gone for the off-delay of its alarm without a break.
3. Times are those of the monotonic clock; after a restart a delay begins anew.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from controlroom.alarms.transitions import Fault

Slot = TypeVar("Slot", bound=Hashable)


@dataclass(slots=True)
class _Held:
    """What is held back: for how long, and since when it is seen (``None`` until the first look)."""

    for_s: float
    fault: Fault | None = None
    since_s: float | None = None


@dataclass(slots=True)
class Delays(Generic[Slot]):
    """What is held back by slot: a fault, or the end of one."""

    _held: dict[Slot, _Held] = field(default_factory=dict)

    def hold_fault(self, slot: Slot, fault: Fault) -> None:
        """Hold a fault back for its on-delay, which goes on where it is held already."""
        held = self._held.get(slot)
        if held is not None and held.fault is not None:
            held.fault, held.for_s = fault, fault.on_delay_s
        else:
            self._held[slot] = _Held(fault.on_delay_s, fault)

    def hold_end(self, slot: Slot, for_s: float) -> None:
        """Hold the end of a fault back, unless it is held already."""
        held = self._held.get(slot)
        if held is None or held.fault is not None:
            self._held[slot] = _Held(for_s)

    def drop(self, slot: Slot) -> None:
        """Forget what is held back of a slot: the contrary came."""
        self._held.pop(slot, None)

    def due(self, now_s: float) -> list[tuple[Slot, Fault | None]]:
        """Take what has been held long enough: faults, and ``None`` for the end of one."""
        if not self._held:
            return []
        found = []
        for slot, held in list(self._held.items()):
            if held.since_s is None:
                held.since_s = now_s
            if now_s - held.since_s >= held.for_s:
                found.append((slot, held.fault))
                del self._held[slot]
        return found
