"""One second's readings as a few columns, and the columns as bytes. Pure: no SQL, no clock, no keys.

    blob = version u8, flags u8, n u32, m u32, crc32 u32, zlib(level 1, body)      (little endian)
    body = probe u32[n], sent offset i32[n] (i64 with flag 1), outcome u8[n], reason u8[n], beat u8[n],
           value count u16[n], series u32[m], value f64[m]

Rules
1. Columns wider than a byte are byte-shuffled: all lowest bytes first, then all second bytes, …
2. The checksum covers everything else in the blob. What does not fit raises ``StoreError``
   ``store-damaged`` and never anything else; a body is never unpacked beyond the size that n and m
   say, nor n and m believed beyond ``COUNT_LIMIT``.
3. Many seconds are unpacked together, those of one shape at once, for a call per second and column
   would cost more than the unpacking.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.errors import StoreError
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import BoolArray, CodeArray, FloatArray, IntArray
from controlroom.store.sqlite.failure import damaged

COUNT_LIMIT: Final = 1_000_000
"""More readings, or more values, than one second can hold."""

VALUES_PER_READING: Final = 0xFFFF
_VERSION: Final = 1
_WIDE: Final = 1
_LEVEL: Final = 1
_HEADER: Final = struct.Struct("<BBII")
_CHECKSUM: Final = struct.Struct("<I")
_HEADER_LENGTH: Final = _HEADER.size + _CHECKSUM.size
_NARROW: Final = np.iinfo(np.int32)

_PER_READING: Final = ("<u4", "<i4", "u1", "u1", "u1", "<u2")
_PER_READING_WIDE: Final = ("<u4", "<i8", "u1", "u1", "u1", "<u2")
_PER_VALUE: Final = ("<u4", "<f8")
_READING_LENGTH: Final = sum(np.dtype(kind).itemsize for kind in _PER_READING)
_READING_LENGTH_WIDE: Final = sum(np.dtype(kind).itemsize for kind in _PER_READING_WIDE)
_VALUE_LENGTH: Final = sum(np.dtype(kind).itemsize for kind in _PER_VALUE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Readings as columns. The first seven have one item a reading, the last two one a value.

    ``row`` says which of the packed seconds a reading is from, counted from 0 in the order given, and
    ``offset_us`` how many microseconds after that second it was sent (negative: before). The values
    of a reading follow those of the one before it, ``value_count`` of them each.
    """

    row: npt.NDArray[np.intp]
    probe: npt.NDArray[np.uint32]
    offset_us: IntArray
    outcome: CodeArray
    reason: CodeArray
    beat: BoolArray
    value_count: npt.NDArray[np.uint16]
    series: npt.NDArray[np.uint32]
    value: FloatArray

    @property
    def owner(self) -> npt.NDArray[np.intp]:
        """Which reading each value belongs to, as an index into the columns of readings."""
        return np.repeat(np.arange(len(self.probe)), self.value_count)


def pack(columns: Columns) -> bytes:
    """Pack the readings of one second; raise ``StoreError`` ``second-too-large`` beyond the limits."""
    readings, values = len(columns.probe), len(columns.value)
    if readings > COUNT_LIMIT or values > COUNT_LIMIT:
        raise StoreError(
            "second-too-large",
            f"One second holds {readings} readings with {values} values; {COUNT_LIMIT} are the limit.",
            "Probe less often.",
        )
    wide = readings > 0 and not (
        _NARROW.min <= columns.offset_us.min() and columns.offset_us.max() <= _NARROW.max
    )
    per_reading = (
        columns.probe,
        columns.offset_us,
        columns.outcome,
        columns.reason,
        columns.beat,
        columns.value_count,
    )
    types = (_PER_READING_WIDE if wide else _PER_READING) + _PER_VALUE
    arrays: list[npt.NDArray[np.generic]] = [*per_reading, columns.series, columns.value]
    body = b"".join(_shuffled(array, kind) for array, kind in zip(arrays, types, strict=True))
    header = _HEADER.pack(_VERSION, _WIDE if wide else 0, readings, values)
    packed = zlib.compress(body, _LEVEL)
    return header + _CHECKSUM.pack(zlib.crc32(packed, zlib.crc32(header))) + packed


def unpack(blobs: Sequence[bytes]) -> Columns:
    """Unpack seconds; within a second the readings keep their order, the seconds may change theirs."""
    shapes: dict[tuple[int, int, int], tuple[list[int], list[bytes]]] = {}
    for row, blob in enumerate(blobs):
        shape, body = _body(blob)
        rows, bodies = shapes.setdefault(shape, ([], []))
        rows.append(row)
        bodies.append(body)
    parts = [_columns(*shape, rows, bodies) for shape, (rows, bodies) in shapes.items()]
    return _in_one(parts) if parts else no_readings()


def readings_told(head: bytes) -> int:
    """Return how many readings a second says that it holds, by its first bytes alone."""
    if len(head) < _HEADER.size:
        raise damaged("A second of the journal is too short.")
    return int(_HEADER.unpack_from(head)[2])


