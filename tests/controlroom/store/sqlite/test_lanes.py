"""Numbers and values to bytes and back: exact, small, and what does not fit is an error with a code."""

from __future__ import annotations

import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.store.interface import BoolArray, FloatArray, IntArray
from controlroom.store.sqlite.lane_packing import deflated, pack_columns, pack_lanes
from controlroom.store.sqlite.lanes import (
    BIT,
    Cursor,
    Head,
    Octets,
    inflated,
    take_head,
    unpack_column,
    unpack_lane,
)

INT64 = st.integers(-(2**63), 2**63 - 1)
FEW = st.sampled_from([-(2**63), -10_000, -1, 0, 1, 255, 256, 2**53, 2**63 - 1])
NUMBERS = st.lists(INT64, max_size=30) | st.lists(FEW, max_size=30)
VALUE = (
    st.floats(width=64)
    | st.integers(-(2**53), 2**53).map(float)
    | st.integers(-(2**40), 2**40).map(lambda number: number / 1e6)
    | st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 5e-324, 1.7976931348623157e308])
)
LANE = st.lists(st.tuples(VALUE, st.booleans()), max_size=30)

PLAIN, DIFFERENCES, LINE = range(3)
NUMBERS_CODEC, MICROSECONDS_CODEC, BITS_CODEC, OWN_MASK, NOISE = 0, 1, 2, 0x80, 0x40


def numbers(*items: int) -> IntArray:
    """Make an array of whole numbers."""
    return np.array(items, dtype=np.int64)


def there_and_back(column: IntArray) -> tuple[Head, IntArray]:
    """Pack a column into bytes and unpack it from them."""
    [(head, planes, _)] = pack_columns([column])
    body = deflated([planes])
    cursor = Cursor(head.packed() + body)
    taken = take_head(cursor)
    assert taken == head
    return head, unpack_column(taken, inflated(cursor.take_rest(), taken.size(len(column))), len(column))


@given(NUMBERS)
def test_columns_come_back_as_they_were(items: list[int]) -> None:
    """Any whole numbers of 64 bits."""
    assert there_and_back(numbers(*items))[1].tolist() == items


@given(INT64, INT64, st.lists(st.integers(0, 3), max_size=50))
def test_lines_come_back_as_they_were(first: int, pace: int, late: list[int]) -> None:
    """Numbers nearly evenly apart, however far, and beyond the ends of their range."""
    column = np.arange(len(late)) * np.int64(pace) + np.int64(first) + numbers(*late)
    assert there_and_back(column)[1].tolist() == column.tolist()


@given(st.lists(st.integers(0, 2**40), min_size=2, max_size=50))
def test_counters_come_back_as_they_were(growth: list[int]) -> None:
    """Numbers that only grow."""
    column = np.cumsum(numbers(*growth))
    assert there_and_back(column)[1].tolist() == column.tolist()


@pytest.mark.parametrize(
    ("items", "head"),
    [
        ([], Head()),
        ([7], Head(base=7)),
        ([-3, -3, -3], Head(base=-3)),
        ([5, 6, 5, 6, 5], Head(width=BIT, base=5)),
        ([50, 0, 20, 0], Head(width=1, step=10)),
        ([10, 265, 12, 13, 10], Head(width=1, base=10)),
        ([10, 266, 12, 13, 10], Head(width=2, base=10)),
        ([-(2**63), 2**63 - 1, 0, -(2**63)], Head(width=8, base=-(2**63))),
        ([10, 20, 30, 40], Head(order=LINE, base=10, term=10)),
        ([1000, 2000, 3010, 4000], Head(width=BIT, order=LINE, base=1000, step=10, term=1000)),
        ([0, 10, 500, 510, 520, 1010, 1500], Head(width=BIT, order=DIFFERENCES, base=10, step=480, term=-10)),
    ],
)
def test_the_head_of_a_column(items: list[int], head: Head) -> None:
    """The narrowest width, the largest step, and another order only for what leads somewhere."""
    found, back = there_and_back(numbers(*items))
    assert found == head
    assert back.tolist() == items


def test_noise_is_kept_in_its_own_order() -> None:
    """Differences of round-trip times would be larger than they are."""
    head, _ = there_and_back(numbers(20_113, 20_871, 20_340, 20_555, 20_019, 20_702, 20_250))
    assert head.order == PLAIN
    assert head.width == 2


@given(
    st.integers(0, BIT), st.integers(0, LINE), INT64, st.integers(1, 2**64 - 1), INT64, st.binary(max_size=3)
)
def test_heads_come_back_as_they_were(
    width: int, order: int, base: int, step: int, term: int, more: bytes
) -> None:
    """Any head, and what follows it is left."""
    head = Head(width, order, base, step, term)
    cursor = Cursor(head.packed() + more)
    assert take_head(cursor) == head
    assert cursor.take_rest() == more


