"""A chunk to bytes and back: exact, small, and damaged bytes are always an error with a code."""

from __future__ import annotations

import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.errors import StoreError
from controlroom.reading import Outcome, Reason
from controlroom.store.codes import OUTCOME_CODE, OUTCOMES, REASON_CODE, REASONS
from controlroom.store.interface import FloatArray
from controlroom.store.sqlite.chunk import COUNT_LIMIT, Chunk, Section, decode, encode, encode_all
from controlroom.store.sqlite.lanes import Head

NO_REPLY = OUTCOME_CODE[Outcome.NO_REPLY]
DEADLINE = REASON_CODE[Reason.DEADLINE]
PERIOD_US = 1_000_000
BEGIN_US = 1_790_000_000_000_000

SERIES = st.integers(0, 2**32 - 1)
VALUE = st.floats(width=64) | st.integers(-3, 3).map(float) | st.integers(0, 9).map(lambda n: n / 1e6)
READING = st.tuples(
    st.integers(-(2**62), 2**62) | st.integers(0, 600).map(lambda n: BEGIN_US + n * PERIOD_US),
    st.integers(0, len(OUTCOMES) - 1),
    st.integers(0, len(REASONS) - 1),
)


@st.composite
def sections(draw: st.DrawFn) -> Section:
    """Any section: also an empty one with lanes, and lanes without a value."""
    readings = draw(st.lists(READING, max_size=12))
    numbers = draw(st.lists(SERIES, max_size=4, unique=True))
    lane = st.lists(VALUE, min_size=len(readings), max_size=len(readings))
    return Section(
        sent_us=np.array([sent_us for sent_us, _, _ in readings], dtype=np.int64),
        outcome=np.array([outcome for _, outcome, _ in readings], dtype=np.uint8),
        reason=np.array([reason for _, _, reason in readings], dtype=np.uint8),
        lanes={number: np.array(draw(lane), dtype=np.float64) for number in numbers},
    )


CHUNK = st.builds(Chunk, sections(), sections())


def bits(values: FloatArray) -> list[bytes]:
    """Values as their bits, and any NaN as the plain one."""
    return [np.float64(math.nan if math.isnan(value) else value).tobytes() for value in values]


def plain(section: Section) -> tuple[object, ...]:
    """Turn a section into what can be compared."""
    lanes = {number: bits(values) for number, values in section.lanes.items()}
    return section.sent_us.tolist(), section.outcome.tolist(), section.reason.tolist(), lanes


def assert_same(found: Chunk, expected: Chunk) -> None:
    """Compare chunks to the bit."""
    assert plain(found.beat) == plain(expected.beat)
    assert plain(found.off_beat) == plain(expected.off_beat)


@given(CHUNK)
def test_chunks_come_back_as_they_were(chunk: Chunk) -> None:
    """Any times, outcomes and values, on the beat and off it."""
    assert_same(decode(encode(chunk)), chunk)


@given(st.lists(CHUNK, max_size=6))
def test_chunks_packed_together_are_the_same_bytes(chunks: list[Chunk]) -> None:
    """Nothing of a chunk depends on those beside it."""
    assert encode_all(chunks) == [encode(chunk) for chunk in chunks]


@given(CHUNK, st.sets(SERIES, max_size=3), st.integers(0, 8))
def test_only_wanted_lanes_are_unpacked(chunk: Chunk, others: set[int], count: int) -> None:
    """Of the lanes only those asked for, and everything else as always."""
    wanted = others | set([*chunk.beat.lanes, *chunk.off_beat.lanes][:count])
    found = decode(encode(chunk), wanted)
    for part, whole in ((found.beat, chunk.beat), (found.off_beat, chunk.off_beat)):
        assert plain(part)[:3] == plain(whole)[:3]
        assert {number: bits(values) for number, values in part.lanes.items()} == {
            number: bits(values) for number, values in whole.lanes.items() if number in wanted
        }


def section(readings: int, lanes: dict[int, FloatArray], lost: tuple[int, ...] = ()) -> Section:
    """Make readings a second apart, some of them lost."""
    outcome = np.zeros(readings, dtype=np.uint8)
    reason = np.zeros(readings, dtype=np.uint8)
    outcome[list(lost)], reason[list(lost)] = NO_REPLY, DEADLINE
    sent_us = BEGIN_US + np.arange(readings) * PERIOD_US
    return Section(sent_us, outcome, reason, lanes)


NOTHING = section(0, {})


FIRST_FORM = bytes.fromhex(
    "0102e4b65d400e0002001800070000002000090000000f0029270300e025dafe5b06204e40420f09200001010040080001020200"
    "234e002825550260fd294ae50fb9060003001b0000070100fd000100810e0000000001000120000360e316010001000d00070000"
    "000600000700bbf665dafe5b06000000010002001879"
)
"""Fourteen readings and a re-probe as earlier programs packed them."""


