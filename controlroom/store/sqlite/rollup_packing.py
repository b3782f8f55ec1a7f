"""A day's rollup of one series as bytes, and back. Pure: no SQL, no clock.

    blob = version u8, bucket_s u32, n u16, crc32 u32, zlib(body)                      (little endian)
    body = form u8[6], place u16[n], count u32[n], lost u32[n], not_run u32[n], min mean max p50 p95 p99
    version 1: without the forms, and all figures as 32-bit floats

    histograms = version u8, n u16, crc32 u32, zlib(bins u16[n], bin i32[sum], count u32[sum])

Rules
1. A bucket is told by its place in the day. Columns are byte-shuffled.
2. Figures come back to the bit. Each column has the first of these forms that does so: 32-bit floats, whole
   microseconds (millionths, -2**31 for none) in 32 bits, 64-bit floats.
3. Version 1 is read and not written any more: its figures have seven digits.
4. The checksum covers everything else. What does not fit raises ``StoreError`` ``store-damaged`` and
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
from controlroom.measure.rollup import FloatArray, Rollup
from controlroom.store.sqlite.failure import damaged

DAY_S: Final = 86_400
_VERSION: Final = 2
_VERSION_WITHOUT_FORMS: Final = 1
_HISTOGRAMS_VERSION: Final = 1
_LEVEL: Final = 6
_HEAD: Final = struct.Struct("<BIHI")
_HISTOGRAMS_HEAD: Final = struct.Struct("<BHI")
_MOST_BINS: Final = 1 << 20
_COUNTS: Final = ("count", "lost", "not_run")
_FIGURES: Final = ("min", "mean", "max", "p50", "p95", "p99")
_COUNT_TYPES: Final = ("<u2", *("<u4" for _ in _COUNTS))
_FORMS: Final = ("<f4", "<i4", "<f8")
_SHORT, _MILLIONTHS, _LONG = range(len(_FORMS))
_MOST_ROW_BYTES: Final = sum(np.dtype(kind).itemsize for kind in _COUNT_TYPES) + 8 * len(_FIGURES)
_PER_ONE: Final = 1e6
_NO_FIGURE: Final = np.iinfo(np.int32).min


def pack_rollup(rollup: Rollup, day: int) -> bytes:
    """Pack the buckets of one day."""
    place = (rollup.start_utc_s - day * DAY_S) // rollup.bucket_s
    columns: list[npt.NDArray[np.generic]] = [place, *(getattr(rollup, name) for name in _COUNTS)]
    figures = [_kept(getattr(rollup, name)) for name in _FIGURES]
    body = bytes(form for form, _ in figures)
    body += b"".join(_shuffled(column, kind) for column, kind in zip(columns, _COUNT_TYPES, strict=True))
    body += b"".join(_shuffled(column, _FORMS[form]) for form, column in figures)
    packed = zlib.compress(body, _LEVEL)
    head = (_VERSION, rollup.bucket_s, len(place))
    return _HEAD.pack(*head, _checksum(head, packed)) + packed


def check_rollup(blob: bytes) -> tuple[int, int, int, bytes]:
    """Return a rollup's header and what is packed; raise ``StoreError`` where its checksum does not fit."""
    if not isinstance(blob, bytes) or len(blob) < _HEAD.size:
        raise damaged("A rollup is too short.")
    version, bucket_s, count, checksum = _HEAD.unpack_from(blob)
    packed = blob[_HEAD.size :]
    if checksum != _checksum((version, bucket_s, count), packed):
        raise damaged("A rollup does not fit its checksum.")
    return version, bucket_s, count, packed


def unpack_rollup(blob: bytes, day: int) -> Rollup:
    """Unpack the buckets of one day."""
    version, bucket_s, count, packed = check_rollup(blob)
    known = version in (_VERSION, _VERSION_WITHOUT_FORMS)
    if not known or bucket_s == 0 or count * bucket_s > DAY_S:
        raise damaged("A rollup has a form that this program does not know.")
    forms, columns = _taken_apart(_inflated_up_to(packed, len(_FIGURES) + count * _MOST_ROW_BYTES), version)
    if len(columns[0]) != count:
        raise damaged("A rollup has another size than it says.")
    place, answered, lost, not_run = (column.astype(np.int64) for column in columns[:4])
    low, mean, high, p50, p95, p99 = map(_told, forms, columns[4:])
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
    head = (_HISTOGRAMS_VERSION, len(histograms))
    return _HISTOGRAMS_HEAD.pack(*head, _checksum(head, packed)) + packed


def check_histograms(blob: bytes) -> tuple[int, bytes]:
    """Return how many there are and what is packed; raise ``StoreError`` where its checksum does not fit."""
    if not isinstance(blob, bytes) or len(blob) < _HISTOGRAMS_HEAD.size:
        raise damaged("Histograms are too short.")
    version, count, checksum = _HISTOGRAMS_HEAD.unpack_from(blob)
    packed = blob[_HISTOGRAMS_HEAD.size :]
    if version != _HISTOGRAMS_VERSION or checksum != _checksum((version, count), packed):
        raise damaged("Histograms do not fit their checksum.")
    return count, packed


def unpack_histograms(blob: bytes) -> list[LogHistogram]:
    """Unpack the histograms of a day's buckets."""
    count, packed = check_histograms(blob)
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


def _kept(figures: FloatArray) -> tuple[int, npt.NDArray[np.generic]]:
    """Choose a column's form (rule 2); return it and the column in it."""
    exact = np.ascontiguousarray(figures).view(np.int64)
    with np.errstate(over="ignore", invalid="ignore"):
        short = figures.astype(np.float32)
        near = np.clip(np.rint(figures * _PER_ONE), _NO_FIGURE + 1, -(_NO_FIGURE + 1))
    millionths = np.where(np.isnan(figures), _NO_FIGURE, near).astype(np.int32)
    columns: Sequence[tuple[int, npt.NDArray[np.generic]]] = ((_SHORT, short), (_MILLIONTHS, millionths))
    for form, column in columns:
        if np.array_equal(_told(form, column).view(np.int64), exact):
            return form, column
    return _LONG, figures


def _told(form: int, column: npt.NDArray[np.generic]) -> FloatArray:
    """Return the figures of a column in one of the forms."""
    figures = column.astype(np.float64)
    if form == _MILLIONTHS:
        return np.where(figures == _NO_FIGURE, np.nan, figures / _PER_ONE)
    return figures


def _taken_apart(body: bytes, version: int) -> tuple[Sequence[int], list[npt.NDArray[np.generic]]]:
    """Return the forms of the figures, and all columns; they are as long as the body makes them."""
    forms: Sequence[int] = (_SHORT,) * len(_FIGURES)
    if version == _VERSION:
        forms, body = body[: len(_FIGURES)], body[len(_FIGURES) :]
    if len(forms) != len(_FIGURES) or max(forms) >= len(_FORMS):
        raise damaged("A rollup has figures in a form that this program does not know.")
    kinds = (*_COUNT_TYPES, *(_FORMS[form] for form in forms))
    count, rest = divmod(len(body), sum(np.dtype(kind).itemsize for kind in kinds))
    if rest:
        raise damaged("A rollup has another size than it says.")
    columns: list[npt.NDArray[np.generic]] = []
    start = 0
    for kind in kinds:
        end = start + np.dtype(kind).itemsize * count
        columns.append(_unshuffled(body[start:end], kind))
        start = end
    return forms, columns


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
