"""Ten minutes of one probe's readings as one blob, and back to the bit. Pure: no SQL, no clock, no keys.

    blob    = version u8, flags u8, crc32 u32, section on the beat, [section off the beat, with flag 2]
    section = n, lanes, frame length (u16 each; u32 with flag 1),
              directory (series u32, length u16 or u32)[lanes], frame, lane[lanes]
    frame   = head of sent times, head of codes (outcome << 8 | reason), body of both      (see ``lanes``)

Rules
1. The checksum stands first and covers everything else in the blob. What does not fit raises
   ``StoreError`` ``store-damaged`` and nothing else; n is not believed beyond ``COUNT_LIMIT``.
2. One lane is unpacked without the others: the directory says where it is.
3. Re-probes have a section of their own, so that times on the beat stay an even line.
4. All is kept to the bit, but for NaN, which only says that there is no value.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from controlroom.errors import StoreError
from controlroom.reading import Outcome
from controlroom.store.codes import OUTCOME_CODE, OUTCOMES, REASONS
from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray
from controlroom.store.sqlite.failure import damaged
from controlroom.store.sqlite.lane_packing import deflated, pack_columns, pack_lanes
from controlroom.store.sqlite.lanes import Cursor, inflated, take_head, unpack_column, unpack_lane

COUNT_LIMIT: Final = 1_000_000
"""More readings, or series, than one chunk can hold."""

_VERSIONS: Final = (1, 2)
"""The first knew no noise apart in a lane (see ``lanes``); it is read and no longer written."""

_WIDE: Final = 1
_OFF_BEAT: Final = 2
_NARROW_LIMIT: Final = 0xFFFF
_START: Final = struct.Struct("<BB")
_CHECKSUM: Final = struct.Struct("<I")
_START_LENGTH: Final = _START.size + _CHECKSUM.size
_SHAPE: Final = (struct.Struct("<HHH"), struct.Struct("<III"))
"""Of a section: narrow, wide."""

_ENTRY: Final = (struct.Struct("<IH"), struct.Struct("<II"))
"""Of a directory: narrow, wide."""

_CODE_BITS: Final = 8
_CODE_MASK: Final = 0xFF
_REPLIED: Final = OUTCOME_CODE[Outcome.REPLIED]


@dataclass(frozen=True, slots=True)
class Section:
    """Readings of one kind (on the beat, or off it), in the order in which they were sent.

    ``outcome`` and ``reason`` index ``OUTCOMES`` and ``REASONS``. ``lanes`` holds for each series, by
    its number, a value for each reading, NaN where there is none.
    """

    sent_us: IntArray
    """POSIX microseconds."""
    outcome: CodeArray
    reason: CodeArray
    lanes: Mapping[int, FloatArray]


NO_READINGS: Final = Section(
    sent_us=np.zeros(0, dtype=np.int64),
    outcome=np.zeros(0, dtype=np.uint8),
    reason=np.zeros(0, dtype=np.uint8),
    lanes={},
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one probe's readings; re-probes, which are few, stand apart."""

    beat: Section
    off_beat: Section


@dataclass(frozen=True, slots=True)
class _PackedSection:
    readings: int
    frame: bytes
    lanes: Mapping[int, bytes]

    def is_wide(self) -> bool:
        sizes = (self.readings, len(self.frame), len(self.lanes), *map(len, self.lanes.values()))
        return max(sizes) > _NARROW_LIMIT

    def joined(self, wide: int) -> bytes:
        entry = _ENTRY[wide]
        directory = [entry.pack(number, len(lane)) for number, lane in self.lanes.items()]
        shape = _SHAPE[wide].pack(self.readings, len(self.lanes), len(self.frame))
        return b"".join((shape, *directory, self.frame, *self.lanes.values()))


def encode(chunk: Chunk) -> bytes:
    """Pack a chunk; raise ``StoreError`` ``chunk-too-large`` beyond the limits."""
    return encode_all([chunk])[0]


def encode_all(chunks: Sequence[Chunk]) -> list[bytes]:
    """Pack chunks together, which comes to the same bytes as each by itself and costs less."""
    sections = [
        [chunk.beat, chunk.off_beat] if len(chunk.off_beat.sent_us) or chunk.off_beat.lanes else [chunk.beat]
        for chunk in chunks
    ]
    packed = _packed([section for of_one in sections for section in of_one])
    return [_blob([next(packed) for _ in of_one]) for of_one in sections]


def _blob(sections: Sequence[_PackedSection]) -> bytes:
    wide = int(any(section.is_wide() for section in sections))
    start = _START.pack(_VERSIONS[-1], (_WIDE if wide else 0) | (_OFF_BEAT if len(sections) > 1 else 0))
    rest = b"".join([section.joined(wide) for section in sections])
    return start + _CHECKSUM.pack(zlib.crc32(rest, zlib.crc32(start))) + rest


