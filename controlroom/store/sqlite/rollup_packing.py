"""A day's rollup of one series as bytes, and back. Pure: no SQL, no clock.

    blob = version u8, bucket_s u32, n u16, crc32 u32, zlib(body)                      (little endian)
    body = place u16[n], count u32[n], lost u32[n], not_run u32[n], min mean max p50 p95 p99 f32[n]

    histograms = version u8, n u16, crc32 u32, zlib(bins u16[n], bin i32[sum], count u32[sum])

Rules
1. A bucket is told by its place in the day. Columns are byte-shuffled.
2. Figures are kept as 32-bit floats: seven digits, more than any probe measures.
3. The checksum covers everything else. What does not fit raises ``StoreError`` ``store-damaged`` and
   nothing else.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from controlroom.measure.log_histogram import LogHistogram
from controlroom.measure.rollup import Rollup
from controlroom.store.sqlite.failure import damaged

DAY_S: Final = 86_400
_VERSION: Final = 1
_LEVEL: Final = 6
_HEAD: Final = struct.Struct("<BIHI")
_HISTOGRAMS_HEAD: Final = struct.Struct("<BHI")
_MOST_BINS: Final = 1 << 20
_COUNTS: Final = ("count", "lost", "not_run")
_FIGURES: Final = ("min", "mean", "max", "p50", "p95", "p99")
_TYPES: Final = ("<u2", *("<u4" for _ in _COUNTS), *("<f4" for _ in _FIGURES))
_ROW_LENGTH: Final = sum(np.dtype(kind).itemsize for kind in _TYPES)


def pack_rollup(rollup: Rollup, day: int) -> bytes:
    """Pack the buckets of one day."""
    place = (rollup.start_utc_s - day * DAY_S) // rollup.bucket_s
    columns: list[npt.NDArray[np.generic]] = [place]
    columns += [getattr(rollup, name) for name in (*_COUNTS, *_FIGURES)]
    with np.errstate(over="ignore"):  # what is larger than a 32-bit float becomes infinite
        body = b"".join(_shuffled(column, kind) for column, kind in zip(columns, _TYPES, strict=True))
    packed = zlib.compress(body, _LEVEL)
    head = (_VERSION, rollup.bucket_s, len(place))
    return _HEAD.pack(*head, _checksum(head, packed)) + packed


def unpack_rollup(blob: bytes, day: int) -> Rollup:
    """Unpack the buckets of one day."""
    if len(blob) < _HEAD.size:
        raise damaged("A rollup is too short.")
    version, bucket_s, count, checksum = _HEAD.unpack_from(blob)
    packed = blob[_HEAD.size :]
    if checksum != _checksum((version, bucket_s, count), packed):
        raise damaged("A rollup does not fit its checksum.")
    if version != _VERSION or bucket_s == 0 or count * bucket_s > DAY_S:
        raise damaged("A rollup has a form that this program does not know.")
    body = _inflated(packed, count * _ROW_LENGTH)
    columns: list[npt.NDArray[np.generic]] = []
    start = 0
    for kind in _TYPES:
        end = start + np.dtype(kind).itemsize * count
        columns.append(_unshuffled(body[start:end], kind))
        start = end
    place, answered, lost, not_run = (column.astype(np.int64) for column in columns[:4])
    low, mean, high, p50, p95, p99 = (column.astype(np.float64) for column in columns[4:])
    return Rollup(
        bucket_s, day * DAY_S + place * bucket_s, answered, lost, not_run, low, mean, high, p50, p95, p99
    )


def pack_histograms(histograms: Sequence[LogHistogram]) -> bytes:
    """Pack the histograms of a day's buckets, in their order."""
    body = b"".join(
        (
            np.array([len(each.bins) for each in histograms], dtype="<u2").tobytes(),
            _shuffled(np.concatenate([np.zeros(0), *(each.bins for each in histograms)]), "<i4"),
            _shuffled(np.concatenate([np.zeros(0), *(each.counts for each in histograms)]), "<u4"),
        )
    )
    packed = zlib.compress(body, _LEVEL)
    head = (_VERSION, len(histograms))
    return _HISTOGRAMS_HEAD.pack(*head, _checksum(head, packed)) + packed


def unpack_histograms(blob: bytes) -> list[LogHistogram]:
    """Unpack the histograms of a day's buckets."""
    if len(blob) < _HISTOGRAMS_HEAD.size:
        raise damaged("Histograms are too short.")
    version, count, checksum = _HISTOGRAMS_HEAD.unpack_from(blob)
    packed = blob[_HISTOGRAMS_HEAD.size :]
    if version != _VERSION or checksum != _checksum((version, count), packed):
        raise damaged("Histograms do not fit their checksum.")
    body = _inflated_up_to(packed, 2 * count + 8 * _MOST_BINS)
    if len(body) < 2 * count:
        raise damaged("Histograms are shorter than they say.")
    lengths = np.frombuffer(body[: 2 * count], dtype="<u2").astype(np.int64)
    total = int(lengths.sum())
    if len(lengths) != count or len(body) != 2 * count + 8 * total:
        raise damaged("Histograms have another size than they say.")
    bins = _unshuffled(body[2 * count : 2 * count + 4 * total], "<i4").astype(np.int32)
    counts = _unshuffled(body[2 * count + 4 * total :], "<u4").astype(np.int64)
    ends = np.cumsum(lengths)
    return [
        LogHistogram(bins[end - length : end], counts[end - length : end])
        for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
    ]


def _checksum(head: tuple[int, ...], packed: bytes) -> int:
    return zlib.crc32(packed, zlib.crc32(repr(head).encode()))


def _inflated(packed: bytes, size: int) -> bytes:
    body = _inflated_up_to(packed, size)
    if len(body) != size:
        raise damaged("A rollup has another size than it says.")
    return body


def _inflated_up_to(packed: bytes, most: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(packed, most + 1)
    except zlib.error as error:
        raise damaged(f"A rollup cannot be unpacked: {error}.") from error
    if len(body) > most or not inflater.eof or inflater.unused_data:
        raise damaged("A rollup is longer than one can be.")
    return body


def _shuffled(array: npt.NDArray[np.generic], kind: str) -> bytes:
    typed = np.ascontiguousarray(array, dtype=kind)
    return typed.view(np.uint8).reshape(-1, typed.itemsize).T.tobytes()


def _unshuffled(data: bytes, kind: str) -> npt.NDArray[np.generic]:
    width = np.dtype(kind).itemsize
    planes = np.frombuffer(data, dtype=np.uint8).reshape(width, -1)
    return np.ascontiguousarray(planes.T).reshape(-1).view(kind)
