"""Between a second as the engine hands it over and the journal's columns and readings. No SQL.

What is kept is what will be kept: before anything is written, figures take the precision that a year of
them can afford, so that a reading is the same whether it comes from the journal or, later, from a chunk.

1. A reading on the beat keeps the time it was sent to ``BEAT_STEP_US``; a re-probe keeps the microsecond.
2. A metric in seconds (its name ends in ``_s``) keeps the microsecond, up to ``FINE_UNTIL_S``.
3. Every other value is kept exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from controlroom.errors import StoreError
from controlroom.reading import Outcome, Reading, Reason
from controlroom.store.codes import OUTCOME_CODE, OUTCOMES, REASON_CODE, REASONS
from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray, Second
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.dictionary import Names
from controlroom.store.sqlite.failure import damaged
from controlroom.store.sqlite.numbering import Numbering
from controlroom.store.sqlite.packing import VALUES_PER_READING

MICROSECONDS: Final = 1_000_000
NEAR_US: Final = 120 * MICROSECONDS
"""Twice the longest timeout: a reading is sent at most this long before or after its second closes,
unless a clock was set in between; a second with such a reading is a stray."""

BEAT_STEP_US: Final = 10_000
"""A beat may leave this late without being late; finer times would cost more bytes than the readings."""

FINE_UNTIL_S: Final = 2000.0
"""Round trips and delays; what is longer (an uptime) is not rounded."""

_LATEST_UTC_S: Final = 6e10
"""From the year 69 to 3871: days that have a name."""


def microseconds(utc_s: float) -> int:
    """Turn a time into whole microseconds; raise ``StoreError`` ``time-unkeepable`` for what is none."""
    if not -_LATEST_UTC_S < utc_s < _LATEST_UTC_S:  # also refuses NaN
        raise StoreError("time-unkeepable", f"{utc_s!r} is no time that can be kept.")
    return round(utc_s * MICROSECONDS)


def all_microseconds(utc_s: Sequence[float]) -> IntArray:
    """Turn many times into whole microseconds; raise ``StoreError`` as ``microseconds`` does."""
    times = np.array(utc_s, dtype=np.float64)
    if not (np.abs(times) < _LATEST_UTC_S).all():
        raise StoreError("time-unkeepable", "A reading was sent at no time that can be kept.")
    return np.rint(times * MICROSECONDS).astype(np.int64)


def columns_of(second: Second, numbering: Numbering) -> Columns:
    """Put a second's readings in columns. ``detail`` is not kept: it is for the moment of asking."""
    at_us = microseconds(second.at_utc_s)
    readings = second.readings
    probe = numbering.probes([reading.probe for reading in readings])
    sent = all_microseconds([reading.sent_utc_s for reading in readings])
    outcome, reason, beat = _codes(readings)
    found = [reading.values for reading in readings]
    count = np.array([len(values) for values in found], dtype=np.int64)
    if count.max(initial=0) > VALUES_PER_READING:
        raise StoreError("second-too-large", f"A reading holds more than {VALUES_PER_READING} values.")
    metrics, value = _measured(found)
    series = numbering.series(np.repeat(probe, count), metrics)
    return Columns(
        row=np.zeros(len(readings), dtype=np.intp),
        probe=probe,
        offset_us=np.where(beat, _stepped(sent), sent) - at_us,
        outcome=outcome,
        reason=reason,
        beat=beat,
        value_count=count.astype(np.uint16),
        series=series,
        value=_rounded(value, numbering.are_spans(series)),
    )


def _measured(found: Sequence[Mapping[str, float]]) -> tuple[list[str], FloatArray]:
    """Return the metric of each value, or the one of all, and the values."""
    metrics = [metric for values in found for metric in values]
    if metrics and metrics.count(metrics[0]) == len(metrics):  # as where all is pinged
        metric = metrics[0]
        return [metric], np.array([values[metric] for values in found if values], dtype=np.float64)
    return metrics, np.array([value for values in found for value in values.values()], dtype=np.float64)


def _codes(readings: Sequence[Reading]) -> tuple[CodeArray, CodeArray, BoolArray]:
    """Return outcomes, reasons and what is on the beat; most are replies on the beat, and need no look-up."""
    outcome = np.full(len(readings), OUTCOME_CODE[Outcome.REPLIED], dtype=np.uint8)
    reason = np.full(len(readings), REASON_CODE[Reason.NONE], dtype=np.uint8)
    beat = np.ones(len(readings), dtype=np.bool_)
    replied, none = Outcome.REPLIED, Reason.NONE
    others = [
        place
        for place, reading in enumerate(readings)
        if reading.outcome is not replied or reading.reason is not none or not reading.beat
    ]
    if others:
        outcome[others] = [OUTCOME_CODE[readings[place].outcome] for place in others]
        reason[others] = [REASON_CODE[readings[place].reason] for place in others]
        beat[others] = [readings[place].beat for place in others]
    return outcome, reason, beat


def _stepped(sent_us: IntArray) -> IntArray:
    """Round times to the beat's step (rule 1)."""
    return (sent_us + BEAT_STEP_US // 2) // BEAT_STEP_US * BEAT_STEP_US


def _rounded(value: FloatArray, fine: BoolArray) -> FloatArray:
    """Round what is a time span to the microsecond (rule 2)."""
    fine &= np.abs(value) < FINE_UNTIL_S  # neither a number that is none nor one without end
    value[fine] = np.rint(value[fine] * MICROSECONDS) / MICROSECONDS
    return value


def is_stray(columns: Columns) -> bool:
    """Tell whether a search by the second's own time could miss one of its readings."""
    return bool(np.abs(columns.offset_us).max(initial=0) > NEAR_US)


def sent_us(columns: Columns, at_us: IntArray) -> IntArray:
    """Return when each reading was sent, from the times of the seconds in their order."""
    return np.asarray(at_us[columns.row] + columns.offset_us, dtype=np.int64)


def readings_of(columns: Columns, at_us: IntArray, names: Names, wanted: Sequence[int]) -> Iterator[Reading]:
    """Make readings again of those columns' items that are wanted, in that order."""
    sent = sent_us(columns, at_us)
    bounds = list(pairwise([0, *np.cumsum(columns.value_count, dtype=np.int64).tolist()]))
    for index in wanted:
        first, end = bounds[index]
        probe = names.probes.get(int(columns.probe[index]))
        metrics = [names.series.get(number) for number in columns.series[first:end].tolist()]
        if probe is None or None in metrics:
            raise damaged("The journal names a probe or a series that the store does not know.")
        values = columns.value[first:end].tolist()
        yield Reading(
            probe=probe,
            sent_utc_s=int(sent[index]) / MICROSECONDS,
            sent_monotonic_s=math.nan,
            outcome=OUTCOMES[columns.outcome[index]],
            reason=REASONS[columns.reason[index]],
            values={key.metric: value for key, value in zip(metrics, values, strict=True) if key is not None},
            beat=bool(columns.beat[index]),
        )
