"""Which messages the engine keeps, and what becomes of them. It keeps and sends nothing itself.

Rules:
1. Each transition makes its message on every channel, to be kept with it in one batch. What is passed on to
   one person is gathered for that person alone.
2. What waits for a desk is needed while it calls for somebody: not once its alarms were acknowledged, are
   over or hidden, nor once a newer message tells of them. An alarm whose raising no desk told has no end to
   be told either.
3. A desk tells by an act what it delivered, by number. With trouble it was one try in vain.
4. What was given up is told by one entry for all that come within ``LOST_GATHER_S``. The end of an alarm
   whose raising was given up on a channel goes out there no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from controlroom.alarms.alarm import ENGINE, Alarm
from controlroom.alarms.message import DESK, MOST_NAMED, Message, MessageKind
from controlroom.alarms.moved import Moved
from controlroom.alarms.pacing import Numbers, Pacing
from controlroom.logbook.act import Act
from controlroom.logbook.entry import Draft, Entry, Fact, LogKind
from controlroom.notify.backoff import MOST_ATTEMPTS, backoff_s
from controlroom.store.interface import EngineMemory
from controlroom.store.outbox import Delivery, KeptMessage, MessageState

LOST_GATHER_S: Final = 30.0
_CODE: Final = re.compile(r"[a-z_]{0,40}")


@dataclass(slots=True)
class Posted:
    """Messages to be kept, and what became of others."""

    messages: dict[str, Message] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.messages or self.deliveries)


class Outbox:
    """Knows what waits on every channel."""

    def __init__(
        self,
        monotonic_s: Callable[[], float],
        memory: EngineMemory | None = None,
        channels: Sequence[str] = (DESK,),
    ) -> None:
        """Go on with what an earlier engine left."""
        self._monotonic_s = monotonic_s
        self._numbers = Numbers(1 if memory is None else memory.next_message_number)
        self._pacings = {channel: Pacing(channel, self._numbers) for channel in channels}
        self._personal: dict[tuple[str, str], Pacing] = {}
        self._alarms: dict[int, Alarm] = {}
        self._waiting: dict[str, KeptMessage] = {}
        self._left: list[KeptMessage] = []
        self._lost: list[tuple[str, str]] = []
        self._lost_since_s = 0.0
        if memory is not None:
            self._recall(memory)

    def _recall(self, memory: EngineMemory) -> None:
        self._alarms = {alarm.number: alarm for alarm in memory.alarms}
        self._waiting = {
            kept.message.key: kept
            for kept in memory.outbox
            if kept.message.channel in self._pacings and not kept.message.gathering
        }
        self._left = [each for each in self._waiting.values() if each.message.channel == DESK]
        # The alarms of an engine that knew no outbox were told to nobody.
        told = {alarm.number for alarm in memory.alarms if alarm.active and not alarm.hidden}
        for pacing in self._pacings.values():
            pacing.told = set(told) if memory.next_message_number > 1 else set()
        for kept in memory.outbox:
            if kept.message.gathering and kept.message.channel in self._pacings:
                self._pacing_for(kept.message.channel, kept.message.to).go_on_with(kept.message)

    # -- what goes out ----------------------------------------------------------------------------

    def told(self, transitions: Iterable[tuple[Moved, Entry]]) -> Posted:
        """Make the messages of transitions (rule 1), and see what is needed no longer (rule 2)."""
        posted, now_s = Posted(), self._monotonic_s()
        for moved, entry in transitions:
            alarm = moved.alarm
            self._alarms[alarm.number] = alarm
            self._settle_unneeded(alarm, entry.at_utc_s, posted)
            to = str(entry.facts.get("to") or "") if entry.kind is LogKind.ALARM_ESCALATED else ""
            for channel in self._pacings:
                self._post(self._pacing_for(channel, to).take(moved, entry, now_s), posted)
            if alarm.ended:
                del self._alarms[alarm.number]
        return posted

    def tick(self, now_utc_s: float) -> Posted:
        """Close the digests that are due; the first time, see what an earlier engine left for nothing."""
        posted, now_s = Posted(), self._monotonic_s()
        left, self._left = self._left, []
        for kept in left:
            waits = kept.message.key in self._waiting
            if waits and kept.message.calls and not self._calls(kept.message):
                self._settle(kept.message.key, MessageState.UNNEEDED, now_utc_s, posted)
        for pacing in (*self._pacings.values(), *self._personal.values()):
            self._post(pacing.tick(now_s), posted)
        return posted

    def _pacing_for(self, channel: str, to: str) -> Pacing:
        """Return what paces a channel, or what one person gets by it; desks have no persons."""
        if not to or channel == DESK:
            return self._pacings[channel]
        return self._personal.setdefault((channel, to), Pacing(channel, self._numbers))

    def _post(self, message: Message | None, posted: Posted) -> None:
        if message is None:
            return
        posted.messages[message.key] = message
        if message.gathering:
            return
        if message.channel == DESK:
            self._settle_older(message, posted)
        waits = Delivery(message.key, MessageState.WAITING, due_utc_s=message.at_utc_s)
        self._waiting[message.key] = KeptMessage(message, waits)
        if message.channel == DESK and message.calls and not self._calls(message):
            self._settle(message.key, MessageState.UNNEEDED, message.at_utc_s, posted)

    # -- what is needed no longer -----------------------------------------------------------------

    def _settle_unneeded(self, alarm: Alarm, at_utc_s: float, posted: Posted) -> None:
        """Settle what waits for a desk because of an alarm that calls no more (rule 2)."""
        if alarm.annunciated and alarm.active:
            return
        for kept in self._waiting_of(alarm.number):
            if kept.message.calls and not self._calls(kept.message):
                self._settle(kept.message.key, MessageState.UNNEEDED, at_utc_s, posted)
                self._pacings[DESK].told.difference_update(kept.message.alarms)

    def _settle_older(self, newer: Message, posted: Posted) -> None:
        """Settle what waits for a desk and tells of nothing that a newer message does not tell (rule 2)."""
        alarms = set(newer.alarms)
        for kept in self._waiting_of(*newer.alarms):
            if alarms.issuperset(kept.message.alarms) and _names_all(kept.message):
                self._settle(kept.message.key, MessageState.UNNEEDED, newer.at_utc_s, posted)

    def _waiting_of(self, *numbers: int) -> list[KeptMessage]:
        return [
            kept
            for kept in self._waiting.values()
            if kept.message.channel == DESK and not set(numbers).isdisjoint(kept.message.alarms)
        ]

    def _calls(self, message: Message) -> bool:
        """Whether any alarm that a message tells of calls for somebody, as far as is known."""
        known = (self._alarms.get(number) for number in message.alarms)
        return not _names_all(message) or any(
            alarm is not None and alarm.annunciated and alarm.active for alarm in known
        )

    # -- what became of it ------------------------------------------------------------------------

    def delivered(self, act: Act, now_utc_s: float) -> Posted | str:
        """Take what a desk tells of its delivering (rule 3), or return the code of why not."""
        first, last, trouble = (act.details.get(name) for name in ("first", "last", "trouble"))
        how = str(act.details.get("how", ""))
        trouble = "" if trouble is None else str(trouble)
        if type(first) is not int or type(last) is not int or not (_CODE.fullmatch(trouble + how)):
            return "no_such_message"
        posted = Posted()
        for kept in list(self._waiting.values()):
            if kept.message.channel != DESK or not first <= kept.message.number <= last:
                continue
            attempts = kept.delivery.attempts + 1
            if not trouble:
                done = Delivery(kept.message.key, MessageState.DELIVERED, attempts, now_utc_s, how)
            elif attempts >= MOST_ATTEMPTS:
                done = Delivery(kept.message.key, MessageState.DEAD, attempts, now_utc_s, trouble)
            else:
                due_utc_s = now_utc_s + backoff_s(attempts)
                done = Delivery(kept.message.key, MessageState.WAITING, attempts, due_utc_s, trouble)
            self._became(done, posted)
        return posted

    def became(self, delivery: Delivery) -> Posted:
        """Take what became of a message at a consumer of this process."""
        posted = Posted()
        if delivery.key in self._waiting:
            self._became(delivery, posted)
        return posted

    def lost_entry(self, now_utc_s: float) -> Draft | None:
        """Return the entry about what was given up, once for each burst (rule 4)."""
        if not self._lost or self._monotonic_s() - self._lost_since_s < LOST_GATHER_S:
            return None
        lost, self._lost = self._lost, []
        channels = ", ".join(sorted({channel for channel, _ in lost}))
        facts: dict[str, Fact] = {"count": len(lost), "channels": channels, "trouble": lost[-1][1]}
        return Draft(now_utc_s, LogKind.MESSAGES_LOST, ENGINE, facts=facts)

    def _became(self, delivery: Delivery, posted: Posted) -> None:
        posted.deliveries.append(delivery)
        kept = self._waiting[delivery.key]
        if delivery.state is MessageState.WAITING:
            self._waiting[delivery.key] = replace(kept, delivery=delivery)
            return
        del self._waiting[delivery.key]
        if delivery.state is MessageState.DEAD:
            self._gave_up(kept.message, delivery, posted)

    def _gave_up(self, message: Message, delivery: Delivery, posted: Posted) -> None:
        if not self._lost:
            self._lost_since_s = self._monotonic_s()
        self._lost.append((message.channel, delivery.trouble))
        if not message.calls:
            return
        self._pacings[message.channel].told.difference_update(message.alarms)
        for kept in list(self._waiting.values()):
            other = kept.message
            if (
                other.channel == message.channel
                and other.kind in (MessageKind.RETURNED, MessageKind.EASED)
                and other.number > message.number
                and other.alarm in message.alarms
            ):
                self._settle(other.key, MessageState.UNNEEDED, delivery.due_utc_s, posted)

    def _settle(self, key: str, state: MessageState, at_utc_s: float, posted: Posted) -> None:
        kept = self._waiting.pop(key)
        posted.deliveries.append(Delivery(key, state, kept.delivery.attempts, at_utc_s))


def _names_all(message: Message) -> bool:
    """Whether a message knows all its alarms by number."""
    return len(message.alarms) < MOST_NAMED
