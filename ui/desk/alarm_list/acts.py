"""The acts on alarms, as the desk sends them. It asks nobody and shows nothing.

Rules:
1. What is on its way is not sent twice; an alarm that has ended meanwhile is left out.
2. An act on several alarms is one act that names them all, up to ``MOST_AT_ONCE``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from controlroom.alarms.alarm import ENGINE, Alarm
from controlroom.logbook.act import ActKind, Detail
from ui.desk.alarm_list.strip import Answer
from ui.desk.pending import PendingActs
from ui.desk.picture import Picture

MOST_AT_ONCE: Final = 500
"""So many alarms one act may name."""

_NOTHING: Final[Mapping[str, Detail]] = {}
_LONGEST_STEP: Final = 1000


class SendAct(Protocol):
    """Sends an act about an alarm, or about several that its details name."""

    def __call__(
        self, kind: ActKind, subject: str, number: int | None, note: str, details: Mapping[str, Detail]
    ) -> None:
        """Send it on its way."""


class AlarmActs:
    """Sends by ``send``; the picture says which alarms are still open, ``pending`` what is on its way."""

    def __init__(self, picture: Picture, pending: PendingActs, send: SendAct) -> None:
        """Send nothing yet."""
        self._picture, self._pending, self._send_act = picture, pending, send

    def acknowledge(self, numbers: Iterable[int], note: str = "", for_s: float | None = None) -> None:
        """Acknowledge alarms, for a time where one is given."""
        details: dict[str, Detail] = {} if for_s is None else {"for_s": for_s}
        self._send(ActKind.ACKNOWLEDGE, numbers, note, details)

    def shelve(self, numbers: Iterable[int], answer: Answer) -> None:
        """Put alarms away for a time; what is longer than usual says that its reason justifies it."""
        details: dict[str, Detail] = {"for_s": answer.for_s or 0.0, "one_shot": answer.one_shot}
        if answer.longer:
            details["justified"] = True
        self._send(ActKind.SHELVE, numbers, answer.words, details)

    def unshelve(self, numbers: Iterable[int]) -> None:
        """Take alarms off the shelf."""
        self._send(ActKind.UNSHELVE, numbers)

    def reset(self, number: int) -> None:
        """End an alarm that is held."""
        self._send(ActKind.RESET, [number])

    def take_out(self, numbers: Iterable[int], why: str) -> None:
        """Take the endpoints of alarms out of service."""
        for number in numbers:
            self._send(ActKind.OUT_OF_SERVICE, [number], why)

    def put_back(self, numbers: Iterable[int], why: str) -> None:
        """Put the endpoints of alarms back into service."""
        for number in numbers:
            self._send(ActKind.IN_SERVICE, [number], why)

    def split(self, number: int) -> None:
        """Have the members of an incident told one by one."""
        self._send(ActKind.SPLIT, [number])

    def assign(self, number: int, owner: str, *, undoing: bool = False) -> None:
        """Give an alarm into somebody’s hands; ``was`` lets it be undone, unless this undoes it."""
        alarm = self._picture.lists.numbered(number)
        if alarm is not None and alarm.owner != owner:
            was: dict[str, Detail] = {} if undoing else {"was": alarm.owner}
            self._send(ActKind.ASSIGN, [number], "", {"owner": owner, **was})

    def tick(self, number: int, step: int, words: str, *, done: bool) -> None:
        """Tick a step of an alarm’s card, or take the tick back."""
        alarm = self._picture.lists.numbered(number)
        if alarm is not None and step not in self._pending.ticking(number):
            details: dict[str, Detail] = {"step": step, "done": done, "words": words[:_LONGEST_STEP]}
            self._send_act(ActKind.TICK, alarm.subject, number, "", details)

    def note(self, number: int, subject: str, words: str) -> None:
        """Write a note about an alarm, also one that has ended."""
        self._send_act(ActKind.NOTE, subject, number, words, _NOTHING)

    def _send(
        self,
        kind: ActKind,
        numbers: Iterable[int],
        note: str = "",
        details: Mapping[str, Detail] = _NOTHING,
    ) -> None:
        free = [number for number in numbers if not self._pending.doing(kind, number)]
        alarms = [alarm for number in free if (alarm := self._picture.lists.numbered(number)) is not None]
        if len(alarms) == 1:
            self._send_act(kind, alarms[0].subject, alarms[0].number, note, details)
            return
        for first in range(0, len(alarms), MOST_AT_ONCE):
            named = _named(alarms[first : first + MOST_AT_ONCE])
            self._send_act(kind, ENGINE, None, note, {**details, "alarms": named})


def _named(alarms: Iterable[Alarm]) -> str:
    return ",".join(str(alarm.number) for alarm in alarms)
