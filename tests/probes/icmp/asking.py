"""Runs a ping prober for tests, in this process or as ``python -m tests.probes.icmp.asking ADDRESS...``.

The program prints one JSON object a reading and, last, one with the prober's health.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from controlroom.probe import ProberContext, Question
from controlroom.reading import ProbeKey, Reading
from probes.icmp import IcmpParameters, IcmpProber
from tests.lab.namespace import LabNetwork


def never_resolve(reference: str) -> str:
    """Refuse to resolve a secret: pings need none."""
    raise AssertionError(reference)


def question(
    address: str, *, timeout_s: float = 0.3, parameters: IcmpParameters | None = None, beat: bool = True
) -> Question:
    """Return a question about an address, whose endpoint is named like it."""
    key = ProbeKey(address, "ping")
    return Question(key, address, parameters or IcmpParameters(), timeout_s, beat)


@dataclass(slots=True)
class Asking:
    """What came of asking: readings in the order of arrival, and the prober's health before its stop."""

    readings: list[Reading] = field(default_factory=list)
    health: Mapping[str, float] = field(default_factory=dict)

    def only(self) -> Reading:
        """Return the one reading there is."""
        (reading,) = self.readings
        return reading

    def of(self, address: str) -> list[Reading]:
        """Return the readings of one address in the order of sending."""
        mine = [reading for reading in self.readings if reading.probe.endpoint_id == address]
        return sorted(mine, key=lambda reading: reading.sent_monotonic_s)


def new_prober(
    sink: Callable[[Reading], None], *, buffer_bytes: int = 1 << 20, shift_ns: list[int] | None = None
) -> IcmpProber:
    """Return a prober whose wall clock is ``shift_ns[0]`` ahead of the machine's."""
    context = ProberContext(sink, time.time, time.monotonic, never_resolve)
    ahead = shift_ns or [0]
    return IcmpProber(context, buffer_bytes=buffer_bytes, wall_ns=lambda: time.time_ns() + ahead[0])


def ask(
    questions: Sequence[Question],
    lab: LabNetwork | None = None,
    *,
    rounds: int = 1,
    round_s: float = 0.0,
    between: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
    linger_s: float = 0.0,
    buffer_bytes: int = 1 << 20,
    shift_ns: list[int] | None = None,
) -> Asking:
    """Ask all questions in each round and wait for every reading, then ``linger_s`` more.

    ``between`` is called after each question and ``after`` after all of a round, while the loop stands
    still.
    """
    asking = Asking()

    async def run() -> None:
        everything = asyncio.Event()

        def take(reading: Reading) -> None:
            asking.readings.append(reading)
            if len(asking.readings) == rounds * len(questions):
                everything.set()

        prober = new_prober(take, buffer_bytes=buffer_bytes, shift_ns=shift_ns)
        await prober.start()
        try:
            for number in range(rounds):
                for each in questions:
                    prober.ask(each)
                    if between is not None:
                        between()
                if after is not None:
                    after()
                if number < rounds - 1:
                    await asyncio.sleep(round_s)
            await asyncio.wait_for(everything.wait(), 10.0)
            await asyncio.sleep(linger_s)
            asking.health = prober.health()
        finally:
            await prober.stop()

    with nullcontext() if lab is None else lab.enter():
        asyncio.run(run())
    return asking


def main() -> None:
    """Ask the addresses of the command line once each and print what came of it."""
    parser = argparse.ArgumentParser(description="Ping the addresses once each.")
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--pause-s", type=float, default=0.0, help="stand still after each question")
    parser.add_argument("--stall-s", type=float, default=0.0, help="stand still after all questions")
    parser.add_argument("--timeout-s", type=float, default=0.3)
    parser.add_argument("--buffer-bytes", type=int, default=1 << 20)
    parser.add_argument("--parameters", type=json.loads, default={}, help="of every ping, as JSON")
    chosen = parser.parse_args()
    parameters = IcmpParameters(**chosen.parameters)
    asking = ask(
        [
            question(address, timeout_s=chosen.timeout_s, parameters=parameters)
            for address in chosen.addresses
        ],
        between=lambda: time.sleep(chosen.pause_s),
        after=lambda: time.sleep(chosen.stall_s),
        buffer_bytes=chosen.buffer_bytes,
    )
    for reading in asking.readings:
        words = {
            "address": reading.probe.endpoint_id,
            "outcome": reading.outcome.value,
            "reason": reading.reason.value,
            "values": dict(reading.values),
            "detail": reading.detail,
        }
        sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.write(json.dumps({"health": dict(asking.health)}) + "\n")


if __name__ == "__main__":
    main()
