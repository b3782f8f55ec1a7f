"""One second's columns as bytes, and many seconds back. Pure: no SQL, no clock, no keys.

    blob = version u8, flags u8, n u32, m u32, crc32 u32, body                     (little endian)
    body = width u8[8], lowest i64[8], the columns one behind another; nothing where nothing was read
    columns = probe[n], sent offset[n], outcome[n], reason[n], beat[n], value count[n], series[m], value[m]

Rules
1. A column is whole numbers, each as far as it lies above the lowest of them, in as many bytes as the highest
   needs: 1, 2, 4 or 8, and none where all are equal. Values are their microseconds (flag 1) where that keeps
   every one of them to the bit, and their bits otherwise.
2. A second is not deflated: it stays for some twenty minutes, and deflating would cost more than writing
   its bytes.
3. The checksum covers everything else in the blob. What does not fit raises ``StoreError``
   ``store-damaged`` and never anything else; n and m are not believed beyond ``COUNT_LIMIT``.
4. Many seconds are unpacked together, those of one shape at once, for a call per second and column
   would cost more than the unpacking.
5. Seconds of the first version (``packing_first``) are read and never written.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from operator import mul
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from controlroom.errors import StoreError
from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.interface import FloatArray, IntArray
from controlroom.store.sqlite import packing_first
from controlroom.store.sqlite.columns import Columns, in_one, no_readings
from controlroom.store.sqlite.failure import damaged

COUNT_LIMIT: Final = 1_000_000
"""More readings, or more values, than one second can hold."""

VALUES_PER_READING: Final = 0xFFFF
_VERSION: Final = 2
_MICROSECONDS: Final = 1
_SCALE: Final = 1e6
_EXACT_UNTIL: Final = 2.0**53 / _SCALE
_HEADER: Final = struct.Struct("<BBII")
_CHECKSUM: Final = struct.Struct("<I")
_HEADER_LENGTH: Final = _HEADER.size + _CHECKSUM.size

_PER_READING: Final = 6
_PER_VALUE: Final = 2
_COLUMNS: Final = _PER_READING + _PER_VALUE
_FORM: Final = struct.Struct(f"<{_COLUMNS}B{_COLUMNS}q")
_TYPES: Final = {1: "u1", 2: "<u2", 4: "<u4", 8: "<u8"}
_LIMITS: Final = (2**32, None, len(OUTCOMES), len(REASONS), 2, VALUES_PER_READING + 1, 2**32, None)
"""What the numbers of each column lie below, where they are not any."""


class _Shape(NamedTuple):
    """What seconds must have in common to be unpacked together."""

    version: int
    flags: int
    readings: int
    values: int
    widths: tuple[int, ...]


def pack(columns: Columns) -> bytes:
    """Pack the readings of one second; raise ``StoreError`` ``second-too-large`` beyond the limits."""
    readings, values = len(columns.probe), len(columns.value)
    if readings > COUNT_LIMIT or values > COUNT_LIMIT:
        raise StoreError(
            "second-too-large",
            f"One second holds {readings} readings with {values} values; {COUNT_LIMIT} are the limit.",
            "Probe less often.",
        )
    flags, body = _packed(columns) if readings or values else (0, b"")
    header = _HEADER.pack(_VERSION, flags, readings, values)
    return header + _CHECKSUM.pack(zlib.crc32(body, zlib.crc32(header))) + body


def unpack(blobs: Sequence[bytes]) -> Columns:
    """Unpack seconds; within a second the readings keep their order, the seconds may change theirs."""
    shapes: dict[_Shape, tuple[list[int], list[bytes]]] = {}
    for row, blob in enumerate(blobs):
        shape, body = _body(blob)
        rows, bodies = shapes.setdefault(shape, ([], []))
        rows.append(row)
        bodies.append(body)
    parts = [
        _columns(shape, rows, bodies)
        for shape, (rows, bodies) in shapes.items()
        if shape.readings or shape.values
    ]
    return in_one(parts) if parts else no_readings()


def readings_told(head: bytes) -> int:
    """Return how many readings a second says that it holds, by its first bytes alone."""
    if len(head) < _HEADER.size:
        raise damaged("A second of the journal is too short.")
    return int(_HEADER.unpack_from(head)[2])


def check_second(blob: bytes) -> tuple[int, int, int, int, bytes]:
    """Return a second's header and its body; raise ``StoreError`` where its checksum does not fit."""
    if not isinstance(blob, bytes) or len(blob) < _HEADER_LENGTH:
        raise damaged("A second of the journal is too short.")
    version, flags, readings, values = _HEADER.unpack_from(blob)
    (checksum,) = _CHECKSUM.unpack_from(blob, _HEADER.size)
    body = blob[_HEADER_LENGTH:]
    if checksum != zlib.crc32(body, zlib.crc32(blob[: _HEADER.size])):
        raise damaged("A second of the journal does not fit its checksum.")
    return version, flags, readings, values, body


