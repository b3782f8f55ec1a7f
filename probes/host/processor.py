"""How busy the processor is, and how many processes wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, TypeAlias

# psutil ships no type information.
import psutil  # type: ignore[import-untyped]

from probes.host.measured import Measured

SHORTEST_SPAN_S: Final = 0.1
"""The kernel counts processor time in hundredths of a second: a shorter span tells nothing."""

FIRST_SPAN_S: Final = 0.25
"""How long the first measurement watches the processor, so that it too has a figure."""

CpuTimes: TypeAlias = Any
"""psutil's named tuple of processor seconds, whose fields depend on the system."""


class Processor:
    """Its use between one measurement and the next, and its load."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Use counts from here on; ``sleep`` waits for a first span of it."""
        self._times: CpuTimes = psutil.cpu_times()
        self._sleep = sleep

    def measure(self) -> Measured:
        """Measure use and load."""
        load_1min = float(psutil.getloadavg()[0])
        values = {"load_1min": load_1min, "load_per_core_1min": load_1min / (psutil.cpu_count() or 1)}
        return self._use() + Measured(values)

    def _use(self) -> Measured:
        now = psutil.cpu_times()
        ratio = cpu_ratio(self._times, now)
        if ratio is None:
            self._sleep(FIRST_SPAN_S)
            now = psutil.cpu_times()
            ratio = cpu_ratio(self._times, now)
        if ratio is None:
            return Measured(notes=("the processor was watched for too short a time",))
        self._times = now
        return Measured({"cpu_ratio": ratio})


def cpu_ratio(before: CpuTimes, after: CpuTimes) -> float | None:
    """Share of processor time that was not idle between two counts, or ``None`` for too short a span.

    Waiting for a disk is idle time. Guests are counted within user and nice already (proc(5)), and a
    counter that runs backwards, as iowait may, counts as nothing.
    """
    spans: dict[str, float] = {
        name: max(0.0, getattr(after, name) - getattr(before, name))
        for name in after._fields
        if name not in ("guest", "guest_nice")
    }
    total: float = sum(spans.values())
    if total < SHORTEST_SPAN_S:
        return None
    return 1.0 - (spans["idle"] + spans.get("iowait", 0.0)) / total
