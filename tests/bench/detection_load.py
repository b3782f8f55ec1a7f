"""What judging costs: ``python -m tests.bench.detection_load``.

So many detectors are fed a reading a second each, with what they are fed made beforehand. CPU is that of one
core while they judge; memory is what the process grew by for each detector once all that it keeps is full.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from pathlib import Path

import numpy as np

from controlroom.measure.change_detector import ChangeDetector, DetectorSettings
from tests.bench.null_series import bursty_losses, round_trips

_KINDS = ("even, 2 %", "lognormal queueing", "correlated 0.9", "by day, heavy")
_FULL_S = 4200
"""After seventy minutes the regime, and all else but the weeks' hours, holds what it may; those have
their room from the beginning.
"""


def main() -> None:
    """Measure both and print two lines."""
    parser = argparse.ArgumentParser(description="Measure what judging costs.")
    parser.add_argument("--series", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=900)
    parser.add_argument("--memory-series", type=int, default=200)
    chosen = parser.parse_args()
    readings = _readings(max(chosen.seconds, _FULL_S))
    gc.collect()
    before = _resident_bytes()
    full = _detectors(chosen.memory_series)
    _feed(full, readings, _FULL_S)
    gc.collect()
    grown = (_resident_bytes() - before) / chosen.memory_series
    sys.stdout.write(f"memory: {grown / 1024:.1f} KiB a series ({chosen.memory_series} of them)\n")
    detectors = _detectors(chosen.series)
    begin_s = time.process_time()
    _feed(detectors, readings, chosen.seconds)
    spent_s = time.process_time() - begin_s
    share = spent_s / chosen.seconds
    each_us = 1e6 * spent_s / chosen.seconds / chosen.series
    sys.stdout.write(
        f"CPU: {chosen.series} series, a reading a second: {100 * share:.1f} % of a core,"
        f" {each_us:.1f} us a reading\n"
    )


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _detectors(count: int) -> list[ChangeDetector]:
    return [ChangeDetector(DetectorSettings(1.0)) for _ in range(count)]


def _readings(seconds: int) -> list[list[float | None]]:
    """Return a column of readings for each kind of series."""
    columns: list[list[float | None]] = []
    for number, kind in enumerate(_KINDS):
        rtts = np.exp(round_trips(kind, seconds, number, 1.0)).tolist()
        lost = bursty_losses(seconds, number)
        columns.append([None if gone else rtt_s for gone, rtt_s in zip(lost, rtts, strict=True)])
    return columns


def _feed(detectors: list[ChangeDetector], readings: list[list[float | None]], seconds: int) -> None:
    columns = [readings[number % len(readings)] for number in range(len(detectors))]
    steps = [detector.step for detector in detectors]
    for second in range(seconds):
        at_s = 1_700_000_000.0 + second
        for step, column in zip(steps, columns, strict=True):
            step(at_s, column[second])


if __name__ == "__main__":
    main()
