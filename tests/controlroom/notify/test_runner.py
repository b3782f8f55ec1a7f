"""Consumers that work, hang, raise or fail for a while: each is on its own, and the loop never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from controlroom.alarms.message import Message, digest_of
from controlroom.notify.consumer import DELIVERED, Ended
from controlroom.notify.runner import FAILED, TIMED_OUT, OutboxRunner
from controlroom.store.outbox import Delivery, KeptMessage, MessageState
from tests.controlroom.store.outbox_contract import message, settled

Deliver = Callable[[Message], Awaitable[Ended]]


@dataclass
class Consumer:
    """A channel that notes what came and does what it is told to."""

    name: str
    act: Deliver
    came: list[int] = field(default_factory=list)

    async def deliver(self, message: Message) -> Ended:
        """Note it, and do it."""
        self.came.append(message.number)
        return await self.act(message)


async def works(_: Message) -> Ended:
    """Deliver."""
    return DELIVERED


async def hangs(_: Message) -> Ended:
    """Never end, whoever asks for it."""
    while True:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await asyncio.sleep(0.2)
            return DELIVERED


async def raises(_: Message) -> Ended:
    """Fail as only a mistake does."""
    raise RuntimeError("a mistake")


async def refuses(_: Message) -> Ended:
    """Say that it never will."""
    return Ended("refused", permanent=True)


def run(
    consumers: list[Consumer],
    messages: list[Message],
    left: list[KeptMessage] | None = None,
    for_s: float = 0.3,
) -> list[Delivery]:
    """Let consumers deliver for a while; return what became of the messages."""
    told: list[Delivery] = []

    async def lead() -> None:
        runner = OutboxRunner(consumers, told.append, lambda: 100.0, timeout_s=0.05)
        runner.recall(left or [])
        runner.put(messages)
        runner.start()
        await asyncio.sleep(for_s)
        await runner.stop()
        await asyncio.sleep(0.3)  # what hung may end late, and harms nobody

    asyncio.run(lead())
    return told


def test_each_channel_gets_its_own_and_each_message_once() -> None:
    """Two channels, three messages, one digest that still gathers and one for nobody."""
    mail, chat = Consumer("mail", works), Consumer("chat", works)
    messages = [message(1, channel="mail"), message(2, channel="chat"), message(3, channel="mail")]
    told = run([mail, chat], [*messages, *messages, digest_of(message(4, channel="mail")), message(5)])
    assert (mail.came, chat.came) == ([1, 3], [2])
    assert {each.key for each in told} == {each.key for each in messages}
    assert {each.state for each in told} == {MessageState.DELIVERED}


def test_who_hangs_or_raises_is_tried_again_and_stops_nobody() -> None:
    """Each has its try in vain, and a third channel delivers meanwhile."""
    consumers = [Consumer("hung", hangs), Consumer("bad", raises), Consumer("mail", works)]
    told = run(consumers, [message(1, channel="hung"), message(2, channel="bad"), message(3, channel="mail")])
    troubles = {each.key: (each.state, each.trouble) for each in told}
    assert troubles[message(1, channel="hung").key] == (MessageState.WAITING, TIMED_OUT)
    assert troubles[message(2, channel="bad").key] == (MessageState.WAITING, FAILED)
    assert troubles[message(3, channel="mail").key] == (MessageState.DELIVERED, "")


def test_who_refuses_for_good_is_not_asked_again() -> None:
    """One try, given up."""
    mail = Consumer("mail", refuses)
    (told,) = run([mail], [message(1, channel="mail")])
    assert (told.state, told.attempts, mail.came) == (MessageState.DEAD, 1, [1])


def test_what_an_earlier_engine_left_goes_on() -> None:
    """With its attempts; what a wrong clock put far ahead waits a quarter of an hour at most."""
    mail = Consumer("mail", works)
    due = KeptMessage(
        message(1, channel="mail"), settled(message(1, channel="mail"), MessageState.WAITING, 3)
    )
    due = KeptMessage(due.message, Delivery(due.delivery.key, MessageState.WAITING, 3, 99.0))
    later = KeptMessage(
        message(2, channel="mail"), Delivery(message(2, channel="mail").key, MessageState.WAITING, 1, 4e9)
    )
    (told,) = run([mail], [], [due, later])
    assert (told.attempts, mail.came) == (4, [1])
