"""What any store must do with messages: kept with their transition, once; settled once; dropped late."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.message import DESK, Message, MessageKind, digest_of, gathered, message_of
from controlroom.alarms.transitions import Fault, raised
from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain
from controlroom.store.interface import Batch, EngineStore, ReadStore, Retention
from controlroom.store.outbox import Delivery, MessageState
from tests.controlroom.store.examples import START_UTC_S, draft, second
from tests.controlroom.store.place import OnePlace, Place

DAY_S = 86_400.0


def message(number: int, *, channel: str = DESK, at_utc_s: float = START_UTC_S) -> Message:
    """The message of an alarm that was raised."""
    moved = raised(number, Fault(f"e{number}", Cause.DOWN, "dead«line", Priority.HIGH, at_utc_s), at_utc_s)
    return message_of(MessageKind.RAISED, moved.alarm, Chain(number).append(moved.entry), channel, number)


def settled(message: Message, state: MessageState, attempts: int = 1, trouble: str = "") -> Delivery:
    """What became of a message."""
    return Delivery(message.key, state, attempts, START_UTC_S + 9, trouble)


def numbers(
    reader: ReadStore, *, after_number: int = 0, channel: str = "", waiting: bool = False
) -> list[int]:
    """The numbers of the messages that a reader finds."""
    found = reader.messages(after_number=after_number, channel=channel, waiting=waiting)
    return [kept.message.number for kept in found]


class OutboxContract(OnePlace):
    """The contract of the outbox. No test knows what the store is made of."""

    def test_messages_come_back_as_they_were(self, engine: EngineStore, reader: ReadStore) -> None:
        """In order of number, by channel, after a cursor; and the state of the whole."""
        first, second_one, mail = message(1), message(2, at_utc_s=START_UTC_S + 5), message(3, channel="mail")
        engine.commit(Batch(messages=[first, second_one, mail]))
        assert [kept.message for kept in reader.messages()] == [first, second_one, mail]
        assert (numbers(reader, channel="mail"), numbers(reader, after_number=1)) == ([3], [2, 3])
        state = reader.outbox_state()
        assert (state.waiting, state.dead, state.oldest_utc_s) == (3, 0, START_UTC_S)
        assert state.newest_number == 3

    def test_there_is_no_outbox_before_the_first_engine(self, place: Place) -> None:
        """A desk may come first."""
        reader = place.reader()
        assert (list(reader.messages()), reader.outbox_state().waiting) == ([], 0)

    def test_a_batch_twice_makes_one_row(self, engine: EngineStore, reader: ReadStore) -> None:
        """Also where the message was delivered in between: it does not wait again."""
        batch = Batch(messages=[message(1)])
        engine.commit(batch)
        engine.commit(batch)
        assert numbers(reader, waiting=True) == [1]
        engine.commit(Batch(deliveries=[settled(message(1), MessageState.DELIVERED)]))
        engine.commit(batch)
        assert (numbers(reader), numbers(reader, waiting=True)) == ([1], [])

    def test_a_message_goes_or_stays_with_its_batch(self, engine: EngineStore, reader: ReadStore) -> None:
        """A batch that is refused leaves no message, and one whose number was given is refused."""
        entry = Chain().append(draft(START_UTC_S))
        engine.commit(Batch(entries=[entry], messages=[message(1)]))
        for bad in (
            Batch(entries=[entry], messages=[message(2)]),
            Batch(messages=[replace(message(2), number=1)]),
        ):
            with pytest.raises(StoreError) as refused:
                engine.commit(bad)
            assert refused.value.code == "batch-refused"
        assert numbers(reader) == [1]

    def test_a_digest_is_seen_once_it_is_closed(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """It grows in its row, survives a restart, and comes behind what went out meanwhile."""
        digest = digest_of(message(1))
        engine.commit(Batch(messages=[digest]))
        grown = gathered(digest, message(2))
        engine.commit(Batch(messages=[grown, message(3)]))
        assert numbers(reader) == [3]
        engine.close()
        again = place.engine()
        memory = again.remember()
        assert [kept.message for kept in memory.outbox] == [grown, message(3)]
        assert memory.next_message_number == 4
        closed = replace(grown, number=4, gathering=False)
        again.commit(Batch(messages=[closed]))
        again.commit(Batch(messages=[grown]))
        assert [kept.message for kept in reader.messages(after_number=3)] == [closed]
        assert reader.outbox_state().waiting == 2

    def test_what_became_of_a_message_is_settled_once(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """Tried again it waits; delivered or given up it stays so; the next engine has what waits."""
        first, other, third = message(1), message(2), message(3)
        engine.commit(Batch(messages=[first, other, third]))
        engine.commit(Batch(deliveries=[settled(first, MessageState.WAITING, 3, "no_route")]))
        engine.commit(Batch(deliveries=[settled(other, MessageState.DEAD, 8, "refused")]))
        engine.commit(Batch(deliveries=[settled(third, MessageState.UNNEEDED)]))
        engine.commit(Batch(deliveries=[settled(other, MessageState.DELIVERED)]))
        by_number = {kept.message.number: kept.delivery for kept in reader.messages()}
        assert by_number[1] == settled(first, MessageState.WAITING, 3, "no_route")
        assert by_number[2] == settled(other, MessageState.DEAD, 8, "refused")
        assert by_number[3].state is MessageState.UNNEEDED
        state = reader.outbox_state()
        assert (state.waiting, state.dead) == (1, 1)
        engine.close()
        (kept,) = place.engine().remember().outbox
        assert (kept.message, kept.delivery.attempts) == (first, 3)

    def test_only_what_was_settled_is_dropped_and_numbers_only_grow(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """Weeks later what was delivered goes; what waits stays, what was given up stays for months."""
        engine.commit(Batch(messages=[message(number) for number in range(1, 5)]))
        for number, state in (
            (1, MessageState.DELIVERED),
            (2, MessageState.DEAD),
            (4, MessageState.UNNEEDED),
        ):
            engine.commit(Batch(deliveries=[settled(message(number), state)]))
        self._pass(engine, START_UTC_S + 10 * DAY_S)
        assert numbers(reader) == [1, 2, 3, 4]
        self._pass(engine, START_UTC_S + 20 * DAY_S)
        assert numbers(reader) == [2, 3, 4]
        self._pass(engine, START_UTC_S + 100 * DAY_S)
        assert numbers(reader) == [3, 4]
        engine.close()
        assert place.engine().remember().next_message_number == 5

    def _pass(self, engine: EngineStore, at_utc_s: float) -> None:
        engine.commit(Batch(second(at_utc_s)))
        for _ in range(70):
            engine.tend(Retention())
