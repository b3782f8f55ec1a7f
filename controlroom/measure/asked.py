"""What was asked of one probe over a range and what came of it, as arrays. It computes no figure.

Rules:
1. Only readings on the beat count; re-probes say whether, not how often.
2. *Not run*, the refusal of an endpoint that lives, and what was lost while our own connection was, count
   neither as asked nor as lost. They leave a break: what was asked before and after does not follow each
   other.
3. So does time in which nothing was recorded, where the period is known: more than two and a half periods.
4. A reading told again takes the place of the one sent at the same time of which the same was seen.
5. Order is by the moment of sending; of equal ones as they came. It is taken to the hundredth of a second,
   and a round-trip time to the microsecond, as the store keeps them on the beat. So live readings and those
   of the store give the same arrays, bit by bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.measure.percentile import FloatArray
from controlroom.reading import Outcome, Reading, shows_loss

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

RTT_S: Final = "rtt_s"
"""The metric that is the round-trip time."""

_MICROSECONDS: Final = 1_000_000
BEAT_STEP_US: Final = 10_000
"""To this step the store keeps when a reading on the beat was sent."""

_PERIODS_OF_A_BREAK: Final = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The probes that were asked on the beat, oldest first; arrays of one length.

    ``rtt_s`` is NaN where no round-trip time is known: always where it was lost, and for replies that could
    not be timed. ``begins`` is true where a reading does not follow the one before it (rules 2 and 3), so for
    the first. ``unmeasured_us`` is when the readings were sent, or due, that rule 2 leaves out.
    """

    sent_us: IntArray
    rtt_s: FloatArray
    lost: BoolArray
    begins: BoolArray
    unmeasured_us: IntArray

    def __len__(self) -> int:
        """Count what was asked."""
        return len(self.sent_us)

    def in_order_of_arrival(self) -> IntArray:
        """Return the places of the replies of known round-trip time, the first to arrive first."""
        answered = np.flatnonzero(np.isfinite(self.rtt_s)).astype(np.int64)
        arrived_us = self.sent_us[answered] + np.rint(self.rtt_s[answered] * _MICROSECONDS).astype(np.int64)
        return answered[np.argsort(arrived_us, kind="stable")]


def asked_of(
    at_utc_s: FloatArray,
    rtt_s: FloatArray,
    lost: BoolArray,
    unmeasured: BoolArray,
    beat: BoolArray | None = None,
    period_s: float | None = None,
) -> Asked:
    """Put together what was asked, from a probe's samples in whatever order.

    ``lost`` and ``unmeasured`` are as ``lost_codes`` and ``unmeasured_codes`` of the store tell them. Without
    ``beat`` all readings are on the beat; without ``period_s`` no time without a record makes a break.
    """
    kept_us = _kept_us(at_utc_s)
    order = np.argsort(kept_us, kind="stable")
    if beat is not None:
        order = order[beat[order]]
    sent_us = kept_us[order]
    counts = ~unmeasured[order]
    lost_then = lost[order][counts]
    return Asked(
        sent_us=sent_us[counts],
        rtt_s=np.where(lost_then, np.nan, np.rint(rtt_s[order][counts] * _MICROSECONDS) / _MICROSECONDS),
        lost=lost_then,
        begins=_begins(sent_us, counts, period_s),
        unmeasured_us=sent_us[~counts],
    )


def asked_live(readings: Iterable[Reading], metric: str = RTT_S, period_s: float | None = None) -> Asked:
    """Put together what was asked from readings as they are told, those told again among them (rule 4)."""
    standing: list[Reading] = []
    open_places: dict[tuple[int, Outcome], list[int]] = {}
    for reading in readings:
        if not reading.beat:
            continue
        moment = (round(reading.sent_utc_s * _MICROSECONDS), reading.outcome)
        same = open_places.setdefault(moment, [])
        if reading.corrects and same:
            standing[same.pop()] = reading
        else:
            if not reading.corrects:
                same.append(len(standing))
            standing.append(reading)
    shown = [shows_loss(reading.outcome, reading.reason) for reading in standing]
    return asked_of(
        np.array([reading.sent_utc_s for reading in standing], dtype=np.float64),
        np.array([reading.values.get(metric, np.nan) for reading in standing], dtype=np.float64),
        np.array([each is True for each in shown], dtype=np.bool_),
        np.array([each is None for each in shown], dtype=np.bool_),
        period_s=period_s,
    )


def within(asked: Asked, since_utc_s: float, until_utc_s: float) -> Asked:
    """Return the part that was sent from ``since_utc_s`` on and before ``until_utc_s``."""
    edges_us = [round(since_utc_s * _MICROSECONDS), round(until_utc_s * _MICROSECONDS)]
    part = slice(*np.searchsorted(asked.sent_us, edges_us))
    left_out = slice(*np.searchsorted(asked.unmeasured_us, edges_us))
    begins = asked.begins[part].copy()
    begins[:1] = True
    return Asked(
        asked.sent_us[part], asked.rtt_s[part], asked.lost[part], begins, asked.unmeasured_us[left_out]
    )


def _kept_us(at_utc_s: FloatArray) -> IntArray:
    """Return moments as the store keeps those of readings on the beat, in microseconds (rule 5)."""
    at_us = np.rint(at_utc_s * _MICROSECONDS).astype(np.int64)
    return (at_us + BEAT_STEP_US // 2) // BEAT_STEP_US * BEAT_STEP_US


def _begins(sent_us: IntArray, counts: BoolArray, period_s: float | None) -> BoolArray:
    """Tell which of the readings that count do not follow the one before them."""
    places = np.flatnonzero(counts)
    begins = np.ones(len(places), dtype=np.bool_)
    begins[1:] = np.diff(places) > 1
    if period_s is not None:
        begins[1:] |= np.diff(sent_us[places]) > period_s * _MICROSECONDS * _PERIODS_OF_A_BREAK
    return begins
