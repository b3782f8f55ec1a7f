"""Turns a device's value into the number that its template says it is. Pure: it asks nobody.

Devices write numbers as integers, as text with and without a unit, as IEEE floats in octet strings, as
hexadecimal, as bits of an octet string. What cannot be decoded is no number: never 0.

Rules
1. ``number``: an integer or float is itself; a text is the number that the whole of it is (``number_text``).
2. ``float_le``: four octets, IEEE 754, the lowest first (Hytera).
3. ``hexadecimal``: octets as one whole number, the highest first; or a text's digits, with or without 0x.
4. ``bit``: one bit of SNMP's BITS, counted from the highest of the first octet (RFC 2578, 7.1.4); of an
   integer, counted from the lowest. A string that ends before it has it not set.
5. ``digits``: the first number among the words of a text, as in ``3 of 5``.
6. ``length``: how many octets there are, for what is only counted.
"""

from __future__ import annotations

import enum
import math
import re
import struct
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.number_text import first_number_in
from probes.snmp.values import number_of, text_of

_FLOAT_OCTETS: Final = 4
_OCTET_BITS: Final = 8
_MOST_HEX_OCTETS: Final = 8
_HEX_TEXT: Final = re.compile(r"\s*(?:0[xX])?([0-9a-fA-F]{1,16})\s*")


class Decoding(enum.StrEnum):
    """How a value is written."""

    NUMBER = "number"
    FLOAT_LE = "float_le"
    HEXADECIMAL = "hexadecimal"
    BIT = "bit"
    DIGITS = "digits"
    LENGTH = "length"


def decoded(raw: RawValue, decoding: Decoding, bit: int = 0) -> float | None:
    """Return the number, or ``None`` where there is none. ``bit`` is for ``Decoding.BIT`` alone."""
    match decoding:
        case Decoding.NUMBER:
            return number_of(raw)
        case Decoding.FLOAT_LE:
            return _float_le(raw)
        case Decoding.HEXADECIMAL:
            return _hexadecimal(raw)
        case Decoding.BIT:
            return _bit(raw, bit)
        case Decoding.DIGITS:
            return _digits(raw)
        case Decoding.LENGTH:
            return float(len(raw)) if isinstance(raw, bytes) else None


def _float_le(raw: RawValue) -> float | None:
    if not isinstance(raw, bytes) or len(raw) != _FLOAT_OCTETS:
        return None
    (number,) = struct.unpack("<f", raw)
    return float(number) if math.isfinite(number) else None


def _hexadecimal(raw: RawValue) -> float | None:
    if not isinstance(raw, bytes):
        return number_of(raw)
    text = text_of(raw)
    written = _HEX_TEXT.fullmatch(text) if text else None
    if written is not None:
        return float(int(written[1], 16))
    return float(int.from_bytes(raw, "big")) if 0 < len(raw) <= _MOST_HEX_OCTETS else None


def _bit(raw: RawValue, bit: int) -> float | None:
    if isinstance(raw, bytes):
        octet, place = divmod(bit, _OCTET_BITS)
        if not raw:
            return None
        return float(octet < len(raw) and bool(raw[octet] & (0x80 >> place)))
    number = number_of(raw)
    return float(int(number) >> bit & 1) if number is not None and number >= 0 else None


def _digits(raw: RawValue) -> float | None:
    text = text_of(raw) if isinstance(raw, bytes) else None
    if text is None:
        return number_of(raw)
    return first_number_in(text)
