"""A day's rollups and histograms as bytes: back as they were, and damage noticed as damage."""

from __future__ import annotations

import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.measure.log_histogram import LogHistogram, histograms_of
from controlroom.measure.rollup import Rollup, roll_up
from controlroom.store.sqlite.rollup_packing import (
    pack_histograms,
    pack_rollup,
    unpack_histograms,
    unpack_rollup,
)

DAY = 20_000
COLUMNS = ("start_utc_s", "count", "lost", "not_run", "min", "mean", "max", "p50", "p95", "p99")


def rollup(bucket_s: int, askings: int = 2000) -> Rollup:
    """Roll up a day of askings, some lost and some not run."""
    chance = np.random.default_rng(3)
    sent_us = DAY * 86_400_000_000 + np.sort(chance.integers(0, 86_400_000_000, askings))
    value = chance.gamma(2, 0.01, askings)
    lost, not_run = chance.random(askings) < 0.1, np.zeros(askings, dtype=np.bool_)
    not_run[::50] = True
    value[lost | not_run] = np.nan
    return roll_up(sent_us, value, lost & ~not_run, not_run, bucket_s)


def histograms() -> list[LogHistogram]:
    """Make a histogram an hour; one of them is empty, one has values below zero."""
    chance = np.random.default_rng(5)
    values = np.concatenate([chance.gamma(2, 0.01, 500), -chance.gamma(2, 40, 100), [0.0]])
    return histograms_of(values, chance.integers(0, 23, len(values)), 24)


def same(one: Rollup, other: Rollup) -> None:
    """Rollups are equal to the bit, what is unknown included."""
    assert one.bucket_s == other.bucket_s
    for name in COLUMNS:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


def of_figures(*figures: float) -> Rollup:
    """Make a rollup whose figures are these, an hour each."""
    column, number = np.array(figures), np.arange(len(figures))
    return Rollup(3600, DAY * 86_400 + number * 3600, number, number, number, *[column] * 6)


@pytest.mark.parametrize("bucket_s", [60, 3600, 86_400])
def test_rollups_come_back_to_the_bit(bucket_s: int) -> None:
    """Counts and times, figures of many digits, and unknown ones as unknown."""
    made = rollup(bucket_s)
    same(unpack_rollup(pack_rollup(made, DAY), DAY), made)


@pytest.mark.parametrize(
    "figures",
    [
        (0.5, math.nan, 16_777_216.0),
        (0.020123, math.nan, 2147.483647, -2147.483647),
        (0.020123, -2147.483648),
        (1e12 + 1, 1e12 + 2, 9_007_199_254_740_991.0),
        (0.1 + 0.2, 1e300, 5e-324, math.nan),
        (0.0, -0.0),
        (math.nan, math.nan),
        (),
    ],
)
def test_figures_of_every_size_come_back_to_the_bit(figures: tuple[float, ...]) -> None:
    """Round trips, counters beyond a million million, the largest and the smallest there are."""
    made = of_figures(*figures)
    same(unpack_rollup(pack_rollup(made, DAY), DAY), made)


@given(st.lists(st.floats(allow_infinity=False, allow_nan=False) | st.just(math.nan), max_size=24))
def test_any_figures_come_back_to_the_bit(figures: list[float]) -> None:
    """Whatever a probe measures."""
    made = of_figures(*figures)
    same(unpack_rollup(pack_rollup(made, DAY), DAY), made)


def test_figures_in_whole_microseconds_take_half_the_room() -> None:
    """As nearly all round trips are: four bytes a figure, not eight."""
    chance = np.random.default_rng(7)
    micros = of_figures(*(chance.integers(10_000, 90_000, 24) / 1e6).tolist())
    others = of_figures(*chance.gamma(2, 0.01, 24).tolist())
    assert len(pack_rollup(micros, DAY)) < 0.6 * len(pack_rollup(others, DAY))


