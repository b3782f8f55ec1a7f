"""Figures say their unit, ages never flatter, and no value is never a zero."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from controlroom.report import figures

SPRING_UTC_S = datetime(2026, 3, 29, 1, 0, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0123, "s", "12.3 ms"),
        (0.000042, "s", "0.042 ms"),
        (0.25, "s", "250 ms"),
        (1.5, "s", "1.50 s"),
        (0.0, "s", "0 s"),
        (0.0000034, "s", "3.40 µs"),
        (-0.000000025, "s", "-25.0 ns"),
        (75.0, "s", "1 min 15 s"),
        (0.04, "ratio", "4 %"),
        (0.0333, "ratio", "3.33 %"),
        (1.0, "ratio", "100 %"),
        (-95.0, "dBm", "-95 dBm"),
        (21.46, "°C", "21.5 °C"),
        (1536.0, "B", "1.54 kB"),
        (0.0, "B", "0 B"),
        (16_000_000_000.0, "bytes", "16 GB"),
        (337_670_000.0, "bit/s", "338 Mbit/s"),
        (999_950.0, "bit/s", "1 Mbit/s"),
        (64_000.0, "bit/s", "64 kbit/s"),
        (12.0, "bit/s", "12 bit/s"),
        (-2.5e9, "bit/s", "-2.5 Gbit/s"),
        (2e15, "bit/s", "2000 Tbit/s"),
        (337_670_000.0, "Hz", "337.67 MHz"),
        (50.0, "Hz", "50 Hz"),
        (123456.0, "", "123456"),
        (5.8e6, "kHz", "5.8 GHz"),
        (460_012.5, "kHz", "460.0125 MHz"),
        (48.2, "V", "48.2 V"),
        (13_800.0, "mV", "13.8 V"),
        (0.048, "V", "48 mV"),
        (0.0, "mV", "0 V"),
        (1230.0, "W", "1.23 kW"),
        (999_950.0, "W", "1 MW"),
        (-0.35, "A", "-350 mA"),
        (2_000.0, "VA", "2 kVA"),
        (12_300.0, "m", "12.3 km"),
        (250.0, "ns", "250 ns"),
        (5_000_000.0, "ns", "5.00 ms"),
        (300.0, "min", "300 min"),
        (12_345_678.0, "packets/s", "12,345,678 packets/s"),
        (2e21, "kHz", "2,000,000,000,000 THz"),
        (None, "s", "–"),
        (math.nan, "dBm", "–"),
    ],
)
def test_a_value_says_its_unit(value: float | None, unit: str, text: str) -> None:
    """Three digits and the unit people use; no value is a dash."""
    assert figures.value_text(value, unit) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (1.9, "1 s"), (1055, "17 min 35 s"), (3600, "1 h"), (273_600, "3 d 4 h"), (86_401, "1 d")],
)
def test_a_duration_has_two_units_at_most(seconds: float, text: str) -> None:
    """The two greatest units; a part of a unit is dropped, never rounded up."""
    assert figures.duration_text(seconds) == text


def test_an_age_in_the_future_is_said() -> None:
    """A clock that went back shows, instead of passing for fresh."""
    assert figures.age_text(100.0, 100.4) == "now"
    assert figures.age_text(100.0, 112.0) == "12 s ago"
    assert figures.age_text(100.0, 40.0) == "1 min in the future"


def test_times_name_their_offset_and_zone() -> None:
    """UTC carries its offset; local time names the zone and crosses the change of the clocks."""
    assert figures.utc_text(SPRING_UTC_S) == "2026-03-29T01:00:01.000+00:00"
    assert figures.utc_text(SPRING_UTC_S, digits=0) == "2026-03-29T01:00:01+00:00"
    assert (
        figures.local_text(SPRING_UTC_S - 2, "Europe/Berlin") == "2026-03-29 01:59:59 Europe/Berlin (+01:00)"
    )
    assert figures.local_text(SPRING_UTC_S, "Europe/Berlin") == "2026-03-29 03:00:01 Europe/Berlin (+02:00)"
    assert figures.local_text(SPRING_UTC_S, "UTC", with_zone=False) == "2026-03-29 01:00:01"
    assert figures.clock_text(SPRING_UTC_S, "Europe/Berlin") == "03:00:01"


@pytest.mark.parametrize("name", ["Nowhere/Atlantis", "", "../etc/passwd", "Europe"])
def test_a_zone_nobody_knows_is_utc_and_says_so(name: str) -> None:
    """A wrong zone must not put a wrong time under its name."""
    assert figures.local_text(SPRING_UTC_S, name) == "2026-03-29 01:00:01 UTC (+00:00)"


def test_a_time_no_calendar_has_is_no_value() -> None:
    """A desk with a broken clock cannot break a list."""
    assert figures.local_text(1e300, "UTC") == "–"
    assert figures.utc_text(math.inf) == "–"


def test_units_are_read_from_names() -> None:
    """The house names metrics with their unit at the end."""
    assert figures.unit_of("rtt_s") == "s"
    assert figures.unit_of("loss_ratio") == "ratio"
    assert figures.unit_of("rsrp_dbm") == "dBm"
    assert figures.unit_of("count") == ""


def test_a_frequency_is_told_as_people_say_it() -> None:
    """With all digits that tell one channel from the next."""
    assert figures.value_text(5.19e9, "Hz") == "5.19 GHz"
    assert figures.value_text(460_012_500, "Hz") == "460.0125 MHz"
    assert figures.value_text(12_500, "Hz") == "12.5 kHz"
    assert figures.value_text(49.9, "Hz") == "49.9 Hz"
