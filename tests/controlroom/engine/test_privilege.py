"""The one alarm of all probes that may not ask."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import AlarmState, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.engine.effects import Effects
from controlroom.engine.privilege import Privilege
from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from tests.stories.world import site_of

REACHES = {"icmp": True}
FORBIDDEN = Reading(ProbeKey("mast", "icmp"), 1.0, 1.0, Outcome.NOT_RUN, Reason.NO_PRIVILEGE)


def of(reading: Reading, endpoint_id: str, outcome: Outcome, reason: Reason = Reason.NONE) -> Reading:
    """Make another reading of it."""
    return replace(reading, probe=ProbeKey(endpoint_id, "icmp"), outcome=outcome, reason=reason)


def lacking(*endpoint_ids: str) -> tuple[AlarmRegister, Privilege]:
    """Two endpoints, of which some have been asked without the right."""
    alarms = AlarmRegister()
    privilege = Privilege(alarms, site_of(["mast", "port"]), REACHES)
    for endpoint_id in endpoint_ids:
        privilege.note(of(FORBIDDEN, endpoint_id, Outcome.NOT_RUN, Reason.NO_PRIVILEGE), 1.0, Effects())
    return alarms, privilege


def test_all_that_lack_it_are_one_alarm_which_ends_with_the_last() -> None:
    """Whatever is asked shows that it has the right, also where nobody answers."""
    alarms, privilege = lacking("mast", "port")
    assert [alarm.cause for alarm in alarms.alarms()] == [Cause.NO_PRIVILEGE]
    effects = Effects()
    privilege.note(of(FORBIDDEN, "mast", Outcome.NO_REPLY, Reason.DEADLINE), 2.0, effects)
    assert effects.entries == []
    privilege.note(of(FORBIDDEN, "port", Outcome.NOT_RUN, Reason.NO_ROUTE), 2.0, effects)
    assert effects.entries == []
    privilege.note(of(FORBIDDEN, "port", Outcome.REPLIED), 2.0, effects)
    assert [entry.kind for entry in effects.entries] == [LogKind.ALARM_RETURNED]


def test_it_ends_with_the_last_that_is_watched() -> None:
    """What left the site lacks nothing."""
    alarms, privilege = lacking("port")
    effects = Effects()
    privilege.keep(site_of(["port"]), 2.0, effects)
    assert effects.entries == []
    privilege.keep(site_of(["mast"]), 2.0, effects)
    assert [alarm.state for alarm in alarms.alarms()] == [AlarmState.RETURNED_UNACKNOWLEDGED]


def test_after_a_restart_it_stays_until_each_has_been_asked() -> None:
    """The first that can be asked does not speak for the others."""
    alarms, _ = lacking("mast")
    again = Privilege(alarms, site_of(["mast", "port"]), REACHES)
    effects = Effects()
    again.note(of(FORBIDDEN, "mast", Outcome.REPLIED), 2.0, effects)
    assert effects.entries == []
    again.note(of(FORBIDDEN, "port", Outcome.REPLIED), 2.0, effects)
    assert [entry.kind for entry in effects.entries] == [LogKind.ALARM_RETURNED]
