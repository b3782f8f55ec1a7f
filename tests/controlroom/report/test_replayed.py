"""What a replay found is put together, and said in sentences."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_fault
from controlroom.alarms.transitions import Fault
from controlroom.measure.detection import ChangeKind, ChangeSign, Detection
from controlroom.report.replayed import Alarms, FoundChange, Moment, Replayed, ReplayedAlarm
from controlroom.report.replayed_words import (
    alarm_sentence,
    alarms_sentence,
    change_sentence,
    changes_sentence,
)
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SiteView

MAST = SeenEndpoint(
    id="mast",
    name="Mast \x1b[31m",
    kind=EndpointKind.PARTNER,
    address="192.0.2.1",
    criticality=Criticality.HIGH,
)
VIEW = SiteView(name="Room", endpoints=(MAST,))


def at(second: float) -> Moment:
    """A moment, a row a second."""
    return Moment(int(second), second, "icmp")


def fault(cause: Cause, reason: str, priority: Priority, since_utc_s: float) -> Fault:
    """A fault of the mast."""
    return Fault("mast", cause, reason, priority, since_utc_s)


def test_each_time_of_fault_is_an_alarm() -> None:
    """Though nobody acknowledges the first; what becomes worse is told as it was at its worst."""
    register, alarms = AlarmRegister(), Alarms()
    slow = fault(Cause.DEGRADED, "limit:rtt_s:0.3", Priority.MEDIUM, 9.0)
    down = fault(Cause.DOWN, "deadline", Priority.HIGH, 19.0)
    for second, wrong in ((10, slow), (20, down), (25, slow), (30, None), (40, slow)):
        moved = register.no_fault("mast", None, second) if wrong is None else register.fault(wrong, second)
        assert moved is not None
        alarms.take(moved.entry, {moved.alarm.number: moved.alarm}, at(second))
    first, second_alarm = alarms.all
    assert (first.raised, first.returned, first.since_utc_s) == (at(10), at(30), 9.0)
    assert (first.cause, first.reason, first.priority, first.times_raised) == ("down", "deadline", 2, 2)
    told = [(each.moment, each.cause, each.reason, each.priority) for each in first.raisings]
    assert told == [(at(10), "degraded", "limit:rtt_s:0.3", 3), (at(20), "down", "deadline", 2)]
    assert (second_alarm.raised, second_alarm.returned, second_alarm.times_raised) == (at(40), None, 1)
    assert (first.lasted_s(100.0), second_alarm.lasted_s(100.0)) == (20.0, 60.0)


def test_an_alarm_is_said_by_its_fault() -> None:
    """The name of the endpoint cannot steer a terminal; one of the monitoring itself has none."""
    alarm = ReplayedAlarm("mast", at(10), "down", "deadline", 2, 9.0)
    assert alarm_sentence(alarm, VIEW) == "Mast \\x1b[31m: down, no reply in time."
    own = own_fault(Cause.NO_PRIVILEGE, "no_privilege", 1.0)
    of_engine = replace(alarm, subject=own.subject, cause=own.cause.value, reason=own.reason)
    assert alarm_sentence(of_engine, VIEW) == "Not allowed to send probes."


def test_the_sums_are_said() -> None:
    """How often, for how long, and whether one still stands."""
    found = Replayed("mast", VIEW, 100, 0.0, 100.0)
    assert alarms_sentence(found) == "No alarm."
    alarm = ReplayedAlarm("mast", at(10), "down", "deadline", 2, 9.0)
    over = replace(alarm, returned=at(70))
    assert alarms_sentence(replace(found, alarms=[over])) == "1 alarm (1 down) of 1 min."
    both = replace(found, alarms=[over, replace(alarm, raised=at(80), cause="degraded")])
    assert alarms_sentence(both) == (
        "2 alarms (1 down, 1 degraded), 1 min 20 s in all, the longest 1 min; "
        "the last still stands at the end."
    )


def test_changes_are_said() -> None:
    """Each, and how many of each kind."""
    detection = Detection(ChangeKind.LATENCY_RISE, ChangeSign.RUN, 30.0, 20.0, 0.02, 0.04, 10)
    change = FoundChange(at(30), detection)
    assert "rose from 20.0 ms to 40.0 ms" in change_sentence(change)
    found = Replayed("mast", VIEW, 100, 0.0, 100.0, changes=[change, change])
    assert changes_sentence(found) == "2 changes of the link: 2 latency rise."
    assert changes_sentence(Replayed("mast", VIEW)) == "No change of the link found."
