"""Joins the outbox, whoever delivers in this process, and the scribe, who has it all kept. In the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from controlroom.alarms.message import DESK, Message
from controlroom.alarms.moved import Moved
from controlroom.engine.acts import Taken, refused
from controlroom.engine.effects import Effects
from controlroom.engine.outbox import Outbox, Posted
from controlroom.logbook.entry import Entry
from controlroom.notify.consumer import Consumer
from controlroom.notify.runner import OutboxRunner
from controlroom.store.interface import EngineMemory, TakenAct
from controlroom.store.outbox import Delivery, MessageState


class Keeper(Protocol):
    """Who has things kept: the scribe."""

    def submit(
        self,
        effects: Effects,
        taken: Sequence[TakenAct] = (),
        site_json: str | None = None,
        posted: Posted | None = None,
    ) -> None:
        """Hand over what happened, and what became of messages."""


class Outgoing:
    """What goes out of one engine."""

    def __init__(
        self,
        memory: EngineMemory,
        consumers: Sequence[Consumer],
        utc_s: Callable[[], float],
        monotonic_s: Callable[[], float],
    ) -> None:
        """Go on with what an earlier engine left; nothing is delivered before ``start``."""
        channels = (DESK, *(consumer.name for consumer in consumers))
        self._outbox = Outbox(monotonic_s, memory, channels)
        self._runner = OutboxRunner(consumers, self._became, utc_s)
        self._left = memory.outbox
        self._utc_s = utc_s
        self._keeper: Keeper | None = None

    def start(self, keeper: Keeper) -> None:
        """Begin to deliver; what becomes of it goes to the keeper."""
        self._keeper = keeper
        self._runner.recall(self._left)
        self._left = ()
        self._runner.start()

    async def stop(self) -> None:
        """End; what is under way is tried again by the next engine."""
        await self._runner.stop()

    def told(self, transitions: Sequence[tuple[Moved, Entry]]) -> Posted:
        """Make the messages of transitions."""
        return self._heeded(self._outbox.told(transitions))

    def committed(self, messages: Sequence[Message]) -> None:
        """Let messages go out that are safe now."""
        self._runner.put(messages)

    def look(self) -> None:
        """Let go out what was gathered long enough, and tell what was given up; to be called often."""
        now_utc_s = self._utc_s()
        posted, lost = self._outbox.tick(now_utc_s), self._outbox.lost_entry(now_utc_s)
        if lost is not None or not posted.is_nothing:
            self._keep(Effects(entries=[] if lost is None else [lost]), posted)

    def delivered(self, taken: TakenAct) -> None:
        """Take a desk's word on what it delivered, and answer the act."""
        now_utc_s = self._utc_s()
        posted = self._outbox.delivered(taken.act, now_utc_s)
        if isinstance(posted, str):
            answer: Taken = refused(taken, posted, now_utc_s)
            self._keep(answer.effects, Posted(), [answer.answer])
        else:
            self._keep(Effects(), posted, [taken])

    def _became(self, delivery: Delivery) -> None:
        self._keep(Effects(), self._outbox.became(delivery))

    def _keep(self, effects: Effects, posted: Posted, taken: Sequence[TakenAct] = ()) -> None:
        if self._keeper is not None:
            self._keeper.submit(effects, taken, posted=self._heeded(posted))

    def _heeded(self, posted: Posted) -> Posted:
        unneeded = (each.key for each in posted.deliveries if each.state is MessageState.UNNEEDED)
        self._runner.drop(unneeded)
        return posted
