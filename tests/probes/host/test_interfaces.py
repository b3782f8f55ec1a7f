"""Damaged and dropped packets are told as rates, and nothing is made up where counters begin anew."""

from __future__ import annotations

from probes.host.interfaces import Counted, Interfaces
from probes.host.measured import Measured


class Counters:
    """Counters and a clock that a test sets."""

    def __init__(self, name: str) -> None:
        """One interface with nothing wrong."""
        self.name = name
        self.now_s = 100.0
        self.counted = {name: Counted(7, 1000), "lo": Counted(0, 0)}
        self.interfaces = Interfaces(lambda: self.now_s, lambda: dict(self.counted))

    def later(self, errors: int, drops: int, span_s: float = 5.0) -> Measured:
        """Measure after a while in which so many came."""
        before = self.counted[self.name]
        self.counted[self.name] = Counted(before.errors + errors, before.drops + drops)
        self.now_s += span_s
        return self.interfaces.measure([self.name])


def test_rates_count_from_one_measurement_to_the_next() -> None:
    """What was counted before the start says nothing of now."""
    counters = Counters("lo")
    assert counters.later(10, 0).values["interface_lo_errors_per_second"] == 2.0
    values = counters.later(0, 5).values
    assert values["interface_lo_errors_per_second"] == 0.0
    assert values["interface_lo_drops_per_second"] == 1.0


def test_loopback_counts_only_where_it_is_named() -> None:
    """All interfaces together are those that lead out."""
    assert Counters("lo").later(10, 10).values["interface_errors_per_second"] == 0.0


def test_counters_that_began_anew_have_no_rate() -> None:
    """As after an adapter was pulled and put back: never below zero."""
    counters = Counters("lo")
    values = counters.later(-7, -1000).values
    assert "interface_lo_errors_per_second" not in values
    assert values["interface_errors_per_second"] == 0.0
    assert counters.later(5, 0).values["interface_lo_errors_per_second"] == 1.0


def test_an_interface_that_came_since_has_no_rate_yet() -> None:
    """It has one from its second measurement on."""
    counters = Counters("lo")
    counters.counted["wwan9"] = Counted(500, 500)
    counters.now_s += 5.0
    values = counters.interfaces.measure(["wwan9"]).values
    assert values["interface_wwan9_up_ratio"] == 0.0
    assert "interface_wwan9_errors_per_second" not in values
