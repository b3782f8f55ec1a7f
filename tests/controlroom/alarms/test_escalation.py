"""Escalation: who is told when, over shifts and quiet hours, and never nobody."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.escalation import (
    NOBODY_ON_DUTY,
    Duty,
    Telling,
    calling_since,
    passed_on,
    plan,
)
from controlroom.logbook.entry import LogKind
from controlroom.site.duty import USUAL_ESCALATION, Contact, Escalation, QuietHours, Shift
from controlroom.site.model import Site

NIGHT = datetime.fromisoformat("2026-11-27T23:00:00+00:00").timestamp()
NOON = datetime.fromisoformat("2026-11-27T12:00:00+00:00").timestamp()
CONTACTS = tuple(Contact(id=name, name=name.title()) for name in ("ann", "bob", "manager"))


def shift(name: str, begin: str, until: str, *contacts: str) -> Shift:
    """A shift of every day."""
    return Shift.model_validate({"id": name, "from": begin, "until": until, "contacts": contacts})


def duty(*quiet: tuple[str, str, int], zone: str = "Europe/London") -> Duty:
    """Days by Ann and Bob, a short watch in the morning, and quiet hours."""
    return Duty(
        Site(
            name="Room",
            time_zone=zone,
            contacts=CONTACTS,
            shifts=(shift("days", "07:00", "19:00", "ann", "bob"), shift("nights", "19:00", "07:00", "bob")),
            quiet_hours=tuple(
                QuietHours.model_validate({"from": begin, "until": until, "least_urgent_told": least})
                for begin, until, least in quiet
            ),
        )
    )


def steps(*found: tuple[float, str]) -> Escalation:
    """An escalation."""
    return Escalation.model_validate(
        {"id": "e", "steps": [{"after_s": after_s, "to": to} for after_s, to in found]}
    )


def told(
    escalation: Escalation,
    at_utc_s: float,
    priority: Priority = Priority.HIGH,
    quiet: tuple[tuple[str, str, int], ...] = (),
) -> list[str]:
    """A plan as words: seconds after the alarm, whom, and why."""
    found = plan(escalation, duty(*quiet), priority, at_utc_s)
    return [f"{one.at_utc_s - at_utc_s:.0f} {one.to or '-'} {one.shift} {one.why}".strip() for one in found]


def test_where_nothing_is_configured_the_desk_is_told_again_after_five_minutes() -> None:
    """Louder, and by the desk's own means."""
    assert told(USUAL_ESCALATION, NIGHT) == ["300 desk"]


def test_one_after_another_is_told_and_of_a_shift_whoever_is_on_duty() -> None:
    """By day both of the shift, by night the other shift's."""
    wanted = steps((60, "desk"), (120, "days"), (120, "nights"), (600, "manager"))
    assert told(wanted, NOON) == ["60 desk", "120 ann days", "120 bob days", "600 manager"]
    assert told(wanted, NIGHT) == ["60 desk", "120 bob nights", "600 manager"]


def test_a_shift_that_begins_before_its_step_is_due_is_on_duty() -> None:
    """What counts is when it is due, not when the alarm came."""
    before = datetime.fromisoformat("2026-11-27T06:59:00+00:00").timestamp()
    assert told(steps((30, "nights"), (90, "days")), before) == [
        "30 bob nights",
        "90 ann days",
        "90 bob days",
    ]


def test_nobody_on_duty_is_said_and_the_next_is_told_at_once() -> None:
    """And the one after that keeps its own time."""
    wanted = steps((60, "days"), (300, "manager"), (900, "desk"))
    assert told(wanted, NIGHT) == ["60 - days nobody_on_duty", "60 manager", "900 desk"]


def test_where_nobody_is_left_the_desk_is_told_so() -> None:
    """No alarm ends with nobody."""
    assert told(steps((60, "days")), NIGHT) == ["60 - days nobody_on_duty", "60 desk  nobody_on_duty"]


def test_quiet_hours_hold_back_what_can_wait_from_people_and_not_from_the_desk() -> None:
    """Priority 2 waits for half past six; where they let priority 2 through, it does not."""
    wanted = steps((60, "nights"), (120, "desk"))
    until_six_thirty_s = 7.5 * 3600
    assert told(wanted, NIGHT, quiet=(("22:00", "06:30", 1),)) == [
        "120 desk",
        f"{until_six_thirty_s:.0f} bob nights",
    ]
    assert told(wanted, NIGHT, quiet=(("22:00", "06:30", 2),)) == ["60 bob nights", "120 desk"]


