"""What the store is measured with: round trips recorded on mobile networks, one stretch for each probe.

Recordings stand outside the project (``CONTROLROOM_DATA``); without them round trips are generated. Recorded
to a tenth of a millisecond, they are spread over that tenth, for a probe of ours tells microseconds.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.store.interface import Second

START_UTC_S = 1_700_000_000.0
_DATA = Path(os.environ.get("CONTROLROOM_DATA", "../shared/data"))
_RECORDED = "latency/multi-operator/pings-*.csv"
_STEP_S = 1e-4
_HEALTH = {"lateness_p99_s": 0.003, "missed_beats": 0.0}


@cache
def key_of(probe: int) -> ProbeKey:
    """Name a probe by its number; an engine too has one name of each for all its life."""
    return ProbeKey(f"endpoint-{probe}", "icmp")


def recorded() -> tuple[str, npt.NDArray[np.float64]]:
    """Return where the round trips come from, and the round trips in seconds, NaN where one was lost."""
    chance = np.random.default_rng(1)
    files = sorted(_DATA.glob(_RECORDED))
    if not files:
        made = 0.03 * np.exp(0.3 * chance.standard_normal(50_000))
        made[chance.random(50_000) < 0.005] = np.nan
        return "generated round trips (no recordings here)", made.round(6)
    found: list[float] = []
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            found += [float(row["rtt_ms"] or "nan") / 1000 for row in csv.DictReader(text)]
    rtt_s = np.array(found)
    rtt_s += _STEP_S * (chance.random(len(rtt_s)) - 0.5)
    return f"{len(rtt_s):,} round trips recorded on three mobile networks", rtt_s.round(6)


@dataclass(frozen=True, slots=True)
class Load:
    """Probes asked once a second, each at its own moment of the second."""

    rtt_s: npt.NDArray[np.float64]
    probes: int

    def of_probe(self, probe: int, first: int, count: int) -> npt.NDArray[np.float64]:
        """Return the round trips of a probe's askings from one second on."""
        start = probe * 7919 + first
        return self.rtt_s[np.arange(start, start + count) % len(self.rtt_s)]

    def readings(self, number: int, probes: Sequence[int]) -> list[Reading]:
        """Return what some probes read in one second."""
        at_utc_s = START_UTC_S + number
        found = []
        for probe in probes:
            rtt_s = float(self.rtt_s[(probe * 7919 + number) % len(self.rtt_s)])
            sent = at_utc_s + probe / self.probes
            if rtt_s == rtt_s:
                found.append(Reading(key_of(probe), sent, 0.0, Outcome.REPLIED, values={"rtt_s": rtt_s}))
            else:
                found.append(Reading(key_of(probe), sent, 0.0, Outcome.NO_REPLY, Reason.DEADLINE))
        return found

    def second(self, number: int) -> Second:
        """Return a whole second."""
        readings = self.readings(number, range(self.probes))
        return Second(START_UTC_S + number + 1, readings, _HEALTH)
