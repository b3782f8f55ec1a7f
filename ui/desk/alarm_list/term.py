"""For how long something an operator does is to hold: what is offered, and what somebody types. Pure.

A time that was typed is ``90`` or ``90 min`` (minutes), ``2 h``, ``1:30`` (hours and minutes), ``3 d``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MINUTE_S: Final = 60.0
HOUR_S: Final = 3600.0
DAY_S: Final = 86400.0

_CLOCK: Final = re.compile(r"(\d{1,3}):([0-5]\d)")
_COUNT: Final = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(min|m|minutes?|h|hours?|d|days?)?")
_UNITS: Final = {"m": MINUTE_S, "h": HOUR_S, "d": DAY_S}


@dataclass(frozen=True, slots=True)
class Term:
    """A time that is offered. ``seconds`` is ``None`` where it has no end of its own."""

    words: str
    seconds: float | None


UNTIL_OVER: Final = Term("until it is over", None)
QUARTER: Final = Term("15 min", 15 * MINUTE_S)
ONE_HOUR: Final = Term("1 h", HOUR_S)
FOUR_HOURS: Final = Term("4 h", 4 * HOUR_S)
EIGHT_HOURS: Final = Term("8 h", 8 * HOUR_S)


def acknowledgement_terms(shift_left_s: float | None) -> tuple[Term, ...]:
    """Offer how long an acknowledgement holds; ``shift_left_s`` is how long the shift lasts, if known."""
    terms = (UNTIL_OVER, QUARTER, ONE_HOUR)
    return terms if shift_left_s is None else (*terms, Term("to the end of the shift", shift_left_s))


def shelf_terms(longest_s: float) -> tuple[Term, ...]:
    """Offer how long an alarm is shelved: what the site allows, an hour first."""
    offered = tuple(
        term
        for term in (ONE_HOUR, QUARTER, FOUR_HOURS, EIGHT_HOURS)
        if term.seconds is not None and term.seconds <= longest_s
    )
    return offered or (Term(term_words(longest_s), longest_s),)


def seconds_of(typed: str) -> float | None:
    """Read a time that somebody typed; ``None`` where it is none, or no time at all."""
    text = typed.strip().lower()
    clock = _CLOCK.fullmatch(text)
    if clock is not None:
        seconds = int(clock[1]) * HOUR_S + int(clock[2]) * MINUTE_S
        return seconds or None
    count = _COUNT.fullmatch(text)
    if count is None:
        return None
    return float(count[1].replace(",", ".")) * _UNITS[(count[2] or "m")[0]] or None


def term_words(seconds: float) -> str:
    """Write a time as it is offered: ``15 min``, ``1 h``, ``1 h 30 min``, ``2 d``."""
    if seconds < MINUTE_S:
        return f"{seconds:.0f} s"
    minutes = round(seconds / MINUTE_S)
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (left, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
