"""Columns and lanes to bytes, those of many chunks at once. Pure. The format is told in ``lanes``.

Rules
1. Nothing of one column or lane depends on those beside it: packed alone it comes to the same bytes.
2. What costs a call whatever its length is done for all at once; only what each has of its own (its head,
   its planes, its blocks of deflate) is done one by one.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from controlroom.store.interface import BoolArray, FloatArray, IntArray
from controlroom.store.sqlite.lanes import (
    BIT,
    BITS,
    COUNT,
    DIFFERENCES,
    LINE,
    NOISE_APART,
    NOISE_BITS,
    NUMBERS,
    OWN_MASK,
    PLAIN,
    SCALES,
    WITHOUT_WRAPPING,
    WORD,
    Head,
    Octets,
)
from controlroom.store.sqlite.ragged import Ragged

_EXACT_UNTIL: Final = 2.0**53
_LEVEL: Final = 1
"""Of repetitions only runs are looked for; there a higher level changes nothing but the time."""

_STEP_SAMPLE: Final = 8
_CHANCE: Final = 8
"""How much more often than four times its share a value may come among noise."""

_FEWEST: Final = 32
_NO_PLANES: Final[Octets] = np.zeros((0, 0), dtype=np.uint8)

Words = npt.NDArray[np.uint64]


class PackedColumn(NamedTuple):
    """A column's head, its planes, and the noise that stands apart, if any."""

    head: Head
    planes: Octets
    noise: bytes = b""


class _Ordered(NamedTuple):
    """A column's numbers in an order, with the order's term, the lowest of them and their span."""

    order: int
    term: int
    numbers: IntArray
    lowest: int
    span: int


def pack_columns(columns: Sequence[IntArray], *, noise_apart: bool = False) -> list[PackedColumn]:
    """Turn columns of whole numbers into heads and the planes of their offsets."""
    filled = [column for column in columns if len(column)]
    packed = _packed(_ordered(filled), noise_apart) if filled else iter(())
    return [next(packed) if len(column) else PackedColumn(Head(), _NO_PLANES) for column in columns]


def pack_lanes(lanes: Sequence[FloatArray], replied: Sequence[BoolArray]) -> list[bytes]:
    """Pack series: of each a value for each reading, NaN where there is none, and which were replied to."""
    if not lanes:
        return []
    values = np.concatenate(lanes)
    present = ~np.isnan(values)
    bounds = np.cumsum([0, *map(len, lanes)])
    kept = _divided(values[present], _counted(present, bounds))
    whole = _whole(kept)
    packed = pack_columns([numbers for _, numbers in whole], noise_apart=True)
    differing = _counted(present != np.concatenate(replied), bounds)
    masks = iter(
        pack_columns(
            [
                present[start:end].astype(np.int64)
                for (start, end), own in zip(pairwise(bounds.tolist()), differing, strict=True)
                if own
            ]
        )
    )
    return [
        _lane(codec, column, len(numbers), next(masks) if own else None)
        for (codec, numbers), column, own in zip(whole, packed, differing, strict=True)
    ]


def _lane(codec: int, column: PackedColumn, count: int, mask: PackedColumn | None) -> bytes:
    codec |= NOISE_APART if column.noise else 0
    if mask is None:
        return bytes((codec,)) + column.head.packed() + column.noise + deflated([column.planes])
    heads = COUNT.pack(count) + mask.head.packed() + column.head.packed()
    return bytes((codec | OWN_MASK,)) + heads + column.noise + deflated([mask.planes, column.planes])


