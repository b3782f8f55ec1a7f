"""Asks probe types of errands for tests: a few questions in one loop, and what came of them."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from controlroom.probe import ProbeParameters, ProberContext, ProbeType, Question
from controlroom.reading import ProbeKey, Reading

ADDRESS = "127.0.0.1"
KEY = ProbeKey("endpoint", "probe")


@dataclass(slots=True)
class Asked:
    """Readings in the order of arrival, the prober's health before its stop, and how long it all took."""

    readings: list[Reading] = field(default_factory=list)
    health: Mapping[str, float] = field(default_factory=dict)
    took_s: float = 0.0

    def only(self) -> Reading:
        """Return the one reading there is."""
        (reading,) = self.readings
        return reading


def never_resolve(reference: str) -> str:
    """Refuse to resolve a secret: these types need none."""
    raise AssertionError(reference)


def ask(
    probe_type: ProbeType,
    *parameters: ProbeParameters,
    address: str = ADDRESS,
    timeout_s: float = 1.0,
    utc_s: Callable[[], float] = time.time,
) -> Asked:
    """Ask one question for each of the parameters at once, and wait for all readings."""
    asked = Asked()

    async def run() -> None:
        everything = asyncio.Event()

        def take(reading: Reading) -> None:
            asked.readings.append(reading)
            if len(asked.readings) == len(parameters):
                everything.set()

        prober = probe_type.create(ProberContext(take, utc_s, time.monotonic, never_resolve))
        await prober.start()
        began_s = time.monotonic()
        for each in parameters:
            prober.ask(Question(KEY, address, each, timeout_s))
        await asyncio.wait_for(everything.wait(), timeout_s + 5.0)
        asked.took_s = time.monotonic() - began_s
        asked.health = prober.health()
        await prober.stop()

    asyncio.run(run())
    # A socket that stayed open complains here, and a complaint fails the test.
    gc.collect()
    return asked