def test_the_plainest_head_is_three_bytes() -> None:
    """Zeros and a step of one need none."""
    assert len(Head().packed()) == 3


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00\x00",
        struct.pack("<BH", BIT + 1, 0),
        struct.pack("<BH", 3 << 4, 0),
        struct.pack("<BH", 0, 9) + bytes(9),
        struct.pack("<BH", 0, 9 << 4) + bytes(9),
        struct.pack("<BH", 0, 9 << 8) + bytes(9),
        struct.pack("<BH", 0, 1 << 12) + bytes(16),
        struct.pack("<BH", 0, 8) + bytes(7),
    ],
)
def test_a_head_of_no_known_form_is_damage(head: bytes) -> None:
    """Too wide, of no known order, with numbers too long, or cut off."""
    with pytest.raises(StoreError) as noticed:
        take_head(Cursor(head))
    assert noticed.value.code == "store-damaged"


def rows(*planes: bytes) -> Octets:
    """Make the planes of a column."""
    return np.frombuffer(b"".join(planes), dtype=np.uint8).reshape(len(planes), -1)


def test_a_body_is_never_longer_than_its_planes() -> None:
    """What deflating does not make shorter is kept as it is, and nothing stays nothing."""
    noise = np.random.default_rng(1).integers(0, 256, (2, 300), dtype=np.uint8)
    assert deflated([noise]) == noise.tobytes()
    assert deflated([rows(b"ab"), rows(b"cd")]) == b"abcd"
    assert deflated([np.zeros((0, 0), dtype=np.uint8)]) == b""
    assert inflated(b"", 0) == b""


def test_noise_in_one_plane_costs_the_others_nothing() -> None:
    """Each plane has a table of codes of its own."""
    noise = np.random.default_rng(1).integers(0, 256, 600, dtype=np.uint8)
    body = deflated([np.stack([noise, noise % 4])])
    assert len(body) < 600 + 150 + 50
    assert inflated(body, 1200) == noise.tobytes() + (noise % 4).tobytes()


RUNS = deflated([rows(bytes(100), bytes(100))])


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (RUNS, 199),
        (RUNS, 201),
        (RUNS, 0),
        (RUNS[:-1], 200),
        (RUNS + b"x", 200),
        (b"", 5),
        (b"\xff" * 8, 200),
        (zlib.compress(bytes(200)), 200),
        (deflated([rows(bytes(10_000_000))]), 200),
    ],
)
def test_a_body_that_does_not_fit_is_damage(body: bytes, size: int) -> None:
    """Of another size than its heads say, cut off, followed by something, or not deflated at all."""
    with pytest.raises(StoreError) as noticed:
        inflated(body, size)
    assert noticed.value.code == "store-damaged"


def pack_lane(values: FloatArray, replied: BoolArray) -> bytes:
    """Pack one lane by itself."""
    return pack_lanes([values], [replied])[0]


def bits(values: FloatArray) -> list[bytes]:
    """Values as their bits, and any NaN as the plain one."""
    return [np.float64(math.nan if math.isnan(value) else value).tobytes() for value in values]


@given(LANE)
def test_lanes_come_back_as_they_were(readings: list[tuple[float, bool]]) -> None:
    """Any values, to the bit, whichever readings had a reply."""
    values = np.array([value for value, _ in readings], dtype=np.float64)
    replied = np.array([reply for _, reply in readings], dtype=np.bool_)
    assert bits(unpack_lane(pack_lane(values, replied), replied)) == bits(values)


ALL_REPLIED: BoolArray = np.ones(4, dtype=np.bool_)
NAN = math.nan


@pytest.mark.parametrize(
    ("values", "codec"),
    [
        ([1.0, 2.0, -3.0, 2.0**53 - 1], NUMBERS_CODEC),
        ([0.020113, 0.5, 1.0, -1999.999999], MICROSECONDS_CODEC),
        ([0.0, 0.0, 0.0, -0.0], BITS_CODEC),
        ([1.0, 2.0, 3.0, 2.0**53], BITS_CODEC),
        ([0.0201134, 0.5, 1.0, 2.0], BITS_CODEC),
        ([0.5, 0.1 + 0.2, 1.0, 2.0], BITS_CODEC),
        ([math.inf, 0.5, 1.0, 2.0], BITS_CODEC),
        ([1.7976931348623157e308, 5e-324, 1.0, 2.0], BITS_CODEC),
        ([NAN, 0.5, 1.0, 2.0], MICROSECONDS_CODEC | OWN_MASK),
        ([NAN, NAN, NAN, NAN], NUMBERS_CODEC | OWN_MASK),
    ],
)
def test_the_codec_of_a_lane(values: list[float], codec: int) -> None:
    """The first of numbers, microseconds and bits that keeps every value."""
    lane = pack_lane(np.array(values), ALL_REPLIED)
    assert lane[0] == codec
    assert bits(unpack_lane(lane, ALL_REPLIED)) == bits(np.array(values))


