"""What is hidden calls nobody, says why, and comes back by how its fault is then."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import BY_OPERATOR, AlarmState, Cause, Priority
from controlroom.alarms.hiding import Shelf
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.transitions import Fault
from controlroom.logbook.entry import LogKind
from tests.controlroom.alarms.test_handling import DOWN, LATCHING, moved, raised

SHELF = Shelf(60.0, "ann", "crew at work")
SLOW = Fault("mast", Cause.DEGRADED, "limit:rtt_s", Priority.HIGH, 1.0)


def test_a_shelf_ends_by_itself_and_the_alarm_calls_anew() -> None:
    """Never acknowledged, whoever had acknowledged it before."""
    register = raised()
    register.acknowledge(1, "ann", "", 2.5)
    away = moved(register.shelve(1, SHELF, 3.0)).alarm
    assert (away.shown_state, away.annunciated, away.acknowledged_by) == (AlarmState.SHELVED, False, "")
    assert register.tick(62.9) == []
    (back,) = register.tick(63.0)
    assert back.entry.kind is LogKind.ALARM_UNSHELVED
    assert back.entry.facts["why"] == "time_over"
    assert (back.alarm.state, back.alarm.raised_utc_s) == (AlarmState.UNACKNOWLEDGED, 63.0)


def test_what_is_over_when_its_shelf_ends_has_ended() -> None:
    """A timed shelf outlasts the fault, and then nobody need see it."""
    register = raised()
    register.shelve(1, SHELF, 3.0)
    assert moved(register.no_fault("mast", None, 10.0)).alarm.shelved
    assert [alarm.state for alarm in register.alarms()] == [AlarmState.NORMAL]
    (over,) = register.tick(63.0)
    assert over.alarm.ended
    assert register.alarms() == []


def test_a_fault_that_comes_back_on_its_shelf_stays_there() -> None:
    """That is what the shelf is for."""
    register = raised()
    register.shelve(1, SHELF, 3.0)
    register.no_fault("mast", None, 10.0)
    again = moved(register.fault(DOWN, 20.0)).alarm
    assert (again.shown_state, again.active, again.occurrences) == (AlarmState.SHELVED, True, 2)


def test_a_one_shot_shelf_ends_with_its_fault_or_its_time() -> None:
    """Whichever comes first; the next fault calls."""
    register = raised()
    register.shelve(1, replace(SHELF, one_shot=True), 3.0)
    assert moved(register.no_fault("mast", None, 10.0)).alarm.ended
    assert moved(register.fault(DOWN, 20.0)).alarm.annunciated
    other = raised()
    other.shelve(1, replace(SHELF, one_shot=True), 3.0)
    assert len(other.tick(63.0)) == 1


def test_what_becomes_worse_ends_its_shelf() -> None:
    """Slow was put away; down is another matter."""
    register = raised(SLOW)
    register.shelve(1, SHELF, 3.0)
    worse = moved(register.fault(DOWN, 4.0))
    assert worse.entry.kind is LogKind.ALARM_UNSHELVED
    assert worse.entry.facts["why"] == "worse"
    assert worse.alarm.annunciated


def test_an_operator_takes_it_off_its_shelf() -> None:
    """With their name; and shelving anew is a new time."""
    register = raised()
    register.shelve(1, SHELF, 3.0)
    assert moved(register.shelve(1, SHELF, 33.0)).alarm.shelved_until_utc_s == 93.0
    back = moved(register.unshelve(1, "ben", 40.0))
    assert back.entry.operator == "ben"
    assert back.alarm.annunciated
    assert register.unshelve(1, "ben", 41.0) is None


def test_a_returned_alarm_that_is_shelved_waits_for_nobody() -> None:
    """It was seen by whoever shelved it."""
    register = raised()
    register.no_fault("mast", None, 3.0)
    register.shelve(1, SHELF, 4.0)
    assert moved(register.unshelve(1, "ann", 5.0)).alarm.ended


def test_a_child_is_suppressed_from_its_first_moment_with_the_reason() -> None:
    """One entry, no call; when it is released it calls, if its fault stands."""
    register = AlarmRegister()
    away = moved(register.suppressed(DOWN, "behind:core", 7, 2.0))
    assert away.entry.kind is LogKind.ALARM_SUPPRESSED
    assert (away.alarm.suppressed_by, away.alarm.part_of) == ("behind:core", 7)
    assert (away.alarm.shown_state, away.alarm.annunciated) == (AlarmState.SUPPRESSED, False)
    assert register.suppressed(DOWN, "behind:core", 7, 3.0) is None
    assert moved(register.suppressed(DOWN, "part_of:group:duct", 8, 4.0)).alarm.part_of == 8
    free = moved(register.release("mast", 5.0))
    assert free.entry.kind is LogKind.ALARM_RELEASED
    assert free.alarm.annunciated
    assert register.release("mast", 6.0) is None


def test_a_suppressed_child_that_is_well_again_ends_without_a_word() -> None:
    """It called nobody, so nobody need acknowledge it."""
    register = AlarmRegister()
    register.suppressed(LATCHING, "behind:core", 7, 2.0)
    assert moved(register.no_fault("mast", None, 3.0)).alarm.ended
    assert register.alarms() == []


def test_an_alarm_that_stood_before_is_suppressed_when_its_cause_is_found() -> None:
    """Its number stays; the acknowledgement does not."""
    register = raised()
    register.acknowledge(1, "ann", "", 2.5)
    away = moved(register.suppressed(DOWN, "behind:core", 7, 3.0)).alarm
    assert (away.number, away.state, away.hidden) == (1, AlarmState.UNACKNOWLEDGED, True)


def test_out_of_service_wins_and_what_else_hides_goes_on() -> None:
    """Taken out while shelved; back in service it is still on its shelf."""
    register = raised()
    register.shelve(1, SHELF, 3.0)
    out = moved(register.take_out("mast", BY_OPERATOR, "ann", "replaced", 4.0)).alarm
    assert out.shown_state is AlarmState.OUT_OF_SERVICE
    assert register.take_out("mast", BY_OPERATOR, "ann", "replaced", 5.0) is None
    back = moved(register.put_back("mast", BY_OPERATOR, "ann", "done", 6.0)).alarm
    assert back.shown_state is AlarmState.SHELVED
    assert not back.annunciated


def test_what_is_taken_out_of_service_without_an_alarm_hides_the_next_one() -> None:
    """It stays so over the end of faults, until somebody puts it back."""
    register = AlarmRegister()
    out = moved(register.take_out("mast", BY_OPERATOR, "ann", "replaced", 1.0)).alarm
    assert (out.cause, out.state, out.ended) == (Cause.NO_FAULT, AlarmState.NORMAL, False)
    hidden = moved(register.fault(DOWN, 2.0)).alarm
    assert (hidden.number, hidden.annunciated, hidden.occurrences) == (out.number, False, 1)
    register.no_fault("mast", None, 3.0)
    assert len(register.alarms()) == 1
    register.fault(DOWN, 4.0)
    back = moved(register.put_back("mast", BY_OPERATOR, "ann", "done", 5.0)).alarm
    assert (back.annunciated, back.raised_utc_s) == (True, 5.0)


def test_maintenance_hides_what_comes_in_it_and_ends_with_it() -> None:
    """A fault in a window is out of service from its first moment; at the end it calls if it stands."""
    register = AlarmRegister()
    assert register.take_out("mast", "maintenance:3", "ann", "works", 1.0) is None
    hidden = moved(register.fault(DOWN, 2.0))
    assert hidden.entry.kind is LogKind.ALARM_OUT_OF_SERVICE
    assert hidden.alarm.out_of_service == "maintenance:3"
    back = moved(register.put_back("mast", "maintenance:3", "", "over", 9.0)).alarm
    assert (back.annunciated, back.since_utc_s, back.raised_utc_s) == (True, 1.0, 9.0)


def test_maintenance_ends_and_what_an_operator_took_out_stays_out() -> None:
    """And the other way round: out of an operator's hands into the window that goes on."""
    register = raised()
    register.take_out("mast", BY_OPERATOR, "ann", "replaced", 3.0)
    assert register.take_out("mast", "maintenance:3", "ben", "works", 4.0) is None
    to_window = moved(register.put_back("mast", BY_OPERATOR, "ann", "done", 5.0)).alarm
    assert to_window.out_of_service == "maintenance:3"
    assert moved(register.put_back("mast", "maintenance:3", "", "over", 6.0)).alarm.annunciated