def deflated(columns: Sequence[Octets]) -> bytes:
    """Deflate the planes of columns (rule 2 of the format), or join them where that is no longer."""
    planes = [plane for column in columns for plane in column]
    if not planes:
        return b""
    deflater = zlib.compressobj(_LEVEL, zlib.DEFLATED, WITHOUT_WRAPPING, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    blocks = [deflater.compress(planes[0])]
    for plane in planes[1:]:
        blocks += (deflater.flush(zlib.Z_BLOCK), deflater.compress(plane))
    body = b"".join((*blocks, deflater.flush()))
    return body if len(body) < sum(map(len, planes)) else b"".join(map(bytes, planes))


def _counted(marks: BoolArray, bounds: IntArray) -> list[int]:
    """Count the marks between neighbouring bounds."""
    counted: list[int] = np.diff(np.concatenate(([0], np.cumsum(marks)))[bounds]).tolist()
    return counted


def _divided(values: FloatArray, counts: Iterable[int]) -> list[FloatArray]:
    return [values[start:end] for start, end in pairwise(np.cumsum([0, *counts]).tolist())]


def _ordered(columns: Sequence[IntArray]) -> list[_Ordered]:
    """Choose an order for each column; another than its own only where it leads somewhere."""
    rows = Ragged(columns)
    lowest, highest = rows.lowest(rows.flat).tolist(), rows.highest(rows.flat).tolist()
    ordered = [
        _Ordered(PLAIN, 0, numbers, low, high - low)
        for numbers, low, high in zip(columns, lowest, highest, strict=True)
    ]
    first, last = rows.flat[rows.starts].tolist(), rows.flat[rows.ends - 1].tolist()
    leading = [
        place
        for place, each in enumerate(ordered)
        if each.span and 2 * abs(last[place] - first[place]) >= each.span
    ]
    for place, better in zip(leading, _led([ordered[place] for place in leading]), strict=True):
        ordered[place] = better
    return ordered


def _led(columns: Sequence[_Ordered]) -> Iterator[_Ordered]:
    """Take columns as lines or as differences where that halves their span."""
    if not columns:
        return
    rows = Ragged([each.numbers for each in columns])
    differences = np.diff(rows.flat, prepend=0)
    differences[rows.starts] = differences[rows.starts + 1]
    paces = [int(np.partition(row, len(row) // 2)[len(row) // 2]) for row in rows.rows(differences)]
    lines = rows.flat - rows.places() * rows.spread(paces)
    extremes = zip(rows.lowest(lines).tolist(), rows.highest(lines).tolist(), strict=True)
    parts = zip(columns, paces, rows.rows(lines), extremes, rows.rows(differences), strict=True)
    for plain, pace, line, (low, high), other in parts:
        best = _Ordered(LINE, pace, line, low, high - low)
        if best.span > abs(pace):
            best = min(best, _as_differences(plain.numbers, other), key=lambda order: order.span)
        yield best if 2 * best.span < plain.span else plain


def _as_differences(numbers: IntArray, differences: IntArray) -> _Ordered:
    start = int((numbers[:1] - differences[:1])[0])
    low, high = int(differences.min()), int(differences.max())
    return _Ordered(DIFFERENCES, start, differences, low, high - low)


def _packed(columns: Sequence[_Ordered], noise_apart: bool) -> Iterator[PackedColumn]:
    wide = [each for each in columns if each.span]
    offsets = _offsets(wide) if wide else iter(())
    for each in columns:
        if each.span:
            yield _column(each, next(offsets), noise_apart)
        else:
            yield PackedColumn(Head(0, each.order, each.lowest, 1, each.term), _NO_PLANES)


def _offsets(columns: Sequence[_Ordered]) -> Iterator[Words]:
    """Return how far a column's numbers lie above the lowest of them."""
    rows = Ragged([each.numbers for each in columns])
    return rows.rows((rows.flat - rows.spread(each.lowest for each in columns)).view(np.uint64))


def _column(ordered: _Ordered, offset: Words, noise_apart: bool) -> PackedColumn:
    step = _step(offset)
    if step > 1:
        offset = offset // np.uint64(step)
    highest, noise = ordered.span // step, b""
    if noise_apart and highest >> NOISE_BITS and _is_noise(offset):
        noise, offset, highest = _noise(offset), offset >> np.uint64(NOISE_BITS), highest >> NOISE_BITS
    width = BIT if highest == 1 else (highest.bit_length() + 7) // 8
    planes = np.packbits(offset != 0).reshape(1, -1) if width == BIT else _octets(offset)[:, :width].T
    head = Head(width, ordered.order, ordered.lowest, step, ordered.term)
    return PackedColumn(head, np.ascontiguousarray(planes), noise)


def _octets(offset: Words) -> Octets:
    return offset.astype("<u8", copy=False).view(np.uint8).reshape(-1, WORD)


def _is_noise(offset: Words) -> bool:
    """Tell whether all values of bits 4 to 11 are about as frequent; then those below are noise too."""
    if len(offset) < _FEWEST:
        return False
    most = int(np.bincount((offset >> np.uint64(4)).astype(np.uint8)).max())
    return most <= len(offset) / 64 + _CHANCE


def _noise(offset: Words) -> bytes:
    """Return the lowest bits: an octet of each, then the next four bits of two by two."""
    octets = _octets(offset)
    next_bits = octets[:, 1] & 15
    pairs = next_bits[0::2].copy()
    pairs[: len(next_bits) // 2] |= next_bits[1::2] << 4
    return octets[:, 0].tobytes() + pairs.tobytes()


def _step(offset: Words) -> int:
    """Find the largest step that all offsets are multiples of; a few of them mostly show that it is one."""
    few = math.gcd(*offset[:_STEP_SAMPLE].tolist())
    return 1 if few == 1 else int(np.gcd.reduce(offset))


def _whole(lanes: Sequence[FloatArray]) -> list[tuple[int, IntArray]]:
    """Choose the codec of each lane's values, which are without NaN (rule 4 of the format)."""
    found = [(BITS if len(lane) else NUMBERS, lane.view(np.int64)) for lane in lanes]
    filled = [place for place, lane in enumerate(lanes) if len(lane)]
    if not filled:
        return found
    rows = Ragged([lanes[place] for place in filled])
    peaks, firsts = rows.highest(np.abs(rows.flat)).tolist(), rows.flat[rows.starts].tolist()
    left = list(zip(filled, peaks, firsts, strict=True))
    for codec, scale in SCALES.items():
        tried = [
            place
            for place, peak, first in left
            if peak * scale < _EXACT_UNTIL and round(first * scale) / scale == first
        ]
        for place, numbers in zip(tried, _exact([lanes[place] for place in tried], scale), strict=True):
            if numbers is not None:
                found[place] = codec, numbers
        left = [each for each in left if found[each[0]][0] == BITS]
    return found


def _exact(lanes: Sequence[FloatArray], scale: float) -> Iterator[IntArray | None]:
    """Turn lanes into whole numbers of a scale, each of them if all its values come back to the bit."""
    if not lanes:
        return
    rows = Ragged(lanes)
    numbers = np.rint(rows.flat * scale).astype(np.int64)
    same = (numbers / scale).view(np.int64) == rows.flat.view(np.int64)
    for whole, row in zip(rows.lowest(same).tolist(), rows.rows(numbers), strict=True):
        yield row if whole else None
