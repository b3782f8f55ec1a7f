"""A text that is one number: the whole of it, and nothing more. Pure.

Rules
1. The text is a sign, digits with a point or a comma, and a unit that is known here; each may be missing but
   the digits. Whatever else stands there, even behind the number, makes it no number: ``5G-NSA``, ``1e5``,
   ``0x1F``, ``12 of 20`` and ``1.2.3`` are none. Only a label of letters may stand before it, which ends in
   ``:`` or ``=``: ``RSRP: -97 dBm``. One with digits is none: ``10:30`` would tell 30. Nor is one that speaks
   of an error: ``Error: 5`` is no level.
2. A minus may be the sign of typographers (U+2212) or a dash (U+2013): a level must not lose its sign.
3. A comma before exactly three digits may part thousands, so that is no number, unless a 0 stands before it.
4. The unit is understood and not converted: a template says itself in which unit its device tells. Fahrenheit
   is no unit here, as such a number would pass for another temperature.
"""

from __future__ import annotations

import re
from typing import Final

MINUS_SIGNS: Final = "\u2212\u2013"
"""What devices write for a minus besides ``-``."""

_UNITS: Final = (
    *("dBm", "dbm", "DBM", "dBM", "Dbm", "dB", "db", "DB", "Db", "dBi", "dBc", "dBmV", "dBuV", "%"),
    *(
        "°C",
        "° C",
        "ºC",
        "C",
        "degC",
        "deg C",
        "deg. C",
        "degrees C",
        "Celsius",
        "celsius",
        "degrees Celsius",
    ),
    *("V", "mV", "kV", "Volt", "Volts", "volt", "volts", "VDC", "Vdc", "VAC", "Vac", "V DC", "V AC"),
    *("A", "mA", "Amp", "Amps", "amp", "amps", "W", "mW", "kW", "Watt", "Watts", "watt", "watts"),
    *("VA", "kVA", "Wh", "kWh", "Ah", "mAh", "Hz", "kHz", "KHz", "MHz", "GHz", "hz", "khz", "Mhz", "Ghz"),
    *("ns", "us", "µs", "μs", "ms", "s", "sec", "secs", "sec.", "second", "seconds", "min", "mins", "min."),
    *("minute", "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days", "rpm", "RPM", "ppm", "ppb"),
    *("bps", "kbps", "Kbps", "Mbps", "Gbps", "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "kb/s", "Mb/s", "Gb/s"),
    *("m", "km", "B", "kB", "KB", "MB", "GB", "bytes", "Bytes"),
)
_SIGN: Final = rf"[-+{MINUS_SIGNS}]?"
_DIGITS: Final = r"[0-9]{1,18}(?:\.[0-9]{1,18}|,(?![0-9]{3}(?![0-9]))[0-9]{1,18})?|0,[0-9]{3}|[.,][0-9]{1,18}"
_NUMBER: Final = rf"({_SIGN}(?:{_DIGITS}))\s*(?:{'|'.join(map(re.escape, _UNITS))})?"
_NO_LABEL: Final = r"(?!(?i:[^:=]*(?:err|fail|fault|timeout|code)))"
_LABELLED: Final = re.compile(rf"(?:{_NO_LABEL}[^\W\d_]+(?:[ _-][^\W\d_]+){{0,3}}\s*[:=]\s*)?{_NUMBER}")
_WORDS: Final = re.compile(r"[\s/()\[\]=]+|[:;,](?=\s|$)")
_AS_MINUS: Final = str.maketrans(dict.fromkeys(MINUS_SIGNS, "-"))


def number_in(text: str) -> float | None:
    """Return the number that a text is (rule 1), or ``None``."""
    found = _LABELLED.fullmatch(text.strip())
    return None if found is None else float(with_plain_minus(found[1]).replace(",", "."))


def first_number_in(text: str) -> float | None:
    """Return the first number among a text's words, as in ``3 of 5``, ``4/5`` or ``Bars: 4``."""
    numbers = (number_in(word) for word in _WORDS.split(text))
    return next((number for number in numbers if number is not None), None)


def with_plain_minus(text: str) -> str:
    """Write every minus as ``-`` (rule 2)."""
    return text.translate(_AS_MINUS)
