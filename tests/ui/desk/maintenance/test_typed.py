"""What is typed into the planner, and what the preview says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.condition.maintenance.window import Flexible, OneOff, Recurring
from controlroom.site.view import SeenRiskGroup
from tests.controlroom.condition.maintenance.windows import utc_s
from tests.controlroom.report.memory_store import view
from ui.desk.maintenance.typed import Often, Typed, preview

NOW_UTC_S = utc_s("2027-03-01T12:00+01:00")
SITE = view("mast", "roof").model_copy(update={"risk_groups": (SeenRiskGroup(id="duct", name="Mill duct"),)})
TYPED = Typed(
    title="New radio",
    reason="Ticket 7",
    begins="2027-03-14 02:30",
    length="2h",
    zone_name="Europe/Berlin",
    endpoint_ids=("mast",),
    group_ids=("duct",),
)


def test_an_empty_form_says_what_is_needed() -> None:
    """And not that something is wrong with it."""
    found = preview(Typed(), SITE, NOW_UTC_S)
    assert found.window is None
    needed = "a title, a reason, an endpoint or a risk group, from when, how long"
    assert found.lines == (f"Still needed: {needed}.",)


@pytest.mark.parametrize(
    ("often", "rule"),
    [
        (Often.DAILY, "FREQ=DAILY"),
        (Often.WORKDAYS, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        (Often.WEEKLY, "FREQ=WEEKLY"),
        (Often.MONTHLY, "FREQ=MONTHLY"),
        (Often.NTH_WEEKDAY, "FREQ=MONTHLY;BYDAY=2SU"),
        (Often.RULE, "FREQ=DAILY;INTERVAL=2"),
    ],
)
def test_each_choice_is_a_rule(often: Often, rule: str) -> None:
    """By the day that was typed."""
    found = preview(replace(TYPED, often=often, rule="FREQ=DAILY;INTERVAL=2"), SITE, NOW_UTC_S)
    assert found.window is not None
    assert isinstance(found.window.plan, Recurring)
    assert found.window.plan.rule == rule
    assert len(found.lines) == 6


def test_once_and_from_a_failure_on() -> None:
    """The former has one time ahead, the latter none that is known."""
    once = preview(TYPED, SITE, NOW_UTC_S)
    assert once.window is not None
    assert once.window.plan == OneOff(utc_s("2027-03-14T02:30+01:00"), utc_s("2027-03-14T04:30+01:00"))
    assert once.lines[1:] == ("Sun 14 Mar 2027 02:30 to 04:30",)
    flexible = preview(replace(TYPED, often=Often.FLEXIBLE, ends="2027-03-14 09:00"), SITE, NOW_UTC_S)
    assert flexible.window is not None
    assert isinstance(flexible.window.plan, Flexible)
    assert flexible.lines == (
        "Mast, risk group Mill duct: 2 h from the first failure on, within Sun 14 Mar 2027 02:30 to 09:00, "
        "Europe/Berlin.",
    )


def test_a_change_of_the_clock_is_told_where_it_falls_in() -> None:
    """A night whose time does not exist, and one that is over an hour later by the clock."""
    weekly = preview(replace(TYPED, often=Often.WEEKLY), SITE, NOW_UTC_S)
    assert weekly.lines[3] == (
        "Sun 28 Mar 2027 03:30 to 05:30  –  the clock leaves 02:30 out that day: it begins at 03:30"
    )
    early = preview(replace(TYPED, often=Often.WEEKLY, begins="2027-03-14 01:30"), SITE, NOW_UTC_S)
    assert early.lines[3] == (
        "Sun 28 Mar 2027 01:30 to 04:30  –  the clock goes forward by 1 h in it: it ends at 04:30"
    )


@pytest.mark.parametrize(
    ("begins", "length", "line"),
    [
        (
            "2027-03-28 02:30",
            "1h",
            "Sun 28 Mar 2027 03:30 to 04:30  –  the clock leaves 02:30 out that day: it begins at 03:30",
        ),
        (
            "2027-10-31 02:30",
            "1h",
            "Sun 31 Oct 2027 02:30 (+02:00) to 02:30 (+01:00)  –  "
            "the clock goes back by 1 h in it: it ends at 02:30",
        ),
        ("2027-10-31 02:10", "20m", "Sun 31 Oct 2027 02:10 (+02:00) to 02:30 (+02:00)"),
        ("2027-10-31 02:30+01:00", "1h", "Sun 31 Oct 2027 02:30 (+01:00) to 03:30"),
        ("2027-03-28 01:30Z", "1h", "Sun 28 Mar 2027 03:30 to 04:30"),
    ],
)
def test_a_window_that_comes_once_says_what_the_clock_does_to_it(begins: str, length: str, line: str) -> None:
    """A beginning in the gap, and the hour that comes twice, of which no two times look the same."""
    once = preview(replace(TYPED, begins=begins, length=length), SITE, NOW_UTC_S)
    assert once.lines[1:] == (line,)


def test_what_is_wrong_is_said_with_what_to_do() -> None:
    """Beside what was typed."""
    bad = preview(replace(TYPED, begins="soon"), SITE, NOW_UTC_S)
    assert bad.window is None
    assert bad.lines == ("A time in it cannot be read; write it as 2026-11-28T02:30 (“soon”).",)
    past = preview(replace(TYPED, begins="2027-02-01 02:30"), SITE, NOW_UTC_S)
    assert past.lines == (
        "It is over already; what is past can be counted as maintenance afterwards. "
        "“Count past down time” does that.",
    )


def test_a_field_of_another_kind_never_counts() -> None:
    """A rule or an end that is hidden again contradicts nothing, and makes nothing of what is shown."""
    typed = replace(TYPED, rule="FREQ=DAILY", ends="2027-03-14 09:00")
    once = preview(typed, SITE, NOW_UTC_S).window
    flexible = preview(replace(typed, often=Often.FLEXIBLE), SITE, NOW_UTC_S).window
    ruled = preview(replace(typed, often=Often.RULE), SITE, NOW_UTC_S).window
    assert once is not None
    assert flexible is not None
    assert ruled is not None
    assert once.plan == OneOff(utc_s("2027-03-14T02:30+01:00"), utc_s("2027-03-14T04:30+01:00"))
    assert isinstance(flexible.plan, Flexible)
    assert isinstance(ruled.plan, Recurring)
    assert ruled.plan.length_s == 7200.0
