"""The rows of each list: their words and signs, and how few are made anew."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.logbook.act import Act, ActKind
from tests.ui.desk.room import site_view
from ui.desk.alarm_list.face import PENDING, Mark, Moment, Row
from ui.desk.alarm_list.lists import AlarmLists, ListKind
from ui.desk.alarm_list.rows import FIRST_MEMBERS, AlarmRows
from ui.desk.pending import PendingActs
from ui.desk.picture import Picture
from ui.desk.snapshot import Snapshot

NOW = 1795356000.0
LONDON = ZoneInfo("Europe/London")
NEW = Alarm(
    1, "router-a", Cause.DOWN, "deadline", Priority.HIGH, AlarmState.UNACKNOWLEDGED, NOW - 60, NOW - 58
)


def _moment(pending: PendingActs | None = None, later_s: float = 0.0) -> Moment:
    picture = Picture()
    picture.fold(Snapshot(0.0, None, site=site_view()))
    return Moment(picture, pending or PendingActs(), NOW + later_s, LONDON)


def _member(number: int) -> Alarm:
    return replace(NEW, number=number, subject=f"e{number}", suppressed_by="behind:router-a", part_of=1)


def test_what_leads_says_how_many_and_which_was_first() -> None:
    """The first only where it was not the leading endpoint itself."""
    rows, moment = AlarmRows(), _moment()
    (behind,) = rows.of(ListKind.ACTIVE, AlarmLists([NEW, _member(2), _member(3)]), moment)
    assert behind.cause == "2 endpoints behind it; Down, no reply in time"
    group = replace(NEW, subject="location:Mast", cause=Cause.GROUP_LOST, reason="none")
    first = replace(_member(2), subject="maps", suppressed_by="part_of:location:Mast", since_utc_s=NOW - 61)
    (led,) = rows.of(ListKind.ACTIVE, AlarmLists([group, first]), moment)
    assert led.cause == "1 endpoint, first: Map tiles 13:58:59; Lost together"
    assert led.name == "Mast"


def test_the_first_members_are_listed_and_all_where_that_is_wished() -> None:
    """With a row that says how many are not."""
    lists = AlarmLists([NEW, *(_member(number) for number in range(2, 314))])
    rows, moment = AlarmRows(), _moment()
    short = rows.of(ListKind.SUPPRESSED, lists, moment)
    assert (short[0].row, short[0].name) == (Row.HEADING, "Behind Core router A – 312 endpoints")
    assert len(short) == FIRST_MEMBERS + 2
    assert (short[-1].row, short[-1].name) == (Row.MORE, "and 292 more")
    whole = rows.of(ListKind.SUPPRESSED, lists, moment, {short[-1].subject})
    assert len(whole) == 314
    assert {face.mark for face in whole if face.row is Row.ALARM} == {Mark.SUPPRESSED}


def test_what_cannot_be_reached_names_what_it_is_behind() -> None:
    """By its name, not by its id."""
    behind = replace(_member(2), reason="behind:router-a")
    rows = AlarmRows().of(ListKind.SUPPRESSED, AlarmLists([NEW, behind]), _moment())
    assert rows[1].cause == "Unreachable, behind Core router A, which is down"


def test_rows_of_suppressed_alarms_are_made_once() -> None:
    """A second later they are the same; one that changed is another, and so is one with an act on its way."""
    members = [_member(number) for number in range(2, 8)]
    rows, pending = AlarmRows(), PendingActs()
    moment = _moment(pending)
    before = rows.of(ListKind.SUPPRESSED, AlarmLists([NEW, *members]), moment)
    changed = [replace(members[0], reason="refused"), *members[1:]]
    later = replace(moment, now_utc_s=NOW + 1)
    after = rows.of(ListKind.SUPPRESSED, AlarmLists([NEW, *changed]), later)
    assert [one is other for one, other in zip(before, after, strict=True)][1:] == [False, *[True] * 5]
    pending.add(Act("one", ActKind.ASSIGN, 1.0, "Ben", alarm_number=4))
    assert rows.of(ListKind.SUPPRESSED, AlarmLists([NEW, *changed]), later)[3].badge == PENDING


def test_a_shelved_alarm_says_why_who_and_how_long_still() -> None:
    """The time counts down; one-shot has a sign of its own."""
    away = replace(
        NEW,
        shelved_utc_s=NOW - 600,
        shelved_until_utc_s=NOW + 3000,
        shelved_by="Ben",
        shelved_why="Restart <b>agreed</b>",
    )
    rows = AlarmRows()
    (face,) = rows.of(ListKind.SHELVED, AlarmLists([away]), _moment())
    assert (face.raised, face.age, face.mark) == ("14:50:00", "50:00", Mark.SHELVED)
    assert face.cause == "Restart <b>agreed</b> – Ben; Down, no reply in time"
    assert not face.flashes
    (once,) = rows.of(ListKind.SHELVED, AlarmLists([replace(away, one_shot=True)]), _moment(later_s=60))
    assert (once.age, once.mark) == ("49:00", Mark.ONE_SHOT)
    assert "shelved, at most until it is over" in once.spoken()


def test_a_shelf_that_ends_after_midnight_says_at_what_time() -> None:
    """The date alone, which is all that a narrow list has room for, tells nobody when it comes back."""
    away = replace(NEW, shelved_utc_s=NOW, shelved_by="Ben", shelved_why="Restart")
    for seconds, until in ((12 * 3600, "02:00:00"), (30 * 3600, "23 Nov 20:00")):
        put = replace(away, shelved_until_utc_s=NOW + seconds)
        (face,) = AlarmRows().of(ListKind.SHELVED, AlarmLists([put]), _moment())
        assert face.raised == until


def test_how_often_it_came_is_said_once() -> None:
    """What is unstable says in its cause how often it fell."""
    often = replace(NEW, occurrences=4)
    unstable = replace(often, cause=Cause.UNSTABLE)
    assert _moment().cause(often) == "Down, no reply in time (4 times)"
    assert "times)" not in _moment().cause(unstable)


def test_what_is_out_of_service_says_by_what_by_whom_and_why() -> None:
    """A maintenance by its number."""
    out = replace(
        NEW, out_of_service="maintenance:3", out_of_service_by="Ben", out_of_service_why="Fibre works"
    )
    (face,) = AlarmRows().of(ListKind.OUT_OF_SERVICE, AlarmLists([out]), _moment())
    assert face.cause == "In maintenance 3 by Ben: Fibre works; Down, no reply in time"
    assert face.mark is Mark.OUT_OF_SERVICE


def test_a_held_alarm_is_hollow_and_marked_and_flashes_until_it_is_acknowledged() -> None:
    """Returned ones do not flash: their fault is over and nothing holds them."""
    held = replace(NEW, state=AlarmState.LATCHED_UNACKNOWLEDGED, returned_utc_s=NOW - 5)
    seen = replace(held, number=2, state=AlarmState.LATCHED_ACKNOWLEDGED, acknowledged_by="Ada Byron")
    back = replace(held, number=3, state=AlarmState.RETURNED_UNACKNOWLEDGED)
    faces = AlarmRows().of(ListKind.ACTIVE, AlarmLists([NEW, held, seen, back]), _moment())
    told = {face.number: (face.badge, face.mark, face.flashes, face.waits, face.over) for face in faces}
    latched = Mark.LATCHED
    assert told[1] == ("Returned", latched, True, True, True)
    assert told[2] == ("Ack AB", latched, False, False, True)
    assert told[3] == ("Returned", Mark.NONE, False, True, True)


def test_the_owner_is_told_where_it_is_not_who_acknowledged() -> None:
    """Else until when the acknowledgement holds."""
    seen = replace(NEW, state=AlarmState.ACKNOWLEDGED, acknowledged_by="Ada Byron", acknowledged_utc_s=NOW)
    given = replace(seen, owner="Ben Okoro (control2)")
    own = replace(seen, owner="Ada Byron", acknowledged_until_utc_s=NOW + 900)
    rows = AlarmRows()
    (face,) = rows.of(ListKind.ACTIVE, AlarmLists([given]), _moment())
    assert (face.badge, face.below) == ("Ack AB", "with BO")
    (face,) = rows.of(ListKind.ACTIVE, AlarmLists([own]), _moment())
    assert face.below == "to 14:15"


def test_a_service_that_leads_says_what_would_lose_it_first() -> None:
    """And then how many more have the same cause."""
    reason = "service;failed=router-a;next=maps"
    lead = replace(NEW, subject="service:calls", cause=Cause.SERVICE_AT_RISK, reason=reason)
    member = replace(lead, number=2, subject="service:data", suppressed_by="part_of:service:calls", part_of=1)
    rows, moment = AlarmRows(), _moment()
    lists = AlarmLists([lead, member])
    (row,) = rows.of(ListKind.ACTIVE, lists, moment)
    assert row.name == "calls"
    assert row.cause == (
        "One failure from loss: Map tiles; Core router A failed; 1 service more by the same cause"
    )
    heading = rows.of(ListKind.SUPPRESSED, lists, moment)[0]
    assert heading.name == "Part of calls – 1 service"


def test_a_service_that_was_lost_says_so_first_and_since_when() -> None:
    """What it is now follows."""
    reason = f"service;next=maps;was_lost={NOW - 90.0}:35.0"
    eased = replace(NEW, subject="service:calls", cause=Cause.SERVICE_AT_RISK, reason=reason)
    (face,) = AlarmRows().of(ListKind.ACTIVE, AlarmLists([eased]), _moment())
    assert face.cause == "Was lost 13:58:30 for 35 s; one failure from loss: Map tiles"


def test_the_age_of_a_service_counts_from_when_its_alarm_turned() -> None:
    """A service that is at risk for long and lost just now was raised just now."""
    turned = replace(NEW, subject="service:calls", cause=Cause.SERVICE_LOST, since_utc_s=NOW - 300)
    (face,) = AlarmRows().of(ListKind.ACTIVE, AlarmLists([turned]), _moment())
    assert (face.raised, face.age) == ("13:59:02", "58 s")
