"""The whole engine on the lab: what it costs with judging and store, and how soon it is sure of an outage.

    python -m tests.bench.engine [--targets 2000] [--seconds 10] [--outages 20]

Each outage is one of the targets going silent at a moment of its own; *sure* is the committed entry of
the log, counted from the silence and from the arrival of the first probe that stayed without an answer.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped] # psutil ships no type information

from controlroom.logbook.entry import LogKind
from tests.end_to_end.room import Room, until
from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.script import TargetScript

LINK = TargetScript(delay_s=0.02, jitter_s=0.005, loss_ratio=0.005)


def main() -> None:
    """Run both parts and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--outages", type=int, default=20)
    chosen = parser.parse_args()
    missing = lab_available()
    if missing is not None:
        raise SystemExit(missing)
    with LabNetwork() as lab, tempfile.TemporaryDirectory() as folder:
        lab.script_all(LINK)
        room = Room(lab, Path(folder), chosen.targets)
        engine = room.start()
        until(lambda: _all_up(room), 30, "all targets up")
        _print_cost(psutil.Process(engine.pid), room, chosen.seconds)
        _print_outages(room, chosen.outages)
        room.end()


def _all_up(room: Room) -> bool:
    store = room.read()
    try:
        return all(state.condition == "up" for state in store.states())
    finally:
        store.close()


def _print_cost(process: psutil.Process, room: Room, seconds: float) -> None:
    before, began_s = process.cpu_times(), time.monotonic()
    time.sleep(seconds)
    after, took_s = process.cpu_times(), time.monotonic() - began_s
    cpu_s = after.user + after.system - before.user - before.system
    store = room.read()
    beat = store.heartbeat()
    store.close()
    health = beat.health if beat is not None else {}
    print(  # noqa: T201 - a bench prints
        f"{room.targets} targets once a second, asked, judged and stored:"
        f" {cpu_s / took_s:.1%} of a core, {cpu_s / took_s / room.targets * 1e6:.0f} ms CPU per 1,000 probes,"
        f" {process.memory_info().rss / 1e6:.0f} MB;"
        f" lateness p99 {health.get('lateness_p99_s', 0) * 1e3:.1f} ms,"
        f" missed beats {health.get('missed_beats', 0):.0f}"
    )


def _print_outages(room: Room, outages: int) -> None:
    chance = random.Random(5)  # noqa: S311 - which target, not a secret
    numbers = chance.sample(range(3, room.targets + 1), outages)
    silent_s: dict[str, float] = {}
    for number in numbers:
        time.sleep(chance.random() * 0.5)
        room.lab.script(room.lab.address(number), TargetScript(silent=True))
        silent_s[f"t{number}"] = time.time()
    time.sleep(4.0)
    downs = {
        entry.subject: entry
        for entry in room.entries(LogKind.CONDITION_CHANGED)
        if entry.facts["to"] == "down"
    }
    sure_s = [downs[key].at_utc_s - at_s for key, at_s in silent_s.items() if key in downs]
    lost_s = [entry.at_utc_s - float(entry.facts["since_utc_s"] or 0) for entry in downs.values()]
    false = sorted(set(downs) - set(silent_s))
    print(  # noqa: T201 - a bench prints
        f"{len(sure_s)} of {outages} outages found, {len(false)} false;"
        f" after the silence: median {statistics.median(sure_s):.2f} s, longest {max(sure_s):.2f} s;"
        f" after the first lost probe: median {statistics.median(lost_s):.2f} s, longest {max(lost_s):.2f} s"
    )


if __name__ == "__main__":
    main()
