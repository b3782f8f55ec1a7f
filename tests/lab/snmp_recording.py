"""Recordings of devices: their objects as an agent would serve them. It serves nothing itself.

Two forms: ``snmprec`` (``OID|type|value``; a type with ``x`` behind it has its value in hexadecimal, one with
``e`` is escaped), and the numeric output of ``snmpwalk -On`` (``.OID = TYPE: value``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from probes.snmp.client import RawValue
from probes.snmp.objects import Objects

INTEGER, OCTETS, NULL, IDENTIFIER = 2, 4, 5, 6
ADDRESS, COUNTER32, GAUGE, TICKS, OPAQUE, COUNTER64 = 64, 65, 66, 67, 68, 70
_NUMBERS: Final = frozenset({INTEGER, COUNTER32, GAUGE, TICKS, COUNTER64})
_WALKED: Final = re.compile(r"\.?([0-9.]+) = (?:([A-Za-z0-9-]+): ?)?(.*)")
_WALK_TYPES: Final = {
    "INTEGER": INTEGER,
    "Gauge32": GAUGE,
    "Unsigned32": GAUGE,
    "Counter32": COUNTER32,
    "Counter64": COUNTER64,
    "Timeticks": TICKS,
    "STRING": OCTETS,
    "Hex-STRING": OCTETS,
    "OID": IDENTIFIER,
    "IpAddress": ADDRESS,
    "Network Address": ADDRESS,
}
_LAST_DIGITS: Final = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Recorded:
    """One object: its identifier without a leading dot, its type's tag, and its value."""

    oid: str
    tag: int
    value: RawValue


def read_recording(file: Path) -> list[Recorded]:
    """Read a recording of either form; objects without a value are left out."""
    lines = file.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    return list(_walked(lines) if file.suffix == ".snmpwalk" else _recorded(lines))


def objects_of(recording: list[Recorded]) -> Objects:
    """Return what a client would have been answered."""
    return Objects({each.oid: each.value for each in recording})


def _recorded(lines: list[str]) -> Iterator[Recorded]:
    for line in lines:
        oid, kind, value = [*line.split("|", 2), "", ""][:3]
        if oid and kind:
            tag = int(kind.rstrip("xeE"))
            octets = bytes.fromhex(value) if kind.endswith("x") else value.encode(errors="surrogateescape")
            # Whoever took private parts out of a recording left letters where a counter was.
            if tag != NULL and not (tag in _NUMBERS and _LAST_DIGITS.fullmatch(value) is None):
                yield Recorded(oid.removeprefix("."), tag, _typed(tag, octets))


def _typed(tag: int, octets: bytes) -> RawValue:
    if tag in _NUMBERS:
        return int(octets)
    if tag == IDENTIFIER:
        return octets.decode().removeprefix(".")
    if tag == ADDRESS:
        return ".".join(map(str, octets)) if len(octets) == 4 else octets.decode()
    return octets


def _walked(lines: list[str]) -> Iterator[Recorded]:
    for line in _whole(lines):
        found = _WALKED.fullmatch(line)
        if found is None:
            continue
        oid, kind, text = found.groups()
        tag = _WALK_TYPES.get(kind or "", OCTETS if text.startswith('"') else TICKS)
        if kind == "Hex-STRING":
            yield Recorded(oid, tag, bytes.fromhex(text))
        elif tag in _NUMBERS:
            digits = _LAST_DIGITS.findall(text)
            if digits:
                yield Recorded(oid, tag, int(digits[-1] if "(" in text else digits[0]))
        elif tag == OCTETS:
            yield Recorded(oid, tag, text.strip('"').encode(errors="surrogateescape"))
        else:
            yield Recorded(oid, tag, text.removeprefix("."))


def _whole(lines: list[str]) -> Iterator[str]:
    """Join lines that go on on the next one."""
    whole = ""
    for line in lines:
        if _WALKED.fullmatch(line) and line.startswith("."):
            if whole:
                yield whole
            whole = line
        elif whole:
            whole += " " + line
    if whole:
        yield whole
