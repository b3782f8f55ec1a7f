"""Which alarm tells of a fault where a window of maintenance, a rule or an operator has a say in it."""

from __future__ import annotations

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.site.alarm_rule import AlarmRule
from controlroom.site.model import RiskGroup, Site
from tests.stories.world import START_UTC_S, World, site_of

NAMES = ["mast-a", "mast-b", "mast-c"]
LOST = {**dict.fromkeys(NAMES, "RRTTTTTTTTTT"), "port": "RRRRRRRRRRRR"}


def room(**rule: object) -> Site:
    """Three masts in one duct, and a port beside them that shows that we reach anything at all."""
    site = site_of([*NAMES, "port"])
    ducted = tuple(
        each.model_copy(update={"risk_groups": ("duct",)}) if each.id in NAMES else each
        for each in site.endpoints
    )
    rules = (AlarmRule.model_validate({"id": "own", **rule}),) if rule else ()
    groups = (RiskGroup(id="duct", name="Duct East", kind="duct"),)
    return site.model_copy(update={"endpoints": ducted, "risk_groups": groups, "alarm_rules": rules})


def ran(monitor: Monitor) -> dict[str, Alarm]:
    """Lose all three masts, and return the alarms by subject."""
    World(monitor, LOST).run(12)
    return {alarm.subject: alarm for alarm in monitor.alarms.alarms()}


def test_what_shares_a_duct_is_one_alarm() -> None:
    """As a measure for the rest: one calls, three are part of it."""
    alarms = ran(Monitor(room(), {"icmp": True}, START_UTC_S))
    assert [alarm.subject for alarm in alarms.values() if alarm.annunciated] == ["group:duct"]
    assert {alarms[name].part_of for name in NAMES} == {alarms["group:duct"].number}


def test_what_is_out_of_service_makes_no_incident() -> None:
    """That all of a duct is lost while it is worked on was planned: nobody is called."""
    monitor = Monitor(room(), {"icmp": True}, START_UTC_S)
    for name in NAMES:
        Effects().moved(monitor.alarms.take_out(name, "maintenance:1", "ann", "works", START_UTC_S))
    alarms = ran(monitor)
    assert "group:duct" not in alarms
    assert not any(alarm.annunciated for alarm in alarms.values())
    assert {alarms[name].out_of_service for name in NAMES} == {"maintenance:1"}


def test_what_is_left_beside_the_works_calls_for_itself() -> None:
    """Two in maintenance and one that is not: its loss is its own."""
    monitor = Monitor(room(), {"icmp": True}, START_UTC_S)
    for name in NAMES[:2]:
        monitor.alarms.take_out(name, "maintenance:1", "ann", "works", START_UTC_S)
    alarms = ran(monitor)
    assert [alarm.subject for alarm in alarms.values() if alarm.annunciated] == ["mast-c"]


def test_what_a_rule_tells_as_an_event_has_no_part_in_an_incident() -> None:
    """Two masts that matter and one that does not: too few for the whole duct."""
    monitor = Monitor(room(endpoints=["mast-a"], **{"as": "event"}), {"icmp": True}, START_UTC_S)
    alarms = ran(monitor)
    assert "mast-a" not in alarms
    assert "group:duct" not in alarms


def test_a_rule_says_how_urgent_the_loss_of_a_group_is() -> None:
    """The leading alarm goes by the rules as any other."""
    monitor = Monitor(room(causes=["group_lost"], priority=3, latching=True), {"icmp": True}, START_UTC_S)
    lead = ran(monitor)["group:duct"]
    assert (lead.cause, lead.priority, lead.latching) == (Cause.GROUP_LOST, 3, True)


def test_a_rule_that_calls_the_loss_of_a_group_an_event_hides_no_member() -> None:
    """Somebody must be called for what is lost."""
    monitor = Monitor(room(causes=["group_lost"], **{"as": "event"}), {"icmp": True}, START_UTC_S)
    alarms = ran(monitor)
    assert any(alarm.annunciated for alarm in alarms.values())


def test_a_delay_of_a_rule_does_not_hide_the_members_without_a_lead() -> None:
    """They are suppressed from the first moment, so the alarm that leads them is there from then on."""
    monitor = Monitor(room(causes=["group_lost"], on_delay_s=600), {"icmp": True}, START_UTC_S)
    assert ran(monitor)["group:duct"].annunciated
