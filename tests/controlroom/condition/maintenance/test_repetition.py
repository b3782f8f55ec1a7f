"""Rules: read, refused, repeated as the library does with all of them, and never without end."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.condition.maintenance.refusal import PlanRefusedError, Refusal
from controlroom.condition.maintenance.repetition import local_starts
from controlroom.condition.maintenance.rule import read_rule
from controlroom.condition.maintenance.window import Recurring

START = datetime.fromisoformat("2026-11-28T02:30")
LONG_S = 1.0
"""More than any rule may take; most take a hundredth of it."""


def first(rule: str, start: str, number: int) -> list[str]:
    """The first starts of a rule."""
    begin = datetime.fromisoformat(start)
    found = local_starts(Recurring(begin, 60.0, rule), begin, begin + timedelta(days=4000))
    return [each.isoformat(timespec="minutes") for each, _ in zip(found, range(number), strict=False)]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=SU", ["2026-11-29T02:30", "2026-12-06T02:30"]),
        ("RRULE:FREQ=DAILY;INTERVAL=2", ["2026-11-28T02:30", "2026-11-30T02:30"]),
        ("FREQ=MONTHLY;BYDAY=1SU", ["2026-12-06T02:30", "2027-01-03T02:30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-11-30T02:30", "2026-12-31T02:30"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-11-30T02:30", "2026-12-31T02:30"]),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ["2028-02-29T02:30", "2032-02-29T02:30"]),
        ("FREQ=DAILY;BYHOUR=1,13;BYDAY=MO", ["2026-11-30T01:30", "2026-11-30T13:30", "2026-12-07T01:30"]),
        ("FREQ=HOURLY;INTERVAL=6;BYHOUR=2,14", ["2026-11-28T02:30", "2026-11-28T14:30", "2026-11-29T02:30"]),
        ("FREQ=DAILY;COUNT=2", ["2026-11-28T02:30", "2026-11-29T02:30"]),
        ("FREQ=DAILY;UNTIL=20261129", ["2026-11-28T02:30", "2026-11-29T02:30"]),
        ("FREQ=DAILY;UNTIL=20261129T022900", ["2026-11-28T02:30"]),
        ("freq=daily;count=1", ["2026-11-28T02:30"]),
    ],
)
def test_what_people_plan(rule: str, expected: list[str]) -> None:
    """Rules as they are written, and when they begin."""
    number = len(expected) + 1 if "COUNT" in rule.upper() or "UNTIL" in rule else len(expected)
    assert first(rule, START.isoformat(), number) == expected


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("", Refusal.BAD_RULE),
        ("every Sunday", Refusal.BAD_RULE),
        ("FREQ=WEEKLY;FREQ=DAILY", Refusal.BAD_RULE),
        ("FREQ=WEEKLY;BYDAY=XX", Refusal.BAD_RULE),
        ("FREQ=WEEKLY;BYDAY=٣MO", Refusal.BAD_RULE),
        ("FREQ=DAILY;INTERVAL=0", Refusal.BAD_RULE),
        ("FREQ=DAILY;BYHOUR=24", Refusal.BAD_RULE),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", Refusal.BAD_RULE),
        ("FREQ=DAILY;UNTIL=20270230", Refusal.BAD_RULE),
        ("FREQ=DAILY;" + "BYHOUR=1;" * 100, Refusal.BAD_RULE),
        ("FREQ=SECONDLY", Refusal.RULE_TOO_FINE),
        ("FREQ=MINUTELY;INTERVAL=5", Refusal.RULE_TOO_FINE),
        ("FREQ=DAILY;BYSECOND=1", Refusal.RULE_TOO_FINE),
        ("FREQ=HOURLY;BYMINUTE=0,1,2", Refusal.RULE_TOO_FINE),
        ("FREQ=DAILY;COUNT=1001", Refusal.RULE_COUNTS_TOO_FAR),
        ("FREQ=YEARLY;BYWEEKNO=53", Refusal.RULE_NOT_SUPPORTED),
        ("FREQ=WEEKLY;BYDAY=2MO", Refusal.RULE_NOT_SUPPORTED),
        ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", Refusal.RULE_NOT_SUPPORTED),
        ("FREQ=YEARLY;BYDAY=SA,5TU", Refusal.RULE_NOT_SUPPORTED),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5", Refusal.RULE_NOT_SUPPORTED),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", Refusal.NEVER_BEGINS),
    ],
)
def test_what_is_refused(rule: str, code: Refusal) -> None:
    """Garbage, what is finer than hourly, and what may keep a machine busy."""
    with pytest.raises(PlanRefusedError) as caught:
        read_rule(rule)
    assert caught.value.code is code


WEEKDAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])


def _joined(values: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
    return st.lists(values.map(str), min_size=1, max_size=4, unique=True).map(",".join)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Any rule of the known parts, also those that are refused."""
    parts = {"FREQ": draw(st.sampled_from(["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))}
    counted = st.tuples(st.integers(-6, 6).filter(bool), WEEKDAYS).map(lambda each: f"{each[0]}{each[1]}")
    some: dict[str, st.SearchStrategy[object]] = {
        "INTERVAL": st.integers(1, 30),
        "BYDAY": _joined(WEEKDAYS | counted if parts["FREQ"] in ("MONTHLY", "YEARLY") else WEEKDAYS),
        "BYMONTH": _joined(st.integers(1, 12)),
        "BYMONTHDAY": _joined(st.integers(-31, 31).filter(bool)),
        "BYSETPOS": _joined(st.integers(-8, 8).filter(bool)),
        "BYHOUR": _joined(st.integers(0, 23)),
        "BYMINUTE": st.integers(0, 59),
        "WKST": WEEKDAYS,
        "COUNT": st.integers(1, 30),
    }
    for name in draw(st.lists(st.sampled_from(sorted(some)), max_size=4, unique=True)):
        parts[name] = str(draw(some[name]))
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(deadline=None)
@given(rules(), st.integers(0, 900))
def test_it_repeats_as_the_library_does(rule: str, later_days: int) -> None:
    """With the sieve of our own, and taken up however much later, it is the very same list."""
    since = START + timedelta(days=later_days)
    until = since + timedelta(days=60)
    begun = time.perf_counter()
    try:
        found = list(local_starts(Recurring(START, 60.0, rule), since, until))
    except PlanRefusedError:
        return
    finally:
        assert time.perf_counter() - begun < LONG_S
    # A day that always fits ends the library's search where the rule itself never does.
    body = rule if "WKST" in rule else f"{rule};WKST=MO"
    if not found and not any(
        local_starts(Recurring(START, 60.0, rule), START, START + timedelta(days=12000))
    ):
        return  # nothing fits: the library would look for ever
    whole = takewhile(lambda local: local <= until, rrule.rrulestr(body, dtstart=START))
    assert found == [local for local in whole if local >= since]


@settings(deadline=None)
@given(st.text(max_size=400) | rules().map(lambda rule: rule[::-1]))
def test_garbage_is_refused_and_nothing_else(rule: str) -> None:
    """Never another error, and never for long."""
    begun = time.perf_counter()
    with suppress(PlanRefusedError):
        list(local_starts(Recurring(START, 60.0, rule), START, START + timedelta(days=30)))
    assert time.perf_counter() - begun < LONG_S


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=168",
        "FREQ=DAILY;BYDAY=MO;INTERVAL=7",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;INTERVAL=7;BYMONTH=2;BYDAY=5MO",
    ],
)
def test_a_rule_that_fits_no_day_ends(rule: str) -> None:
    """Where the library alone looks through eight thousand years."""
    start = datetime.fromisoformat("1990-02-01T02:30")
    begun = time.perf_counter()
    until = datetime.fromisoformat("2010-01-01")
    assert list(local_starts(Recurring(start, 60.0, rule), until, until + timedelta(days=700))) == []
    assert time.perf_counter() - begun < LONG_S
