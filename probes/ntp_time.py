"""Times as NTP and what follows it write them on the wire (RFC 5905, 6). No clock is read.

They are whole numbers of 2**-32 seconds modulo 2**64, so that their differences are exact and right across
the turn of an era in 2036.
"""

from __future__ import annotations

from typing import Final

_UNIX_EPOCH_S: Final = 2_208_988_800
"""Seconds from 1900, where NTP begins to count, to 1970."""

_FRACTION: Final = 1 << 32
_TURN: Final = 1 << 64


def wire_time(unix_s: float) -> int:
    """Write POSIX seconds as on the wire."""
    whole_s = int(unix_s // 1)
    fraction = round((unix_s - whole_s) * _FRACTION)
    return ((whole_s + _UNIX_EPOCH_S) * _FRACTION + fraction) % _TURN


def later(time: int, seconds: float) -> int:
    """Return the time that is so many seconds later."""
    return (time + round(seconds * _FRACTION)) % _TURN


def difference(earlier: int, later: int) -> int:
    """Subtract two times, in either direction, in units of the wire."""
    units = (later - earlier) % _TURN
    return units - _TURN if units >= _TURN // 2 else units


def seconds_between(earlier: int, later: int) -> float:
    """Subtract two times that are less than 68 years apart, in either direction."""
    return difference(earlier, later) / _FRACTION
