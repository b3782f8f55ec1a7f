"""What an agent's value says as a number, and how it looks to a person. It asks nobody."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping

from controlroom.report.escaping import printable
from probes.snmp.client import RawValue
from probes.snmp.number_text import number_in

DETAIL_CHARACTERS = 1000
"""How much of a raw answer is kept as evidence."""

_TEXT_BYTES = 255
_OPAQUE_FLOAT = b"\x9f\x78\x04"
_OPAQUE_DOUBLE = b"\x9f\x79\x08"


def number_of(raw: RawValue) -> float | None:
    """Give the number that a value holds, or ``None`` where it holds none.

    1. An integer of up to 64 bits or a float is itself; what is not finite is no number.
    2. Net-SNMP's opaque float and double are read as IEEE 754.
    3. A printable octet string is the number that its whole text is (``number_text``).
    4. A name or an address (``str``) is never a number, however it looks.
    """
    if isinstance(raw, int):
        return float(raw) if raw.bit_length() <= 64 else None
    if isinstance(raw, float):
        return _finite(raw)
    if isinstance(raw, str):
        return None
    if len(raw) == 7 and raw.startswith(_OPAQUE_FLOAT):
        return _finite(struct.unpack(">f", raw[3:])[0])
    if len(raw) == 11 and raw.startswith(_OPAQUE_DOUBLE):
        return _finite(struct.unpack(">d", raw[3:])[0])
    text = text_of(raw) if len(raw) <= _TEXT_BYTES else None
    return number_in(text) if text is not None else None


def shown(raw: RawValue) -> str:
    """Write a value for a person: numbers and names as they are, text in quotes, other octets in hex."""
    if not isinstance(raw, bytes):
        return printable(str(raw), _TEXT_BYTES)
    if (number := number_of(raw)) is not None and raw.startswith(b"\x9f"):
        return f"opaque {number:g}"
    text = text_of(raw)
    if text is None:
        return printable(f"0x{raw[:_TEXT_BYTES].hex()}", 2 * _TEXT_BYTES)
    return f'"{printable(text, _TEXT_BYTES)}"'


def plain(raw: RawValue) -> str:
    """Write a value as it is compared and named by: text as it is, other octets in hex."""
    return text_of(raw) or raw.hex() if isinstance(raw, bytes) else str(raw)


def evidence(values: Mapping[str, RawValue]) -> str:
    """Write an answer as it came, one object after the other, bounded and without control characters."""
    return printable("; ".join(f"{oid} = {shown(raw)}" for oid, raw in values.items()), DETAIL_CHARACTERS)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def text_of(raw: bytes) -> str | None:
    """Return the text that octets are, or ``None`` where they are none."""
    # Devices end strings with a NUL, and lines with CR or LF; within text, any other control octet
    # says that this is no text (a MAC address, a date and time).
    try:
        text = raw.rstrip(b"\x00").decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if all(letter.isprintable() or letter in "\t\r\n" for letter in text) else None
