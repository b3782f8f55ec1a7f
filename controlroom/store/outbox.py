"""The outbox as the rest of the house sees it: messages, and what became of them. No path, row or lock.

Rules:
1. A message is kept in the transaction of the transition that it tells of. Its key makes it the same message,
   however often it is told.
2. What became of it is settled once: delivered, needed no longer, or given up. Only what waits can be.
3. A digest that still gathers waits for nobody yet; its number is that of its closing.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from controlroom.alarms.message import Message


class MessageState(enum.StrEnum):
    """What became of a message."""

    GATHERING = "gathering"
    WAITING = "waiting"
    DELIVERED = "delivered"
    UNNEEDED = "unneeded"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the message of a key so far: how often it was tried, and when it is tried again.

    ``trouble`` is the code of what was in the way last, or how it was delivered.
    """

    key: str
    state: MessageState
    attempts: int = 0
    due_utc_s: float = 0.0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message in the outbox, and what became of it."""

    message: Message
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How the outbox stands: what waits, what was given up, when the oldest that waits was made."""

    waiting: int = 0
    dead: int = 0
    oldest_utc_s: float | None = None
    newest_number: int = 0


class ReadOutbox(Protocol):
    """The outbox for those who read."""

    def messages(
        self, *, after_number: int = 0, channel: str = "", waiting: bool = False
    ) -> Sequence[KeptMessage]:
        """Return the messages after a number, in order, of a channel if one is named; no open digests.

        ``waiting`` returns those alone that nothing has become of yet.
        """

    def outbox_state(self) -> OutboxState:
        """Return how the outbox stands."""


def first_delivery(message: Message) -> Delivery:
    """Return how a message begins."""
    state = MessageState.GATHERING if message.gathering else MessageState.WAITING
    return Delivery(message.key, state, due_utc_s=message.at_utc_s)
