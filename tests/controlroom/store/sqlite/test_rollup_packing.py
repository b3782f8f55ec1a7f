"""A day's rollups and histograms as bytes: back as they were, and damage noticed as damage."""

from __future__ import annotations

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


@pytest.mark.parametrize("bucket_s", [60, 3600, 86_400])
def test_rollups_come_back_to_seven_digits(bucket_s: int) -> None:
    """Counts and times exactly; figures as 32-bit floats, unknown ones as unknown."""
    made = rollup(bucket_s)
    back = unpack_rollup(pack_rollup(made, DAY), DAY)
    assert back.bucket_s == bucket_s
    for name in COLUMNS[:4]:
        np.testing.assert_array_equal(getattr(back, name), getattr(made, name))
    for name in COLUMNS[4:]:
        np.testing.assert_allclose(getattr(back, name), getattr(made, name), rtol=6e-8, equal_nan=True)


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