def test_a_chunk_of_the_first_form_comes_back_as_it_was() -> None:
    """A history of years is read by every later program."""
    value = np.array([3, 811, 40, 7000, 0, 5, 99, 2048, 300, 77, 65_000, 18, 444, 9]) + 20_000.0
    value[4] = math.nan
    beat = section(14, {7: value / 1e6, 9: np.arange(0.0, 21.0, 1.5)}, (4,))
    beat.sent_us[9] += 20_000
    again = section(1, {7: np.array([0.031])})
    again.sent_us[0] += 4_200_123
    assert_same(decode(FIRST_FORM), Chunk(beat, again))
    assert encode(Chunk(beat, again))[0] == 2


def test_the_types_that_come_back() -> None:
    """Arrays have the types that the interface says, also when they are empty."""
    for part in (chunk := decode(encode(Chunk(section(3, {1: np.ones(3)}), NOTHING)))).beat, chunk.off_beat:
        assert part.sent_us.dtype == np.int64
        assert part.outcome.dtype == part.reason.dtype == np.uint8
        assert all(values.dtype == np.float64 for values in part.lanes.values())


def test_what_is_not_wanted_need_not_be_good() -> None:
    """A lane is reached without unpacking the ones before it."""
    blob = encode(Chunk(section(2, {1: np.ones(2), 2: np.ones(2)}), NOTHING))
    spoiled = bytearray(blob)
    spoiled[-10] = 0x7F
    sealed_again = sealed(blob[1], bytes(spoiled[6:]))
    assert decode(sealed_again, [2]).beat.lanes[2].tolist() == [1.0, 1.0]
    with pytest.raises(StoreError):
        decode(sealed_again, [1])


def test_a_wide_chunk_comes_back_as_it_was() -> None:
    """Beyond 65,535 readings, lanes or bytes the counts and lengths are wider."""
    noise = np.random.default_rng(1).random(12_000)
    many = Chunk(section(70_000, {1: np.arange(70_000.0)}), NOTHING)
    large = Chunk(NOTHING, section(12_000, {1: noise}))
    for chunk in (many, large):
        assert encode(chunk)[1] & 1
        assert_same(decode(encode(chunk)), chunk)


def round_trips(readings: int, lost: tuple[int, ...], *, seed: int) -> Chunk:
    """Make what a probe that measures round-trip times yields, with times kept to 10 ms."""
    chance = np.random.default_rng(seed)
    usual_us = math.exp(chance.normal(math.log(30_000), 0.6))
    value = np.rint(usual_us + chance.gamma(2, usual_us * chance.uniform(0.005, 0.05), readings)) / 1e6
    value[list(lost)] = math.nan
    beat = section(readings, {77: value}, lost)
    late_us = chance.integers(0, PERIOD_US) + chance.integers(0, 5001, readings)
    beat.sent_us[:] = (beat.sent_us + late_us + 5000) // 10_000 * 10_000
    return Chunk(beat, NOTHING)


def bytes_per_reading(chunks: list[Chunk]) -> float:
    """How much readings cost, all in all."""
    readings = sum(len(chunk.beat.sent_us) + len(chunk.off_beat.sent_us) for chunk in chunks)
    return sum(len(encode(chunk)) for chunk in chunks) / readings


def test_the_size_of_round_trips() -> None:
    """Two bytes for each sample: its time, its outcome and its value."""
    assert bytes_per_reading([round_trips(600, (17, 402), seed=seed) for seed in range(30)]) <= 1.85


def test_the_size_of_few_round_trips() -> None:
    """A slow probe pays for the same heads with fewer readings."""
    assert bytes_per_reading([round_trips(60, (), seed=seed) for seed in range(30)]) <= 2.9
    assert bytes_per_reading([round_trips(20, (), seed=seed) for seed in range(30)]) <= 4.7


def test_the_size_of_what_never_changes() -> None:
    """Readings that are all the same, evenly apart, cost as much as one."""
    chunk = Chunk(section(600, {1: np.full(600, 21.0), 2: np.zeros(600)}), NOTHING)
    assert len(encode(chunk)) <= 60


def test_the_size_of_an_outage() -> None:
    """A probe that is down costs next to nothing, whatever its lanes."""
    chunk = Chunk(section(600, {1: np.full(600, math.nan)}, tuple(range(600))), NOTHING)
    assert len(encode(chunk)) <= 50


RE_PROBES = section(3, {1: np.array([0.02, math.nan, 0.03])}, (1,))
GOOD_CHUNK = Chunk(round_trips(40, (3,), seed=1).beat, RE_PROBES)
GOOD = encode(GOOD_CHUNK)


@given(position=st.integers(0, len(GOOD) - 1), change=st.integers(1, 255))
def test_every_wrong_byte_is_noticed(position: int, change: int) -> None:
    """One byte wrong anywhere is damage."""
    spoiled = bytearray(GOOD)
    spoiled[position] ^= change
    with pytest.raises(StoreError) as noticed:
        decode(bytes(spoiled))
    assert noticed.value.code == "store-damaged"


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_every_cut_is_noticed(length: int) -> None:
    """A blob cut off anywhere is damage."""
    with pytest.raises(StoreError) as noticed:
        decode(GOOD[:length])
    assert noticed.value.code == "store-damaged"


