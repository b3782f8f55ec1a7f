"""From an agent's value to a number, and to text that is safe on any screen."""

from __future__ import annotations

import math
import struct
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.client import RawValue
from probes.snmp.values import DETAIL_CHARACTERS, evidence, number_of, shown

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories that steer a screen."""


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (0, 0.0),
        (-98, -98.0),
        (10**400, None),
        (2**64 - 1, float(2**64 - 1)),
        (1.5, 1.5),
        (math.nan, None),
        (math.inf, None),
        (b"-98 dBm", -98.0),
        (b"-98dBm", -98.0),
        (b"+12.5 V", 12.5),
        (b"RSRP: -101.5 dBm", -101.5),
        (b"RSRP: -101.5 dBm, RSRQ: -11 dB", None),
        (b"42\x00", 42.0),
        (b"17\r\n", 17.0),
        (b"21.5 \xc2\xb0C", 21.5),
        (b"north mast", None),
        (b"", None),
        (b"1.2.3", None),
        (b"10:30:05", None),
        (b"2024-05-01", None),
        (b"-98,5 dBm", -98.5),
        (b"LTE-4", None),
        (b"eth0", None),
        (b"00:1a:2b:3c:4d:5e", None),
        (b"10.0.0.1", None),
        (b"\x00\x1a\x2b\x3c\x4d\x5e", None),
        (b"\x07\xe8\x05\x01\x0a\x1e\x05\x00", None),
        (b"12\x1b[2J", None),
        (b"\xff12", None),
        (b"9" * 400, None),
        ("1.3.6.1.4.1", None),
        ("10.0.0.1", None),
        ("5", None),
        (b"\x9f\x78\x04" + struct.pack(">f", 0.5), 0.5),
        (b"\x9f\x79\x08" + struct.pack(">d", -2.25), -2.25),
        (b"\x9f\x78\x04" + struct.pack(">f", math.nan), None),
    ],
)
def test_the_number_of_a_value(raw: RawValue, number: float | None) -> None:
    """What stands for a number is one; what only looks like one is not."""
    assert number_of(raw) == number


@given(st.binary(max_size=300) | st.integers() | st.floats() | st.text(max_size=50))
def test_no_value_breaks_anything(raw: RawValue) -> None:
    """Any value yields a finite number or none, and text without anything that steers a screen."""
    number = number_of(raw)
    assert number is None or math.isfinite(number)
    assert not STEERING & {unicodedata.category(letter) for letter in shown(raw)}


@given(st.decimals(-(10**6), 10**6, places=3))
def test_a_decimal_with_its_unit_comes_through(number: object) -> None:
    """Every decimal number that a device writes before its unit is read as it is."""
    text = f"{number:f} dBm"
    assert number_of(text.encode()) == pytest.approx(float(text.removesuffix(" dBm")))


def test_evidence_is_bounded_and_escaped() -> None:
    """However much a device says, the raw answer stays short and harmless."""
    answer: dict[str, RawValue] = {f"1.3.6.1.{number}": b"\x1b[31m" + b"x" * 300 for number in range(40)}
    assert len(evidence(answer)) <= DETAIL_CHARACTERS
    assert not STEERING & {unicodedata.category(letter) for letter in evidence(answer)}
    assert evidence({"1.3.6": b"-98 dBm"}) == '1.3.6 = "-98 dBm"'
    assert evidence({"1.3.6": b"\x00\xff"}) == "1.3.6 = 0x00ff"
    assert evidence({"1.3.6": 5}) == "1.3.6 = 5"
    assert evidence({"1.3.6": b"\x9f\x78\x04" + struct.pack(">f", 0.5)}) == "1.3.6 = opaque 0.5"
