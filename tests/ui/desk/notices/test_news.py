"""When a message counts as delivered, and by what."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from controlroom.alarms.alarm import Alarm, AlarmState, Priority
from controlroom.alarms.message import MOST_NAMED, Message, MessageKind
from tests.controlroom.store.examples import alarm
from tests.controlroom.store.outbox_contract import message
from ui.desk.notices.news import NO_SOUND, PLAYED, SHOWN, SPOKEN, TROUBLE_EVERY_S, News


@dataclass
class Desk:
    """A desk that notes what it tells the engine."""

    audible: bool = True
    told: list[tuple[int, int, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nothing came yet."""
        self.news = News(lambda *words: self.told.append(words), audible=self.audible)


def standing(number: int, state: AlarmState = AlarmState.UNACKNOWLEDGED) -> Alarm:
    """The alarm of a message."""
    return alarm(number, state)


def low(number: int) -> Message:
    """A message that calls for no sound."""
    return replace(message(number), priority=Priority.LOW, calling=(0, 0, 0, 1))


def over(number: int) -> Message:
    """The end of an alarm."""
    return replace(message(number), kind=MessageKind.RETURNED, calling=(0, 0, 0, 0), easing=1)


def test_what_sounds_is_delivered_by_its_sound_and_all_else_by_being_shown() -> None:
    """Two high alarms, a low one and an end."""
    desk = Desk()
    desk.news.take([message(1), low(2), over(3), message(4)])
    assert desk.told == [(2, 2, SHOWN, ""), (3, 3, SHOWN, "")]
    assert [each.number for each in desk.news.pending] == [1, 4]
    desk.news.ended([1, 4], SPOKEN, "", 1.0)
    assert desk.told[2:] == [(1, 1, SPOKEN, ""), (4, 4, SPOKEN, "")]
    desk.news.ended([1, 4], PLAYED, "", 2.0)
    assert len(desk.told) == 4


def test_what_came_while_it_sounded_waits_for_the_next() -> None:
    """Only the messages that a sound was for are delivered by it."""
    desk = Desk()
    desk.news.take([message(1)])
    desk.news.take([message(2)])
    desk.news.ended([1], PLAYED, "", 1.0)
    assert desk.told == [(1, 1, PLAYED, "")]
    assert [each.number for each in desk.news.pending] == [2]


def test_the_worst_is_said_first() -> None:
    """Whatever came first."""
    desk = Desk()
    critical = replace(message(2), priority=Priority.CRITICAL)
    desk.news.take([message(1), critical])
    assert [each.number for each in desk.news.pending] == [2, 1]


def test_a_desk_without_sound_shows() -> None:
    """Everything is delivered as shown."""
    desk = Desk(audible=False)
    desk.news.take([message(1)])
    assert (desk.told, desk.news.pending) == ([(1, 1, SHOWN, "")], [])


def test_what_was_acknowledged_before_it_sounded_needs_no_sound() -> None:
    """Silenced or muted meanwhile; one that still calls waits on."""
    desk = Desk()
    desk.news.take([message(1), message(2), message(3)])
    desk.news.look(
        [standing(1, AlarmState.ACKNOWLEDGED), standing(2), replace(standing(3), shelved_utc_s=1.0)]
    )
    assert desk.told == [(1, 1, SHOWN, ""), (3, 3, SHOWN, "")]
    assert [each.number for each in desk.news.pending] == [2]


def test_trouble_is_told_once_a_minute_and_the_next_sound_delivers() -> None:
    """A player that fails over and over does not fill the inbox."""
    desk = Desk()
    desk.news.take([message(1), message(2)])
    for now_s in (0.0, 10.0, 20.0, TROUBLE_EVERY_S):
        desk.news.ended([1, 2], PLAYED, NO_SOUND, now_s)
    assert desk.told == [(1, 2, "", NO_SOUND)] * 2
    desk.news.ended([1, 2], PLAYED, "", TROUBLE_EVERY_S + 1)
    assert desk.told[2:] == [(1, 1, PLAYED, ""), (2, 2, PLAYED, "")]


def test_which_alarms_were_told() -> None:
    """By number; and after a storm that names not all, every one."""
    desk = Desk()
    desk.news.take([over(1), message(2)])
    assert (desk.news.was_told(1), desk.news.was_told(2)) == (False, True)
    storm = replace(message(3), alarms=tuple(range(10, 10 + MOST_NAMED)), calling=(0, 2000, 0, 0))
    desk.news.take([storm])
    assert desk.news.was_told(999)
