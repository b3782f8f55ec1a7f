"""What operators do about an alarm: each act has one entry with who, and nothing is done twice."""

from __future__ import annotations

from controlroom.alarms.alarm import AlarmState, Cause, Priority
from controlroom.alarms.moved import Moved
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.transitions import Fault
from controlroom.logbook.entry import LogKind

DOWN = Fault("mast", Cause.DOWN, "deadline", Priority.CRITICAL, 1.0)
LATCHING = Fault("mast", Cause.DOWN, "deadline", Priority.CRITICAL, 1.0, latching=True)
FORGETFUL = Fault("mast", Cause.DOWN, "deadline", Priority.CRITICAL, 1.0, remind_s=100.0)


def moved(found: Moved | None) -> Moved:
    """Insist that something moved."""
    assert found is not None
    return found


def raised(fault: Fault = DOWN) -> AlarmRegister:
    """A register with one alarm, raised at 2."""
    register = AlarmRegister()
    moved(register.fault(fault, 2.0))
    return register


def test_an_acknowledgement_for_a_time_calls_anew_when_it_is_over() -> None:
    """Ten seconds are ten seconds: then it is new again, and the log says whose time was over."""
    register = raised()
    register.acknowledge(1, "ann", "on it", 3.0, for_s=10.0)
    assert register.tick(12.9) == []
    (anew,) = register.tick(13.0)
    assert (anew.alarm.state, anew.alarm.raised_utc_s) == (AlarmState.UNACKNOWLEDGED, 13.0)
    assert anew.entry.kind is LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED
    assert anew.entry.facts["by"] == "ann"
    assert register.tick(14.0) == []


def test_an_acknowledgement_that_was_forgotten_calls_anew() -> None:
    """The fault stands, and nobody has spoken of it since: it calls again after its time, and only then."""
    register = raised(FORGETFUL)
    register.acknowledge(1, "ann", "", 3.0)
    assert register.tick(102.9) == []
    (anew,) = register.tick(103.0)
    assert anew.entry.kind is LogKind.ALARM_REMINDED
    assert anew.alarm.annunciated


def test_a_time_that_was_chosen_goes_before_the_usual_one() -> None:
    """Whoever says how long knows better than the site."""
    register = raised(FORGETFUL)
    register.acknowledge(1, "ann", "", 3.0, for_s=500.0)
    assert register.tick(200.0) == []
    assert register.tick(503.0) != []


def test_an_acknowledgement_of_what_is_over_calls_nobody() -> None:
    """It ended with its acknowledgement; no time brings it back."""
    register = raised(FORGETFUL)
    register.acknowledge(1, "ann", "", 3.0, for_s=10.0)
    register.no_fault("mast", None, 5.0)
    assert register.alarms() == []
    assert register.tick(1000.0) == []


def test_who_acknowledges_has_it_in_hand_unless_somebody_has() -> None:
    """It may be given to another, and back to nobody; giving it where it is changes nothing."""
    register = raised()
    assert moved(register.assign(1, "cem", "ann", "you know the site", 3.0)).alarm.owner == "cem"
    assert moved(register.acknowledge(1, "ann", "", 4.0)).alarm.owner == "cem"
    assert register.assign(1, "cem", "ann", "", 5.0) is None
    given = moved(register.assign(1, "", "cem", "", 6.0))
    assert given.entry.facts["was"] == "cem"
    assert given.entry.operator == "cem"
    assert moved(raised().acknowledge(1, "ann", "", 4.0)).alarm.owner == "ann"


def test_steps_are_ticked_once_and_the_tick_can_be_taken_back() -> None:
    """Each tick is in the log with its words; a raise again begins the card anew."""
    register = raised()
    ticked = moved(register.tick_step(1, 3, "call the carrier", "ann", 3.0, done=True))
    assert ticked.entry.facts["words"] == "call the carrier"
    assert register.tick_step(1, 3, "call the carrier", "ben", 3.5, done=True) is None
    assert moved(register.tick_step(1, 12, "drive there", "ann", 4.0, done=True)).alarm.steps_done == "3,12"
    back = moved(register.tick_step(1, 3, "call the carrier", "ann", 5.0, done=False)).alarm
    assert (back.is_step_done(3), back.is_step_done(12), back.is_step_done(1)) == (False, True, False)
    register.no_fault("mast", None, 6.0)
    assert moved(register.fault(DOWN, 7.0)).alarm.steps_done == ""


def test_what_latches_is_held_until_it_is_acknowledged_and_reset() -> None:
    """Over, held, acknowledged, reset: in this order and no other."""
    register = raised(LATCHING)
    held = moved(register.no_fault("mast", None, 3.0))
    assert held.alarm.state is AlarmState.LATCHED_UNACKNOWLEDGED
    assert held.entry.kind is LogKind.ALARM_LATCHED
    assert held.alarm.annunciated
    assert register.reset(1, "ann", "", 4.0) is None
    assert moved(register.acknowledge(1, "ann", "", 5.0)).alarm.state is AlarmState.LATCHED_ACKNOWLEDGED
    assert moved(register.reset(1, "ann", "checked", 6.0)).alarm.ended
    assert register.alarms() == []


def test_what_was_acknowledged_before_it_was_over_is_held_acknowledged() -> None:
    """Nobody is called again for it; it waits for the reset."""
    register = raised(LATCHING)
    register.acknowledge(1, "ann", "", 2.5)
    assert moved(register.no_fault("mast", None, 3.0)).alarm.state is AlarmState.LATCHED_ACKNOWLEDGED


def test_what_is_held_and_comes_back_calls_anew_also_where_it_was_acknowledged() -> None:
    """Nobody has seen this occurrence."""
    register = raised(LATCHING)
    register.acknowledge(1, "ann", "", 2.5)
    register.no_fault("mast", None, 3.0)
    again = moved(register.fault(LATCHING, 4.0)).alarm
    assert (again.state, again.occurrences) == (AlarmState.UNACKNOWLEDGED, 2)


def test_a_further_fault_in_an_acknowledged_incident_calls_anew() -> None:
    """And in one that calls already it changes nothing."""
    register = raised()
    assert register.joined(1, "modem", 3.0) is None
    register.acknowledge(1, "ann", "", 4.0)
    joined = moved(register.joined(1, "modem", 5.0))
    assert joined.entry.facts["member"] == "modem"
    assert joined.alarm.annunciated


def test_nothing_is_done_to_what_never_was() -> None:
    """Every act on an unknown number changes nothing."""
    register = raised()
    assert register.acknowledge(9, "ann", "", 3.0) is None
    assert register.assign(9, "ann", "ann", "", 3.0) is None
    assert register.tick_step(9, 1, "", "ann", 3.0, done=True) is None
    assert register.reset(9, "ann", "", 3.0) is None
    assert register.joined(9, "modem", 3.0) is None
    assert register.unshelve(9, "ann", 3.0) is None
