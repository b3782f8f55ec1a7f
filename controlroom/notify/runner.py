"""Hands the outbox's messages to their consumers, in the engine's loop. It keeps nothing on a disk.

Rules:
1. Only what is committed is handed over, and what became of it is told at once, to be committed. So a kill in
   between delivers the same key again, and no message is lost.
2. Each channel has one message under way at a time, and waits for no other channel.
3. A consumer that raises or does not end in ``TIMEOUT_S`` has had one try in vain: neither the loop nor
   another channel waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final

from controlroom.alarms.message import Message
from controlroom.notify.backoff import LONGEST_S
from controlroom.notify.channel import ChannelQueue, Waiting
from controlroom.notify.consumer import Consumer, Ended
from controlroom.store.outbox import Delivery, KeptMessage, MessageState

TIMEOUT_S: Final = 30.0
TIMED_OUT: Final = "timed_out"
FAILED: Final = "consumer_failed"

log = logging.getLogger("controlroom.notify")


class OutboxRunner:
    """One task a channel. ``on_delivery`` is told what became of each message, in the loop."""

    def __init__(
        self,
        consumers: Sequence[Consumer],
        on_delivery: Callable[[Delivery], None],
        utc_s: Callable[[], float],
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Know who delivers what; nothing runs before ``start``."""
        self._channels = {
            consumer.name: _Channel(consumer, on_delivery, utc_s, timeout_s) for consumer in consumers
        }
        self._utc_s = utc_s
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to deliver."""
        self._tasks = [asyncio.create_task(channel.run()) for channel in self._channels.values()]

    async def stop(self) -> None:
        """End; what is under way is tried again by the next engine."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def recall(self, outbox: Iterable[KeptMessage]) -> None:
        """Take what an earlier engine left; a time that lies far ahead was told by another clock."""
        now_s, now_utc_s = asyncio.get_running_loop().time(), self._utc_s()
        for kept in outbox:
            if kept.delivery.state is MessageState.WAITING:
                wait_s = min(max(kept.delivery.due_utc_s - now_utc_s, 0.0), LONGEST_S)
                self._put(kept.message, kept.delivery.attempts, now_s + wait_s)

    def put(self, messages: Iterable[Message]) -> None:
        """Take messages that were committed."""
        now_s = asyncio.get_running_loop().time()
        for message in messages:
            if not message.gathering:
                self._put(message, 0, now_s)

    def drop(self, keys: Iterable[str]) -> None:
        """Forget messages that are needed no longer."""
        for key in keys:
            for channel in self._channels.values():
                channel.queue.drop(key)

    def _put(self, message: Message, attempts: int, due_s: float) -> None:
        channel = self._channels.get(message.channel)
        if channel is not None:
            channel.queue.put(message, attempts, due_s)
            channel.news.set()


class _Channel:
    """One consumer with what waits for it."""

    def __init__(
        self,
        consumer: Consumer,
        on_delivery: Callable[[Delivery], None],
        utc_s: Callable[[], float],
        timeout_s: float,
    ) -> None:
        self.queue = ChannelQueue()
        self.news = asyncio.Event()
        self._consumer, self._on_delivery = consumer, on_delivery
        self._utc_s, self._timeout_s = utc_s, timeout_s
        self._abandoned: set[asyncio.Task[Ended]] = set()

    async def run(self) -> None:
        """Deliver what is due, for ever."""
        loop = asyncio.get_running_loop()
        while True:
            self.news.clear()
            waiting = self.queue.next(loop.time())
            if waiting is None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.news.wait(), self.queue.wait_s(loop.time()))
                continue
            ended = await self._tried(waiting)
            told = self.queue.ended(waiting.message.key, ended, loop.time(), self._utc_s())
            if told is not None:
                self._on_delivery(told)

    async def _tried(self, waiting: Waiting) -> Ended:
        """Let the consumer try once, and bound the time that takes (rule 3)."""
        task = asyncio.create_task(self._deliver(waiting.message))
        try:
            await asyncio.wait({task}, timeout=self._timeout_s)
        finally:
            if not task.done():
                self._abandon(task)
        if not task.done():
            return Ended(TIMED_OUT)
        if task.cancelled():
            return Ended(FAILED)
        error = task.exception()
        if error is not None:
            log.error("%s: a message could not be delivered: %r", self._consumer.name, error)
            return Ended(FAILED)
        return task.result()

    async def _deliver(self, message: Message) -> Ended:
        return await self._consumer.deliver(message)

    def _abandon(self, task: asyncio.Task[Ended]) -> None:
        """Let go of a try that takes too long; it is held until it has ended, however late."""
        self._abandoned.add(task)
        task.add_done_callback(self._forget)
        task.cancel()

    def _forget(self, task: asyncio.Task[Ended]) -> None:
        self._abandoned.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s: failed after its time was over: %r", self._consumer.name, error)
