"""What is tried next on a channel, and when what did not get through is tried again."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import Priority
from controlroom.alarms.message import Message, MessageKind
from controlroom.notify.backoff import FIRST_S, LONGEST_S, MOST_ATTEMPTS, backoff_s
from controlroom.notify.channel import ChannelQueue
from controlroom.notify.consumer import DELIVERED, Ended
from controlroom.store.outbox import MessageState
from tests.controlroom.store.outbox_contract import message

NO_ROUTE = Ended("no_route")


def queue_of(*messages: Message) -> ChannelQueue:
    """A channel on which these wait."""
    queue = ChannelQueue()
    for each in messages:
        queue.put(each, 0, 0.0)
    return queue


def end_of(alarm: Message, number: int) -> Message:
    """The message of the end of an alarm."""
    over = replace(alarm, number=number, key=f"{alarm.key}-end", kind=MessageKind.RETURNED)
    return replace(over, calling=(0, 0, 0, 0), easing=1)


def next_of(queue: ChannelQueue, now_s: float) -> int:
    """The number of what is tried now; 0 for nothing."""
    waiting = queue.next(now_s)
    return 0 if waiting is None else waiting.message.number


def test_the_most_urgent_goes_first_then_the_oldest() -> None:
    """A critical one overtakes; an end goes after whatever calls."""
    critical = replace(message(3), priority=Priority.CRITICAL)
    queue = queue_of(end_of(message(9), 1), message(2), critical, message(4))
    order = []
    while number := next_of(queue, 0.0):
        order.append(number)
        waiting = queue.next(0.0)
        assert waiting is not None
        assert queue.ended(waiting.message.key, DELIVERED, 0.0, 100.0) is not None
    assert order == [3, 2, 4, 1]
    assert queue.wait_s(0.0) is None


def test_trouble_waits_longer_each_time_and_holds_nobody_up() -> None:
    """Five seconds, ten, twenty; another alarm's message goes meanwhile."""
    queue = queue_of(message(1), message(2))
    told = queue.ended(message(1).key, NO_ROUTE, 0.0, 100.0)
    assert told is not None
    assert (told.state, told.attempts, told.trouble) == (MessageState.WAITING, 1, "no_route")
    assert told.due_utc_s == 100.0 + FIRST_S
    assert next_of(queue, 0.0) == 2
    queue.drop(message(2).key)
    assert (next_of(queue, FIRST_S - 0.1), queue.wait_s(1.0)) == (0, FIRST_S - 1.0)
    assert next_of(queue, FIRST_S) == 1
    assert [backoff_s(attempts) for attempts in (1, 2, 3, 50)] == [5.0, 10.0, 20.0, LONGEST_S]


def test_an_end_waits_for_its_raising() -> None:
    """While the raising is tried again, the end stays behind it."""
    raising = message(1)
    queue = queue_of(raising, end_of(raising, 2))
    queue.ended(raising.key, NO_ROUTE, 0.0, 100.0)
    assert next_of(queue, 1.0) == 0
    queue.ended(raising.key, DELIVERED, 6.0, 106.0)
    assert next_of(queue, 6.0) == 2


def test_what_cannot_be_or_was_tried_long_enough_is_given_up() -> None:
    """Once where trying again is of no use, else after an hour of tries; what was dropped is told no more."""
    queue = queue_of(message(1), message(2))
    told = queue.ended(message(1).key, Ended("no_such_number", permanent=True), 0.0, 100.0)
    assert told is not None
    assert (told.state, told.attempts) == (MessageState.DEAD, 1)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        told = queue.ended(message(2).key, NO_ROUTE, 0.0, 100.0)
        assert told is not None
        assert (told.state is MessageState.DEAD) is (attempt == MOST_ATTEMPTS)
    assert queue.ended(message(2).key, DELIVERED, 0.0, 100.0) is None