@pytest.mark.parametrize("count", [40, 41])
@pytest.mark.parametrize(("peak", "own_mask"), [(2**13 - 1, False), (2**18, True), (2**50, False)])
def test_noise_stands_apart_and_comes_back(count: int, peak: int, *, own_mask: bool) -> None:
    """Round trips: of the lowest bits each value is as likely as any other."""
    chance = np.random.default_rng(count)
    values = chance.integers(0, peak, count, endpoint=True).astype(np.float64)
    values[:2] = 0, peak
    replied = np.ones(count, dtype=np.bool_)
    if own_mask:
        values[5] = NAN
    lane = pack_lane(values, replied)
    assert lane[0] == NUMBERS_CODEC | NOISE | (OWN_MASK if own_mask else 0)
    assert bits(unpack_lane(lane, replied)) == bits(values)


@pytest.mark.parametrize("numbers", [np.arange(600) % 9 * 4096 + 7, np.arange(600) % 37, np.arange(600) ** 2])
def test_what_is_no_noise_stays_together(numbers: IntArray) -> None:
    """A few states, numbers that are small, a counter: deflating makes them shorter."""
    lane = pack_lane(numbers.astype(np.float64), np.ones(600, dtype=np.bool_))
    assert not lane[0] & NOISE


@pytest.mark.parametrize(
    ("values", "limit"),
    [
        (np.full(600, 0.02), 6),
        (np.full(600, 1 / 3), 12),
        (np.arange(600) + 5e6, 12),
        (np.arange(600) % 2 + 20.0, 85),
        (np.arange(600) % 7 / 10 + 20.0, 600),
        ((np.arange(600) % 7).astype(np.float32) / np.float32(10), 2500),
        (np.where(np.arange(600) < 300, NAN, 7.0), 30),
    ],
)
def test_the_size_of_a_plain_lane(values: FloatArray, limit: int) -> None:
    """A constant, a line, two states, tenths, values of 32 bits and a long gap cost what they say."""
    lane = pack_lane(np.asarray(values, dtype=np.float64), np.ones(600, dtype=np.bool_))
    assert len(lane) <= limit


def plain(codec: int, rest: bytes) -> bytes:
    """Make a lane by hand."""
    return bytes((codec,)) + rest


MASKED = struct.pack("<I", 2) + Head(width=BIT).packed() + Head(base=5).packed()


@pytest.mark.parametrize(
    "lane",
    [
        b"",
        plain(3, Head().packed()),
        plain(0, b""),
        plain(0, Head().packed() + b"x"),
        plain(0, Head(width=1).packed() + bytes(3)),
        plain(0, Head(width=1).packed() + bytes(5)),
        plain(NOISE, Head().packed() + bytes(5)),
        plain(NOISE, Head().packed() + bytes(7)),
        plain(NOISE, Head(width=1).packed() + bytes(9)),
        plain(OWN_MASK, MASKED),
        plain(OWN_MASK, MASKED + b"\x80"),
        plain(OWN_MASK, MASKED + b"\xe0"),
        plain(OWN_MASK, struct.pack("<I", 2**32 - 1) + Head().packed() + Head(width=8).packed()),
    ],
)
def test_a_lane_that_contradicts_itself_is_damage(lane: bytes) -> None:
    """No known codec, a body of another size, more or fewer values than the mask or the readings have."""
    with pytest.raises(StoreError) as noticed:
        unpack_lane(lane, ALL_REPLIED)
    assert noticed.value.code == "store-damaged"


def test_a_lane_made_by_hand_is_good() -> None:
    """The lanes of the test before fail for what they say, not for how they are made."""
    noise = unpack_lane(plain(NOISE, Head(base=9).packed() + bytes([1, 2, 3, 4, 0x21, 0xF3])), ALL_REPLIED)
    assert noise.tolist() == [9 + 0x101, 9 + 0x202, 9 + 0x303, 9 + 0xF04]
    values = unpack_lane(plain(OWN_MASK, MASKED + b"\xa0"), ALL_REPLIED)
    assert bits(values) == bits(np.array([5.0, NAN, 5.0, NAN]))
