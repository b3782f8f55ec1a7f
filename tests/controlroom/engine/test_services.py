"""Services beside their endpoints: maintenance, grades, sites that change, and what the log says."""

from __future__ import annotations

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.alarms.replay import replay
from controlroom.alarms.service_reason import ServiceReason
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow, OneOff
from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import Draft, LogKind
from controlroom.report.service_alarm_words import service_reason_words
from controlroom.resilience.live import Resilience
from controlroom.site.alarm_settings import AlarmSettings
from controlroom.site.model import Site
from controlroom.site.profile import Grade
from tests.stories.world import START_UTC_S, World, seen, site_of, with_services

CALLS = "service:calls"
WELL = "R" * 60


class Room(World):
    """A world that keeps its entries, and in which something is done at given seconds."""

    def __init__(self, letters: dict[str, str], services: dict[str, list[str]] | None = None) -> None:
        """Begin with one service that needs one of its ways."""
        site = with_services(
            site_of(list(letters)),
            {name: {"ways": ways} for name, ways in (services or {"calls": list(letters)}).items()},
        )
        monitor = Monitor(site, {"icmp": True}, START_UTC_S, view=seen(site))
        super().__init__(monitor, letters, site=site, view=seen(site))
        self.entries: list[Draft] = []
        self.planned: tuple[float, MaintenanceWindow] | None = None
        self.graded: dict[float, tuple[str, Grade]] = {}
        self.adopts: tuple[float, Site] | None = None

    def _act_and_restart(self, now_s: float) -> None:
        utc_s = START_UTC_S + now_s
        if self.planned is not None and now_s >= self.planned[0]:
            window, self.planned = self.planned[1], None
            self._tell(self.monitor.maintenance.plan(window, utc_s), now_s)
        for at_s in [each for each in self.graded if now_s >= each]:
            endpoint_id, grade = self.graded.pop(at_s)
            found = Assessment(endpoint_id, "icmp", utc_s, 300.0, grade.value, "")
            self._tell(Effects(assessments=[found]), now_s)
        if self.adopts is not None and now_s >= self.adopts[0]:
            site, self.adopts = self.adopts[1], None
            self._tell(self.monitor.adopt(site, {"icmp": True}, now_s, utc_s, Resilience(seen(site))), now_s)
        super()._act_and_restart(now_s)

    def _tell(self, effects: Effects, now_s: float) -> None:
        self.entries += effects.entries
        super()._tell(effects, now_s)

    def alarm(self, subject: str = CALLS) -> Alarm | None:
        """Return the alarm of a service."""
        return self.monitor.alarms.of(subject)

    def of_service(self, word: str) -> list[str]:
        """Return what was told of the service, as far as it has a word in it."""
        return [line for line in self.told if f" {CALLS} " in line and word in line]


def window(*endpoint_ids: str, from_s: float = 5.0, until_s: float = 40.0) -> MaintenanceWindow:
    """A window of maintenance over some seconds of a story."""
    return MaintenanceWindow(
        number=1,
        title="Works",
        reason="new battery",
        planned_by="Ann",
        planned_utc_s=START_UTC_S,
        zone_name="UTC",
        plan=OneOff(START_UTC_S + from_s, START_UTC_S + until_s),
        endpoint_ids=endpoint_ids,
        group_ids=(),
    )


def test_what_is_in_maintenance_puts_no_service_at_risk() -> None:
    """Whether it answers or not; the log tells of the margin all the same."""
    room = Room({"a": "RRRRR RRRRR TTTTT TTTTT", "b": WELL})
    room.planned = (5.0, window("a"))
    room.run(20)
    assert room.alarm() is None
    assert room.of_service("at_risk") == ["5.0 service:calls service_changed at_risk 1"]


def test_a_service_that_is_truly_lost_in_maintenance_calls() -> None:
    """For nobody planned that."""
    room = Room({"a": "RRRRR RRRRR TTTTT TTTTT", "b": "RRRRR RRRRR RRRRR TTTTT"})
    room.planned = (5.0, window("a"))
    room.run(20)
    lost = room.alarm()
    assert lost is not None
    assert (lost.cause, lost.annunciated) == (Cause.SERVICE_LOST, True)


def test_it_is_found_though_all_of_it_is_shown_in_maintenance() -> None:
    """What is shown of its endpoints does not change when they go down."""
    room = Room({"a": "RRRRR RRRRR TTTTT TTTTT", "b": "RRRRR RRRRR RRRRR TTTTT"})
    room.planned = (5.0, window("a", "b"))
    room.run(14)
    assert room.alarm() is None
    again = Room({"a": "RRRRR RRRRR TTTTT TTTTT", "b": "RRRRR RRRRR RRRRR TTTTT"})
    again.planned = (5.0, window("a", "b"))
    again.run(20)
    lost = again.alarm()
    assert lost is not None
    assert lost.cause is Cause.SERVICE_LOST


def test_the_last_leg_beside_a_maintenance_is_at_risk() -> None:
    """It rests on what may go at any moment."""
    room = Room({"a": WELL, "b": "RRRRR RRRRR TTTTT TTTTT"})
    room.planned = (5.0, window("a"))
    room.run(20)
    at_risk = room.alarm()
    assert at_risk is not None
    assert at_risk.cause is Cause.SERVICE_AT_RISK
    assert "planned=a" in at_risk.reason


