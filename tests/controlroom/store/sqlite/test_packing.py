"""Columns to bytes and back: exact, and damaged bytes are always an error with a code."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.packing import COUNT_LIMIT, pack, unpack

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


def sealed(version: int, flags: int, readings: int, values: int, body: bytes) -> bytes:
    """Make a blob with a right checksum, whatever it says."""
    header = struct.pack("<BBII", version, flags, readings, values)
    return header + struct.pack("<I", zlib.crc32(body, zlib.crc32(header))) + body


def first(flags: int, readings: int, values: int, body: bytes) -> bytes:
    """Make a blob of the first form."""
    return sealed(1, flags, readings, values, zlib.compress(body))


def form(widths: Sequence[int] = (0,) * 8, lowest: Sequence[int] = (0,) * 8) -> bytes:
    """Make the beginning of a body."""
    return struct.pack("<8B8q", *widths, *lowest)


def with_lowest(place: int, number: int) -> bytes:
    """Make a second of one reading and no value, one column of it with this number."""
    return sealed(2, 0, 1, 0, form(lowest=[number if each == place else 0 for each in range(8)]))


def pack_first(found: Columns) -> bytes:
    """Pack a second as earlier programs did."""
    wide = bool((np.abs(found.offset_us) > 2**31 - 1).any())
    kinds = ("<u4", "<i8" if wide else "<i4", "u1", "u1", "u1", "<u2", "<u4", "<f8")
    arrays: tuple[npt.NDArray[np.generic], ...] = (
        found.probe,
        found.offset_us,
        found.outcome,
        found.reason,
        found.beat,
        found.value_count,
        found.series,
        found.value,
    )
    body = b"".join(
        np.ascontiguousarray(array, dtype=kind).view(np.uint8).reshape(len(array), -1).T.tobytes()
        if len(array)
        else b""
        for array, kind in zip(arrays, kinds, strict=True)
    )
    return sealed(1, int(wide), len(found.probe), len(found.value), zlib.compress(body, 1))


@given(st.lists(st.tuples(SECOND, st.booleans()), max_size=5))
def test_seconds_of_both_forms_come_back_as_they_were(seconds: list[tuple[list[ReadingRow], bool]]) -> None:
    """What an earlier program packed stands beside what this one packs."""
    packs = {True: pack_first, False: pack}
    unpacked = unpack([packs[first](columns(readings)) for readings, first in seconds])
    for row, (readings, _) in enumerate(seconds):
        assert rows_of(unpacked, row) == expected(readings)


def test_a_second_in_which_nothing_was_read_is_its_head() -> None:
    """On a full disk such seconds go on being written, and the room is to last."""
    assert len(pack(columns([]))) == 14


def test_the_size_of_a_second() -> None:
    """What is the same in all readings costs nothing; numbers near each other are narrow."""
    readings: list[ReadingRow] = [
        (probe, probe * 10_000, 0, 0, True, [(probe, (20_000 + probe) / 1e6)]) for probe in range(1, 201)
    ]
    assert len(pack(columns(readings))) <= 14 + 72 + 200 * (1 + 4 + 1 + 1)


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


@pytest.mark.parametrize(
    "blob",
    [
        sealed(0, 0, 0, 0, form()),
        sealed(3, 0, 0, 0, form()),
        sealed(2, 2, 0, 0, form()),
        sealed(2, 0, 0, 0, form()[:8]),
        sealed(2, 0, 1, 0, b""),
        sealed(2, 0, 0, 0, form()[:-1]),
        sealed(2, 0, 0, 0, form() + b"x"),
        sealed(2, 0, 1, 0, form([3, 0, 0, 0, 0, 0, 0, 0]) + bytes(3)),
        sealed(2, 0, 1, 0, form([2, 0, 0, 0, 0, 0, 0, 0]) + bytes(1)),
        sealed(2, 0, 1, 0, form([0, 0, 0, 0, 0, 1, 0, 0]) + b"\x01"),
        sealed(2, 0, 0, 1, form()),
        sealed(2, 0, COUNT_LIMIT + 1, 0, form()),
        sealed(2, 0, 0, 2**32 - 1, form()),
        with_lowest(0, -1),
        with_lowest(0, 2**32),
        with_lowest(2, len(OUTCOMES)),
        with_lowest(3, len(REASONS)),
        with_lowest(4, 2),
        with_lowest(5, 2**16),
        first(2, 0, 0, b""),
        first(0, 1, 0, b""),
        first(0, 0, 0, b"x"),
        first(0, 1, 0, bytes(14)),
        first(0, 1, 0, bytes(11) + b"\x01\x00"),
        first(0, 0, 1, bytes(12)),
        first(0, 1, 0, bytes(8) + bytes([len(OUTCOMES)]) + bytes(4)),
        first(0, 1, 0, bytes(9) + bytes([len(REASONS)]) + bytes(3)),
        first(0, COUNT_LIMIT + 1, 0, b""),
        first(0, 2**32 - 1, 2**32 - 1, b""),
        first(0, 0, 0, bytes(10_000_000)),
        sealed(1, 0, 1, 0, bytes(13)),
    ],
)
def test_a_blob_that_contradicts_itself_is_damage(blob: bytes) -> None:
    """A right checksum over wrong contents does not help: unknown forms, sizes, counts and codes."""
    with pytest.raises(StoreError) as noticed:
        unpack([GOOD, blob])
    assert noticed.value.code == "store-damaged"


def test_the_smallest_sealed_blob_is_good() -> None:
    """The blobs of the test before fail for what they say, not for how they are made."""
    assert len(unpack([first(0, 1, 0, bytes(13))]).probe) == 1
    assert unpack([with_lowest(0, 7)]).probe.tolist() == [7]


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
