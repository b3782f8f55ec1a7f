"""Which conditions are faults, and how urgent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.alarms.alarm import AlarmState, Cause, Priority
from controlroom.alarms.event import Event
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import AlarmRules, fault_of
from controlroom.alarms.transitions import Fault
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.entry import LogKind
from controlroom.site.alarm_rule import AlarmRule
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.duty import USUAL_ESCALATION, Escalation
from controlroom.site.model import Criticality, Endpoint, EndpointKind, RiskGroup, Site


@pytest.mark.parametrize(
    ("condition", "reason", "criticality", "expected"),
    [
        (Condition.DOWN, "deadline", Criticality.CRITICAL, (Cause.DOWN, Priority.CRITICAL)),
        (Condition.DOWN, "deadline", Criticality.LOW, (Cause.DOWN, Priority.LOW)),
        (Condition.DEGRADED, "limit:rtt_s", Criticality.HIGH, (Cause.DEGRADED, Priority.MEDIUM)),
        (Condition.DEGRADED, "limit:rtt_s", Criticality.LOW, (Cause.DEGRADED, Priority.LOW)),
        (Condition.UNKNOWN, "no_name", Criticality.CRITICAL, (Cause.NOT_MEASURED, Priority.HIGH)),
        (Condition.UNKNOWN, "own_connection_lost", Criticality.CRITICAL, None),
        (Condition.UNKNOWN, "no_privilege", Criticality.CRITICAL, None),
        (Condition.UNKNOWN, "not_measured_yet", Criticality.CRITICAL, None),
        (Condition.UP, "none", Criticality.CRITICAL, None),
    ],
)
def test_faults(
    condition: Condition, reason: str, criticality: Criticality, expected: tuple[Cause, Priority] | None
) -> None:
    """Every rule, one line each."""
    fault = fault_of(EndpointState("mast", condition, 1.0, reason), criticality)
    assert (None if fault is None else (fault.cause, fault.priority)) == expected


def found(reason: str, criticality: Criticality = Criticality.CRITICAL) -> Fault:
    """What is wrong with a device that answers."""
    fault = fault_of(EndpointState("ups", Condition.DEGRADED, 1.0, reason), criticality)
    assert fault is not None
    return fault


def test_a_warning_alone_is_one_step_less_urgent_than_a_fault() -> None:
    """As far as there is a step; what a store holds from before is taken for the graver."""
    assert found("limit:output:5").priority is found("limit:load:2").priority is Priority.HIGH
    assert found("limit:output:4:warning").priority is Priority.MEDIUM
    assert found("limit:output:4:warning", Criticality.HIGH).priority is Priority.LOW
    assert found("limit:output:4:warning", Criticality.LOW).priority is Priority.LOW


def test_a_warning_that_becomes_a_fault_raises_its_alarm_again() -> None:
    """More urgent, logged, and new for whoever had acknowledged it; the way back only eases it."""
    register = AlarmRegister()
    register.fault(found("limit:output:4:warning"), 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    worse = register.fault(found("limit:output:5"), 4.0)
    assert worse is not None
    assert (worse.entry.kind, worse.alarm.number) == (LogKind.ALARM_RAISED_AGAIN, 1)
    assert (worse.alarm.priority, worse.alarm.state) == (Priority.HIGH, AlarmState.UNACKNOWLEDGED)
    eased = register.fault(found("limit:output:4:warning"), 5.0)
    assert eased is not None
    assert (eased.entry.kind, eased.alarm.priority) == (LogKind.ALARM_EASED, Priority.MEDIUM)


def test_a_warning_that_becomes_a_fault_is_told_where_no_priority_is_left() -> None:
    """Of medium criticality both are low, and whoever took the warning must hear of the fault."""
    register = AlarmRegister()
    register.fault(found("limit:output:4:warning", Criticality.MEDIUM), 2.0)
    register.acknowledge(1, "ann", "", 3.0)
    worse = register.fault(found("limit:output:5", Criticality.MEDIUM), 4.0)
    assert worse is not None
    assert worse.entry.kind is LogKind.ALARM_RAISED_AGAIN
    assert (worse.alarm.priority, worse.alarm.state) == (Priority.LOW, AlarmState.UNACKNOWLEDGED)
    back = register.fault(found("limit:output:4:warning", Criticality.MEDIUM), 5.0)
    assert back is not None
    assert back.entry.kind is LogKind.ALARM_REASON_CHANGED


def endpoint(criticality: Criticality = Criticality.CRITICAL, time_s: float | None = None) -> Endpoint:
    """The mast, on a hill."""
    return Endpoint(
        id="mast",
        name="Mast",
        kind=EndpointKind.RADIO_GATEWAY,
        address="192.0.2.1",
        criticality=criticality,
        time_to_respond_s=time_s,
        risk_groups=("hill",),
    )


def rules(
    *found: dict[str, object], remind_s: float = 60.0, escalations: tuple[Escalation, ...] = ()
) -> AlarmRules:
    """The rules of a site, with ids 1, 2, …."""
    return AlarmRules(
        Site(
            name="Room",
            alarms=AlarmSettings(remind_s=remind_s),
            alarm_rules=tuple(
                AlarmRule.model_validate({"id": str(number), **rule}) for number, rule in enumerate(found, 1)
            ),
            escalations=escalations,
            risk_groups=(RiskGroup(id="hill", name="Hill", kind="mast"),),
            endpoints=(endpoint(),),
        )
    )


def down(reason: str = "deadline", condition: Condition = Condition.DOWN) -> EndpointState:
    """How the mast is."""
    return EndpointState("mast", condition, 1.0, reason)


def fault(found: Fault | Event | None) -> Fault:
    """Take what must be a fault."""
    assert isinstance(found, Fault)
    return found


@pytest.mark.parametrize("criticality", Criticality)
@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("reason", ["limit:rtt_s", "limit:output:4:warning", "no_name", "not_measured_yet"])
def test_a_site_without_a_rule_has_what_is_usual(
    criticality: Criticality, condition: Condition, reason: str
) -> None:
    """Its alarms are as they are without any site, but for the reminder."""
    one, state = endpoint(criticality), down(reason, condition)
    usual, found = fault_of(state, criticality), rules(remind_s=0).judge(state, one)
    assert found == usual


def test_what_is_urgent_by_its_time_to_respond() -> None:
    """An hour of time takes a step, more takes two; a fault that leaves it working keeps its own time."""
    site = rules()
    found = [
        fault(site.judge(down(), endpoint(time_s=time_s))).priority for time_s in (60, 900, 901, 3600, 3601)
    ]
    assert found == [1, 1, 2, 2, 3]
    degraded = down("limit:rtt_s", Condition.DEGRADED)
    assert fault(site.judge(degraded, endpoint(time_s=60))).priority == 2
    assert fault(site.judge(degraded, endpoint(time_s=9000))).priority == 3
    assert fault(site.judge(down(), endpoint(Criticality.LOW, 9000))).priority == 4


def test_a_rule_says_how_its_alarms_behave() -> None:
    """Delays, latching, reminder and priority; another fault keeps what is usual."""
    rule: dict[str, object] = {
        "causes": ["down"], "priority": 3, "on_delay_s": 5, "off_delay_s": 6, "latching": True, "remind_s": 7
    }  # fmt: skip
    site = rules(rule)
    found = fault(site.judge(down(), endpoint()))
    assert (found.priority, found.on_delay_s, found.off_delay_s) == (3, 5, 6)
    assert (found.latching, found.remind_s) == (True, 7)
    other = fault(site.judge(down("no_name", Condition.UNKNOWN), endpoint()))
    assert (other.priority, other.on_delay_s, other.latching, other.remind_s) == (2, 0, False, 60)


def test_a_rules_time_to_respond_moves_the_priority_also_of_a_warning() -> None:
    """It knows better than what is usual."""
    site = rules({"time_to_respond_s": 60})
    for reason in ("limit:rtt_s", "limit:output:4:warning"):
        assert fault(site.judge(down(reason, Condition.DEGRADED), endpoint())).priority == 1


def test_reminders_come_after_the_sites_time_unless_a_rule_says_otherwise() -> None:
    """None is never."""
    degraded = down("limit:rtt_s", Condition.DEGRADED)
    assert fault(rules().judge(degraded, endpoint(Criticality.HIGH))).remind_s == 60
    assert fault(rules(remind_s=0).judge(down(), endpoint())).remind_s is None
    assert fault(rules({"remind_s": 0}).judge(down(), endpoint())).remind_s is None
    assert fault(rules({"remind_s": 9}).judge(degraded, endpoint(Criticality.LOW))).remind_s == 9


def test_what_needs_nobody_is_an_event() -> None:
    """It says by which rule; a fault that the rule is not for stays an alarm."""
    site = rules({"causes": ["degraded"], "as": "event"})
    found = site.judge(down("limit:rtt_s", Condition.DEGRADED), endpoint())
    assert found == Event("mast", Cause.DEGRADED, "limit:rtt_s", 1.0, "1")
    entry = found.entry(3.0)
    assert (entry.kind, entry.subject, entry.facts["cause"]) == (LogKind.EVENT, "mast", "degraded")
    assert fault(site.judge(down(), endpoint())).cause is Cause.DOWN
    assert site.judge(down("none", Condition.UP), endpoint()) is None


def together(subject: str, priority: Priority = Priority.LOW) -> Fault:
    """What several lost endpoints tell together before any rule is asked."""
    return Fault(subject, Cause.GROUP_LOST, "lost:3:mast", priority, 1.0)


def test_an_unstable_endpoint_is_as_urgent_as_the_worst_of_its_falls() -> None:
    """Unless a rule says otherwise, or that nobody need act; it has no delay, for it lasts already."""
    worst = Fault("mast", Cause.UNSTABLE, "falls:5", Priority.HIGH, 1.0)
    assert fault(rules().unstable(endpoint(), worst)).priority == 2
    delayed = fault(rules({"on_delay_s": 30}).unstable(endpoint(), worst))
    assert (delayed.priority, delayed.on_delay_s) == (2, 0.0)
    found = fault(rules({"causes": ["unstable"], "priority": 3}).unstable(endpoint(), worst))
    assert (found.cause, found.reason, found.priority) == (Cause.UNSTABLE, "falls:5", 3)
    assert isinstance(rules({"causes": ["unstable"], "as": "event"}).unstable(endpoint(), worst), Event)


def test_a_lost_group_is_as_urgent_as_the_most_critical_that_is_lost() -> None:
    """A rule may say otherwise, or that it is an event; an inferred cause has the same."""
    lost = [endpoint(Criticality.LOW), endpoint(Criticality.HIGH), endpoint(Criticality.MEDIUM)]
    for subject in ("group:hill", "location:North"):
        found = fault(rules().group_lost(together(subject), lost))
        assert (found.subject, found.cause, found.priority) == (subject, Cause.GROUP_LOST, 2)
    urgent = fault(rules().group_lost(together("group:hill", Priority.CRITICAL), lost))
    assert urgent.priority == 1
    ruled = rules({"causes": ["group_lost"], "risk_groups": ["hill"], "priority": 1, "latching": True})
    found = fault(ruled.group_lost(together("group:hill"), lost))
    assert (found.priority, found.latching) == (1, True)
    assert fault(ruled.group_lost(together("location:North"), lost)).latching is False
    assert fault(rules({"as": "event"}).group_lost(together("group:hill"), lost)).priority == 2


def test_an_alarm_has_its_rules_escalation_or_its_priorities() -> None:
    """A rule's before the one for its priority; where the site says nothing, the desk after five minutes."""
    register = AlarmRegister()
    moved = register.fault(fault(rules().judge(down(), endpoint())), 2.0)
    assert moved is not None
    alarm, steps = moved.alarm, ({"after_s": 1, "to": "desk"},)
    urgent = Escalation.model_validate({"id": "urgent", "priorities": [1], "steps": steps})
    radio = Escalation.model_validate({"id": "radio", "steps": steps})
    assert rules().escalation_of(alarm) is USUAL_ESCALATION
    assert rules(escalations=(radio,)).escalation_of(alarm) is USUAL_ESCALATION
    assert rules(escalations=(radio, urgent)).escalation_of(alarm) == urgent
    named: dict[str, object] = {"causes": ["down"], "escalation": "radio"}
    assert rules(named, escalations=(radio, urgent)).escalation_of(alarm) == radio
    assert rules({"escalation": "never"}, escalations=(radio, urgent)).escalation_of(alarm) is None
    low = replace(alarm, priority=Priority.LOW)
    assert rules().escalation_of(low) is None
    assert rules(escalations=(urgent,)).escalation_of(low) is None


def test_rules_know_whether_they_say_the_same() -> None:
    """Only what changes alarms counts."""
    assert rules().same_as(rules(escalations=()))
    assert not rules().same_as(rules({"latching": True}))
    assert not rules().same_as(rules(remind_s=61))
