"""How fast messages of one channel go out: singly while they are few, gathered while they are many. No clock.

Rules:
1. The first of its kind goes out at once: nothing like it went out within the last ``GATHER_S`` seconds. What
   calls is one kind, what tells that less is wrong another.
2. A critical one goes out at once unless another did within the last ``CRITICAL_S`` seconds; then it waits as
   long as that, and no longer.
3. What does not go out at once is gathered into one digest, which goes out ``GATHER_S`` seconds after it was
   begun. Meanwhile whatever is not critical joins it, so that nothing overtakes what came before.
4. In a minute at most ``MOST_A_MINUTE`` go out that are not critical; what is beyond stays in the digest.
5. Each transition is in one message and no other. A digest that an earlier engine was gathering goes first.
6. The end of an alarm goes out only where its raising did: ``told`` are the alarms whose recipients know of
   them. Nothing of a hidden alarm goes out, and what was hidden is known no longer.
7. Times are those of the monotonic clock.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field, replace
from typing import Final

from controlroom.alarms.alarm import Priority
from controlroom.alarms.message import CALLING, Message, MessageKind, digest_of, gathered, kind_of, message_of
from controlroom.alarms.moved import Moved
from controlroom.logbook.entry import Entry

GATHER_S: Final = 10.0
CRITICAL_S: Final = 4.0
MOST_A_MINUTE: Final = 6
_MINUTE_S: Final = 60.0


@dataclass(slots=True)
class Numbers:
    """Gives numbers to messages, of all channels."""

    next_number: int = 1

    def new(self) -> int:
        """Return the next number."""
        number = self.next_number
        self.next_number += 1
        return number


@dataclass(slots=True)
class Pacing:
    """What goes out on one channel, and what is gathered. Every call returns the messages to be kept.

    A digest that is gathered is among them each time it grew, so that a restart in the middle loses nothing.
    """

    channel: str
    numbers: Numbers
    told: set[int] = field(default_factory=set)
    _digest: Message | None = None
    _due_s: float = math.inf
    _went_s: deque[float] = field(default_factory=deque)
    _last_s: dict[bool, float] = field(default_factory=dict)
    _critical_s: float = -math.inf

    def go_on_with(self, digest: Message) -> None:
        """Go on with what an earlier engine was gathering (rule 5)."""
        self._digest, self._due_s = digest, -math.inf

    def take(self, moved: Moved, entry: Entry, now_s: float) -> Message | None:
        """Take one transition; ``None`` where nothing goes out of it."""
        kind = self._kind_of(moved)
        if kind is None:
            return None
        message = message_of(kind, moved.alarm, entry, self.channel, self.numbers.new())
        urgent = kind in CALLING and message.priority is Priority.CRITICAL
        if urgent and now_s - self._critical_s >= CRITICAL_S:
            self._went(message, now_s)
            return message
        if not urgent and self._digest is None and self._has_way(message, now_s):
            self._went(message, now_s)
            return message
        return self._gather(message, urgent, now_s)

    def tick(self, now_s: float) -> Message | None:
        """Close the digest that is due; to be called often."""
        digest = self._digest
        if digest is None or now_s < self._due_s:
            return None
        urgent = digest.calling[0] > 0
        if not urgent and self._full_until_s(now_s) > now_s:
            self._due_s = self._full_until_s(now_s)
            return None
        closed = replace(digest, number=self.numbers.new(), gathering=False)
        self._digest, self._due_s = None, math.inf
        self._went(closed, now_s)
        return closed

    def _kind_of(self, moved: Moved) -> MessageKind | None:
        """Return what a transition tells on this channel (rule 6)."""
        kind, number = kind_of(moved), moved.alarm.number
        known = number in self.told
        if moved.alarm.hidden or moved.alarm.ended or kind is MessageKind.RETURNED:
            self.told.discard(number)
        if kind in CALLING:
            self.told.add(number)
        return kind if known or kind in CALLING else None

    def _has_way(self, message: Message, now_s: float) -> bool:
        """Whether a message that is not critical may go out at once (rules 1 and 4)."""
        alone = now_s - self._last_s.get(message.calls, -math.inf) >= GATHER_S
        return alone and self._full_until_s(now_s) <= now_s

    def _gather(self, message: Message, urgent: bool, now_s: float) -> Message:
        digest = self._digest
        if digest is None:
            self._due_s = now_s + GATHER_S
            digest = digest_of(message)
        else:
            digest = gathered(digest, message)
        self._digest = digest
        if urgent:
            self._due_s = min(self._due_s, self._critical_s + CRITICAL_S)
        return digest

    def _went(self, message: Message, now_s: float) -> None:
        self._went_s.append(now_s)
        if message.calls:
            self._last_s[True] = now_s
        if message.easing:
            self._last_s[False] = now_s
        if message.calling[0]:
            self._critical_s = now_s

    def _full_until_s(self, now_s: float) -> float:
        """Until when so many went out within a minute that no other may (rule 4)."""
        while self._went_s and now_s - self._went_s[0] >= _MINUTE_S:
            self._went_s.popleft()
        if len(self._went_s) < MOST_A_MINUTE:
            return -math.inf
        return self._went_s[-MOST_A_MINUTE] + _MINUTE_S
