"""The messages that came to this desk and are not told as delivered yet. No Qt, no clock, no store.

Rules:
1. What the desk finds when it opens is all one thing: it says so once, with the first sound.
2. What calls for a sound is delivered when a sound that began after it came has ended well. All else is
   delivered when it came: it is on screen.
3. A message whose alarms call nobody any more needs no sound: it is delivered as shown.
4. Trouble is told at most once a minute; the next sound that ends well delivers it all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.alarms.alarm import Alarm, Priority
from controlroom.alarms.message import MOST_NAMED, Message

TROUBLE_EVERY_S: Final = 60.0
SHOWN, PLAYED, SPOKEN = "shown", "played", "spoken"
NO_SOUND: Final = "no_sound"
_MOST_TOLD: Final = 5000

Tell = Callable[[int, int, str, str], None]
"""Tells what became of the messages from a first to a last number: how, or by which trouble not."""


@dataclass(slots=True, weakref_slot=True)
class News:
    """What came, in order of number. ``audible`` is false at a desk that makes no sound."""

    tell: Tell
    audible: bool = True
    _pending: dict[int, Message] = field(default_factory=dict)
    _told: set[int] = field(default_factory=set)
    _all_told: bool = False
    _trouble_s: float | None = None

    def take(self, messages: Iterable[Message]) -> None:
        """Take what came."""
        for message in messages:
            if message.calls:
                self._told.update(message.alarms)
                self._all_told = self._all_told or len(message.alarms) >= MOST_NAMED
            if self.audible and message.calls and message.priority <= Priority.HIGH:
                self._pending[message.number] = message
            else:
                self.tell(message.number, message.number, SHOWN, "")

    def was_told(self, number: int) -> bool:
        """Whether a message told of an alarm; a great storm tells of more than it names."""
        return self._all_told or number in self._told

    @property
    def pending(self) -> Sequence[Message]:
        """What waits for a sound, the worst first."""
        return sorted(self._pending.values(), key=lambda message: (message.priority, message.number))

    def look(self, alarms: Iterable[Alarm]) -> None:
        """See what needs a sound no longer (rule 3), and forget alarms that are no more."""
        known = {alarm.number: alarm.annunciated and alarm.active for alarm in alarms}
        if len(self._told) > _MOST_TOLD:
            self._told.intersection_update(known)
        for message in self.pending:
            if len(message.alarms) < MOST_NAMED and not any(known.get(each) for each in message.alarms):
                self._settle([message.number], SHOWN)

    def ended(self, numbers: Iterable[int], how: str, trouble: str, now_s: float) -> None:
        """Take how a sound ended that was for these (rules 2 and 4)."""
        mine = [number for number in numbers if number in self._pending]
        if not mine:
            return
        if not trouble:
            self._trouble_s = None
            self._settle(mine, how)
        elif self._trouble_s is None or now_s - self._trouble_s >= TROUBLE_EVERY_S:
            self._trouble_s = now_s
            self.tell(mine[0], mine[-1], "", trouble)

    def _settle(self, numbers: Sequence[int], how: str) -> None:
        for number in numbers:
            del self._pending[number]
            self.tell(number, number, how, "")
