"""A ping series with its labelled moments of change, and how detections are matched to them.

A folder holds one file a series, ``time,rtt_ms,status,change``: ``rtt_ms`` is empty where nothing was
measured, ``status`` tells a lost probe (``timeout``) from one that says nothing of the target
(``error``), and ``change`` is 1 on the first row of a new regime.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np

EARLIEST_ROWS: Final = -2
LATEST_ROWS: Final = 15
"""A detection counts for a label from two rows before to fifteen rows after it."""

_BESIDE: Final = ("labels", "traces")


@dataclass(frozen=True, slots=True)
class LabelledTrace:
    """One series; the rows of the three lists belong together.

    ``rtt_s`` has ``None`` for a lost probe; ``measured`` is false where the row says nothing of the target.
    """

    name: str
    at_s: list[float]
    rtt_s: list[float | None]
    measured: list[bool]
    labels: list[int]


@dataclass(frozen=True, slots=True)
class Score:
    """How many detections matched a label; sums of scores are scores."""

    rows: int
    labels: int
    detections: int
    delays_rows: tuple[int, ...]

    def __add__(self, other: Score) -> Score:
        """Count both together."""
        return Score(
            self.rows + other.rows,
            self.labels + other.labels,
            self.detections + other.detections,
            self.delays_rows + other.delays_rows,
        )

    @property
    def precision(self) -> float:
        """Return which share of the detections matched a label; 0 without any."""
        return len(self.delays_rows) / self.detections if self.detections else 0.0

    @property
    def recall(self) -> float:
        """Return which share of the labels was matched; 0 without any."""
        return len(self.delays_rows) / self.labels if self.labels else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        together = self.detections + self.labels
        return 2 * len(self.delays_rows) / together if together else 0.0

    @property
    def false_per_1000(self) -> float:
        """Return the detections without a label, for a thousand rows."""
        return 1000 * (self.detections - len(self.delays_rows)) / self.rows if self.rows else 0.0

    @property
    def median_delay_rows(self) -> float:
        """Return the median delay of the matched detections; NaN without any."""
        return float(np.median(self.delays_rows)) if self.delays_rows else float("nan")


NO_SCORE: Final = Score(0, 0, 0, ())


def read_folder(folder: Path) -> list[LabelledTrace]:
    """Read every series of a folder, in the order of their names."""
    files = sorted(path for path in folder.glob("*.csv") if path.stem not in _BESIDE)
    return [_read(path) for path in files]


def score(trace: LabelledTrace, detections: Iterable[int]) -> Score:
    """Match detections (rows) to the labels of a series, each at most once.

    Every label's window is equally long, so taking for each label in turn the earliest detection that is left
    in its window matches as many as can be matched.
    """
    rows = sorted(detections)
    delays = match(trace.labels, rows)
    return Score(len(trace.at_s), len(trace.labels), len(rows), tuple(delays))


def match(labels: Sequence[int], detections: Sequence[int]) -> list[int]:
    """Return the delay in rows of every matched pair; both lists are ascending."""
    delays: list[int] = []
    place = 0
    for label in labels:
        while place < len(detections) and detections[place] < label + EARLIEST_ROWS:
            place += 1
        if place < len(detections) and detections[place] <= label + LATEST_ROWS:
            delays.append(detections[place] - label)
            place += 1
    return delays


def _read(path: Path) -> LabelledTrace:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return LabelledTrace(
        name=path.stem,
        at_s=[datetime.fromisoformat(row["time"]).timestamp() for row in rows],
        rtt_s=[float(row["rtt_ms"]) / 1000 if row["rtt_ms"] else None for row in rows],
        measured=[row["status"] != "error" for row in rows],
        labels=[number for number, row in enumerate(rows) if row["change"] == "1"],
    )
