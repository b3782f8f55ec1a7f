"""What stays told of a loss that is over: until somebody acknowledged it, as urgent as it was, and summed."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms import handling, stamps, transitions
from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.past_loss import was_lost, with_past_loss
from controlroom.alarms.service_reason import Named, PastLoss, ServiceReason
from controlroom.alarms.transitions import Fault
from controlroom.report.service_alarm_words import service_reason_words

LOST = Fault("service:x", Cause.SERVICE_LOST, "service;failed=a,b", Priority.CRITICAL, 90.0)
RISK = Fault("service:x", Cause.SERVICE_AT_RISK, "service;next=b", Priority.HIGH, 90.0)


def lost() -> Alarm:
    """Return the alarm of a service that is lost since 100."""
    return transitions.raised(1, LOST, 100.0).alarm


def moved(alarm: Alarm, fault: Fault, at_utc_s: float) -> Alarm:
    """Return it as the fault makes it."""
    found = transitions.renewed(alarm, with_past_loss(fault, alarm, at_utc_s), at_utc_s)
    return alarm if found is None else found.alarm


def past(alarm: Alarm) -> PastLoss | None:
    """Return what it says of a loss."""
    told = ServiceReason.read(alarm.reason)
    return None if told is None else told.was_lost


def test_what_eases_says_that_it_was_lost_and_stays_as_urgent() -> None:
    """Also when it is told again later."""
    eased = moved(lost(), RISK, 135.0)
    assert (eased.cause, eased.priority) == (Cause.SERVICE_AT_RISK, Priority.CRITICAL)
    assert past(eased) == PastLoss(100.0, 35.0)
    assert "lost before, for 35 s" in service_reason_words(eased.reason)
    assert moved(eased, RISK, 200.0) == eased


def test_losses_are_summed() -> None:
    """From the first one on; the one that lasts is not counted yet."""
    again = moved(moved(lost(), RISK, 135.0), LOST, 150.0)
    assert past(again) == PastLoss(100.0, 35.0)
    assert past(moved(again, RISK, 160.0)) == PastLoss(100.0, 45.0)


def test_one_that_returned_lasted_until_then() -> None:
    """A new fault of it does not hide the loss that nobody saw."""
    back = transitions.returned(lost(), 120.0)
    assert back is not None
    assert past(moved(back.alarm, RISK, 500.0)) == PastLoss(100.0, 20.0)


def test_what_was_acknowledged_is_told_no_longer() -> None:
    """Neither a loss that was seen while it lasted, nor one that was seen afterwards."""
    eased = moved(lost(), RISK, 135.0)
    for alarm in (lost(), eased):
        seen = handling.acknowledged(alarm, "Ann", "", 140.0)
        assert seen is not None
        after = moved(seen.alarm, RISK, 141.0)
        assert (past(after), after.priority) == (None, Priority.HIGH)
    assert not was_lost(RISK.reason)


def test_a_clock_that_is_set_moves_when_it_was_lost() -> None:
    """Unless that came from an earlier engine."""
    eased = moved(lost(), RISK, 135.0)
    assert past(stamps.in_new_time(eased, None, 3600.0)) == PastLoss(3700.0, 35.0)
    assert past(stamps.in_new_time(eased, eased, 3600.0)) == PastLoss(100.0, 35.0)


def test_the_code_is_read_back_and_nonsense_is_none() -> None:
    """Lists beside it stay."""
    reason = ServiceReason(next=Named(("b",)), was_lost=PastLoss(1764295552.25, 35.0))
    assert ServiceReason.read(reason.code) == reason
    assert ServiceReason.read("service;was_lost=nan:1") == replace(reason, next=Named(), was_lost=None)
    assert ServiceReason.read("service;was_lost=x") == ServiceReason()
