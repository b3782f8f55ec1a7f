"""What a channel out needs to be: it delivers one message and says how that ended. It knows no outbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from controlroom.alarms.message import Message


@dataclass(frozen=True, slots=True)
class Ended:
    """How a delivery ended: well where there is no trouble, else by a code.

    ``permanent`` means that another try would end the same way.
    """

    trouble: str = ""
    permanent: bool = False


DELIVERED: Final = Ended()


class Consumer(Protocol):
    """Delivers the messages of one channel, one at a time.

    A message may come twice, after a kill in the middle: it has the same key then, by which whoever receives
    it tells that it is the same. What blocks goes into a thread, for this is the engine's loop.
    """

    @property
    def name(self) -> str:
        """The name of its channel; it stays the same over restarts."""

    async def deliver(self, message: Message) -> Ended:
        """Deliver a message. What is raised counts as trouble, and so does what takes too long."""
