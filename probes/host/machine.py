"""All that is measured of this machine, put together. It judges nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

from probes.host.clock import ClockWatch
from probes.host.interfaces import Interfaces
from probes.host.measured import Measured
from probes.host.parameters import HostParameters
from probes.host.power import measure_power
from probes.host.processor import Processor
from probes.host.room import measure_room
from probes.host.way_out import measure_way_out


class Machine:
    """Reads the machine. Used by one thread at a time; each call may wait for the system."""

    def __init__(self, data_folder: str = "", *, sleep: Callable[[float], None] = time.sleep) -> None:
        """Rates and spans count from here on; ``data_folder`` is whose disk is measured by default."""
        self._data_folder = data_folder or "/"
        self._clock = ClockWatch()
        self._processor = Processor(sleep)
        self._interfaces = Interfaces(time.monotonic)

    def measure(self, parameters: HostParameters) -> Measured:
        """Measure everything; what cannot be had is left out."""
        return (
            self._clock.measure()
            + self._processor.measure()
            + measure_room(parameters.disk or self._data_folder)
            + self._interfaces.measure(parameters.interfaces)
            + measure_way_out()
            + measure_power()
        )
