"""Alarms from raising to end: one for each subject, none lost, none doubled."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.moved import Moved
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_fault
from controlroom.alarms.transitions import Fault
from controlroom.logbook.entry import LogKind

DOWN = Fault("mast", Cause.DOWN, "deadline", Priority.CRITICAL, 1.0)
SLOW = Fault("mast", Cause.DEGRADED, "limit:rtt_s", Priority.HIGH, 1.0)
UNMEASURED = Fault("mast", Cause.NOT_MEASURED, "no_name", Priority.HIGH, 1.0)


def moved(found: Moved | None) -> Moved:
    """Insist that something moved."""
    assert found is not None
    return found


def test_the_life_of_an_alarm_that_is_acknowledged_first() -> None:
    """Raised, acknowledged, returned: three entries, and it is over."""
    register = AlarmRegister()
    steps = [
        register.fault(DOWN, 2.0),
        register.acknowledge(1, "ann", "called the carrier", 3.0),
        register.no_fault("mast", None, 4.0),
    ]
    assert [moved(step).entry.kind for step in steps] == [
        LogKind.ALARM_RAISED,
        LogKind.ALARM_ACKNOWLEDGED,
        LogKind.ALARM_RETURNED,
    ]
    ended = moved(steps[-1]).alarm
    assert (ended.state, ended.note, ended.acknowledged_by) == (
        AlarmState.NORMAL,
        "called the carrier",
        "ann",
    )
    assert register.alarms() == []


def test_a_returned_alarm_waits_for_somebody_to_see_it() -> None:
    """Returned before anyone acknowledged, it stays until that is done."""
    register = AlarmRegister()
    register.fault(DOWN, 2.0)
    assert moved(register.no_fault("mast", None, 3.0)).alarm.state is AlarmState.RETURNED_UNACKNOWLEDGED
    assert moved(register.acknowledge(1, "ann", "", 4.0)).alarm.ended


def test_the_same_fault_tells_nothing_new() -> None:
    """Telling a fault twice moves nothing."""
    register = AlarmRegister()
    register.fault(DOWN, 2.0)
    assert register.fault(DOWN, 3.0) is None


def test_a_graver_fault_sounds_again_in_the_same_alarm() -> None:
    """Degraded and acknowledged, then down: unacknowledged again, still number one."""
    register = AlarmRegister()
    register.fault(SLOW, 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    again = moved(register.fault(DOWN, 4.0))
    assert (again.alarm.number, again.alarm.state) == (1, AlarmState.UNACKNOWLEDGED)
    assert again.entry.kind is LogKind.ALARM_RAISED_AGAIN


def test_a_lesser_fault_eases_and_the_acknowledgement_stands() -> None:
    """Down and acknowledged, then merely slow: nobody is called again."""
    register = AlarmRegister()
    register.fault(DOWN, 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    eased = moved(register.fault(SLOW, 4.0))
    assert (eased.alarm.state, eased.alarm.priority) == (AlarmState.ACKNOWLEDGED, Priority.HIGH)
    assert eased.entry.kind is LogKind.ALARM_EASED


def test_another_reason_is_told_and_the_acknowledgement_stands() -> None:
    """Down for another reason is the same alarm: told once, and nobody is called again."""
    register = AlarmRegister()
    register.fault(DOWN, 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    other = replace(DOWN, reason="port_unreachable")
    told = moved(register.fault(other, 4.0))
    assert (told.alarm.number, told.alarm.state) == (1, AlarmState.ACKNOWLEDGED)
    assert (told.alarm.reason, told.alarm.raised_utc_s) == ("port_unreachable", 2.0)
    assert told.entry.kind is LogKind.ALARM_REASON_CHANGED
    assert told.entry.facts["before"] == DOWN.reason
    assert register.fault(other, 5.0) is None


def test_being_unable_to_measure_does_not_ease_a_known_fault() -> None:
    """Down stays down in the alarm list until somebody has seen it answer."""
    register = AlarmRegister()
    register.fault(DOWN, 2.0)
    assert register.fault(UNMEASURED, 3.0) is None
    assert register.alarms()[0].cause is Cause.DOWN


def test_a_fault_that_comes_back_counts_its_occurrences() -> None:
    """Back before anyone saw the return: the same alarm, second occurrence."""
    register = AlarmRegister()
    register.fault(DOWN, 2.0)
    register.no_fault("mast", None, 3.0)
    again = moved(register.fault(DOWN, 4.0)).alarm
    assert (again.number, again.occurrences, again.returned_utc_s) == (1, 2, None)


def test_the_engine_has_one_alarm_for_each_cause() -> None:
    """Two troubles of our own do not hide each other."""
    register = AlarmRegister()
    register.fault(own_fault(Cause.NO_PRIVILEGE, "no_privilege", 1.0), 1.0)
    register.fault(own_fault(Cause.OWN_CONNECTION_LOST, "own_connection_lost", 1.0), 1.0)
    assert len(register.alarms()) == 2
    register.no_fault("engine", Cause.NO_PRIVILEGE, 2.0)
    assert [alarm.cause for alarm in register.alarms() if alarm.active] == [Cause.OWN_CONNECTION_LOST]


class Room(RuleBasedStateMachine):
    """Faults come and go, operators acknowledge, the engine restarts: the register keeps its rules."""

    def __init__(self) -> None:
        """Start with no alarm."""
        super().__init__()
        self.register = AlarmRegister()
        self.faulty: dict[str, Fault] = {}
        self.entries: list[tuple[int, LogKind]] = []
        self.stored: dict[int, Alarm] = {}
        self.now = 0.0

    def keep(self, found: Moved | None) -> None:
        """Do what the store does with a transition."""
        if found is not None:
            self.stored[found.alarm.number] = found.alarm
            self.entries.append((found.alarm.number, found.entry.kind))

    @rule(subject=st.sampled_from(["mast", "port"]), kind=st.sampled_from([DOWN, SLOW, UNMEASURED]))
    def fault(self, subject: str, kind: Fault) -> None:
        """Something goes wrong, or goes wrong differently."""
        self.now += 1
        fault = Fault(subject, kind.cause, kind.reason, kind.priority, self.now)
        self.faulty[subject] = fault
        self.keep(self.register.fault(fault, self.now))

    @rule(subject=st.sampled_from(["mast", "port"]))
    def good(self, subject: str) -> None:
        """It is well again."""
        self.now += 1
        self.faulty.pop(subject, None)
        self.keep(self.register.no_fault(subject, None, self.now))

    @rule(number=st.integers(1, 5))
    def acknowledge(self, number: int) -> None:
        """Somebody acknowledges an alarm, perhaps twice, perhaps one that never was."""
        self.now += 1
        self.keep(self.register.acknowledge(number, "ann", "", self.now))

    @rule()
    def restart(self) -> None:
        """The engine is killed and starts again from what was stored."""
        kept = [alarm for alarm in self.stored.values() if not alarm.ended]
        self.register = AlarmRegister(kept, max(self.stored, default=0) + 1)

    @invariant()
    def every_fault_has_exactly_one_active_alarm(self) -> None:
        """No fault without an alarm, no active alarm without a fault, never two for one subject."""
        active = [alarm.subject for alarm in self.register.alarms() if alarm.active]
        assert sorted(active) == sorted(self.faulty)

    @invariant()
    def the_store_holds_what_the_register_holds(self) -> None:
        """Replaying the transitions rebuilds the register."""
        kept = {number: alarm for number, alarm in self.stored.items() if not alarm.ended}
        assert {alarm.number: alarm for alarm in self.register.alarms()} == kept

    @invariant()
    def each_number_is_raised_once(self) -> None:
        """A number is never given twice."""
        raised = [number for number, kind in self.entries if kind is LogKind.ALARM_RAISED]
        assert len(raised) == len(set(raised))


Room.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestRoom = Room.TestCase
