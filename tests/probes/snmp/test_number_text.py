"""Tests of when a text is a number: only where nothing else stands in it."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.client import RawValue
from probes.snmp.figures import Lack, number_told
from probes.snmp.number_text import first_number_in, number_in
from probes.snmp.template import Value
from probes.snmp.template_library import templates
from probes.snmp.values import number_of

WHOLE = re.compile(r"[0-9]{1,18}")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("-98", -98),
        ("\u221298 dBm", -98),
        ("\u2013 98 dBm", None),
        ("\u201398,5 dBm", -98.5),
        ("+12.5 V", 12.5),
        ("0,125 A", 0.125),
        (".5", 0.5),
        ("43.0 C", 43),
        ("25C", 25),
        ("21,5 °C", 21.5),
        ("\t 7 %\r\n", 7),
        ("2.4 GHz", 2.4),
        ("100 Mbps", 100),
        ("007", 7),
        ("12 km", 12),
        ("RSRP: -97 dBm", -97),
        ("RSRP=-97", -97),
        ("Signal level : \u221297,5 dBm", -97.5),
        ("Stärke: 4", 4),
    ],
)
def test_a_number_with_its_sign_and_unit(text: str, number: float | None) -> None:
    """However the minus and the decimals are written."""
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("0x1F", "1e5", "1e3", "5G-NSA", "5G", "12 of 20", "AprisaXE - 4RF Ltd", "LTE-4", "4/5", "3;4"),
        *("1,234", "1,234,567", "1.2.3", "10:30", "2024-05-01", "72 F", "--5", "5-", "- 5", "5 dBm 6", "1 2"),
        *("dBm", "", "-", ".", ",", "5.", "inf", "nan", "\u0663", "12\u200b", "9" * 19),
        *("RSRP: -101 dBm -7", "RSRP: -97/-11", "RSRP -97 dBm", "RSRP: n/a", "n78: -97", "a: b: 5", ": 5"),
        *(
            "5: 6",
            "RSRP:",
            "RSRP: RSRQ: -3",
            "uptime 3: 5",
            "one two three four five: 6",
            "RSRP: 5G",
            "Error: 5",
            "read timeout: 3",
        ),
        *("-98dBm/-3dB", "5 dBmm", "1_000", "\u00bd", "5\u00b2", "\u22125G"),
    ],
)
def test_a_text_with_anything_else_is_no_number(text: str) -> None:
    """Never a part of it, never without its sign, never 0."""
    assert number_in(text) is None
    assert number_of(text.encode()) is None


@given(st.text(string.ascii_letters + string.digits, max_size=12))
def test_letters_and_digits_give_no_other_number_than_the_one_that_stands_alone(text: str) -> None:
    """A number is all digits of the text, and before its unit alone."""
    number = number_in(text)
    if WHOLE.fullmatch(text):
        assert number == int(text)
    elif number is not None:
        digits = text.rstrip(string.ascii_letters)
        assert WHOLE.fullmatch(digits)
        assert number == int(digits)
        assert number_in(f"1 {text[len(digits) :]}") == 1  # what follows is a unit


@given(st.text("0123456789 -+.,:/xeGdBmVC\u2212\u2013", max_size=10))
def test_a_number_keeps_its_sign_and_all_its_digits(text: str) -> None:
    """Whatever is written around it."""
    number = number_in(text)
    if number is not None:
        assert (number <= 0) or not set(text) & set("-\u2212\u2013")
        _, label, rest = text.rpartition(":")
        assert not set("0123456789") & set(text[: -len(rest)] if label else "")
        kept = rest.strip().replace("\u2212", "-").replace("\u2013", "-").replace(",", ".")
        assert float(kept.rstrip(" xeGdBmVC")) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            ("3 of 5", 3),
            ("4/5", 4),
            ("Bars: 4", 4),
            ("4 bars", 4),
            ("(2)", 2),
            ("38C", 38),
            ("38.5 C", 38.5),
        ),
        *(("\u22125C", -5), ("5G-NSA", None), ("LTE 5G", None), ("0x1F", None), ("10.0.0.1", None)),
        ("T=-4 C", -4),
    ],
)
def test_the_first_number_among_words(text: str, number: float | None) -> None:
    """Of a text of which a template says so; what is no word by itself is none here either."""
    assert first_number_in(text) == number


def test_a_template_that_wants_the_number_in_a_longer_text_says_so() -> None:
    """By a pattern, which finds a minus of any kind; without one the text is unknown, with what came."""
    given: dict[str, object] = {
        "name": "level_dbm",
        "title": "Level",
        "unit": "dBm",
        "oid": ("1.3.6.1.4.1.9.0",),
    }
    raw: RawValue = "level \u2212101.5 dBm".encode()
    with_pattern = Value.model_validate({**given, "pattern": r"level (\S+ dBm)"})
    assert number_told(with_pattern, raw) == (-101.5, Lack.NONE)
    assert number_told(Value.model_validate(given), raw) == (None, Lack.UNDECODABLE)


@pytest.mark.parametrize(
    ("raw", "number"),
    [("\u221211 dB", -11.0), ("5G-NSA", None), ("1e3", None), ("12 dB", 12.0)],
)
def test_a_template_of_the_program_invents_no_signal(raw: str, number: float | None) -> None:
    """A quality of -11 dB is not 11, which would be excellent; a mode of the network is no level."""
    template = templates()["digi-accelerated"]
    value = next(each for each in template.values if each.name == "snr_db")
    assert number_told(value, raw.encode())[0] == number
