"""The first form of a second's bytes, which earlier programs wrote. It is read and never written. Pure.

    body = probe u32[n], sent offset i32[n] (i64 with flag 1), outcome u8[n], reason u8[n], beat u8[n],
           value count u16[n], series u32[m], value f64[m], all of it deflated

Rules
1. Columns wider than a byte are byte-shuffled: all lowest bytes first, then all second bytes, …
2. A body is never unpacked beyond the size that n and m say.
"""

from __future__ import annotations

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.store.codes import OUTCOMES, REASONS
from controlroom.store.sqlite.columns import Columns
from controlroom.store.sqlite.failure import damaged

VERSION: Final = 1
_WIDE: Final = 1

_PER_READING: Final = ("<u4", "<i4", "u1", "u1", "u1", "<u2")
_PER_READING_WIDE: Final = ("<u4", "<i8", "u1", "u1", "u1", "<u2")
_PER_VALUE: Final = ("<u4", "<f8")
_READING_LENGTH: Final = sum(np.dtype(kind).itemsize for kind in _PER_READING)
_READING_LENGTH_WIDE: Final = sum(np.dtype(kind).itemsize for kind in _PER_READING_WIDE)
_VALUE_LENGTH: Final = sum(np.dtype(kind).itemsize for kind in _PER_VALUE)


def inflated(flags: int, readings: int, values: int, packed: bytes) -> bytes:
    """Return a second's body; raise ``StoreError`` where it is not what the second says."""
    if flags & ~_WIDE:
        raise damaged("A second of the journal has a form that this program does not know.")
    size = _size(flags, readings, values)
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


def columns(flags: int, readings: int, values: int, rows: list[int], bodies: list[bytes]) -> Columns:
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
    found = Columns(
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
    counted = found.value_count.reshape(seconds, readings).sum(axis=1, dtype=np.int64)
    if (counted != values).any():
        raise damaged("A second of the journal counts its values wrongly.")
    if readings and seconds and (found.outcome.max() >= len(OUTCOMES) or found.reason.max() >= len(REASONS)):
        raise damaged("A second of the journal holds an outcome or a reason that this program does not know.")
    return found
