"""Incidents: who waits how long, what a kill in the middle leaves, sites that change, rules of the site."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.transitions import Fault
from controlroom.condition.own_connection import OWN_CONNECTION_LOST
from controlroom.condition.state import Condition
from controlroom.engine.effects import Effects
from controlroom.engine.incident import Incident
from controlroom.engine.incidents import Incidents
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import ALARM_KINDS, LogKind
from controlroom.site.model import Criticality, Site
from tests.stories.world import START_UTC_S, World, site_of, with_causes

LOST = "R" * 5 + "T" * 15
EAST = {"groups": {"east": ["a", "b", "c"]}}


def east(**letters: str) -> tuple[Site, dict[str, str]]:
    """A duct with three endpoints, and one that has nothing to do with it."""
    spelt = {**dict.fromkeys("abc", LOST), "far": "R" * 20, **letters}
    return with_causes(site_of(list(spelt)), EAST), spelt


def played(site: Site, letters: dict[str, str], seconds: float) -> tuple[Monitor, World]:
    """Play a room for so long."""
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, letters, site=site)
    world.run(seconds)
    return monitor, world


def alarm_of(monitor: Monitor, subject: str) -> Alarm:
    """Return an alarm that there is."""
    found = monitor.alarms.of(subject)
    assert found is not None
    return found


def calling(monitor: Monitor) -> list[str]:
    """Return whose alarms call for somebody."""
    return sorted(alarm.subject for alarm in monitor.alarms.alarms() if alarm.annunciated)


def own(endpoint_id: str) -> Fault:
    """Return that an endpoint is down."""
    return Fault(endpoint_id, Cause.DOWN, "deadline", Priority.HIGH, START_UTC_S)


def test_a_fault_waits_for_suspects_no_longer_than_a_moment() -> None:
    """It is told the sooner where they turn out to be well, and at once where there is none."""
    told: list[str] = []
    incidents = Incidents(
        AlarmRegister(),
        east()[0],
        tell=lambda fault, now_utc_s, effects: told.append(fault.subject),
        lead=lead_of,
        is_heard=lambda endpoint_id, since_s: True,
    )
    incidents.suspect("b", is_suspected=True)
    incidents.suspect("c", is_suspected=True)
    incidents.take(own("a"), 0.0, 0.0, START_UTC_S, Effects())
    incidents.take(own("far"), 0.0, 0.0, START_UTC_S, Effects())
    assert told == ["far"]
    incidents.tick(1.49, START_UTC_S, Effects())
    assert told == ["far"]
    incidents.tick(1.5, START_UTC_S, Effects())
    assert told == ["far", "a"]
    incidents.take(own("b"), 2.0, 2.0, START_UTC_S, Effects())
    incidents.tick(2.02, START_UTC_S, Effects())
    assert told == ["far", "a"]
    incidents.suspect("c", is_suspected=False)
    incidents.tick(2.04, START_UTC_S, Effects())
    assert told == ["far", "a", "b"]


def lead_of(incident: Incident) -> Fault:
    """Return what leads an incident."""
    return incident.fault()


def test_the_lead_is_as_urgent_as_the_most_urgent_member() -> None:
    """And the members keep their own priorities inside."""
    site, letters = east()
    low = [one.model_copy(update={"criticality": Criticality.LOW}) for one in site.endpoints[:2]]
    site = site.model_copy(update={"endpoints": (*low, *site.endpoints[2:])})
    monitor, _ = played(site, letters, 12)
    assert alarm_of(monitor, "group:east").priority is Priority.CRITICAL
    assert alarm_of(monitor, "a").priority is Priority.LOW


@pytest.mark.parametrize("killed_s", [7.02, 7.1, 7.14, 7.16, 7.18, 7.2, 7.22, 7.3, 8.0])
def test_a_kill_at_any_moment_ends_in_the_same_alarms(killed_s: float) -> None:
    """Also between the condition that was committed and the alarm that was not."""
    site, letters = east(core=LOST, child=LOST)
    site = with_causes(site, {**EAST, "behind": {"child": ["core"]}})
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, letters, site=site, restarts_s=[killed_s])
    world.run(20)
    assert calling(world.monitor) == ["core", "group:east"]
    lead, core = (alarm_of(world.monitor, one) for one in ("group:east", "core"))
    assert {alarm_of(world.monitor, one).part_of for one in "abc"} == {lead.number}
    assert alarm_of(world.monitor, "child").part_of == core.number
    raised = [line for line in world.told if "group:east alarm_raised" in line]
    assert len(raised) == 1


class Changing(World):
    """A world whose site is another from ten seconds on."""

    def _act_and_restart(self, now_s: float) -> None:
        site, self.site = self.site, None if now_s >= 10 else self.site
        if now_s >= 10 and site is not None:
            self._tell(self.monitor.adopt(site, {"icmp": True}, now_s, self._utc_s(now_s)), now_s)


def changed(to: Site, letters: dict[str, str]) -> Changing:
    """Let a duct be lost, and its site change under way."""
    monitor = Monitor(east()[0], {"icmp": True}, START_UTC_S)
    world = Changing(monitor, letters, site=to)
    world.run(20)
    return world


def test_an_incident_outlasts_a_site_in_which_nothing_is_shared_any_more() -> None:
    """Nobody calls because a file was edited."""
    _, letters = east()
    world = changed(site_of(list(letters)), letters)
    assert calling(world.monitor) == ["group:east"]


def test_a_member_that_is_taken_out_of_the_site_leaves() -> None:
    """With the last of them the leading alarm returns."""
    site, letters = east()
    rest = site.model_copy(update={"endpoints": tuple(each for each in site.endpoints if each.id == "far")})
    world = changed(rest, letters)
    assert world.monitor.alarms.of("a") is None
    assert calling(world.monitor) == ["group:east"]
    assert not alarm_of(world.monitor, "group:east").active


def test_a_further_fault_calls_at_most_once_a_minute() -> None:
    """In an incident that somebody acknowledged; in one that calls already nothing is told."""
    letters = dict.fromkeys("abcd", "R" * 5 + "T" * 75)
    letters |= {"e": "R" * 20 + "T" * 60, "f": "R" * 30 + "T" * 50, "far": "R" * 80}
    site = with_causes(site_of(list(letters)), {"locations": {"Hill": [*"abcdef"]}})
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    acts = {10.0: "acknowledge location:Hill", 25.0: "acknowledge location:Hill"}
    world = World(monitor, letters, site=site, acts=acts)
    world.run(80)
    joined = [float(line.split()[0]) for line in world.told if "alarm_joined" in line]
    assert len(joined) == 1
    assert 21 <= joined[0] <= 22
    world = World(
        Monitor(site, {"icmp": True}, START_UTC_S), {**letters, "far": "R" * 100}, site=site, acts=acts
    )
    world.letters = letters
    world.run(95)
    joined = [float(line.split()[0]) for line in world.told if "alarm_joined" in line]
    assert len(joined) == 2
    assert 60 <= joined[1] - joined[0] <= 60.1


def test_nothing_is_told_where_nothing_changes() -> None:
    """An incident that stands costs no entry a second."""
    site, letters = east()
    monitor, _ = played(site, letters, 12)
    effects = Effects()
    for look in range(200):
        found = monitor.tick(12 + look * 0.1, START_UTC_S + 12 + look * 0.1)
        effects.entries += found.entries
    assert [entry.kind for entry in effects.entries if entry.kind is not LogKind.ALARM_REMINDED] == []


def test_an_incident_that_is_nearly_over_is_told_as_what_it_was() -> None:
    """Whoever comes back to the desk sees how many were lost, and how urgent that was."""
    site, letters = east(a="R" * 5 + "T" * 10 + "R" * 45, b="R" * 5 + "T" * 10 + "R" * 45)
    low = [
        each.model_copy(update={"criticality": Criticality.LOW}) for each in site.endpoints if each.id == "c"
    ]
    others = [each for each in site.endpoints if each.id != "c"]
    monitor, _ = played(site.model_copy(update={"endpoints": (*others, *low)}), letters, 24)
    lead = alarm_of(monitor, "group:east")
    assert (lead.priority, lead.reason) == (Priority.CRITICAL, "lost:3:a")


HILL = {"locations": {"Hill House": list("abcdefgh")}}


def hill(late: str, mended: str, seconds: int) -> tuple[Site, dict[str, str]]:
    """Eight at one place: seven lost at 5 s, one 36 s later, and one of the seven mended at last."""
    letters = dict.fromkeys("abcdefgh", "R" * 5 + "T" * (seconds - 5)) | {"far": "R" * seconds}
    letters |= {"h": late, "a": mended}
    return with_causes(site_of(list(letters)), HILL), letters


def test_who_joins_late_does_not_break_an_incident_when_one_returns() -> None:
    """Seven are lost by the same cause as ever, whenever each of them fell."""
    mended = "R" * 5 + "T" * 45 + "R" * 40
    site, letters = hill("R" * 41 + "T" * 49, mended, 90)
    monitor, _ = played(site, letters, 88)
    assert calling(monitor) == ["location:Hill House"]


def test_a_restart_breaks_no_incident() -> None:
    """Nobody has returned, so nothing is told anew."""
    site, letters = hill("R" * 41 + "T" * 49, "R" * 5 + "T" * 85, 90)
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, letters, site=site, restarts_s=[55.0])
    world.run(88)
    assert calling(world.monitor) == ["location:Hill House"]


def test_what_is_lost_beyond_what_returned_is_one_alarm() -> None:
    """The router answers again, and those behind it do not yet: one alarm and not one each."""
    letters = dict.fromkeys("abcdef", "R" * 5 + "T" * 55) | {"far": "R" * 60}
    letters["core"] = "R" * 5 + "T" * 15 + "R" * 40
    site = with_causes(site_of(list(letters)), {"behind": {name: ["core"] for name in "abcdef"}})
    monitor, _ = played(site, letters, 40)
    called = [name for name in calling(monitor) if name != "core"]
    assert called == ["beyond:core"]


def test_a_split_is_remembered_over_a_restart() -> None:
    """By the alarms that each has had of its own: three that fall again are no new incident."""
    site, letters = east(**dict.fromkeys("abc", "R" * 5 + "T" * 55), far="R" * 60)
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, letters, site=site, restarts_s=[30.0], acts={15.0: "split group:east"})
    world.run(50)
    assert calling(world.monitor) == ["a", "b", "c"]


def test_a_restart_while_we_are_cut_off_ourselves_breaks_no_incident() -> None:
    """Of those who cannot be asked, their alarms tell that they were lost together."""
    site, letters = east()
    monitor, _ = played(site, letters, 12)
    cut = [
        replace(state, condition=Condition.UNKNOWN, reason=OWN_CONNECTION_LOST)
        for state in (tracker.state for tracker in monitor.trackers.values())
    ]
    again = Monitor(
        site,
        {"icmp": True},
        START_UTC_S + 30,
        states=cut,
        alarms=monitor.alarms.alarms(),
        next_alarm_number=20,
    )
    effects = again.begin(START_UTC_S + 30, 30.0)
    for at_s in range(31, 60):
        more = again.tick(float(at_s), START_UTC_S + at_s)
        effects.entries += more.entries
    assert not [entry for entry in effects.entries if entry.kind in ALARM_KINDS]
    assert calling(again) == ["group:east"]