def test_a_service_of_which_nothing_is_good_enough_is_degraded() -> None:
    """By the grades of its links, though every one of them answers; over when one is better."""
    room = Room({"a": WELL, "b": WELL})
    room.graded = {5.0: ("a", Grade.POOR), 6.0: ("b", Grade.UNUSABLE), 15.0: ("a", Grade.GOOD)}
    room.run(20)
    assert room.of_service("alarm") == [
        "8.0 service:calls alarm_raised service_degraded",
        "15.0 service:calls alarm_returned service_degraded",
    ]


def test_a_service_that_the_site_has_no_longer_has_no_alarm() -> None:
    """And one that it has besides is looked at from then on."""
    room = Room({"a": "RRRRR TTTTT TTTTT TTTTT", "b": WELL})
    site = with_services(site_of(["a", "b"]), {"other": {"ways": ["a"]}})
    room.adopts = (12.0, site)
    room.run(20)
    assert room.alarm() is None
    assert room.of_service("alarm")[-1] == "12.0 service:calls alarm_ended service_at_risk"
    other = room.alarm("service:other")
    assert other is not None
    assert other.cause is Cause.SERVICE_LOST


def test_no_service_is_watched_without_a_view() -> None:
    """As in the replay of a recording of one endpoint."""
    site = with_services(site_of(["a"]), {"calls": {"ways": ["a"]}})
    world = World(Monitor(site, {"icmp": True}, START_UTC_S), {"a": "RRRRR TTTTT TTTTT"})
    world.run(15)
    assert not [line for line in world.told if "service:" in line]


def test_the_log_alone_gives_the_alarms_again() -> None:
    """Also those that are part of another, and after a clock that was set."""
    letters = {"a": "RRRRR TTTTT TTTTT TTTTT TTTTT", "b": WELL, "c": WELL}
    room = Room(letters, {"calls": ["a", "b"], "data": ["a", "c"]})
    room.run(24)
    suppressed = room.alarm("service:data")
    assert suppressed is not None
    assert suppressed.suppressed_by == "part_of:service:calls"
    assert replay(room.entries) == {alarm.number: alarm for alarm in room.monitor.alarms.alarms()}


def test_an_entry_says_how_far_from_loss_it_is() -> None:
    """With what failed, what is next and what is left, by their ids."""
    room = Room({"a": "RRRRR TTTTT TTTTT TTTTT", "b": WELL})
    room.run(12)
    (entry,) = [each for each in room.entries if each.kind is LogKind.SERVICE_CHANGED]
    assert entry.subject == CALLS
    assert entry.facts == {
        "from": "working",
        "to": "at_risk",
        "margin_least": 1,
        "margin_most": 1,
        "whole": 2,
        "reason": "service;failed=a;next=b;left=service:calls:path:way-2",
    }


def test_an_acknowledged_alarm_of_a_service_is_reminded_of_as_the_site_says() -> None:
    """Lest it be forgotten, like any other."""
    room = Room({"a": "RRRRR TTTTT TTTTT", "b": WELL})
    room.run(12)
    at_risk = room.alarm()
    assert at_risk is not None
    assert at_risk.remind_s == AlarmSettings().remind_s


def _lost_and_eased(**more: object) -> Room:
    room = Room(
        {
            "a": "RRRRR TTTTT TTTTT TTTTT TTTTT TTTTT",
            "b": "RRRRR RRRRR TTTTT RRRRR RRRRR RRRRR",
        }
    )
    for name, value in more.items():
        setattr(room, name, value)
    return room


def test_what_was_lost_and_eased_says_so_until_somebody_saw_it() -> None:
    """As urgent as the loss, also after a restart, and the log alone tells the same."""
    for restarts_s in ([], [20.0]):
        room = _lost_and_eased(_restarts_s=restarts_s)
        room.run(25)
        eased = room.alarm()
        assert eased is not None
        told = ServiceReason.read(eased.reason)
        assert told is not None
        assert told.was_lost is not None
        assert (eased.cause, eased.priority) == (Cause.SERVICE_AT_RISK, Priority.CRITICAL)
        assert 2.0 < told.was_lost.lasted_s < 10.0
        assert replay(room.entries)[eased.number] == eased


def test_what_somebody_acknowledged_eases_and_says_it_no_longer() -> None:
    """At once, though the service stands as before."""
    room = _lost_and_eased(_acts=[(20.0, f"acknowledge {CALLS}")])
    room.run(25)
    eased = room.alarm()
    assert eased is not None
    assert "was_lost" not in eased.reason
    assert eased.priority is Priority.HIGH
    assert eased.state is AlarmState.ACKNOWLEDGED


def test_what_was_unknown_all_along_keeps_no_alarm_from_its_end() -> None:
    """The other path fails and returns: at best one was left, and that is said; then it is over."""
    room = Room({"a": "RRRRR AAAAA AAAAA AAAAA AAAAA", "b": "RRRRR RRRRR TTTTT TTTTT RRRRR"})
    room.run(19)
    alarm = room.alarm()
    assert alarm is not None
    assert (alarm.cause, alarm.active) == (Cause.SERVICE_AT_RISK, True)
    assert "nothing is known of a" in service_reason_words(alarm.reason)
    room.run(25)
    after = room.alarm()
    assert after is None or not after.active
