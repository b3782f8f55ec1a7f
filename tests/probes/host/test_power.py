"""Mains, battery and temperature, where a machine has them."""

from __future__ import annotations

from collections import namedtuple

import pytest

from probes.host.power import battery_figures, measure_power, temperature_figures

Battery = namedtuple("Battery", "percent secsleft power_plugged")
Sensor = namedtuple("Sensor", "label current high critical")


@pytest.mark.parametrize(
    ("battery", "values"),
    [
        (None, {}),
        (Battery(80, 3600, True), {"battery_ratio": 0.8, "mains_ratio": 1.0}),
        (Battery(15.5, 900, False), {"battery_ratio": 0.155, "mains_ratio": 0.0}),
        (Battery(50, -1, None), {"battery_ratio": 0.5}),
        (Battery(104, -1, True), {"battery_ratio": 1.0, "mains_ratio": 1.0}),
    ],
)
def test_a_battery(battery: Battery | None, values: dict[str, float]) -> None:
    """Without one, or where the system does not know of the mains, nothing is claimed."""
    assert battery_figures(battery).values == values


def test_the_hottest_sensor_that_can_be_believed() -> None:
    """One that is not connected reads as absolute zero or as all bits set."""
    sensors = {
        "coretemp": [Sensor("Core 0", 48.0, 80.0, 100.0), Sensor("Core 1", 61.5, 80.0, 100.0)],
        "acpitz": [
            Sensor("", -273.2, None, None),
            Sensor("", 255.0, None, None),
            Sensor("", None, None, None),
        ],
    }
    assert temperature_figures(sensors).values == {"temperature_celsius": 61.5}
    assert temperature_figures({}).values == {}


def test_this_machine_tells_what_it_has() -> None:
    """Whatever that is, it is in its range."""
    values = measure_power().values
    assert values.keys() <= {"battery_ratio", "mains_ratio", "temperature_celsius"}
    assert 0.0 <= values.get("battery_ratio", 0.0) <= 1.0