def _packed(columns: Columns) -> tuple[int, bytes]:
    """Return flags and body."""
    flags, numbers = _whole(columns.value)
    of_readings = np.array(
        (
            columns.probe,
            columns.offset_us,
            columns.outcome,
            columns.reason,
            columns.beat,
            columns.value_count,
        ),
        dtype=np.int64,
    )
    of_values = np.array((columns.series, numbers), dtype=np.int64)
    parts = [*_narrowed(of_readings), *_narrowed(of_values)]
    form = _FORM.pack(*(width for width, _, _ in parts), *(lowest for _, lowest, _ in parts))
    return flags, b"".join([form, *(octets for _, _, octets in parts)])


def _whole(values: FloatArray) -> tuple[int, IntArray]:
    """Turn values into whole numbers, and say how (rule 1)."""
    if np.abs(values).max(initial=0) < _EXACT_UNTIL:
        numbers = np.rint(values * _SCALE)
        if ((numbers / _SCALE + 0.0).view(np.int64) == values.view(np.int64)).all():
            return _MICROSECONDS, numbers.astype(np.int64)
    return 0, values.view(np.int64)


def _narrowed(rows: IntArray) -> list[tuple[int, int, bytes]]:
    """Return the width, the lowest number and the octets of each column (rule 1)."""
    if not rows.shape[1]:
        return [(0, 0, b"")] * len(rows)
    lowest, highest = rows.min(axis=1), rows.max(axis=1)
    offsets = (rows - lowest[:, np.newaxis]).view(np.uint64)
    found = []
    for low, high, offset in zip(lowest.tolist(), highest.tolist(), offsets, strict=True):
        width = _width(high - low)
        found.append((width, low, offset.astype(_TYPES[width]).tobytes() if width else b""))
    return found


def _width(span: int) -> int:
    return next((width for width in _TYPES if span >> 8 * width == 0), 0) if span else 0


def _body(blob: bytes) -> tuple[_Shape, bytes]:
    version, flags, readings, values, body = check_second(blob)
    if readings > COUNT_LIMIT or values > COUNT_LIMIT:
        raise damaged("A second of the journal holds more than one can.")
    if version == packing_first.VERSION:
        body = packing_first.inflated(flags, readings, values, body)
        return _Shape(version, flags, readings, values, ()), body
    shape = _Shape(version, flags, readings, values, tuple(body[:_COLUMNS]))
    if version != _VERSION or flags & ~_MICROSECONDS or not {0, *_TYPES} >= {*shape.widths}:
        raise damaged("A second of the journal has a form that this program does not know.")
    if len(body) != _size(shape):
        raise damaged("A second of the journal has another size than it says.")
    return shape, body


def _size(shape: _Shape) -> int:
    if not (shape.readings or shape.values):
        return 0
    octets: int = sum(map(mul, shape.widths, _counts(shape)))
    return _FORM.size + octets


def _counts(shape: _Shape) -> tuple[int, ...]:
    return (shape.readings,) * _PER_READING + (shape.values,) * _PER_VALUE


def _columns(shape: _Shape, rows: list[int], bodies: list[bytes]) -> Columns:
    """Unpack seconds of one shape, all at once."""
    if shape.version == packing_first.VERSION:
        return packing_first.columns(shape.flags, shape.readings, shape.values, rows, bodies)
    block = np.frombuffer(b"".join(bodies), dtype=np.uint8).reshape(len(bodies), -1)
    lowest = np.ascontiguousarray(block[:, _COLUMNS : _FORM.size]).view("<i8")
    numbers, start = [], _FORM.size
    for place, (width, count, limit) in enumerate(zip(shape.widths, _counts(shape), _LIMITS, strict=True)):
        end = start + width * count
        numbers.append(_numbers(block[:, start:end], width, count, lowest[:, place : place + 1]))
        if limit is not None and count and not 0 <= numbers[-1].min() <= numbers[-1].max() < limit:
            raise damaged("A second of the journal holds numbers that cannot be.")
        start = end
    probe, offset_us, outcome, reason, beat, value_count, series, value = numbers
    if (value_count.sum(axis=1) != shape.values).any():
        raise damaged("A second of the journal counts its values wrongly.")
    exact = value / _SCALE if shape.flags & _MICROSECONDS else value.view(np.float64)
    return Columns(
        row=np.repeat(np.asarray(rows, dtype=np.intp), shape.readings),
        probe=probe.reshape(-1).astype(np.uint32),
        offset_us=offset_us.reshape(-1),
        outcome=outcome.reshape(-1).astype(np.uint8),
        reason=reason.reshape(-1).astype(np.uint8),
        beat=beat.reshape(-1).astype(np.bool_),
        value_count=value_count.reshape(-1).astype(np.uint16),
        series=series.reshape(-1).astype(np.uint32),
        value=exact.reshape(-1),
    )


def _numbers(octets: npt.NDArray[np.uint8], width: int, count: int, lowest: IntArray) -> IntArray:
    """Return a column's numbers, a row for each second."""
    if not width:
        return np.repeat(lowest, count, axis=1)
    return np.ascontiguousarray(octets).view(_TYPES[width]).astype(np.int64) + lowest
