"""What judging costs: microseconds of one core for each reading that the monitor takes in.

    python -m tests.bench.judging [--endpoints 2000] [--seconds 30] [--loss 0.01] [--limits 1]

Every endpoint is asked once a second and its answers have round-trip times of their own; so many in a
hundred are lost at random. Nothing is sent and nothing written: what is measured is ``Monitor.believed`` and
``Monitor.handle`` alone, after the windows have been filled.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Sequence

from controlroom.engine.monitor import Monitor
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, Reading, Reason
from controlroom.site.model import Endpoint, EndpointKind, Limit, Probe, Site

_FILLED_S = 70
_LIMIT = Limit(metric="rtt_s", raise_above=0.3, clear_below=0.25)


def main() -> None:
    """Fill the windows, measure, and print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--loss", type=float, default=0.01)
    parser.add_argument("--limits", type=int, choices=(0, 1), default=1)
    chosen = parser.parse_args()
    site = _site(chosen.endpoints, chosen.limits)
    monitor = Monitor(site, {"icmp": True}, 0.0)
    chance = random.Random(7)  # noqa: S311 - invented answers, no secret
    for second in range(_FILLED_S):
        _judge(monitor, _readings(site, second, chosen.loss, chance))
    spent_s = 0.0
    for second in range(_FILLED_S, _FILLED_S + chosen.seconds):
        spent_s += _judge(monitor, _readings(site, second, chosen.loss, chance))
    each_us = spent_s / (chosen.seconds * chosen.endpoints) * 1e6
    share = spent_s / chosen.seconds
    print(  # noqa: T201 - a bench prints
        f"{each_us:.1f} us a reading; {chosen.endpoints} endpoints at 1 s take {share:.1%} of a core"
    )


def _site(endpoints: int, limits: int) -> Site:
    probe = Probe(
        type="icmp",
        name="icmp",
        period_s=1.0,
        timeout_s=1.0,
        limits=(_LIMIT,) * limits,
        parameters=ProbeParameters(),
    )
    return Site(
        name="Bench",
        endpoints=tuple(
            Endpoint(
                id=f"t{number}",
                name=f"T{number}",
                kind=EndpointKind.PARTNER,
                address="192.0.2.1",
                probes=(probe,),
            )
            for number in range(endpoints)
        ),
    )


def _readings(site: Site, second: int, loss: float, chance: random.Random) -> list[Reading]:
    found = []
    for endpoint in site.endpoints:
        key = endpoint.key(endpoint.probes[0])
        if chance.random() < loss:
            found.append(Reading(key, second, second, Outcome.NO_REPLY, Reason.DEADLINE))
        else:
            values = {"rtt_s": chance.lognormvariate(-3.5, 0.3)}
            found.append(Reading(key, second, second, Outcome.REPLIED, values=values))
    return found


def _judge(monitor: Monitor, readings: Sequence[Reading]) -> float:
    """Judge them, and return the seconds of CPU that it took."""
    began_s = time.process_time()
    for reading in readings:
        now_s = reading.sent_monotonic_s + 0.03
        monitor.handle(monitor.believed(reading), now_s, now_s)
    return time.process_time() - began_s


if __name__ == "__main__":
    main()
