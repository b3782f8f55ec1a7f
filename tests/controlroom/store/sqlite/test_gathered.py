"""Seconds turned to probes: every reading once, in order of sending, in the chunk of its probe and day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Outcome, Reason
from controlroom.store.codes import OUTCOME_CODE, REASON_CODE
from controlroom.store.sqlite.chunk import Chunk
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.day import DAY_US, day_of
from controlroom.store.sqlite.gathered import Gathered

NO_REPLY = OUTCOME_CODE[Outcome.NO_REPLY]

Row = tuple[int, int, int, bool, dict[int, float]]
"""Probe, offset, outcome, beat and values by series."""

BEGIN_US = 20_000 * DAY_US - 3_000_000
"""Three seconds before a midnight."""

VALUES = st.just({1: 0.5}) | st.dictionaries(st.integers(0, 3), st.sampled_from([0.5, 7.0]), max_size=3)
ROW = st.tuples(
    st.sampled_from([1, 2, 3, 70_000]),
    st.sampled_from([0, 0, 0, 10_000, -1_000_000, 2_000_000, -3 * DAY_US]),
    st.integers(0, 3),
    st.sampled_from([True, True, True, False]),
    VALUES,
)
PLAIN_ROW = st.builds(lambda probe, values: (probe, 0, 0, True, values), st.integers(1, 5), st.just({1: 0.5}))
SECONDS = st.lists(st.lists(ROW | PLAIN_ROW, max_size=6), max_size=6)


def columns_of(rows: Sequence[Row]) -> Columns:
    """Put one second's rows in columns."""
    values = [item for row in rows for item in row[4].items()]
    return Columns(
        row=np.zeros(len(rows), dtype=np.intp),
        probe=np.array([row[0] for row in rows], dtype=np.uint32),
        offset_us=np.array([row[1] for row in rows], dtype=np.int64),
        outcome=np.array([row[2] for row in rows], dtype=np.uint8),
        reason=np.array([row[2] for row in rows], dtype=np.uint8),
        beat=np.array([row[3] for row in rows], dtype=np.bool_),
        value_count=np.array([len(row[4]) for row in rows], dtype=np.uint16),
        series=np.array([series for series, _ in values], dtype=np.uint32),
        value=np.array([value for _, value in values], dtype=np.float64),
    )


Told = list[tuple[int, int, dict[int, float]]]


def expected(seconds: Sequence[Sequence[Row]]) -> dict[tuple[int, int, bool], Told]:
    """Sort the rows by hand: sending time, outcome and values by probe, day and beat."""
    found: dict[tuple[int, int, bool], Told] = defaultdict(list)
    for number, rows in enumerate(seconds):
        for probe, offset, outcome, beat, values in rows:
            sent_us = BEGIN_US + number * 1_000_000 + offset
            found[probe, day_of(sent_us), beat].append((sent_us, outcome, values))
    return {key: sorted(told, key=lambda reading: reading[0]) for key, told in found.items()}


def told(found: Sequence[tuple[int, int, Chunk]]) -> dict[tuple[int, int, bool], Told]:
    """Write chunks in the same form."""
    by_key: dict[tuple[int, int, bool], Told] = {}
    for probe, day, chunk in found:
        for section, beat in ((chunk.beat, True), (chunk.off_beat, False)):
            lanes = [(series, lane.tolist()) for series, lane in section.lanes.items()]
            readings = [
                (
                    int(section.sent_us[place]),
                    int(section.outcome[place]),
                    {series: lane[place] for series, lane in lanes if not math.isnan(lane[place])},
                )
                for place in range(len(section.sent_us))
            ]
            assert section.reason.tolist() == section.outcome.tolist()
            if readings:
                assert (probe, day, beat) not in by_key
                by_key[probe, day, beat] = readings
    return by_key


@given(SECONDS, st.integers(1, 4))
def test_every_reading_comes_to_its_chunk(seconds: list[list[Row]], at_once: int) -> None:
    """Re-probes, strays of other days, a probe twice in a second, any values; however many probes at once."""
    at_us = [BEGIN_US + number * 1_000_000 for number in range(len(seconds))]
    gathered = Gathered(at_us, [columns_of(rows) for rows in seconds])
    found = [
        chunk
        for place in range(0, len(gathered), at_once)
        for chunk in gathered.chunks(range(place, min(place + at_once, len(gathered))))
    ]
    assert told(found) == expected(seconds)
    assert gathered.probes == sorted({row[0] for rows in seconds for row in rows})


def test_a_probe_that_measures_one_thing_has_no_lane_where_nothing_was_measured() -> None:
    """A probe that was lost all the while costs no lane."""
    gathered = Gathered([BEGIN_US], [columns_of([(1, 0, 1, True, {}), (2, 0, 0, True, {9: 0.5})])])
    lanes = {probe: [*chunk.beat.lanes] for probe, _, chunk in gathered.chunks(range(2))}
    assert lanes == {1: [], 2: [9]}


def test_a_reading_told_again_takes_the_place_of_the_first_beside_other_probes() -> None:
    """And every other reading stays, of that probe and of those sealed in the same step."""
    lost, blind = REASON_CODE[Reason.DEADLINE], REASON_CODE[Reason.BLIND]
    told_first = columns_of([(probe, 0, NO_REPLY, True, {}) for probe in (1, 2, 3)])
    told_first.reason[:] = lost
    again = columns_of([(2, -1_000_000, NO_REPLY, True, {}), (3, 0, 0, True, {9: 0.5})])
    again.reason[0] = blind
    gathered = Gathered([BEGIN_US, BEGIN_US + 1_000_000], [told_first, again])
    found = {probe: chunk.beat for probe, _, chunk in gathered.chunks(range(3))}
    assert {probe: section.reason.tolist() for probe, section in found.items()} == {
        1: [lost],
        2: [blind],
        3: [lost, 0],
    }
    assert {probe: [*section.lanes] for probe, section in found.items()} == {1: [], 2: [], 3: [9]}
