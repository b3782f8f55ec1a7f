"""What operators do to alarms, each with its answer: what is asked, what is allowed, what it brings about."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.engine import acts
from controlroom.engine.acts import Taken
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import ActKind
from controlroom.logbook.entry import LogKind
from tests.controlroom.engine.test_acts import act
from tests.stories.world import START_UTC_S, World, site_of, with_causes

HOUR_S = 3600.0


@pytest.fixture
def monitor() -> Monitor:
    """A room with two masts down, and so with the alarms 1 and 2, and a port that is well."""
    monitor = Monitor(site_of(["mast", "modem", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTTTT", "modem": "RRTTTTTTT", "port": "RRRRRRRRR"}).run(9)
    assert sorted(alarm.number for alarm in monitor.alarms.alarms()) == [1, 2]
    return monitor


def do(monitor: Monitor, kind: ActKind, **more: object) -> Taken:
    """Have an act taken at 5 s."""
    return acts.take(act(kind, **more), monitor, 5.0, started_utc_s=0.0)


def answer(monitor: Monitor, kind: ActKind, **more: object) -> str:
    """Return how an act was refused; empty where it was not."""
    taken = do(monitor, kind, **more)
    assert taken.answer.accepted is (taken.answer.answer == "")
    assert taken.answer.accepted or taken.effects.entries[-1].kind is LogKind.ACT_REFUSED
    return taken.answer.answer


def alarm_of(monitor: Monitor, number: int) -> Alarm:
    """Return an alarm that there is."""
    found = monitor.alarms.numbered(number)
    assert found is not None
    return found


def test_several_are_acknowledged_at_once(monitor: Monitor) -> None:
    """One act, an entry for each; a number that never was is passed over."""
    taken = do(monitor, ActKind.ACKNOWLEDGE, details={"alarms": "1,2,77,x,"}, note="both are the carrier's")
    assert [entry.facts["alarm"] for entry in taken.effects.entries] == [1, 2]
    assert {alarm.state for alarm in monitor.alarms.alarms()} == {AlarmState.ACKNOWLEDGED}


@pytest.mark.parametrize("for_s", [0, -5.0, 0.5])
def test_an_acknowledgement_for_no_time_is_refused(monitor: Monitor, for_s: float) -> None:
    """A time must be one."""
    assert answer(monitor, ActKind.ACKNOWLEDGE, alarm_number=1, details={"for_s": for_s}) == "needs_time"


def test_an_acknowledgement_may_be_for_a_time(monitor: Monitor) -> None:
    """It is over then, as the alarm says."""
    do(monitor, ActKind.ACKNOWLEDGE, alarm_number=1, details={"for_s": 900})
    assert alarm_of(monitor, 1).acknowledged_until_utc_s == 905.0


def test_shelving_needs_a_reason_and_a_time(monitor: Monitor) -> None:
    """Otherwise nobody knows later why it was quiet."""
    timed = {"for_s": HOUR_S}
    assert answer(monitor, ActKind.SHELVE, alarm_number=1, details=timed) == "needs_reason"
    assert answer(monitor, ActKind.SHELVE, alarm_number=1, details=timed, note=" ") == "needs_reason"
    assert answer(monitor, ActKind.SHELVE, alarm_number=1, note="crew") == "needs_time"
    assert answer(monitor, ActKind.SHELVE, alarm_number=9, details=timed, note="crew") == "no_such_alarm"
    assert answer(monitor, ActKind.SHELVE, alarm_number=1, details=timed, note="crew") == ""
    shelved = alarm_of(monitor, 1)
    assert (shelved.shelved_until_utc_s, shelved.shelved_why) == (HOUR_S + 5.0, "crew")


def test_a_long_shelf_needs_more_than_a_reason(monitor: Monitor) -> None:
    """Longer than the site allows: by whoever may, and only as such."""
    long = {"for_s": 9 * HOUR_S}
    justified = {**long, "justified": True}
    said = {"alarm_number": 1, "note": "until the new mast"}
    assert answer(monitor, ActKind.SHELVE, details=long, role="configure", **said) == "too_long"
    assert answer(monitor, ActKind.SHELVE, details=justified, role="act", **said) == "too_long"
    assert answer(monitor, ActKind.SHELVE, details=justified, role="configure", **said) == ""
    entry = do(monitor, ActKind.SHELVE, details=justified, role="configure", **said).effects.entries[0]
    assert (entry.facts["justified"], entry.facts["role"]) == (True, "configure")


def test_what_is_hidden_is_not_shelved_besides(monitor: Monitor) -> None:
    """It calls nobody already."""
    do(monitor, ActKind.OUT_OF_SERVICE, subject=alarm_of(monitor, 1).subject, note="replaced")
    timed = {"for_s": HOUR_S}
    assert answer(monitor, ActKind.SHELVE, alarm_number=1, details=timed, note="crew") == "alarm_hidden"


def test_taking_out_of_service_and_back(monitor: Monitor) -> None:
    """By its subject or by its alarm; with a reason; what is so already keeps the words."""
    assert answer(monitor, ActKind.OUT_OF_SERVICE, subject="mast") == "needs_reason"
    assert answer(monitor, ActKind.OUT_OF_SERVICE, subject="attic", note="replaced") == "no_such_endpoint"
    assert answer(monitor, ActKind.OUT_OF_SERVICE, alarm_number=1, note="replaced") == ""
    subject = alarm_of(monitor, 1).subject
    again = do(monitor, ActKind.OUT_OF_SERVICE, subject=subject, note="still replaced")
    assert [entry.kind for entry in again.effects.entries] == [LogKind.NOTE]
    assert alarm_of(monitor, 1).shown_state is AlarmState.OUT_OF_SERVICE
    assert answer(monitor, ActKind.IN_SERVICE, subject=subject, note="done") == ""
    assert alarm_of(monitor, 1).annunciated


def test_an_endpoint_that_is_well_can_be_taken_out(monitor: Monitor) -> None:
    """So that its next fault calls nobody."""
    taken = do(monitor, ActKind.OUT_OF_SERVICE, subject="port", note="replaced")
    assert [entry.kind for entry in taken.effects.entries] == [LogKind.ALARM_OUT_OF_SERVICE]
    assert not any(alarm.annunciated for alarm in monitor.alarms.alarms() if alarm.subject == "port")


@pytest.mark.parametrize("step", [0, -1, 51, True, "3", 2.5])
def test_only_a_step_is_ticked(monitor: Monitor, step: object) -> None:
    """The card numbers its steps from one."""
    assert answer(monitor, ActKind.TICK, alarm_number=1, details={"step": step}) == "no_such_step"


def test_a_step_is_ticked_and_the_tick_taken_back(monitor: Monitor) -> None:
    """With the words of the step, as the desk showed them."""
    ticked = do(monitor, ActKind.TICK, alarm_number=1, details={"step": 2, "words": "Call the carrier"})
    assert ticked.effects.entries[0].facts["words"] == "Call the carrier"
    do(monitor, ActKind.TICK, alarm_number=1, details={"step": 2, "done": False})
    assert alarm_of(monitor, 1).steps_done == ""


def test_only_what_is_held_is_reset(monitor: Monitor) -> None:
    """A fault that stands is not."""
    assert answer(monitor, ActKind.RESET, alarm_number=1) == "not_held"


def test_it_is_given_to_somebody(monitor: Monitor) -> None:
    """To whoever does it, where nobody is named."""
    do(monitor, ActKind.ASSIGN, alarm_number=1, details={"owner": "Cem Aydın"})
    assert alarm_of(monitor, 1).owner == "Cem Aydın"
    do(monitor, ActKind.ASSIGN, alarm_number=1)
    assert alarm_of(monitor, 1).owner == "ann"


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (ActKind.SHELVE, "watch"),
        (ActKind.UNSHELVE, "watch"),
        (ActKind.TICK, "watch"),
        (ActKind.ASSIGN, "watch"),
        (ActKind.RESET, "watch"),
        (ActKind.OUT_OF_SERVICE, "act"),
        (ActKind.IN_SERVICE, "act"),
    ],
)
def test_each_needs_its_role(monitor: Monitor, kind: ActKind, role: str) -> None:
    """Who may not is refused before anything else is looked at."""
    assert answer(monitor, kind, alarm_number=1, note="x", role=role) == "not_permitted"


def test_an_incident_is_split_by_the_alarm_that_leads_it() -> None:
    """Who did it and what they said is told; then nothing is hidden, and a second act finds no incident."""
    letters = {"a": "RRTTTTTTT", "b": "RRTTTTTTT", "port": "RRRRRRRRR"}
    site = with_causes(site_of(list(letters)), {"groups": {"east": ["a", "b"]}})
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    World(monitor, letters).run(9)
    lead = monitor.alarms.of("group:east")
    assert lead is not None
    taken = do(monitor, ActKind.SPLIT, alarm_number=lead.number, note="two causes")
    assert [entry.kind for entry in taken.effects.entries] == [LogKind.ALARM_ENDED, LogKind.NOTE]
    assert {entry.operator for entry in taken.effects.entries} == {"ann"}
    monitor.tick(9.0, START_UTC_S + 9)
    shown = [alarm.subject for alarm in monitor.alarms.alarms() if alarm.annunciated]
    assert sorted(shown) == ["a", "b"]
    assert answer(monitor, ActKind.SPLIT, alarm_number=lead.number) == "no_incident"
    assert answer(monitor, ActKind.SPLIT, alarm_number=99) == "no_such_alarm"
