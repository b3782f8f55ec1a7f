"""What is offered for an alarm in each state, and what is disabled and says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.alarms.alarm import BY_OPERATOR, ENGINE, Alarm, AlarmState, Cause, Priority
from controlroom.logbook.act import Act, ActKind
from controlroom.operators.role import Permission
from ui.desk.alarm_list.offers import ON_ITS_WAY, AlarmAct, offers_of
from ui.desk.pending import PendingActs

NEW = Alarm(4, "a", Cause.DOWN, "deadline", Priority.HIGH, AlarmState.UNACKNOWLEDGED, 0, 0)
SHELVED = replace(NEW, shelved_utc_s=1, shelved_until_utc_s=9)


def _shown(alarm: Alarm, *, plans: bool = False) -> set[AlarmAct]:
    offers = offers_of(alarm, PendingActs(), lambda _permission: "", plans=plans)
    return {act for act, offer in offers.items() if offer.shown}


@pytest.mark.parametrize(
    ("alarm", "shown"),
    [
        (NEW, {AlarmAct.ACKNOWLEDGE, AlarmAct.SHELVE, AlarmAct.TAKE_OUT}),
        (SHELVED, {AlarmAct.UNSHELVE, AlarmAct.TAKE_OUT}),
        (replace(NEW, suppressed_by="behind:x"), {AlarmAct.TAKE_OUT}),
        (replace(NEW, out_of_service=BY_OPERATOR), {AlarmAct.PUT_BACK}),
        (replace(NEW, out_of_service="maintenance:3"), set()),
        (replace(NEW, subject=ENGINE), {AlarmAct.ACKNOWLEDGE, AlarmAct.SHELVE}),
        (
            replace(NEW, subject="location:Mast"),
            {AlarmAct.ACKNOWLEDGE, AlarmAct.SHELVE, AlarmAct.SPLIT},
        ),
        (
            replace(NEW, state=AlarmState.LATCHED_ACKNOWLEDGED),
            {AlarmAct.ACKNOWLEDGE, AlarmAct.SHELVE, AlarmAct.TAKE_OUT, AlarmAct.RESET},
        ),
    ],
)
def test_what_makes_sense_is_offered(alarm: Alarm, shown: set[AlarmAct]) -> None:
    """And nothing else."""
    assert _shown(alarm) == shown


def test_maintenance_is_planned_where_the_desk_can() -> None:
    """Of endpoints alone."""
    assert AlarmAct.PLAN in _shown(NEW, plans=True)
    assert AlarmAct.PLAN not in _shown(replace(NEW, subject=ENGINE), plans=True)


def test_what_is_held_is_acknowledged_before_it_is_reset() -> None:
    """The button says so."""
    held = replace(NEW, state=AlarmState.LATCHED_UNACKNOWLEDGED)
    offer = offers_of(held, PendingActs(), lambda _permission: "", plans=False)[AlarmAct.RESET]
    assert (offer.shown, offer.why_not) == (True, "Acknowledge it first.")


def test_the_role_decides_by_act() -> None:
    """Who may act may shelve, and not take out of service."""
    forbidden = {Permission.TAKE_OUT: "Sign in with F9."}
    offers = offers_of(NEW, PendingActs(), lambda needed: forbidden.get(needed, ""), plans=False)
    assert offers[AlarmAct.TAKE_OUT].why_not == "Sign in with F9."
    assert offers[AlarmAct.SHELVE].why_not == ""


def test_what_is_on_its_way_is_not_offered_again() -> None:
    """Also where the act names several alarms."""
    pending = PendingActs()
    pending.add(Act("one", ActKind.SHELVE, 1.0, "Ben", details={"alarms": "3,4"}))
    offers = offers_of(NEW, pending, lambda _permission: "", plans=False)
    assert offers[AlarmAct.SHELVE].why_not == ON_ITS_WAY
    assert offers[AlarmAct.ACKNOWLEDGE].why_not == ""
