"""Units with a prefix, in what a device says and on screen."""

from __future__ import annotations

import pytest

from controlroom.report.unit_prefix import greater_unit, plain_unit, prefixed_unit


@pytest.mark.parametrize(
    ("unit", "plain"),
    [
        ("kHz", (1e3, "Hz")),
        ("mV", (1e-3, "V")),
        ("bytes", (1.0, "B")),
        ("km", (1e3, "m")),
        ("µs", (1e-6, "s")),
        ("min", None),
        ("dBm", None),
        ("%", None),
        ("1/s", None),
        ("", None),
        ("k", None),
    ],
)
def test_a_prefix_is_told_from_a_unit_that_begins_alike(unit: str, plain: tuple[float, str] | None) -> None:
    """A minute is no thousandth of an inch."""
    assert plain_unit(unit) == plain


def test_the_prefix_follows_the_size_of_the_value_in_its_own_unit() -> None:
    """Up to what people say, and not beyond."""
    assert prefixed_unit("kHz", 5.8e6) == (1e6, "GHz")
    assert prefixed_unit("W", -1200.0) == (1e3, "kW")
    assert prefixed_unit("m", 2e7) == (1e3, "km")
    assert prefixed_unit("B", 0.2) == (1.0, "B")
    assert prefixed_unit("dBm", -100.0) is None
    assert greater_unit("W", 999.7) == (1e3, "kW")
    assert greater_unit("m", 5000.0) is None
