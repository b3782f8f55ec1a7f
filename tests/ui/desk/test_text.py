"""Figures, times and durations as they stand on the desk."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from controlroom.report.figures import value_text
from tests.ui.desk.room import BEGIN_UTC_S
from ui.desk import figures, time_text
from ui.desk.faces import initials


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0142, "s", "14.2 ms"),
        (0.000042, "s", "0.04 ms"),
        (0.588, "s", "588 ms"),
        (None, "s", "–"),
        (float("nan"), "s", "–"),
        (-98.0, "dBm", "−98.0 dBm"),
        (0.5, "ratio", "50.0 %"),
        (0.0, "s", "0 s"),
        (-0.000000025, "s", "−25.0 ns"),
        (337_670_000.0, "bit/s", "338 Mbit/s"),
        (1536.0, "B", "1.5 kB"),
        (5.8e6, "kHz", "5.8 GHz"),
        (48.2, "V", "48.2 V"),
        (1230.0, "W", "1.2 kW"),
        (999.7, "W", "1.0 kW"),
        (-0.35, "A", "−350 mA"),
        (0.0, "kW", "0.00 W"),
        (90_000.0, "ms", "1 min 30 s"),
        (250.0, "ns", "250 ns"),
        (12_345_678.0, "packets/s", "12,345,678 packets/s"),
        (-1.8e19, "", "−18,000,000,000,000,000,000"),
    ],
)
def test_figures_carry_their_unit_and_unknown_is_a_dash(value: float | None, unit: str, text: str) -> None:
    """No value is never written as zero."""
    assert figures.figure(value, unit) == text


@pytest.mark.parametrize(
    ("unit", "greatest", "factor", "name"),
    [
        ("s", 0.0, 1000.0, "ms"),
        ("s", 600.0, 1 / 60, "min"),
        ("s", 10_000.0, 1 / 3600, "h"),
        ("s", 1e6, 1 / 86400, "d"),
        ("bit/s", 3.4e8, 1e-6, "Mbit/s"),
        ("Hz", 50.0, 1.0, "Hz"),
        ("kHz", 5.8e6, 1e-6, "GHz"),
        ("mV", 48_200.0, 1e-3, "V"),
        ("ms", 20.0, 1.0, "ms"),
        ("dBm", -90.0, 1.0, "dBm"),
    ],
)
def test_an_axis_is_in_the_unit_of_its_greatest_value(
    unit: str, greatest: float, factor: float, name: str
) -> None:
    """No row of noughts at an axis."""
    found_factor, found_name = figures.display_scale(unit, greatest)
    assert found_factor == pytest.approx(factor)
    assert found_name == name


def test_a_little_loss_never_reads_as_none() -> None:
    """One lost of ten thousand is not 0.0 %, and all but one is not 100.0 %."""
    assert figures.share(0.0) == "0.0 %"
    assert figures.share(0.0001) == "<0.1 %"
    assert figures.share(0.9999) == "99.9 %"
    assert figures.share(1.0) == "100.0 %"


def test_durations_and_sums_of_time() -> None:
    """Short ones in seconds, long ones in two units, sums in words."""
    assert [time_text.duration(s) for s in (-3, 42.9, 1055, 4620, 100000)] == [
        "0 s",
        "42 s",
        "17:35",
        "1:17 h",
        "1 d 3 h",
    ]
    assert time_text.amount(24) == "0 min 24 s"
    assert time_text.amount(7500) == "2 h 05 min"


def test_times_are_the_sites_and_name_their_zone() -> None:
    """An instant shows the site's local time, the zone by name, and UTC beside it."""
    zone = time_text.zone_of("Europe/Warsaw")
    assert time_text.clock(BEGIN_UTC_S, zone) == "14:00:00"
    assert time_text.zone_name(BEGIN_UTC_S, zone) == "CET"
    assert time_text.utc_clock(BEGIN_UTC_S) == "13:00 UTC"
    assert time_text.zone_of("Nowhere/Land").key == "UTC"


def test_initials_fit_their_column() -> None:
    """First and last part of an account; a single word as it is, cut, and never able to steer the screen."""
    assert initials("m.kowalska") == "MK"
    assert initials("Maria Kowalska (ops1)") == "MK"
    assert initials("operator") == "operator"
    assert len(initials("x" * 50)) == 8
    assert "\u202e" not in initials("\u202e")


@example(9.999999995e20, "Hz")
@given(
    st.floats(-1e21, 1e21),
    st.sampled_from(
        ["Hz", "kHz", "W", "mW", "V", "A", "bit/s", "bytes", "m", "s", "ns", "", "dBm", "1/s", "ratio"]
    ),
)
def test_no_figure_has_an_exponent(value: float, unit: str) -> None:
    """However great or small it is, here, in a list of limits and in every report."""
    for text in (figures.figure(value, unit), value_text(value, unit), figures.exact(value)):
        assert not re.search(r"\de[+-]?\d", text)
