"""A recurrence rule as people and calendars write it (RRULE of RFC 5545), read and bounded. Untrusted text.

Rules:
1. One line of at most 300 characters; parts that mean something for its frequency, each once; whatever else
   is a bad rule, or one that is not supported.
2. Nothing finer than hourly: no seconds, no more than one minute of the hour.
3. A count goes to 1,000 at most; whoever wants more names no end.
4. ``UNTIL`` is a local day, which counts to its end, a local time, or a moment in UTC.
5. No rule keeps a machine busy. A library that repeats "every day, if it is 30 February" looks through eight
   thousand years of days. So what only thins out is a sieve of ours, parts that may contradict each other are
   not taken together, and what is left to the library gives something in nearly every step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from dateutil import rrule

from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal

LONGEST_RULE: Final = 300
MOST_COUNTED: Final = 1000
_MOST_INTERVAL: Final = 1000
_MOST_HOURS: Final = 24 * 7

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY: Final = rf"([+-]?[1-9]\d?)?({'|'.join(_WEEKDAYS)})"
_NUMBERS: Final = r"-?\d{1,2}(,-?\d{1,2}){0,60}"
_PARTS: Final[Mapping[str, str]] = {
    "FREQ": r"[A-Z]{1,10}",
    "INTERVAL": r"\d{1,4}",
    "COUNT": r"\d{1,9}",
    "UNTIL": r"\d{8}(T\d{6}Z?)?",
    "BYDAY": rf"{_DAY}(,{_DAY}){{0,49}}",
    "BYMONTH": _NUMBERS,
    "BYMONTHDAY": _NUMBERS,
    "BYSETPOS": _NUMBERS,
    "BYHOUR": _NUMBERS,
    "BYMINUTE": _NUMBERS,
    "WKST": "|".join(_WEEKDAYS),
}
_BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYSETPOS": (-28, 28),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
}
_MAY_BE_ZERO: Final = frozenset({"BYHOUR", "BYMINUTE"})
_FREQUENCIES: Final[Mapping[str, int]] = {
    "HOURLY": rrule.HOURLY,
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
_TOO_FINE: Final = frozenset({"MINUTELY", "SECONDLY"})
_NOT_SUPPORTED: Final = frozenset({"BYYEARDAY", "BYWEEKNO", "BYEASTER", "RSCALE", "SKIP"})
_SENSELESS: Final[Mapping[str, frozenset[str]]] = {
    "HOURLY": frozenset({"BYSETPOS"}),
    "DAILY": frozenset({"BYSETPOS"}),
    "WEEKLY": frozenset({"BYSETPOS", "BYMONTHDAY"}),
    "MONTHLY": frozenset(),
    "YEARLY": frozenset({"BYSETPOS"}),
}
_SIEVED: Final[Mapping[str, frozenset[str]]] = {
    "HOURLY": frozenset({"BYMONTH", "BYMONTHDAY", "BYDAY", "BYHOUR"}),
    "DAILY": frozenset({"BYMONTH", "BYMONTHDAY", "BYDAY"}),
    "WEEKLY": frozenset({"BYMONTH"}),
    "MONTHLY": frozenset({"BYMONTH"}),
    "YEARLY": frozenset(),
}
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ENDS: Final = frozenset({"COUNT", "UNTIL"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read: what is left to the library, the sieve behind it (rule 5), and the ends.

    An empty set of the sieve lets everything through; ``weekdays`` count from Monday, 0.
    """

    body: str
    frequency: int
    interval: int
    months: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[int]
    hours: frozenset[int]
    count: int | None
    until: datetime | None
    until_is_utc: bool


def read_rule(text: str) -> Rule:
    """Read a rule, with or without ``RRULE:`` before it; refuse what breaks a rule of this page."""
    if len(text) > LONGEST_RULE:
        raise PlanRefusedError(Refusal.BAD_RULE, text[:LONGEST_RULE])
    parts = _parts(text)
    frequency = parts["FREQ"]
    _check_numbers(parts)
    _check_together(parts)
    sieved = _SIEVED[frequency]
    body = ";".join(f"{name}={value}" for name, value in parts.items() if name not in sieved | _ENDS)
    if "WKST" not in parts:
        body += ";WKST=MO"  # the default of the RFC; the library would ask the machine's calendar
    sieve = {name: value for name, value in parts.items() if name in sieved}
    return Rule(
        body=body,
        frequency=_FREQUENCIES[frequency],
        interval=int(parts.get("INTERVAL", "1")),
        months=frozenset(_numbers(sieve, "BYMONTH")),
        month_days=frozenset(_numbers(sieve, "BYMONTHDAY")),
        weekdays=frozenset(_WEEKDAYS.index(each) for each in sieve.get("BYDAY", "").split(",") if each),
        hours=frozenset(_numbers(sieve, "BYHOUR")),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        until_is_utc=parts.get("UNTIL", "").endswith("Z"),
    )


