"""The tile of a service, as text and codes."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import LegState
from controlroom.site.criticality import Criticality
from tests.controlroom.resilience.rooms import room, service
from ui.desk.services.face import NO_NUMBER, STALE, WAITING, ServiceFace, service_face

SEEN = service("calls", {"North": ["a"], "South": ["b"]})
SITE = room(["a", "b"], [SEEN])
ALARM = Alarm(
    number=7,
    subject="service:calls",
    cause=Cause.DOWN,
    priority=Priority.MEDIUM,
    state=AlarmState.UNACKNOWLEDGED,
    since_utc_s=1.0,
    raised_utc_s=1.0,
    reason="none",
)


def face(
    alarm: Alarm | None = None,
    *,
    live: bool = True,
    failed: str = "",
    unknown: str = "",
    planned: str = "",
    poor: str = "",
) -> ServiceFace:
    """The tile where these endpoints, each a letter, are so."""
    seen = Observed(frozenset(failed), frozenset(unknown), frozenset(planned), frozenset(poor))
    standing = Resilience(SITE).look(seen)["calls"]
    return service_face(SEEN, standing, alarm, str.upper, live=live)


def test_a_service_that_works_is_grey_and_says_that_all_is_well() -> None:
    """No badge, no colour."""
    calm = face()
    assert (calm.number, calm.counts, calm.line, calm.urgency) == ("2", "failures from loss", "All well", 0)
    assert not calm.attention
    assert not calm.marred


def test_each_state_has_a_word_and_a_shape_of_its_own() -> None:
    """Never colour alone; unknown has no colour at all."""
    faces = [
        face(),
        face(failed="a"),
        face(poor="ab"),
        face(failed="ab"),
        face(failed="a", unknown="b"),
    ]
    assert [each.word for each in faces] == ["Working", "At risk", "Degraded", "Lost", "Unknown"]
    assert len({each.shape for each in faces}) == 5
    assert [each.urgency for each in faces] == [0, 2, 2, 1, 0]
    assert faces[4].attention


def test_each_leg_tells_its_own_state() -> None:
    """In the order of the site."""
    assert face(failed="a", planned="b").legs == (LegState.LOST, LegState.MAINTENANCE)
    assert face(poor="a", unknown="b").legs == (LegState.DEGRADED, LegState.UNKNOWN)
    assert face(poor="a").marred


def test_the_alarm_decides_the_colour_where_there_is_one() -> None:
    """And one that calls nobody takes it away, but neither word nor shape."""
    assert face(ALARM, failed="a").urgency == 3
    shelved = face(replace(ALARM, shelved_utc_s=2.0), failed="a")
    assert (shelved.urgency, shelved.word, shelved.hidden, shelved.attention) == (0, "At risk", True, True)
    acknowledged = face(replace(ALARM, state=AlarmState.ACKNOWLEDGED), failed="a")
    assert not acknowledged.new


def test_less_hangs_on_a_service_that_is_less_critical() -> None:
    """So that its loss does not call as loudly."""
    standing = Resilience(SITE).look(Observed(failed=frozenset({"a", "b"})))["calls"]
    low = SEEN.model_copy(update={"criticality": Criticality.LOW})
    assert service_face(low, standing, None, str, live=True).urgency == 4


def test_nothing_old_is_told_as_if_it_were_so_now() -> None:
    """Without a heartbeat there is no number; before the first judging, neither."""
    stale = face(live=False, failed="ab")
    assert (stale.shape, stale.number, stale.urgency, stale.legs) == (STALE, NO_NUMBER, 0, (STALE, STALE))
    waiting = service_face(SEEN, None, None, str, live=True)
    assert (waiting.shape, waiting.number) == (WAITING, NO_NUMBER)
    assert not stale.attention


def test_a_screen_reader_hears_name_state_margin_and_what_is_wrong() -> None:
    """In that order."""
    assert face(failed="a").spoken() == (
        "Calls, At risk, 1 failure from loss, North lost: A, 1 of 2 paths work well"
    )
