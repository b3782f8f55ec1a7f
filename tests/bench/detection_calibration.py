"""Where the detector's thresholds come from, and whether they keep the promise.

``python -m tests.bench.detection_calibration tables`` counts, on the worst kinds of series without any
change, how often each threshold is passed: the source of the tables in ``false_calls``. ``... promise``
runs the whole detector as shipped on every kind, a link for each, at a reading a second with bursts of
loss and at a row a minute. ``... recorded DIR [DIR ...]`` runs it on the regimes between the labels of
recorded series, which hold changes that nobody labelled as well.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from controlroom.measure.change_detector import ChangeDetector, DetectorSettings
from controlroom.measure.false_calls import REGIME_TABLE, RUN_TABLE
from controlroom.measure.latency_cusum import LatencyCusum
from controlroom.measure.minute import Minute
from controlroom.measure.regime_test import REGIME_ROWS, RegimeTest
from tests.bench.labelled_trace import read_folder
from tests.bench.null_series import ROUND_TRIPS, bursty_losses, round_trips, wandering

DAY_S: Final = 86_400
SEEDS: Final = (10, 11, 12, 13)
_TABLE_ROWS: Final = 200_000
_TABLE_READINGS: Final = 2_000_000
_SETTLED_ROWS: Final = 2000
_REGIME_LEAST_ROWS: Final = 300


def main() -> None:
    """Do what is asked for."""
    parser = argparse.ArgumentParser(description="Calibrate the detector of change, and check it.")
    parser.add_argument("what", nargs="?", choices=("tables", "promise", "recorded"), default="promise")
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--days", type=int, default=5, help="how long each link is watched for the promise")
    chosen = parser.parse_args()
    if chosen.what == "tables":
        print_tables()
    elif chosen.what == "promise":
        print_promise(chosen.days)
    else:
        print_recorded(chosen.folders)


def print_tables() -> None:
    """Count how often the thresholds of both tables are passed."""
    regimes: Counter[float] = Counter()
    runs: Counter[float] = Counter()
    for seed in SEEDS:
        strengths = _strengths(round_trips("correlated 0.95", _TABLE_ROWS, seed, 60.0).tolist())
        regimes.update({threshold: _passes(strengths, threshold) for threshold, _ in REGIME_TABLE})
        runs.update(_runs(_queueing(seed), [threshold for threshold, _ in RUN_TABLE]))
    _say(f"regime test: {dict(regimes)} calls in {len(SEEDS) * _TABLE_ROWS} rows")
    _say(f"runs: {dict(runs)} calls in {len(SEEDS) * _TABLE_READINGS} readings")


def print_promise(days: int) -> None:
    """Run the detector as shipped on links without any change."""
    for seed, name in enumerate(ROUND_TRIPS):
        for period_s in (1.0, 60.0):
            count = int(days * DAY_S / period_s)
            rtts = np.exp(round_trips(name, count, seed, period_s)).tolist()
            lost = bursty_losses(count, seed).tolist() if period_s < 60 else [False] * count
            calls = _calls(((number * period_s, rtt_s) for number, rtt_s in enumerate(rtts)), lost, period_s)
            _say(
                f"{name:<26} every {period_s:2g} s, {days} days:"
                f" {sum(calls.values())} calls {dict(calls) or ''}"
            )


def print_recorded(folders: Iterable[Path]) -> None:
    """Run the detector on the long regimes between labels, each on its own."""
    for folder in folders:
        rows, total = 0, Counter[str]()
        for trace in read_folder(folder):
            period_s = float(np.median(np.diff(trace.at_s)))
            edges = [0, *trace.labels, len(trace.at_s)]
            for begin, end in itertools.pairwise(edges):
                if end - begin < _REGIME_LEAST_ROWS:
                    continue
                kept = [row for row in range(begin, end) if trace.measured[row]]
                rtts = [trace.rtt_s[row] for row in kept]
                pairs = ((trace.at_s[row], trace.rtt_s[row] or 0.0) for row in kept)
                total += _calls(pairs, [rtt_s is None for rtt_s in rtts], period_s)
                rows += len(kept)
        _say(f"{folder.name}: {rows} rows between labels, {sum(total.values())} calls {dict(total)}")


def _calls(readings: Iterable[tuple[float, float]], lost: list[bool], period_s: float) -> Counter[str]:
    detector = ChangeDetector(DetectorSettings(period_s))
    calls: Counter[str] = Counter()
    for (at_s, rtt_s), gone in zip(readings, lost, strict=True):
        for one in detector.step(at_s, None if gone else rtt_s):
            calls[f"{one.kind} ({one.sign})"] += 1
    return calls


def _strengths(rows: list[float]) -> list[float]:
    """Return the highest strength at each row, of a test that never calls."""
    test = RegimeTest(float("inf"), 0.01)
    highest: list[float] = []
    for value in rows:
        test.step(value)
        highest.append(float(test.strengths().max(initial=0.0)))
    return highest[_SETTLED_ROWS:]


def _passes(strengths: list[float], threshold: float) -> int:
    """Count how often a threshold is passed; what follows within a regime's length is the same call."""
    count, last = 0, -REGIME_ROWS
    for row, strength in enumerate(strengths):
        if strength > threshold and row - last >= REGIME_ROWS:
            count, last = count + 1, row
    return count


def _queueing(seed: int) -> list[float]:
    chance = np.random.default_rng(seed)
    values = np.log1p(0.3 * np.exp(1.2 * wandering(_TABLE_READINGS, chance, 0.95)))
    return [float(value) for value in values]


def _runs(values: list[float], thresholds: list[float]) -> dict[float, int]:
    """Count the runs by threshold, with the median of the last minutes' medians for a level."""
    tests = {threshold: LatencyCusum(threshold) for threshold in thresholds}
    quiet_until = dict.fromkeys(thresholds, 0)
    counts = dict.fromkeys(thresholds, 0)
    minute, minutes = Minute(1.0), RegimeTest(float("inf"), 0.01)
    level: float | None = None
    for second, value in enumerate(values):
        ended = minute.step(float(second), value)
        if ended is not None:
            minutes.step(ended.level)
            level = float(np.median(minutes.values))
        if level is None:
            continue
        for threshold, test in tests.items():
            if test.step(float(second), value, level) is not None and second >= quiet_until[threshold]:
                counts[threshold] += 1
                quiet_until[threshold] = second + 60
    return counts


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
