"""Which network interfaces are up, and how many packets they damage or drop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# psutil ships no type information.
import psutil  # type: ignore[import-untyped]

from probes.host.measured import Measured
from probes.host.parameters import drops_metric, errors_metric, up_metric


@dataclass(frozen=True, slots=True)
class Counted:
    """How many packets of one interface were damaged or dropped since it exists."""

    errors: int
    drops: int


class Interfaces:
    """All interfaces but loopback, and those that are named. Rates count between two measurements."""

    def __init__(
        self,
        monotonic_s: Callable[[], float],
        count: Callable[[], Mapping[str, Counted]] | None = None,
    ) -> None:
        """``count`` is for tests."""
        self._monotonic_s = monotonic_s
        self._count = count or _counted
        self._last_s = monotonic_s()
        self._last: Mapping[str, Counted] = self._count()

    def measure(self, named: Sequence[str]) -> Measured:
        """Measure them all together, and each that is named."""
        found = psutil.net_if_stats()
        outside = {name for name, one in found.items() if not _is_loopback(name, one)}
        values = {"interfaces_up_count": float(sum(found[name].isup for name in outside))}
        for name in named:
            values[up_metric(name)] = 1.0 if name in found and found[name].isup else 0.0
        missing = tuple(f"there is no interface {name}" for name in named if name not in found)
        return Measured(values, missing) + self._rates(outside, named)

    def _rates(self, outside: set[str], named: Sequence[str]) -> Measured:
        """Rates of what is counted twice: an interface that came since, or began to count anew, has none."""
        before, before_s = self._last, self._last_s
        self._last, self._last_s = self._count(), self._monotonic_s()
        span_s = self._last_s - before_s
        if span_s <= 0.0:
            return Measured()
        grown = {
            name: (now.errors - before[name].errors, now.drops - before[name].drops)
            for name, now in self._last.items()
            if name in before
        }
        grown = {name: growth for name, growth in grown.items() if min(growth) >= 0}
        all_outside = [growth for name, growth in grown.items() if name in outside]
        values = {
            "interface_errors_per_second": sum(errors for errors, _ in all_outside) / span_s,
            "interface_drops_per_second": sum(drops for _, drops in all_outside) / span_s,
        }
        for name in named:
            if name in grown:
                values[errors_metric(name)] = grown[name][0] / span_s
                values[drops_metric(name)] = grown[name][1] / span_s
        return Measured(values)


def _counted() -> Mapping[str, Counted]:
    counters = psutil.net_io_counters(pernic=True, nowrap=False)
    return {name: Counted(one.errin + one.errout, one.dropin + one.dropout) for name, one in counters.items()}


def _is_loopback(name: str, interface: Any) -> bool:  # noqa: ANN401 - psutil has no types
    return "loopback" in getattr(interface, "flags", "").split(",") or name in ("lo", "lo0")
