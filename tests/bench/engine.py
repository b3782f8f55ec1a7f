"""The whole engine on the lab: what it costs with judging and store, and how soon it is sure of an outage.

    python -m tests.bench.engine [--targets 2000] [--seconds 10] [--outages 20] [--desk]

With ``--desk`` a desk is open on the same store and kept busy (``busy_desk.py``). Error is the round-trip
time that the store keeps less that between the kernel's stamps of the two packets on the lab's tunnel; the
CPU of the prober alone is that of ``python -m tests.bench.icmp``.

Each outage is one of the targets going silent at a moment of its own; *sure* is the committed entry of
the log, counted from the silence and from the arrival of the first probe that stayed without an answer.
"""

from __future__ import annotations

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped] # psutil ships no type information

from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, SeriesKey
from controlroom.store.codes import OUTCOMES
from tests.bench.wire import Passage, Wire
from tests.end_to_end.room import Room, until
from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.script import TargetScript

_MOST_HELD_AGAINST = 1000
LINK = TargetScript(delay_s=0.02, jitter_s=0.005, loss_ratio=0.005)


def main() -> None:
    """Run both parts and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--targets", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--outages", type=int, default=20)
    parser.add_argument("--desk", action="store_true", help="keep a desk busy beside it")
    chosen = parser.parse_args()
    missing = lab_available()
    if missing is not None:
        raise SystemExit(missing)
    with LabNetwork() as lab, tempfile.TemporaryDirectory() as folder:
        lab.script_all(LINK)
        room = Room(lab, Path(folder), chosen.targets)
        engine = room.start()
        until(lambda: _all_up(room), 30, "all targets up")
        with _desk(room, wanted=chosen.desk), Wire(lab) as wire:
            began_s = time.time()
            _print_cost(psutil.Process(engine.pid), room, chosen.seconds)
            time.sleep(2.0)  # until what was measured is committed
            _print_errors(room, wire.passages(), began_s, began_s + chosen.seconds)
            _print_outages(room, chosen.outages)
        room.end()


@contextmanager
def _desk(room: Room, *, wanted: bool) -> Iterator[None]:
    """Keep a desk busy meanwhile, where that is wanted, and tell what it used."""
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "tests.bench.busy_desk", str(room.folder.path)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as desk:
        time.sleep(5.0)  # the first window takes a moment
        began_s, before_s = time.monotonic(), _used_s(psutil.Process(desk.pid))
        try:
            yield
        finally:
            share = (_used_s(psutil.Process(desk.pid)) - before_s) / (time.monotonic() - began_s)
            print(f"the desk meanwhile: {share:.0%} of a core")  # noqa: T201 - a bench prints
            desk.terminate()
            time.sleep(1.0)
            desk.kill()


def _used_s(process: psutil.Process) -> float:
    """Return the CPU seconds of a process so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def _all_up(room: Room) -> bool:
    store = room.read()
    try:
        return all(state.condition == "up" for state in store.states())
    finally:
        store.close()


def _print_cost(process: psutil.Process, room: Room, seconds: float) -> None:
    before_s, began_s = _used_s(process), time.monotonic()
    time.sleep(seconds)
    cpu_s, took_s = _used_s(process) - before_s, time.monotonic() - began_s
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


def _print_errors(room: Room, passages: Sequence[Passage], since_s: float, until_s: float) -> None:
    """Hold what the store keeps of these seconds against the wire, of so many targets as are read soon."""
    truth: dict[str, list[Passage]] = defaultdict(list)
    for each in passages:
        truth[each.address].append(each)
    errors_us: list[float] = []
    false_loss = untimed = 0
    store = room.read()
    for number in range(1, room.targets + 1, max(1, room.targets // _MOST_HELD_AGAINST)):
        passed = truth[room.lab.address(number)]
        sent_s = np.array([each.request_ns / 1e9 for each in passed])
        found = store.samples(SeriesKey(f"t{number}", "icmp", "rtt_s"), since_s, until_s)
        for at_s, rtt_s, outcome in zip(found.at_utc_s, found.value, found.outcome, strict=True):
            truth_s = passed[int(np.argmin(np.abs(sent_s - at_s)))].rtt_s
            lost = OUTCOMES[outcome] is Outcome.NO_REPLY
            false_loss += lost and truth_s is not None and truth_s < 1.0
            untimed += not lost and np.isnan(rtt_s)
            if truth_s is not None and not np.isnan(rtt_s):
                errors_us.append(abs(rtt_s - truth_s) * 1e6)
    store.close()
    errors_us.sort()
    p50_us, p99_us = (errors_us[len(errors_us) * share // 100] for share in (50, 99))
    print(  # noqa: T201 - a bench prints
        f"{len(errors_us)} round trips kept: error p50 {p50_us:.0f} us, p99 {p99_us:.0f} us,"
        f" max {errors_us[-1]:.0f} us; {false_loss} false losses, {untimed} without a time"
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
