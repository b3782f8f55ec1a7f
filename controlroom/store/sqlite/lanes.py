"""The form in which many whole numbers, or many values, are few bytes, and how they are read. Pure.

It is written by ``lane_packing``.

    head = form u8 (width | order << 4), lengths u16 (of base | step << 4 | term << 8), base, step, term
    body = planes u8[width][n] of one column or more, deflated, or as they are where that is no longer
    lane = codec u8 (| 128 with a mask of its own, | 64 with noise apart), [n u32, head of the mask], head,
           [noise: low octet u8[n], next four bits of two numbers u8[(n + 1) / 2]], body

Rules
1. A column is n offsets, width bytes each (or one bit, the width ``BIT``): y = base + step · offset, modulo
   2**64. In order 0 the numbers are y; in order 1 each is its y more than the one before it, the first
   counted from the term; in order 2 each is y + term · index. Numbers all equal, or evenly apart, have
   width 0 and no body.
2. Offsets are byte-shuffled, and every plane is a block of deflate of its own: the lowest bytes are
   often noise, for which the others would pay if one table of codes had to do for all.
3. Round-trip times are never kept as differences: that makes them larger. Another order is tried only
   where the numbers lead from one end of their range to the other, as times and counters do.
4. A codec turns values into whole numbers: themselves, their microseconds, or their bits, whichever is
   the first that gives the same bits back (so -0.0 is kept as bits).
5. In a lane whose lowest ``NOISE_BITS`` are noise these stand apart, as they are, and the offsets are what is
   left above them: so neither tables of codes nor time is spent on what deflating cannot make shorter.
6. Only values that are there are kept, n of them: one for each reply, or for each bit of the lane's mask.
7. What does not fit raises ``StoreError`` ``store-damaged`` and nothing else; a body is never unpacked
   beyond the size that its heads say.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from controlroom.store.interface import BoolArray, FloatArray, IntArray
from controlroom.store.sqlite.failure import damaged

Octets = npt.NDArray[np.uint8]

BIT: Final = 9
WORD: Final = 8
"""Bytes of the widest offset, and of the longest number in a head."""

PLAIN: Final = 0
DIFFERENCES: Final = 1
LINE: Final = 2

NUMBERS: Final = 0
MICROSECONDS: Final = 1
BITS: Final = 2
SCALES: Final = {NUMBERS: 1.0, MICROSECONDS: 1e6}
OWN_MASK: Final = 0x80
NOISE_APART: Final = 0x40
NOISE_BITS: Final = 12
WITHOUT_WRAPPING: Final = -zlib.MAX_WBITS
_TOO_EARLY: Final = "A chunk of readings ends too early."
_FORM: Final = struct.Struct("<BH")
COUNT: Final = struct.Struct("<I")


class Cursor:
    """Reads bytes from the first to the last, and never beyond."""

    def __init__(self, blob: bytes, at: int = 0) -> None:
        """Start there."""
        self.blob = blob
        self.at = at

    def take(self, length: int) -> bytes:
        """Read the next bytes."""
        start, self.at = self.at, self.at + length
        if self.at > len(self.blob):
            raise damaged(_TOO_EARLY)
        return self.blob[start : self.at]

    def take_fields(self, form: struct.Struct) -> tuple[int, ...]:
        """Read the next fields, all of them whole numbers."""
        start, self.at = self.at, self.at + form.size
        if self.at > len(self.blob):
            raise damaged(_TOO_EARLY)
        return form.unpack_from(self.blob, start)

    def take_rest(self) -> bytes:
        """Read all that is left."""
        return self.take(len(self.blob) - self.at)


class Head(NamedTuple):
    """How the numbers of a column come from its offsets (rule 1)."""

    width: int = 0
    order: int = PLAIN
    base: int = 0
    step: int = 1
    term: int = 0

    def packed(self) -> bytes:
        """Write it as bytes; zeros, and a step of one, need none."""
        base, term = _signed_bytes(self.base), _signed_bytes(self.term)
        step = b"" if self.step == 1 else self.step.to_bytes((self.step.bit_length() + 7) // 8, "little")
        lengths = len(base) | len(step) << 4 | len(term) << 8
        return _FORM.pack(self.width | self.order << 4, lengths) + base + step + term

    def size(self, count: int) -> int:
        """Return the bytes that the planes of so many numbers take."""
        return (count + 7) // 8 if self.width == BIT else self.width * count


def take_head(cursor: Cursor) -> Head:
    """Read the head of a column."""
    form, lengths = cursor.take_fields(_FORM)
    base, step, term = lengths & 15, lengths >> 4 & 15, lengths >> 8
    if form & 15 > BIT or form >> 4 > LINE or max(base, step, term) > WORD:
        raise damaged("A chunk of readings has a column of a form that this program does not know.")
    octets = cursor.take(base + step + term)
    return Head(
        form & 15,
        form >> 4,
        int.from_bytes(octets[:base], "little", signed=True),
        int.from_bytes(octets[base : base + step], "little") if step else 1,
        int.from_bytes(octets[base + step :], "little", signed=True) if term else 0,
    )


def unpack_column(head: Head, planes: bytes, count: int, noise: bytes | None = None) -> IntArray:
    """Turn a head, its planes and the noise that stood apart into the whole numbers again."""
    if not head.width and head.order == PLAIN and noise is None:
        return np.full(count, head.base, dtype=np.int64)
    numbers = _offsets(head.width, planes, count)
    if noise is not None:
        numbers <<= NOISE_BITS
        numbers += _low_bits(noise, count)
    if head.step != 1:
        numbers *= np.uint64(head.step).astype(np.int64)
    if head.base:
        numbers += np.int64(head.base)
    if head.order == DIFFERENCES:
        return np.cumsum(numbers) + np.int64(head.term)
    if head.order == LINE:
        numbers += np.arange(count) * np.int64(head.term)
    return numbers


def inflated(body: bytes, size: int) -> bytes:
    """Undo ``deflated``; all planes together have this size."""
    if len(body) == size:
        return body
    inflater = zlib.decompressobj(WITHOUT_WRAPPING)
    try:
        planes = inflater.decompress(body, size + 1)
    except zlib.error as error:
        raise damaged(f"A chunk of readings cannot be unpacked: {error}.") from error
    if len(planes) != size or not inflater.eof or inflater.unused_data:
        raise damaged("A part of a chunk of readings has another size than it says.")
    return planes


def unpack_lane(lane: bytes, replied: BoolArray) -> FloatArray:
    """Unpack one series into a value for each reading again."""
    cursor = Cursor(lane)
    codec = cursor.take(1)[0]
    count, mask_head = int(np.count_nonzero(replied)), None
    if codec & OWN_MASK:
        (count,) = cursor.take_fields(COUNT)
        mask_head = take_head(cursor)
    head = take_head(cursor)
    if count > len(replied):
        raise damaged("A chunk of readings has more values than readings.")
    noise = cursor.take(count + (count + 1) // 2) if codec & NOISE_APART else None
    mask_size = mask_head.size(len(replied)) if mask_head else 0
    planes = inflated(cursor.take_rest(), mask_size + head.size(count))
    kept = _values(codec & ~(OWN_MASK | NOISE_APART), unpack_column(head, planes[mask_size:], count, noise))
    if mask_head:
        replied = unpack_column(mask_head, planes[:mask_size], len(replied)) != 0
    return _spread(kept, replied)


def _offsets(width: int, planes: bytes, count: int) -> IntArray:
    if not width:
        return np.zeros(count, dtype=np.int64)
    octets = np.frombuffer(planes, dtype=np.uint8)
    if width == BIT:
        return np.unpackbits(octets, count=count).astype(np.int64)
    if width == 1:
        return octets.astype(np.int64)
    words = np.zeros((count, WORD), dtype=np.uint8)
    words[:, :width] = octets.reshape(width, count).T
    return words.view("<i8").reshape(count).astype(np.int64, copy=False)


def _low_bits(noise: bytes, count: int) -> npt.NDArray[np.uint16]:
    octets = np.frombuffer(noise, dtype=np.uint8)
    pairs = octets[count:]
    low = np.empty((len(pairs) * 2, 2), dtype=np.uint8)
    low[:count, 0] = octets[:count]
    low[0::2, 1] = pairs & 15
    low[1::2, 1] = pairs >> 4
    return low.view("<u2")[:count, 0]


def _values(codec: int, numbers: IntArray) -> FloatArray:
    if codec == BITS:
        return numbers.view(np.float64)
    if codec not in SCALES:
        raise damaged("A chunk of readings holds values in a form that this program does not know.")
    return numbers / SCALES[codec]


def _spread(kept: FloatArray, present: BoolArray) -> FloatArray:
    """Put the values at the readings that have one."""
    count = np.count_nonzero(present)
    if count != len(kept):
        raise damaged("A chunk of readings counts its values wrongly.")
    if count == len(present):
        return kept
    values = np.full(len(present), np.nan)
    values[present] = kept
    return values


def _signed_bytes(number: int) -> bytes:
    length = ((number if number >= 0 else ~number).bit_length() + 8) // 8
    return number.to_bytes(length, "little", signed=True) if number else b""
