"""Columns to bytes and back: exact, and damaged bytes are always an error with a code."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.sqlite.packing import COUNT_LIMIT, Columns, pack, unpack

READING = st.tuples(
    st.integers(0, 2**32 - 1),
    st.integers(-(2**31), 2**31 - 1) | st.integers(-(2**62), 2**62),
    st.integers(0, len(OUTCOMES) - 1),
    st.integers(0, len(REASONS) - 1),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.floats(width=64)), max_size=4),
)
ReadingRow = tuple[int, int, int, int, bool, list[tuple[int, float]]]
SECOND = st.lists(READING, max_size=12)


def columns(readings: list[ReadingRow]) -> Columns:
    """Put plain rows into columns."""
    values = [value for reading in readings for value in reading[5]]
    return Columns(
        row=np.zeros(len(readings), dtype=np.intp),
        probe=np.array([reading[0] for reading in readings], dtype=np.uint32),
        offset_us=np.array([reading[1] for reading in readings], dtype=np.int64),
        outcome=np.array([reading[2] for reading in readings], dtype=np.uint8),
        reason=np.array([reading[3] for reading in readings], dtype=np.uint8),
        beat=np.array([reading[4] for reading in readings], dtype=np.bool_),
        value_count=np.array([len(reading[5]) for reading in readings], dtype=np.uint16),
        series=np.array([series for series, _ in values], dtype=np.uint32),
        value=np.array([value for _, value in values], dtype=np.float64),
    )


def rows_of(unpacked: Columns, row: int) -> list[tuple[object, ...]]:
    """Take one second out of unpacked columns again; values as their bits, so that NaN equals NaN."""
    found: list[tuple[object, ...]] = []
    for index in np.flatnonzero(unpacked.row == row).tolist():
        items = np.flatnonzero(unpacked.owner == index)
        values = [(int(unpacked.series[item]), unpacked.value[item].tobytes()) for item in items]
        found.append(
            (
                int(unpacked.probe[index]),
                int(unpacked.offset_us[index]),
                int(unpacked.outcome[index]),
                int(unpacked.reason[index]),
                bool(unpacked.beat[index]),
                values,
            )
        )
    return found


def expected(readings: list[ReadingRow]) -> list[tuple[object, ...]]:
    """The same shape as ``rows_of``, from the plain rows."""
    return [
        (*reading[:5], [(series, struct.pack("<d", value)) for series, value in reading[5]])
        for reading in readings
    ]


@given(st.lists(SECOND, max_size=5))
def test_seconds_come_back_as_they_were(seconds: list[list[ReadingRow]]) -> None:
    """Any seconds packed one by one and unpacked together are the same, each in its own order."""
    unpacked = unpack([pack(columns(readings)) for readings in seconds])
    for row, readings in enumerate(seconds):
        assert rows_of(unpacked, row) == expected(readings)
    assert len(unpacked.probe) == sum(map(len, seconds))


GOOD = pack(columns([(1, 20_000, 0, 0, True, [(1, 0.02)]), (2, -5, 1, 1, False, [])]))


@given(position=st.integers(0, len(GOOD) - 1), bit=st.integers(0, 7))
def test_every_flipped_bit_is_noticed(position: int, bit: int) -> None:
    """One bit wrong anywhere is damage."""
    spoiled = bytearray(GOOD)
    spoiled[position] ^= 1 << bit
    with pytest.raises(StoreError) as noticed:
        unpack([bytes(spoiled)])
    assert noticed.value.code == "store-damaged"


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_every_cut_is_noticed(length: int) -> None:
    """A blob cut off anywhere is damage."""
    with pytest.raises(StoreError) as noticed:
        unpack([GOOD[:length]])
    assert noticed.value.code == "store-damaged"


def sealed(version: int, flags: int, readings: int, values: int, body: bytes) -> bytes:
    """Make a blob with a right checksum, whatever it says."""
    header = struct.pack("<BBII", version, flags, readings, values)
    packed = zlib.compress(body)
    return header + struct.pack("<I", zlib.crc32(packed, zlib.crc32(header))) + packed


@pytest.mark.parametrize(
    "blob",
    [
        sealed(2, 0, 0, 0, b""),
        sealed(1, 2, 0, 0, b""),
        sealed(1, 0, 1, 0, b""),
        sealed(1, 0, 0, 0, b"x"),
        sealed(1, 0, 1, 0, bytes(14)),
        sealed(1, 0, 1, 0, bytes(11) + b"\x01\x00"),
        sealed(1, 0, 0, 1, bytes(12)),
        sealed(1, 0, 1, 0, bytes(8) + bytes([len(OUTCOMES)]) + bytes(4)),
        sealed(1, 0, 1, 0, bytes(9) + bytes([len(REASONS)]) + bytes(3)),
        sealed(1, 0, COUNT_LIMIT + 1, 0, b""),
        sealed(1, 0, 2**32 - 1, 2**32 - 1, b""),
        sealed(1, 0, 0, 0, bytes(10_000_000)),
    ],
)
def test_a_blob_that_contradicts_itself_is_damage(blob: bytes) -> None:
    """A right checksum over wrong contents does not help: unknown forms, sizes, counts and codes."""
    with pytest.raises(StoreError) as noticed:
        unpack([GOOD, blob])
    assert noticed.value.code == "store-damaged"


def test_the_smallest_sealed_blob_is_good() -> None:
    """The blobs of the test before fail for what they say, not for how they are made."""
    assert len(unpack([sealed(1, 0, 1, 0, bytes(13))]).probe) == 1


@given(st.binary(max_size=200))
def test_any_bytes_are_damage(blob: bytes) -> None:
    """Bytes that nobody packed raise the coded error and nothing else."""
    with pytest.raises(StoreError):
        unpack([blob])


def test_more_than_a_second_can_hold_is_refused() -> None:
    """Beyond the limit packing refuses, so that what is packed can always be unpacked."""
    count = COUNT_LIMIT + 1
    zeros = np.zeros(count, dtype=np.uint8)
    too_many = Columns(
        row=np.zeros(count, dtype=np.intp),
        probe=np.zeros(count, dtype=np.uint32),
        offset_us=np.zeros(count, dtype=np.int64),
        outcome=zeros,
        reason=zeros,
        beat=np.zeros(count, dtype=np.bool_),
        value_count=np.zeros(count, dtype=np.uint16),
        series=np.zeros(0, dtype=np.uint32),
        value=np.zeros(0),
    )
    with pytest.raises(StoreError) as refused:
        pack(too_many)
    assert refused.value.code == "second-too-large"


def test_nothing_unpacks_to_nothing() -> None:
    """No blobs are no readings."""
    assert len(unpack([]).probe) == 0
    assert len(unpack([pack(columns([]))]).probe) == 0
