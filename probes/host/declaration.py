"""The declaration of the host probe: all that forms, help and engine know of it. It measures nothing."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, UsualLimit
from probes.host.parameters import HostParameters, drops_metric, errors_metric, up_metric
from probes.host.prober import HostProber

_METRICS: Final = (
    Metric("cpu_ratio", "ratio", "Processor in use"),
    Metric("load_1min", "processes", "Load over one minute"),
    Metric("load_per_core_1min", "processes", "Load over one minute for each core"),
    Metric("memory_ratio", "ratio", "Memory in use"),
    Metric("swap_ratio", "ratio", "Swap space in use, where there is any"),
    Metric("disk_ratio", "ratio", "Disk in use"),
    Metric("interfaces_up_count", "count", "Network interfaces up", of_own_network=True),
    Metric("interface_errors_per_second", "/s", "Damaged packets on all interfaces"),
    Metric("interface_drops_per_second", "/s", "Dropped packets on all interfaces"),
    Metric(
        "default_route_v4_ratio",
        "ratio",
        "Way out by IPv4 (1 there, 0 none)",
        of_own_network=True,
        when_low="this machine has no default route by IPv4",
    ),
    Metric(
        "default_route_v6_ratio",
        "ratio",
        "Way out by IPv6 (1 there, 0 none)",
        of_own_network=True,
        when_low="this machine has no default route by IPv6",
    ),
    Metric(
        "gateway_v4_level",
        "level",
        "Gateway by IPv4 (2 reachable, 1 stale, 0 failed)",
        of_own_network=True,
        when_low="its gateway by IPv4 does not answer",
    ),
    Metric(
        "gateway_v6_level",
        "level",
        "Gateway by IPv6 (2 reachable, 1 stale, 0 failed)",
        of_own_network=True,
        when_low="its gateway by IPv6 does not answer",
    ),
    Metric(
        "gateway_level",
        "level",
        "Better of the two gateways (2 reachable, 1 stale, 0 failed)",
        of_own_network=True,
        when_low="no gateway of this machine answers",
    ),
    Metric(
        "mains_ratio",
        "ratio",
        "Mains, where there is a battery (1 on, 0 off)",
        when_low="this machine runs on its battery",
    ),
    Metric("battery_ratio", "ratio", "Charge of the battery, where there is one"),
    Metric("temperature_celsius", "°C", "Hottest sensor, where there is one"),
    Metric("clock_step_s", "s", "Step of the clock since the last measurement"),
    Metric("asleep_s", "s", "Sleep since the last measurement"),
    Metric("uptime_s", "s", "Time since the machine was started"),
)

_MINUTE: Final = 12
"""Readings of a minute, at the default period."""

_USUAL_LIMITS: Final = (
    UsualLimit(
        "load_per_core_1min",
        raise_above=2.0,
        clear_below=1.5,
        window_readings=2 * _MINUTE,
        minimum_readings=_MINUTE,
    ),
    UsualLimit(
        "memory_ratio", raise_above=0.95, clear_below=0.9, window_readings=_MINUTE, minimum_readings=6
    ),
    UsualLimit(
        "swap_ratio",
        raise_above=0.8,
        clear_below=0.7,
        window_readings=_MINUTE,
        minimum_readings=6,
        where_present=True,
    ),
    UsualLimit("disk_ratio", raise_above=0.9, clear_below=0.85, window_readings=6, minimum_readings=3),
    UsualLimit(
        "interface_errors_per_second",
        raise_above=1.0,
        clear_below=0.1,
        window_readings=_MINUTE,
        minimum_readings=6,
        where_present=True,
    ),
    UsualLimit(
        "gateway_level",
        raise_below=0.5,
        clear_above=0.9,
        window_readings=5,
        minimum_readings=3,
        where_present=True,
    ),
    UsualLimit(
        "interface_*_up_ratio", raise_below=0.5, clear_above=0.9, window_readings=5, minimum_readings=3
    ),
    UsualLimit(
        "mains_ratio",
        raise_below=0.5,
        clear_above=0.9,
        window_readings=5,
        minimum_readings=3,
        where_present=True,
    ),
    UsualLimit(
        "battery_ratio",
        raise_below=0.2,
        clear_above=0.3,
        window_readings=5,
        minimum_readings=3,
        where_present=True,
    ),
    UsualLimit(
        "temperature_celsius",
        raise_above=90.0,
        clear_below=80.0,
        window_readings=_MINUTE,
        minimum_readings=6,
        where_present=True,
    ),
)
"""A machine that is short of anything measures late; one on its battery will soon not measure at all."""


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """The machine's own values, and three for each named interface."""
    if not isinstance(parameters, HostParameters):
        raise TypeError("these are not the parameters of a host probe")
    named = [
        metric
        for name in parameters.interfaces
        for metric in (
            Metric(
                up_metric(name),
                "ratio",
                f"{name} up",
                of_own_network=True,
                when_low=f"the interface {name} is down, or there is none of that name",
            ),
            Metric(errors_metric(name), "/s", f"{name}: damaged packets"),
            Metric(drops_metric(name), "/s", f"{name}: dropped packets"),
        )
    ]
    return (*_METRICS, *named)


def _create(context: ProberContext) -> Prober:
    """Make the prober that measures this machine."""
    return HostProber(context)


HOST: Final = ProbeType(
    name="host",
    title="This machine",
    help=(
        "Measures the machine that the engine runs on: processor, memory, swap space, a disk, network "
        "interfaces and their damaged packets, the ways out and whether their gateways answer, mains and "
        "battery, temperature, steps of the clock and sleep. Figures that the machine does not have are left "
        "out. It needs no address and says nothing about any other endpoint."
    ),
    parameters=HostParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=5.0,
    default_timeout_s=2.0,
    reaches=False,
    addressed=False,
    usual_limits=_USUAL_LIMITS,
)
