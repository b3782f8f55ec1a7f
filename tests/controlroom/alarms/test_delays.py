"""Faults that must stand before they are told, and ends that must last before they count."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import AlarmState
from controlroom.alarms.register import AlarmRegister
from tests.controlroom.alarms.test_handling import DOWN, moved, raised
from tests.controlroom.alarms.test_hiding import SLOW

LATE = replace(DOWN, on_delay_s=10.0)
STICKY = replace(DOWN, off_delay_s=10.0)


def test_a_fault_is_told_once_it_has_stood_for_its_delay() -> None:
    """Counted from the first look at it, without a break."""
    register = AlarmRegister()
    assert register.fault(LATE, 2.0) is None
    assert register.tick_delays(100.0, 2.0) == []
    assert register.fault(LATE, 5.0) is None
    assert register.tick_delays(109.9, 11.9) == []
    (told,) = register.tick_delays(110.0, 12.0)
    assert (told.alarm.raised_utc_s, told.alarm.since_utc_s) == (12.0, 1.0)
    assert register.fault(LATE, 13.0) is None
    assert register.tick_delays(200.0, 99.0) == []


def test_a_fault_that_ends_before_its_delay_was_none() -> None:
    """And the next one has its whole delay before it."""
    register = AlarmRegister()
    register.fault(LATE, 2.0)
    register.tick_delays(100.0, 2.0)
    assert register.no_fault("mast", None, 3.0) is None
    assert register.tick_delays(120.0, 22.0) == []
    register.fault(LATE, 23.0)
    assert register.tick_delays(121.0, 23.0) == []
    assert register.tick_delays(130.9, 33.0) == []
    assert len(register.tick_delays(131.0, 33.0)) == 1


def test_what_becomes_worse_has_the_delay_of_the_worse() -> None:
    """Slow stands at once; down is told after its own delay."""
    register = raised(SLOW)
    assert register.fault(LATE, 3.0) is None
    register.tick_delays(50.0, 3.0)
    (worse,) = register.tick_delays(60.0, 13.0)
    assert worse.alarm.cause == DOWN.cause


def test_what_is_no_worse_needs_no_delay() -> None:
    """An alarm that stands follows its fault at once."""
    register = raised()
    eased = replace(SLOW, on_delay_s=10.0)
    assert moved(register.fault(eased, 3.0)).alarm.cause == SLOW.cause


def test_the_end_of_a_fault_counts_once_it_has_lasted() -> None:
    """A return that did not last leaves the alarm as it was, acknowledged."""
    register = raised(STICKY)
    register.acknowledge(1, "ann", "", 2.5)
    assert register.no_fault("mast", None, 3.0) is None
    register.tick_delays(10.0, 3.0)
    assert register.fault(STICKY, 8.0) is None
    assert register.tick_delays(30.0, 23.0) == []
    register.no_fault("mast", None, 24.0)
    register.tick_delays(31.0, 24.0)
    assert register.tick_delays(40.9, 33.9) == []
    (over,) = register.tick_delays(41.0, 34.0)
    assert over.alarm.state is AlarmState.NORMAL


def test_what_is_suppressed_is_suppressed_at_once() -> None:
    """It calls nobody, so there is nothing to wait for."""
    register = AlarmRegister()
    register.fault(LATE, 2.0)
    register.tick_delays(10.0, 2.0)
    assert moved(register.suppressed(LATE, "behind:core", 7, 3.0)).alarm.hidden
    assert register.tick_delays(100.0, 93.0) == []


def test_what_is_watched_no_longer_is_not_told_later() -> None:
    """Nothing of it is left to be held back."""
    register = AlarmRegister()
    register.fault(LATE, 2.0)
    register.tick_delays(10.0, 2.0)
    assert register.withdraw("mast", "site_changed", 3.0) is None
    assert register.tick_delays(100.0, 93.0) == []
