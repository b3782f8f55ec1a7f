"""What goes out about an alarm: one transition, or a digest of several. It words and sends nothing.

Rules:
1. A message has a key that follows from the entry of the log that it tells of, and from its channel: told
   twice, it is the same message.
2. A digest counts every transition that it gathered: those that call by priority, the others together. It
   names the worst.
3. While a digest gathers it may grow; once it is closed it has a new number and changes no more.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from typing import Final

from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.moved import Moved
from controlroom.logbook.entry import Entry, LogKind

DESK: Final = "desk"
"""The channel of the desks: what is sounded, spoken and shown."""

MOST_NAMED: Final = 200
"""How many alarms a digest knows by number; all are counted."""

_HASH_DIGITS: Final = 16


class MessageKind(enum.StrEnum):
    """What a message tells of an alarm: codes, worded at the edge."""

    RAISED = "raised"
    RAISED_AGAIN = "raised_again"
    JOINED = "joined"
    EASED = "eased"
    RETURNED = "returned"
    ESCALATED = "escalated"
    DIGEST = "digest"


CALLING: Final = frozenset(
    {MessageKind.RAISED, MessageKind.RAISED_AGAIN, MessageKind.JOINED, MessageKind.ESCALATED}
)
"""What calls somebody; the other kinds tell only that less is wrong."""

_KINDS: Final = {
    LogKind.ALARM_RAISED: MessageKind.RAISED,
    LogKind.ALARM_RAISED_AGAIN: MessageKind.RAISED_AGAIN,
    LogKind.ALARM_REMINDED: MessageKind.RAISED_AGAIN,
    LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED: MessageKind.RAISED_AGAIN,
    LogKind.ALARM_UNSHELVED: MessageKind.RAISED_AGAIN,
    LogKind.ALARM_RELEASED: MessageKind.RAISED_AGAIN,
    LogKind.ALARM_IN_SERVICE: MessageKind.RAISED_AGAIN,
    LogKind.ALARM_JOINED: MessageKind.JOINED,
    LogKind.ALARM_ESCALATED: MessageKind.ESCALATED,
    LogKind.ALARM_EASED: MessageKind.EASED,
    LogKind.ALARM_RETURNED: MessageKind.RETURNED,
    LogKind.ALARM_LATCHED: MessageKind.RETURNED,
    LogKind.ALARM_ENDED: MessageKind.RETURNED,
}


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to one channel.

    ``number`` grows for the life of the store. ``alarm``, ``subject``, ``priority``, ``cause`` and ``reason``
    are those of the alarm, in a digest of the worst. ``calling`` counts by priority, 1 to 4, what calls;
    ``easing`` what tells that less is wrong. ``alarms`` are the numbers of the alarms that it is about, as
    far as they are named; ``first_entry`` and ``last_entry`` the first and last entry of the log it tells of.
    """

    number: int
    key: str
    channel: str
    kind: MessageKind
    alarm: int
    subject: str
    priority: Priority
    cause: Cause
    reason: str
    at_utc_s: float
    calling: tuple[int, int, int, int] = (0, 0, 0, 0)
    easing: int = 0
    alarms: tuple[int, ...] = ()
    first_entry: int = 0
    last_entry: int = 0
    to: str = ""
    """The contact to whom an alarm was passed on; empty where it is for all of the channel."""
    gathering: bool = False
    """Whether it is a digest that may still grow (rule 3): nobody is told of it yet."""

    @property
    def count(self) -> int:
        """How many transitions it tells."""
        return sum(self.calling) + self.easing

    @property
    def others(self) -> int:
        """How many it tells beside the one that it names."""
        return self.count - 1

    @property
    def calls(self) -> bool:
        """Whether it calls somebody."""
        return any(self.calling)


def kind_of(moved: Moved) -> MessageKind | None:
    """Return what a transition is to a recipient; ``None`` where it is nothing.

    Of a hidden alarm nothing goes out. What was shown again calls where its fault stands.
    """
    alarm, kind = moved.alarm, _KINDS.get(moved.entry.kind)
    if kind is None or alarm.hidden:
        return None
    return None if kind in CALLING and not alarm.active else kind


def message_of(kind: MessageKind, alarm: Alarm, entry: Entry, channel: str, number: int) -> Message:
    """Make the message of one transition."""
    calling = [0, 0, 0, 0]
    if kind in CALLING:
        calling[int(alarm.priority) - 1] = 1
    return Message(
        number=number,
        key=_key(channel, "", entry),
        channel=channel,
        kind=kind,
        alarm=alarm.number,
        subject=alarm.subject,
        priority=alarm.priority,
        cause=alarm.cause,
        reason=alarm.reason,
        at_utc_s=entry.at_utc_s,
        calling=(calling[0], calling[1], calling[2], calling[3]),
        easing=0 if kind in CALLING else 1,
        alarms=(alarm.number,),
        first_entry=entry.number,
        last_entry=entry.number,
        to=str(entry.facts.get("to") or "") if kind is MessageKind.ESCALATED else "",
    )


def digest_of(first: Message) -> Message:
    """Begin a digest with the message of one transition: while it is the only one, it keeps its kind."""
    key = first.key.replace(f"{first.channel}:", f"{first.channel}:{MessageKind.DIGEST.value}:", 1)
    return replace(first, key=key, gathering=True)


def gathered(digest: Message, more: Message) -> Message:
    """Add the message of one more transition to a digest (rule 2)."""
    worst = more if _urgency(more) < _urgency(digest) else digest
    named = digest.alarms
    if more.alarm not in named and len(named) < MOST_NAMED:
        named = (*named, more.alarm)
    one, two, three, four = (mine + other for mine, other in zip(digest.calling, more.calling, strict=True))
    return replace(
        digest,
        kind=MessageKind.DIGEST,
        alarm=worst.alarm,
        subject=worst.subject,
        priority=worst.priority,
        cause=worst.cause,
        reason=worst.reason,
        calling=(one, two, three, four),
        easing=digest.easing + more.easing,
        alarms=named,
        last_entry=more.last_entry,
    )


def _urgency(message: Message) -> tuple[bool, Priority]:
    """Order the worst first: what calls before what does not. In a digest the first of equals stays named."""
    return (not message.calls, message.priority)


def _key(channel: str, what: str, entry: Entry) -> str:
    return f"{channel}:{what}{entry.number}:{entry.hash[:_HASH_DIGITS]}"
