"""What judging costs: microseconds of one core for each reading, part by part, and what it keeps in memory.

    python -m tests.bench.judging [--endpoints 2000] [--seconds 120] [--loss 0.01] [--limits 1]

Every endpoint is asked once a second, has a profile and a codec, and its answers have round-trip times of
their own; so many in a hundred are lost at random. Nothing is sent and nothing written. Measured are the
monitor (conditions and alarms), the changes of links, and the assessing that each endpoint has once a minute,
after the windows have been filled.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Callable, Sequence

import resources
from controlroom.condition.state import Condition
from controlroom.engine.assessing import Assessing
from controlroom.engine.link_changes import LinkChanges
from controlroom.engine.monitor import Monitor
from controlroom.engine.profile_files import read_profiles
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, Reading, Reason
from controlroom.site.model import Codec, Endpoint, EndpointKind, Limit, Probe, Site, Voice
from controlroom.site.view import view_of
from probes.registry import PROBE_TYPES

_FILLED_S = 320
_LOOKS = 50
_LIMIT = Limit(metric="rtt_s", raise_above=0.3, clear_below=0.25)
_PARTS = ("monitor", "changes", "assessing")


def main() -> None:
    """Fill the windows, measure, and print a line for each part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--loss", type=float, default=0.01)
    parser.add_argument("--limits", type=int, choices=(0, 1), default=1)
    chosen = parser.parse_args()
    site = _site(chosen.endpoints, chosen.limits)
    before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    view = view_of(site, PROBE_TYPES, "", read_profiles(resources.path("profiles")))
    monitor, changes = Monitor(site, {"icmp": True}, 0.0), LinkChanges(view)
    assessing = Assessing(view, 0.0, changes)
    chance = random.Random(7)  # noqa: S311 - invented answers, no secret
    spent_s = dict.fromkeys(_PARTS, 0.0)
    for second in range(_FILLED_S + chosen.seconds):
        readings = _readings(site, second, chosen.loss, chance)
        took_s = _second(second, readings, monitor, changes, assessing)
        if second >= _FILLED_S:
            spent_s = {part: spent_s[part] + took_s[part] for part in _PARTS}
    kept_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib
    for part, cpu_s in (*spent_s.items(), ("all", sum(spent_s.values()))):
        each_us = cpu_s / (chosen.seconds * chosen.endpoints) * 1e6
        share = cpu_s / chosen.seconds
        print(  # noqa: T201 - a bench prints
            f"{part:<10}{each_us:6.1f} us a reading; {chosen.endpoints} endpoints: {share:.1%} of a core"
        )
    print(f"memory    {kept_kib / chosen.endpoints:6.1f} KiB an endpoint, all parts")  # noqa: T201 - a bench prints


def _site(endpoints: int, limits: int) -> Site:
    probe = Probe(
        type="icmp",
        name="icmp",
        period_s=1.0,
        timeout_s=1.0,
        limits=(_LIMIT,) * limits,
        parameters=PROBE_TYPES["icmp"].parameters() if limits else ProbeParameters(),
    )
    return Site(
        name="Bench",
        endpoints=tuple(
            Endpoint(
                id=f"t{number}",
                name=f"T{number}",
                kind=EndpointKind.PARTNER,
                address="192.0.2.1",
                profile="ptt-voice",
                voice=Voice(codec=Codec.G711_PLC),
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


def _second(
    second: int, readings: Sequence[Reading], monitor: Monitor, changes: LinkChanges, assessing: Assessing
) -> dict[str, float]:
    """Judge a second's readings, and return the seconds of CPU that each part took."""
    now_s = second + 0.03

    def judge() -> None:
        for reading in readings:
            monitor.handle(monitor.believed(reading), now_s, now_s)

    def follow() -> None:
        for reading in readings:
            changes.take(reading, Condition.UP)

    def assess() -> None:
        for reading in readings:
            assessing.take(reading)
        for look in range(_LOOKS):
            assessing.look(second + look / _LOOKS)

    return {part: _cpu_s(work) for part, work in zip(_PARTS, (judge, follow, assess), strict=True)}


def _cpu_s(work: Callable[[], None]) -> float:
    began_s = time.process_time()
    work()
    return time.process_time() - began_s


if __name__ == "__main__":
    main()
