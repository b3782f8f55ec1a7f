"""Recorded links as the lab's hosts play them: real drives and satellites. It plays none itself.

Rules
1. Recordings stand outside the project, in the folder that ``CONTROLROOM_DATA`` names, else in
   ``../shared/data``. Where they are missing that is said, and nothing takes their place.
2. A recording is played at its own pace: one ping follows the other after the time that usually lay
   between two. Pauses of the recording are left out, so that a minute of playing is a minute of link.
3. What was not answered is lost.
"""

from __future__ import annotations

import csv
import itertools
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.lab.script import TargetScript

RECORDINGS: Final = Path(os.environ.get("CONTROLROOM_DATA", "../shared/data"))


@dataclass(frozen=True, slots=True)
class Recording:
    """A link to be played: which file of the recordings, of it the rows of one ``operator``, and its name."""

    id: str
    name: str
    file: str
    time_column: str
    operator: str = ""

    def script(self, folder: Path = RECORDINGS) -> TargetScript:
        """Read the recording as a script; ``OSError`` where it is not there."""
        with (folder / self.file).open(encoding="utf-8", newline="") as text:
            rows = [row for row in csv.DictReader(text) if row.get("operator", "") == self.operator]
        replay_s = tuple(float(row["rtt_ms"]) / 1000 if row["rtt_ms"] else None for row in rows)
        step_s = _usual_step_s([row[self.time_column] for row in rows])
        return TargetScript(replay_s=replay_s, replay_step_s=step_s)


RECORDED: Final = (
    Recording("drive-5g", "5G drive, city", "latency/vehicle-5g/urban_n78_v20_run01.csv", "sent"),
    Recording("rural-5g", "5G drive, edge of coverage", "latency/vehicle-5g/rural_n8_v10_01.csv", "sent"),
    Recording("starlink", "Starlink terminal", "latency/satellite/starlink-terminal-20250529.csv", "time"),
    Recording(
        "starlink-far", "Starlink, far gateway", "latency/satellite/starlink-seattle-no-isl.csv", "time"
    ),
    *(
        Recording(
            f"drive-{operator}",
            f"Drive, operator {letter}",
            "latency/multi-operator/pings-20230513.csv",
            "sent",
            operator,
        )
        for letter, operator in (("A", "atnt"), ("B", "tmobile"), ("C", "verizon"))
    ),
)
"""What is played: the address of each is the lab's host of its place, from 101 on."""


def missing_recordings(folder: Path = RECORDINGS) -> str | None:
    """Return why the recordings cannot be played; None when they can."""
    for each in RECORDED:
        if not (folder / each.file).is_file():
            return (
                f"there is no recording {folder / each.file}; CONTROLROOM_DATA names the folder of recordings"
            )
    return None


def _usual_step_s(times: Sequence[str]) -> float:
    """Return the time that usually lies between two pings; a lost one may have no time."""
    moments_s = [datetime.fromisoformat(text).timestamp() for text in times if text]
    steps_s = [after - before for before, after in itertools.pairwise(moments_s)]
    return round(statistics.median(step_s for step_s in steps_s if step_s > 0), 3)
