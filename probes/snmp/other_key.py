"""An agent that has another privacy password, told from one that is gone. It asks nobody.

An agent says nothing to what it cannot decrypt. It names its engine all the same to whoever asks for that,
as this needs no key (RFC 3414, 4). So one that named its engine while a question was open and was silent to
the question, ``SILENT_TIMES`` times in a row, is there and has another key.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Credentials, Get, PrivacyProtocol

SILENT_TIMES: Final = 2
_TEXT: Final = (
    "the agent is there, and silent to what is encrypted: it may have another privacy password or protocol"
)
_KEPT: Final = 10_000


class SilentAgents:
    """The agents that were silent to what is encrypted, and how often in a row."""

    def __init__(self) -> None:
        """Know none."""
        self._times: Counter[tuple[str, int, Credentials]] = Counter()

    def seen_through(self, asked: Get, answer: Answer, *, met: bool) -> Answer:
        """Return the answer, or a refusal in its place; ``met``: the agent named its engine meanwhile."""
        agent = (asked.address, asked.port, asked.credentials)
        if not may_lack_the_key(asked, answer):
            self._times.pop(agent, None)
            return answer
        if not met:  # one answer about the engine was lost, or it is gone: what is known of its key stays
            return answer
        if len(self._times) >= _KEPT:
            self._times.clear()
        self._times[agent] += 1
        if self._times[agent] < SILENT_TIMES:
            return answer
        return Answer(Outcome.REFUSED, Reason.AUTHENTICATION_FAILED, text=_TEXT)

    def clear(self) -> None:
        """Forget all."""
        self._times.clear()


def may_lack_the_key(asked: Get, answer: Answer) -> bool:
    """Whether silence may be that of an agent that could not decrypt the question."""
    return encrypts(asked.credentials) and (answer.outcome, answer.reason) == (
        Outcome.NO_REPLY,
        Reason.DEADLINE,
    )


def encrypts(credentials: Credentials) -> bool:
    """Whether questions are encrypted."""
    return credentials.privacy_protocol is not PrivacyProtocol.NONE