def no_readings() -> Columns:
    """Return the columns of a second in which nothing was read."""
    return _columns(0, 0, 0, [], [])


def _shuffled(array: npt.NDArray[np.generic], kind: str) -> bytes:
    typed = np.ascontiguousarray(array, dtype=kind)
    if typed.itemsize == 1:
        return typed.tobytes()
    return typed.view(np.uint8).reshape(-1, typed.itemsize).T.tobytes()


def check_second(blob: bytes) -> tuple[int, int, int, int, bytes]:
    """Return a second's header and what is packed; raise ``StoreError`` where its checksum does not fit."""
    if not isinstance(blob, bytes) or len(blob) < _HEADER_LENGTH:
        raise damaged("A second of the journal is too short.")
    version, flags, readings, values = _HEADER.unpack_from(blob)
    (checksum,) = _CHECKSUM.unpack_from(blob, _HEADER.size)
    packed = blob[_HEADER_LENGTH:]
    if checksum != zlib.crc32(packed, zlib.crc32(blob[: _HEADER.size])):
        raise damaged("A second of the journal does not fit its checksum.")
    return version, flags, readings, values, packed


def _body(blob: bytes) -> tuple[tuple[int, int, int], bytes]:
    version, flags, readings, values, packed = check_second(blob)
    if version != _VERSION or flags & ~_WIDE or readings > COUNT_LIMIT or values > COUNT_LIMIT:
        raise damaged("A second of the journal has a form that this program does not know.")
    return (flags, readings, values), _inflated(packed, _size(flags, readings, values))


def _inflated(packed: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(packed, size + 1)
    except zlib.error as error:
        raise damaged(f"A second of the journal cannot be unpacked: {error}.") from error
    if len(body) != size or not inflater.eof or inflater.unused_data:
        raise damaged("A second of the journal has another size than it says.")
    return body


def _types(flags: int) -> tuple[str, ...]:
    return _PER_READING_WIDE if flags & _WIDE else _PER_READING


def _size(flags: int, readings: int, values: int) -> int:
    per_reading = _READING_LENGTH_WIDE if flags & _WIDE else _READING_LENGTH
    return per_reading * readings + _VALUE_LENGTH * values


def _columns(flags: int, readings: int, values: int, rows: list[int], bodies: list[bytes]) -> Columns:
    """Unpack seconds of one shape, all at once."""
    size = _size(flags, readings, values)
    block = np.frombuffer(b"".join(bodies), dtype=np.uint8).reshape(len(bodies), size)
    arrays: list[npt.NDArray[np.generic]] = []
    start = 0
    counts = (readings,) * len(_PER_READING) + (values,) * len(_PER_VALUE)
    for kind, count in zip(_types(flags) + _PER_VALUE, counts, strict=True):
        end = start + np.dtype(kind).itemsize * count
        arrays.append(_unshuffled(block[:, start:end], kind, count))
        start = end
    return _checked(
        arrays, np.repeat(np.asarray(rows, dtype=np.intp), readings), readings, values, len(bodies)
    )


def _unshuffled(block: npt.NDArray[np.uint8], kind: str, count: int) -> npt.NDArray[np.generic]:
    width = np.dtype(kind).itemsize
    planes = block.reshape(len(block), width, count)
    return np.ascontiguousarray(planes.transpose(0, 2, 1)).reshape(-1).view(kind)


def _checked(
    arrays: list[npt.NDArray[np.generic]],
    row: npt.NDArray[np.intp],
    readings: int,
    values: int,
    seconds: int,
) -> Columns:
    probe, offset_us, outcome, reason, beat, value_count, series, value = arrays
    columns = Columns(
        row=row,
        probe=probe.astype(np.uint32, copy=False),
        offset_us=offset_us.astype(np.int64, copy=False),
        outcome=outcome.astype(np.uint8, copy=False),
        reason=reason.astype(np.uint8, copy=False),
        beat=beat.astype(np.bool_),
        value_count=value_count.astype(np.uint16, copy=False),
        series=series.astype(np.uint32, copy=False),
        value=value.astype(np.float64, copy=False),
    )
    counted = columns.value_count.reshape(seconds, readings).sum(axis=1, dtype=np.int64)
    if (counted != values).any():
        raise damaged("A second of the journal counts its values wrongly.")
    if (
        readings
        and seconds
        and (columns.outcome.max() >= len(OUTCOMES) or columns.reason.max() >= len(REASONS))
    ):
        raise damaged("A second of the journal holds an outcome or a reason that this program does not know.")
    return columns


def _in_one(parts: Sequence[Columns]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    return Columns(
        row=np.concatenate([part.row for part in parts]),
        probe=np.concatenate([part.probe for part in parts]),
        offset_us=np.concatenate([part.offset_us for part in parts]),
        outcome=np.concatenate([part.outcome for part in parts]),
        reason=np.concatenate([part.reason for part in parts]),
        beat=np.concatenate([part.beat for part in parts]),
        value_count=np.concatenate([part.value_count for part in parts]),
        series=np.concatenate([part.series for part in parts]),
        value=np.concatenate([part.value for part in parts]),
    )
