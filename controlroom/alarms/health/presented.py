"""What was presented to the operators, a row each time, and what was kept from them. It judges nothing."""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from controlroom.alarms.health.source import Source

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Hidden(enum.StrEnum):
    """Why an alarm is kept from the operators; where several apply, the first of these is told."""

    OUT_OF_SERVICE = "out_of_service"
    SUPPRESSED = "suppressed"
    SHELVED = "shelved"


@dataclass(slots=True)
class Row:
    """One presentation of an alarm; NaN is a time that did not come, or a figure that is not told."""

    at_utc_s: float
    number: int
    source: Source
    priority: int
    again: bool
    figure: float = math.nan
    returned_utc_s: float = math.nan
    acknowledged_utc_s: float = math.nan
    touched: bool = False
    """Whether an operator did anything about it before its fault had ended."""
    hidden: Hidden | None = None


@dataclass(frozen=True, slots=True)
class Shelved:
    """An alarm on the shelf: by whom, why, and until when; ``None`` until its fault has ended."""

    number: int
    source: Source
    priority: int
    since_utc_s: float
    until_utc_s: float | None
    by: str
    why: str


class Doubt(enum.StrEnum):
    """Why hiding an alarm was without authority."""

    NOBODY_SIGNED_IN = "nobody_signed_in"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Unauthorised:
    """An alarm that was hidden without authority."""

    at_utc_s: float
    number: int | None
    subject: str
    by: str
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class StaleSpan:
    """From when until when an alarm stood before the operators although it was a day old."""

    number: int
    source: Source
    raised_utc_s: float
    from_utc_s: float
    until_utc_s: float


@dataclass(frozen=True, slots=True)
class Told:
    """All that the log told of a range. ``rows`` were presented, in order of time; ``kept`` were not."""

    rows: Sequence[Row]
    kept: Sequence[Row]
    reminded: int = 0
    shelvings: int = 0
    taken_out: int = 0
    unauthorised: Sequence[Unauthorised] = ()
    stale: Sequence[StaleSpan] = ()
    shelved_now: Sequence[Shelved] = ()
    hidden_now: Sequence[Hidden] = ()
    """Why each alarm that is hidden at the end of the range is hidden."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The presentations as columns, in order of time; ``source`` numbers ``sources``."""

    sources: Sequence[Source]
    at_utc_s: FloatArray
    source: IntArray
    priority: IntArray
    again: BoolArray
    figure: FloatArray
    returned_utc_s: FloatArray
    acknowledged_utc_s: FloatArray
    touched: BoolArray = field(default_factory=lambda: np.zeros(0, np.bool_))

    def __len__(self) -> int:
        """How many there are."""
        return len(self.at_utc_s)


def columns_of(rows: Sequence[Row]) -> Columns:
    """Lay presentations out in columns, sorted by time."""
    rows = sorted(rows, key=lambda row: row.at_utc_s)
    numbers: dict[Source, int] = {}
    places = [numbers.setdefault(row.source, len(numbers)) for row in rows]
    return Columns(
        sources=tuple(numbers),
        at_utc_s=np.array([row.at_utc_s for row in rows], np.float64),
        source=np.array(places, np.int64),
        priority=np.array([row.priority for row in rows], np.int64),
        again=np.array([row.again for row in rows], np.bool_),
        figure=np.array([row.figure for row in rows], np.float64),
        returned_utc_s=np.array([row.returned_utc_s for row in rows], np.float64),
        acknowledged_utc_s=np.array([row.acknowledged_utc_s for row in rows], np.float64),
        touched=np.array([row.touched for row in rows], np.bool_),
    )
