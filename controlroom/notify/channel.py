"""What waits on one channel, and which of it is tried next. It delivers nothing and reads no clock.

Rules:
1. What is due goes by urgency: what calls before what does not, the most urgent first, then in order.
2. Of one alarm nothing overtakes what came before: its end is not told while its raising is still tried.
3. What did not get through waits longer each time, by itself: it holds no other alarm's message up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from controlroom.alarms.message import Message
from controlroom.notify.backoff import MOST_ATTEMPTS, backoff_s
from controlroom.notify.consumer import Ended
from controlroom.store.outbox import Delivery, MessageState


@dataclass(slots=True)
class Waiting:
    """A message that waits: how often it was tried, and when it is due again."""

    message: Message
    attempts: int
    due_s: float


@dataclass(slots=True)
class ChannelQueue:
    """The messages of one channel that are not settled."""

    waiting: dict[str, Waiting] = field(default_factory=dict)

    def put(self, message: Message, attempts: int, due_s: float) -> None:
        """Take a message, unless it waits already."""
        self.waiting.setdefault(message.key, Waiting(message, attempts, due_s))

    def drop(self, key: str) -> None:
        """Forget a message that is needed no longer."""
        self.waiting.pop(key, None)

    def next(self, now_s: float) -> Waiting | None:
        """Return what is to be tried now (rules 1 and 2); ``None`` where nothing is due."""
        ready = [each for each in self.waiting.values() if each.due_s <= now_s and not self._behind(each)]
        return min(ready, key=_urgency, default=None)

    def wait_s(self, now_s: float) -> float | None:
        """Return how long nothing is due; ``None`` for as long as nothing comes."""
        dues = [each.due_s for each in self.waiting.values() if not self._behind(each)]
        return max(0.0, min(dues) - now_s) if dues else None

    def ended(self, key: str, ended: Ended, now_s: float, now_utc_s: float) -> Delivery | None:
        """Note how a try ended; ``None`` where the message was dropped meanwhile."""
        tried = self.waiting.get(key)
        if tried is None:
            return None
        tried.attempts += 1
        if not ended.trouble:
            del self.waiting[key]
            return Delivery(key, MessageState.DELIVERED, tried.attempts, now_utc_s)
        if ended.permanent or tried.attempts >= MOST_ATTEMPTS:
            del self.waiting[key]
            return Delivery(key, MessageState.DEAD, tried.attempts, now_utc_s, ended.trouble)
        wait_s = backoff_s(tried.attempts)
        tried.due_s = now_s + wait_s
        return Delivery(key, MessageState.WAITING, tried.attempts, now_utc_s + wait_s, ended.trouble)

    def _behind(self, one: Waiting) -> bool:
        """Whether an earlier message of one of its alarms still waits (rule 2)."""
        mine = set(one.message.alarms)
        return any(
            other.message.number < one.message.number and not mine.isdisjoint(other.message.alarms)
            for other in self.waiting.values()
        )


def _urgency(waiting: Waiting) -> tuple[bool, int, int]:
    message = waiting.message
    return (not message.calls, int(message.priority), message.number)