def sealed(flags: int, rest: bytes, version: int = 1) -> bytes:
    """Make a blob with a right checksum, whatever it says."""
    start = struct.pack("<BB", version, flags)
    return start + struct.pack("<I", zlib.crc32(rest, zlib.crc32(start))) + rest


def error_of(blob: bytes) -> str | None:
    """Decode and return the code of the error, or ``None``."""
    try:
        decode(blob)
    except StoreError as error:
        return error.code
    return None


@given(position=st.integers(6, len(GOOD) - 1), change=st.integers(1, 255), cut=st.integers(0, 3))
def test_wrong_bytes_under_a_right_checksum_raise_nothing_else(position: int, change: int, cut: int) -> None:
    """What cannot be told from good data is unpacked; everything else is damage, and no other error."""
    spoiled = bytearray(GOOD)
    spoiled[position] ^= change
    assert error_of(sealed(GOOD[1], bytes(spoiled[6 : len(GOOD) - cut]))) in (None, "store-damaged")


@given(st.integers(0, 3), st.binary(max_size=120))
def test_any_bytes_under_a_right_checksum_raise_nothing_else(flags: int, rest: bytes) -> None:
    """Bytes that nobody packed, sealed as if somebody had."""
    assert error_of(sealed(flags, rest)) in (None, "store-damaged")


@given(st.binary(max_size=120))
def test_any_bytes_are_damage(blob: bytes) -> None:
    """Bytes that nobody packed raise the coded error and nothing else."""
    with pytest.raises(StoreError) as noticed:
        decode(blob)
    assert noticed.value.code == "store-damaged"


def by_hand(readings: int, frame: bytes, lanes: int = 0, more: bytes = b"") -> bytes:
    """Make a narrow section."""
    return struct.pack("<HHH", readings, lanes, len(frame)) + frame + more


TIMES = Head(base=BEGIN_US).packed()
EMPTY = TIMES + Head().packed()


@pytest.mark.parametrize(
    "blob",
    [
        sealed(0, by_hand(1, EMPTY), version=0),
        sealed(0, by_hand(1, EMPTY), version=3),
        sealed(4, by_hand(1, EMPTY)),
        sealed(0, b""),
        sealed(0, by_hand(1, EMPTY, more=b"x")),
        sealed(2, by_hand(1, EMPTY)),
        sealed(0, by_hand(1, b"")),
        sealed(0, by_hand(1, EMPTY + b"x")),
        sealed(0, by_hand(1, TIMES + Head(width=2).packed())),
        sealed(0, by_hand(1, EMPTY, lanes=1)),
        sealed(0, by_hand(1, EMPTY)[:6] + EMPTY[:-1]),
        sealed(0, by_hand(1, TIMES + Head(base=-1).packed())),
        sealed(0, by_hand(1, TIMES + Head(base=len(OUTCOMES) << 8).packed())),
        sealed(0, by_hand(1, TIMES + Head(base=len(REASONS)).packed())),
        sealed(1, struct.pack("<III", COUNT_LIMIT + 1, 0, len(EMPTY)) + EMPTY),
        sealed(1, struct.pack("<III", 1, 2**32 - 1, len(EMPTY)) + EMPTY),
        sealed(1, struct.pack("<III", 1, 0, 2**32 - 1) + EMPTY),
    ],
)
def test_a_blob_that_contradicts_itself_is_damage(blob: bytes) -> None:
    """A right checksum over wrong contents does not help: unknown forms, sizes, counts and codes."""
    with pytest.raises(StoreError) as noticed:
        decode(blob)
    assert noticed.value.code == "store-damaged"


def test_the_smallest_sealed_blob_is_good() -> None:
    """The blobs of the test before fail for what they say, not for how they are made."""
    assert decode(sealed(0, by_hand(1, EMPTY))).beat.sent_us.tolist() == [BEGIN_US]
    assert decode(sealed(2, by_hand(1, EMPTY) * 2)).off_beat.sent_us.tolist() == [BEGIN_US]


def test_more_than_a_chunk_can_hold_is_refused() -> None:
    """Beyond the limit encoding refuses, so that what is packed can always be unpacked."""
    for chunk in (Chunk(section(COUNT_LIMIT + 1, {}), NOTHING), Chunk(NOTHING, section(COUNT_LIMIT + 1, {}))):
        with pytest.raises(StoreError) as refused:
            encode(chunk)
        assert refused.value.code == "chunk-too-large"


def test_nothing_comes_back_as_nothing() -> None:
    """An empty chunk is a blob too."""
    assert_same(decode(encode(Chunk(NOTHING, NOTHING))), Chunk(NOTHING, NOTHING))