OF_VERSION_1 = bytes.fromhex(
    "01100e000003004e31ac08789c636064676060106060e26380011b463893e10a03032f9419c0b0b497e1caf403193"
    "6f5c1b20c4bbf305c590b6633302c05a93b9061571fccc5b0f43ac395c560f17e86a58718ae7c05b3cf322c3dc370"
    "e5cc810cdbfa6000b78020c5"
)
"""Three hours as an earlier program packed them."""


def test_what_an_earlier_program_packed_is_still_read() -> None:
    """Its figures have the seven digits that they were kept with."""
    nan = math.nan
    back = unpack_rollup(OF_VERSION_1, DAY)
    assert (back.start_utc_s - DAY * 86_400).tolist() == [0, 3600, 7 * 3600]
    assert [back.count.tolist(), back.lost.tolist(), back.not_run.tolist()] == [
        [3600, 0, 2],
        [0, 60, 1],
        [0, 3540, 0],
    ]
    for name, figures in {
        "min": [0.0185, nan, 1e12 + 1],
        "mean": [0.021234567, nan, 1e12 + 2],
        "max": [0.125, nan, 1e12 + 3],
        "p50": [0.02, nan, 1e12 + 1],
        "p95": [0.03, nan, 1e12 + 3],
        "p99": [0.1, nan, 1e12 + 3],
    }.items():
        np.testing.assert_array_equal(getattr(back, name), np.array(figures, dtype=np.float32))


def test_histograms_come_back_as_they_were() -> None:
    """Each with its bins and counts, the empty ones too."""
    made = histograms()
    back = unpack_histograms(pack_histograms(made))
    assert len(back) == len(made) == 24
    for one, other in zip(back, made, strict=True):
        np.testing.assert_array_equal(one.bins, other.bins)
        np.testing.assert_array_equal(one.counts, other.counts)


def test_an_empty_day_comes_back_empty() -> None:
    """No bucket, no histogram."""
    assert len(unpack_rollup(pack_rollup(rollup(60, 0), DAY), DAY).start_utc_s) == 0
    assert unpack_histograms(pack_histograms([])) == []


@given(position=st.integers(0, 10_000), change=st.integers(1, 255))
def test_every_wrong_byte_is_noticed(position: int, change: int) -> None:
    """Wherever it stands."""
    for blob, unpack in (
        (pack_rollup(rollup(3600), DAY), lambda blob: unpack_rollup(blob, DAY)),
        (OF_VERSION_1, lambda blob: unpack_rollup(blob, DAY)),
        (pack_histograms(histograms()), unpack_histograms),
    ):
        wrong = bytearray(blob)
        wrong[position % len(blob)] ^= change
        with pytest.raises(StoreError) as noticed:
            unpack(bytes(wrong))
        assert noticed.value.code == "store-damaged"


@given(st.binary(max_size=200))
def test_any_bytes_under_a_right_checksum_raise_nothing_else(rest: bytes) -> None:
    """A file is not ours alone to write: what does not fit is damage, never another error."""
    for packed in (rest, zlib.compress(rest)):
        head = (1, 7)
        checksum = zlib.crc32(packed, zlib.crc32(repr(head).encode()))
        blob = b"\x01" + (7).to_bytes(2, "little") + checksum.to_bytes(4, "little") + packed
        try:
            assert len(unpack_histograms(blob)) == 7  # seven empty ones are possible too
        except StoreError as error:
            code = error.code
        else:
            code = "store-damaged"
        assert code == "store-damaged"


@given(version=st.sampled_from([1, 2]), rest=st.binary(max_size=200), count=st.integers(0, 30))
def test_any_bytes_of_a_rollup_under_a_right_checksum_raise_nothing_else(
    version: int, rest: bytes, count: int
) -> None:
    """Forms, sizes and figures may be anything."""
    for packed in (rest, zlib.compress(rest)):
        checksum = zlib.crc32(packed, zlib.crc32(repr((version, 3600, count)).encode()))
        blob = struct.pack("<BIHI", version, 3600, count, checksum) + packed
        try:
            assert len(unpack_rollup(blob, DAY).count) == count
        except StoreError as error:
            code = error.code
        else:
            code = "store-damaged"
        assert code == "store-damaged"