def _parts(text: str) -> dict[str, str]:
    """Take a rule apart (rules 1 and 2)."""
    found: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name == "BYSECOND":
            raise PlanRefusedError(Refusal.RULE_TOO_FINE, part)
        if name in _NOT_SUPPORTED:
            raise PlanRefusedError(Refusal.RULE_NOT_SUPPORTED, part)
        if name not in _PARTS or name in found or not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise PlanRefusedError(Refusal.BAD_RULE, part)
        found[name] = value
    if found.get("FREQ") in _TOO_FINE or "," in found.get("BYMINUTE", ""):
        raise PlanRefusedError(Refusal.RULE_TOO_FINE, text)
    if found.get("FREQ") not in _FREQUENCIES or found.keys() >= _ENDS:
        raise PlanRefusedError(Refusal.BAD_RULE, text)
    return found


def _numbers(parts: Mapping[str, str], name: str) -> list[int]:
    return [int(each) for each in parts.get(name, "").split(",") if each]


def _check_numbers(parts: Mapping[str, str]) -> None:
    for name, (least, most) in _BOUNDS.items():
        for each in _numbers(parts, name):
            if not least <= each <= most or (each == 0 and name not in _MAY_BE_ZERO):
                raise PlanRefusedError(Refusal.BAD_RULE, f"{name}={each}")
    most_interval = _MOST_HOURS if parts["FREQ"] == "HOURLY" else _MOST_INTERVAL
    if not 1 <= int(parts.get("INTERVAL", "1")) <= most_interval:
        raise PlanRefusedError(Refusal.BAD_RULE, f"INTERVAL={parts['INTERVAL']}")
    count = int(parts.get("COUNT", "1"))
    if count > MOST_COUNTED:
        raise PlanRefusedError(Refusal.RULE_COUNTS_TOO_FAR, f"COUNT={count}")
    if count < 1:
        raise PlanRefusedError(Refusal.BAD_RULE, f"COUNT={count}")


def _check_together(parts: Mapping[str, str]) -> None:
    """Refuse parts that mean nothing together, or might contradict each other (rule 5)."""
    frequency, days = parts["FREQ"], [each for each in parts.get("BYDAY", "").split(",") if each]
    for name in _SENSELESS[frequency] & parts.keys():
        raise PlanRefusedError(Refusal.RULE_NOT_SUPPORTED, f"{name}={parts[name]}")
    counted = [each[:-2] for each in days if len(each) > len("MO")]
    # The library takes "each Monday and the first Tuesday" for a day that is both.
    mixed = 0 < len(counted) < len(days)
    if mixed or (counted and (frequency not in ("MONTHLY", "YEARLY") or "BYMONTHDAY" in parts)):
        raise PlanRefusedError(Refusal.RULE_NOT_SUPPORTED, f"BYDAY={parts['BYDAY']}")
    most_weeks = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
    if any(abs(int(each)) > most_weeks for each in counted):
        raise PlanRefusedError(Refusal.BAD_RULE, f"BYDAY={parts['BYDAY']}")
    longest = max((_DAYS[each - 1] for each in _numbers(parts, "BYMONTH")), default=31)
    if any(abs(each) > longest for each in _numbers(parts, "BYMONTHDAY")):
        raise PlanRefusedError(Refusal.NEVER_BEGINS, f"BYMONTHDAY={parts['BYMONTHDAY']}")
    places = [abs(each) for each in _numbers(parts, "BYSETPOS")]
    # Every month has each weekday four times.
    if places and (counted or "BYMONTHDAY" in parts or min(places) > 4 * len(set(days))):
        raise PlanRefusedError(Refusal.RULE_NOT_SUPPORTED, f"BYSETPOS={parts['BYSETPOS']}")


def _until(text: str) -> datetime:
    """Read the end of a rule (rule 4)."""
    try:
        found = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError as error:
        raise PlanRefusedError(Refusal.BAD_RULE, f"UNTIL={text}") from error
    return found if "T" in text else datetime.combine(found.date(), time.max)