def test_a_suppressed_child_in_maintenance_stays_hidden_when_it_is_released() -> None:
    """One reason ends, the other goes on."""
    register = AlarmRegister()
    register.take_out("mast", "maintenance:3", "ann", "works", 1.0)
    away = moved(register.suppressed(DOWN, "behind:core", 7, 2.0)).alarm
    assert away.shown_state is AlarmState.OUT_OF_SERVICE
    free = moved(register.release("mast", 3.0)).alarm
    assert (free.hidden, free.annunciated) == (True, False)


def test_a_clock_that_is_set_back_makes_no_shelf_longer() -> None:
    """Of an alarm that an earlier engine left: its time moves with the clock."""
    register = raised()
    register.shelve(1, SHELF, 3.0)
    again = AlarmRegister(register.alarms(), 2)
    again.clock_stepped(-1000.0)
    assert again.tick(62.9 - 1000.0) == []
    assert len(again.tick(63.0 - 1000.0)) == 1


def test_a_clock_before_the_shelving_ends_the_shelf() -> None:
    """It was set back while no engine ran: nobody knows how long the shelf has lasted."""
    register = raised()
    register.shelve(1, replace(SHELF, for_s=5000.0), 4000.0)
    (back,) = AlarmRegister(register.alarms(), 2).tick(400.0)
    assert back.alarm.annunciated


def test_an_end_says_when_it_was() -> None:
    """Also where it is neither the fault's end nor an acknowledgement that ended it."""
    register = raised()
    register.shelve(1, SHELF, 3.0)
    register.no_fault("mast", None, 10.0)
    (over,) = register.tick(63.0)
    assert over.alarm.ended_utc_s == 63.0


def test_who_took_it_out_is_told_with_their_role() -> None:
    """Empty where nobody was signed in; a window has none."""
    register = raised()
    entry = moved(register.take_out("mast", BY_OPERATOR, "ann", "replaced", 4.0, "configure")).entry
    assert entry.facts["role"] == "configure"
    register.put_back("mast", BY_OPERATOR, "ann", "done", 5.0)
    assert "role" not in moved(register.take_out("mast", "maintenance:3", "", "", 6.0)).entry.facts
