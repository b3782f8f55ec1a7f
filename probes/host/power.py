"""Whether this machine lives on the mains, how full its battery is, and how hot it runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# psutil ships no type information.
import psutil  # type: ignore[import-untyped]

from probes.host.measured import Measured

_COLDEST_CELSIUS: Final = -40.0
_HOTTEST_CELSIUS: Final = 150.0
"""Sensors that are not connected tell of temperatures beyond these."""


def measure_power() -> Measured:
    """Measure what is there; not every system can tell, and not every machine has it."""
    read_battery = getattr(psutil, "sensors_battery", None)
    read_sensors = getattr(psutil, "sensors_temperatures", None)
    battery = None if read_battery is None else read_battery()
    sensors = {} if read_sensors is None else read_sensors()
    return battery_figures(battery) + temperature_figures(sensors)


def battery_figures(battery: Any) -> Measured:  # noqa: ANN401 - psutil has no types
    """Say what psutil's battery means; ``None`` is a machine without one, which says nothing of the mains."""
    if battery is None:
        return Measured()
    values = {"battery_ratio": min(1.0, max(0.0, battery.percent / 100.0))}
    if battery.power_plugged is not None:
        values["mains_ratio"] = 1.0 if battery.power_plugged else 0.0
    return Measured(values)


def temperature_figures(sensors: Mapping[str, Any]) -> Measured:
    """Return the temperature of the hottest of psutil's sensors that can be believed."""
    found = [
        float(sensor.current)
        for group in sensors.values()
        for sensor in group
        if sensor.current is not None and _COLDEST_CELSIUS < sensor.current < _HOTTEST_CELSIUS
    ]
    return Measured({"temperature_celsius": max(found)} if found else {})