def test_nobody_on_duty_at_the_end_of_quiet_hours_does_not_hold_the_desk_back() -> None:
    """The next telling is never later than it was to be."""
    wanted = steps((60, "days"), (120, "desk"))
    found = told(wanted, NIGHT, quiet=(("22:00", "06:30", 1),))
    assert found == ["120 desk", f"{7.5 * 3600:.0f} - days nobody_on_duty"]


def test_quiet_hours_without_an_end_hold_nothing_back() -> None:
    """To call at once is the safe mistake."""
    assert told(steps((60, "manager")), NIGHT, Priority.LOW, quiet=(("00:00", "00:00", 1),)) == ["60 manager"]


TIMES = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")
QUIET = st.lists(st.tuples(TIMES, TIMES, st.integers(-3, 4)), max_size=3).map(tuple)
STEPS = st.lists(
    st.tuples(st.integers(0, 86400), st.sampled_from(["desk", "ann", "manager", "days", "nights"])),
    min_size=1,
    max_size=6,
).map(lambda found: steps(*sorted(found)))
ZONES = st.sampled_from(sorted(zoneinfo.available_timezones()))
MOMENTS = st.floats(2e8, 3.7e9)


@settings(max_examples=200, deadline=None)
@given(STEPS, QUIET, ZONES, MOMENTS)
def test_the_most_urgent_is_told_at_every_hour_in_every_zone(
    wanted: Escalation, quiet: tuple[tuple[str, str, int], ...], zone: str, at_utc_s: float
) -> None:
    """No quiet hours hold it back, also ones that try: no step is later than it says."""
    for one in plan(wanted, duty(*quiet, zone=zone), Priority.CRITICAL, at_utc_s):
        assert at_utc_s <= one.at_utc_s <= at_utc_s + wanted.steps[one.step - 1].after_s


@settings(max_examples=200, deadline=None)
@given(STEPS, QUIET, ZONES, MOMENTS, st.sampled_from(Priority))
def test_every_step_is_told_in_order_and_somebody_is_told_in_the_end(
    wanted: Escalation,
    quiet: tuple[tuple[str, str, int], ...],
    zone: str,
    at_utc_s: float,
    priority: Priority,
) -> None:
    """Each telling to a person is outside the hours that silence it, and a shift's is by who is on duty."""
    room = duty(*quiet, zone=zone)
    found = plan(wanted, room, priority, at_utc_s)
    assert [one.at_utc_s for one in found] == sorted(one.at_utc_s for one in found)
    assert any(one.to for one in found)
    for one in found:
        assert one.at_utc_s >= at_utc_s
        if one.shift and one.to:
            assert one.to in room.on_duty(one.shift, one.at_utc_s)
        if one.why:
            assert one.why == NOBODY_ON_DUTY


ALARM = Alarm(7, "mast", Cause.DOWN, "deadline", Priority.HIGH, AlarmState.UNACKNOWLEDGED, 1.0, 2.0)


@pytest.mark.parametrize(
    ("alarm", "since_utc_s"),
    [
        (ALARM, 2.0),
        (replace(ALARM, raised_utc_s=9.0), 9.0),
        (replace(ALARM, state=AlarmState.LATCHED_UNACKNOWLEDGED), None),
        (replace(ALARM, state=AlarmState.ACKNOWLEDGED), None),
        (replace(ALARM, state=AlarmState.RETURNED_UNACKNOWLEDGED), None),
        (replace(ALARM, state=AlarmState.NORMAL), None),
        (replace(ALARM, shelved_utc_s=3.0), None),
        (replace(ALARM, suppressed_by="behind:core"), None),
        (replace(ALARM, out_of_service="operator"), None),
    ],
)
def test_an_alarm_that_calls_for_nobody_is_not_passed_on(alarm: Alarm, since_utc_s: float | None) -> None:
    """Acknowledged, over, shelved, suppressed, out of service; raised again it begins anew."""
    assert calling_since(alarm) == since_utc_s


def test_passing_on_is_told_in_the_log_and_changes_nothing() -> None:
    """With the person's name."""
    moved = passed_on(ALARM, Telling(2, 9.0, "ann", "days"), "Ann", 9.5)
    assert moved.alarm == ALARM
    assert (moved.entry.kind, moved.entry.at_utc_s) == (LogKind.ALARM_ESCALATED, 9.5)
    facts = {"step": 2, "to": "ann", "to_name": "Ann", "shift": "days", "why": "", "alarm": 7}
    assert facts.items() <= moved.entry.facts.items()