def decode(blob: bytes, series: Collection[int] | None = None) -> Chunk:
    """Unpack a chunk, of its lanes only those of these series; without any given, all."""
    flags = check_chunk(blob)
    cursor = Cursor(blob, _START_LENGTH)
    beat = _take_section(cursor, flags & _WIDE, series)
    off_beat = _take_section(cursor, flags & _WIDE, series) if flags & _OFF_BEAT else NO_READINGS
    if cursor.at != len(blob):
        raise damaged("A chunk of readings is longer than it says.")
    return Chunk(beat=beat, off_beat=off_beat)


def check_chunk(blob: bytes) -> int:
    """Return a chunk's flags; raise ``StoreError`` ``store-damaged`` where it does not fit its checksum."""
    if not isinstance(blob, bytes) or len(blob) < _START_LENGTH:
        raise damaged("A chunk of readings is too short.")
    version, flags = _START.unpack_from(blob)
    (checksum,) = _CHECKSUM.unpack_from(blob, _START.size)
    if checksum != zlib.crc32(memoryview(blob)[_START_LENGTH:], zlib.crc32(blob[: _START.size])):
        raise damaged("A chunk of readings does not fit its checksum.")
    if version not in _VERSIONS or flags & ~(_WIDE | _OFF_BEAT):
        raise damaged("A chunk of readings has a form that this program does not know.")
    return int(flags)


def _packed(sections: Sequence[Section]) -> Iterator[_PackedSection]:
    for section in sections:
        _refuse_too_large(section)
    times = pack_columns([section.sent_us for section in sections])
    codes = pack_columns(
        [section.outcome.astype(np.int64) << _CODE_BITS | section.reason for section in sections]
    )
    replied = [_replied(section.outcome) for section in sections]
    lanes = iter(
        pack_lanes(
            [lane for section in sections for lane in section.lanes.values()],
            [mine for section, mine in zip(sections, replied, strict=True) for _ in section.lanes],
        )
    )
    for section, time, code in zip(sections, times, codes, strict=True):
        frame = time.head.packed() + code.head.packed() + deflated([time.planes, code.planes])
        yield _PackedSection(len(section.sent_us), frame, {number: next(lanes) for number in section.lanes})


def _refuse_too_large(section: Section) -> None:
    readings = len(section.sent_us)
    if readings > COUNT_LIMIT or len(section.lanes) > COUNT_LIMIT:
        raise StoreError(
            "chunk-too-large",
            f"One chunk holds {readings} readings, {len(section.lanes)} series; {COUNT_LIMIT} are the limit.",
            "Probe less often.",
        )


def _take_section(cursor: Cursor, wide: int, series: Collection[int] | None) -> Section:
    readings, lane_count, frame_length = cursor.take_fields(_SHAPE[wide])
    if readings > COUNT_LIMIT:
        raise damaged("A chunk of readings holds more of them than one can.")
    directory = [cursor.take_fields(_ENTRY[wide]) for _ in range(lane_count)]
    sent_us, outcome, reason = _columns(cursor.take(frame_length), readings)
    replied = _replied(outcome)
    lanes: dict[int, FloatArray] = {}
    for number, length in directory:
        lane = cursor.take(length)
        if series is None or number in series:
            lanes[number] = unpack_lane(lane, replied)
    return Section(sent_us, outcome, reason, lanes)


def _columns(frame: bytes, readings: int) -> tuple[IntArray, CodeArray, CodeArray]:
    cursor = Cursor(frame)
    time_head, code_head = take_head(cursor), take_head(cursor)
    times = time_head.size(readings)
    planes = inflated(cursor.take_rest(), times + code_head.size(readings))
    sent_us = unpack_column(time_head, planes[:times], readings)
    if not code_head.width and not code_head.order:  # as mostly: all of them came to the same
        outcome, reason = code_head.base >> _CODE_BITS, code_head.base & _CODE_MASK
        _believe(outcome, outcome, reason)
        return sent_us, np.full(readings, outcome, dtype=np.uint8), np.full(readings, reason, dtype=np.uint8)
    codes = unpack_column(code_head, planes[times:], readings)
    outcomes, reasons = codes >> _CODE_BITS, codes & _CODE_MASK
    if readings:
        _believe(int(outcomes.min()), int(outcomes.max()), int(reasons.max()))
    return sent_us, outcomes.astype(np.uint8), reasons.astype(np.uint8)


def _believe(lowest_outcome: int, highest_outcome: int, highest_reason: int) -> None:
    if not (0 <= lowest_outcome <= highest_outcome < len(OUTCOMES) and highest_reason < len(REASONS)):
        raise damaged("A chunk of readings holds an outcome or a reason that this program does not know.")


def _replied(outcome: CodeArray) -> BoolArray:
    replied: BoolArray = outcome == _REPLIED
    return replied
