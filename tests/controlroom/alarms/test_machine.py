"""The whole machine of ISA-18.2 under any order of faults, operators, times and restarts.

The properties are those that the standard's states promise: nothing active is silent unless it is hidden or
acknowledged, no shelf outlasts its time, each transition has one entry, and the entries give the alarms.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controlroom.alarms.alarm import BY_OPERATOR, ENGINE, Alarm, AlarmState, Cause, Priority
from controlroom.alarms.hiding import CLOCK_SLACK_S, Shelf
from controlroom.alarms.moved import Moved
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.replay import replay
from controlroom.alarms.transitions import Fault
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, LogKind
from controlroom.store.alarm_text import more_of, text_of_more

SUBJECTS = st.sampled_from(["mast", "core", "modem", "service:calls"])
CAUSES = st.sampled_from(
    [
        *(Cause.DOWN, Cause.DEGRADED, Cause.NOT_MEASURED, Cause.UNSTABLE),
        *(Cause.SERVICE_LOST, Cause.SERVICE_AT_RISK, Cause.SERVICE_DEGRADED),
    ]
)
LONGEST_S = 40.0


class AlarmMachine(RuleBasedStateMachine):
    """One register with a log; ``faulty`` is what is truly wrong, by subject."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        super().__init__()
        self.register = AlarmRegister()
        self.log: list[Draft] = []
        self.now = 1000.0
        self.faulty: dict[str, Fault] = {}
        self.suppressed: set[str] = set()

    @initialize(numbers=st.integers(1, 5))
    def begin(self, numbers: int) -> None:
        """Begin with a number that is not the first one."""
        self.register = AlarmRegister((), numbers)
        self.log.append(Draft(self.now, LogKind.ENGINE_STARTED, ENGINE))

    def keep(self, moved: Moved | None) -> None:
        """Keep the entry of a transition, which tells of the alarm that moved."""
        if moved is not None:
            assert moved.entry.facts["alarm"] == moved.alarm.number
            assert moved.entry.kind.value.startswith("alarm_")
            self.log.append(moved.entry)

    @rule(
        subject=SUBJECTS,
        cause=CAUSES,
        priority=st.sampled_from(list(Priority)),
        latching=st.booleans(),
        remind_s=st.sampled_from([None, 25.0]),
    )
    def fail(
        self, subject: str, cause: Cause, priority: Priority, latching: bool, remind_s: float | None
    ) -> None:
        """Something fails, suppressed where what it stands behind has."""
        fault = Fault(subject, cause, "deadline", priority, self.now, 0.0, 0.0, latching, remind_s)
        known = self.faulty.get(subject)
        if known is None or cause is not Cause.NOT_MEASURED:
            self.faulty[subject] = fault
        if subject in self.suppressed:
            self.keep(self.register.suppressed(fault, "behind:router", 77, self.now))
        else:
            self.keep(self.register.fault(fault, self.now))

    @rule(subject=SUBJECTS)
    def recover(self, subject: str) -> None:
        """It is well again, and what it stands behind as well."""
        self.faulty.pop(subject, None)
        self.suppressed.discard(subject)
        self.keep(self.register.no_fault(subject, None, self.now))
        self.keep(self.register.release(subject, self.now))

    @rule(subject=SUBJECTS)
    def suppress(self, subject: str) -> None:
        """What it stands behind fails too."""
        fault = self.faulty.get(subject)
        if fault is not None:
            self.suppressed.add(subject)
            self.keep(self.register.suppressed(fault, "behind:router", 77, self.now))

    @rule(subject=SUBJECTS)
    def release(self, subject: str) -> None:
        """What it stands behind is back."""
        self.suppressed.discard(subject)
        self.keep(self.register.release(subject, self.now))

    @rule(data=st.data(), for_s=st.sampled_from([None, 5.0]))
    def acknowledge(self, data: st.DataObject, for_s: float | None) -> None:
        """Somebody acknowledges, twice: the second changes nothing."""
        number = data.draw(st.integers(1, 12))
        self.keep(self.register.acknowledge(number, "ann", "seen", self.now, for_s))
        assert self.register.acknowledge(number, "ben", "", self.now) is None

    @rule(data=st.data(), for_s=st.floats(1, LONGEST_S), one_shot=st.booleans())
    def shelve(self, data: st.DataObject, for_s: float, one_shot: bool) -> None:
        """Somebody shelves."""
        number = data.draw(st.integers(1, 12))
        self.keep(self.register.shelve(number, Shelf(for_s, "ann", "noise", one_shot), self.now))

    @rule(data=st.data())
    def unshelve_reset_assign_tick(self, data: st.DataObject) -> None:
        """Somebody does all the rest."""
        number = data.draw(st.integers(1, 12))
        note = data.draw(st.sampled_from(["", "carrier called", "works"]))
        self.keep(
            self.register.assign(number, data.draw(st.sampled_from(["", "cem"])), "ann", note, self.now)
        )
        self.keep(self.register.tick_step(number, 2, "call", "ann", self.now, done=data.draw(st.booleans())))
        self.keep(self.register.reset(number, "ann", note, self.now))
        if data.draw(st.booleans()):
            self.keep(self.register.unshelve(number, "ann", self.now, note))
        self.keep(self.register.joined(number, "modem", self.now))

    @rule(subject=SUBJECTS, code=st.sampled_from([BY_OPERATOR, "maintenance:3"]), out=st.booleans())
    def serve(self, subject: str, code: str, out: bool) -> None:
        """Taken out of service and put back, by a window and by an operator."""
        serve = self.register.take_out if out else self.register.put_back
        self.keep(serve(subject, code, "ann", "works", self.now))

    @rule(step_s=st.floats(0.5, 30))
    def wait(self, step_s: float) -> None:
        """Time goes on."""
        self.now += step_s
        for moved in self.register.tick(self.now):
            self.keep(moved)

    @rule(step_s=st.sampled_from([-3600.0, -0.25, 7.5]))
    def set_clock(self, step_s: float) -> None:
        """The clock is set."""
        self.register.clock_stepped(step_s)
        self.now += step_s
        self.log.append(Draft(self.now, LogKind.CLOCK_STEPPED, ENGINE, facts={"step_s": step_s}))

    @precondition(lambda self: not self.register._in_maintenance)
    @rule()
    def restart(self) -> None:
        """The engine is killed and starts again with what the store gives."""
        kept = [_through_the_store(alarm) for alarm in self.register.alarms()]
        self.register = AlarmRegister(kept, self.register._next_number)
        self.log.append(Draft(self.now, LogKind.ENGINE_STARTED, ENGINE))

    @invariant()
    def one_alarm_a_subject(self) -> None:
        """One alarm at most for each subject, and none that has ended."""
        alarms = self.register.alarms()
        assert len({alarm.subject for alarm in alarms}) == len(alarms)
        assert not any(alarm.ended for alarm in alarms)

    @invariant()
    def nothing_active_is_silent(self) -> None:
        """A fault has an alarm that calls, is acknowledged, or is hidden with a reason."""
        for subject, fault in self.faulty.items():
            alarm = self.register.of(subject)
            assert alarm is not None, fault
            assert alarm.active
            assert alarm.annunciated or alarm.state is AlarmState.ACKNOWLEDGED or alarm.hidden
            assert alarm.shelved is False or alarm.shelved_why

    @invariant()
    def what_is_well_is_not_active(self) -> None:
        """No alarm says that a fault stands where it does not."""
        for alarm in self.register.alarms():
            assert alarm.active == (alarm.subject in self.faulty)

    @invariant()
    def a_shelf_ends(self) -> None:
        """No shelf ends later than the longest time from now."""
        for alarm in self.register.alarms():
            if alarm.shelved_until_utc_s is not None:
                assert alarm.shelved_until_utc_s <= self.now + LONGEST_S + CLOCK_SLACK_S

    @invariant()
    def hidden_is_never_acknowledged(self) -> None:
        """What is hidden comes back unacknowledged or ends."""
        for alarm in self.register.alarms():
            assert not (alarm.hidden and alarm.acknowledged_by)
            assert not (alarm.hidden and alarm.annunciated)

    @invariant()
    def the_log_gives_the_alarms(self) -> None:
        """Replaying the entries gives the alarms as they are."""
        chain = Chain()
        found = replay(chain.append(draft) for draft in self.log)
        assert found == {alarm.number: alarm for alarm in self.register.alarms()}


def _through_the_store(alarm: Alarm) -> Alarm:
    """Return an alarm as it comes back from its row."""
    bare = Alarm(
        alarm.number,
        alarm.subject,
        alarm.cause,
        alarm.reason,
        alarm.priority,
        alarm.state,
        alarm.since_utc_s,
        alarm.raised_utc_s,
        alarm.occurrences,
        alarm.acknowledged_utc_s,
        alarm.acknowledged_by,
        alarm.note,
        alarm.returned_utc_s,
    )
    return replace(bare, **more_of(text_of_more(alarm)))


TestAlarmMachine = AlarmMachine.TestCase
TestAlarmMachine.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
