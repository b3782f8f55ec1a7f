"""The way through a subtree, step by step: where it ends, and when an agent goes in circles. Pure.

Rules
1. A walk ends at the first object that is not below its beginning, where the agent has no more, or at
   ``most``.
2. An agent whose objects do not grow would be walked for ever: the walk ends and says so. That is also one
   that answers with the very identifier asked, or with one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, RawValue

REPETITIONS: Final = 25
"""Objects of one message: as many as mostly fit one unfragmented packet."""

CIRCLES: Final = "the agent's objects do not grow: the walk was ended"


class Walking:
    """One walk under way."""

    def __init__(
        self, oid: str, most: int, told: Callable[[Mapping[str, RawValue]], None] | None = None
    ) -> None:
        """Stand before the first object below an identifier; ``told`` is given what each message brought."""
        self.next = oid.removeprefix(".")
        self.values: dict[str, RawValue] = {}
        self.ended = False
        self._text = ""
        self._below = f"{self.next}."
        self._most = most
        self._told = told

    def take(self, items: Iterable[tuple[str, RawValue | None]]) -> None:
        """Take what one message brought, in its order; an object without a value is passed over."""
        known = len(self.values)
        self._take(items)
        if self._told is not None and len(self.values) > known:
            self._told(dict(islice(self.values.items(), known, None)))

    def _take(self, items: Iterable[tuple[str, RawValue | None]]) -> None:
        before = self.next
        for oid, raw in items:
            oid = oid.removeprefix(".")
            if len(self.values) >= self._most:
                self.ended = True
                return
            if _arcs(oid) <= _arcs(self.next):
                self.ended, self._text = True, CIRCLES
                return
            if not oid.startswith(self._below):
                self.ended = True
                return
            self.next = oid
            if raw is not None:
                self.values[oid] = raw
        self.ended = self.ended or self.next == before

    def answer(self, failure: Answer | None = None) -> Answer:
        """Say what came; ``failure`` is why it went no further."""
        if failure is None:
            return Answer(Outcome.REPLIED, Reason.NONE, self.values, self._text)
        return Answer(failure.outcome, failure.reason, self.values, failure.text)


def _arcs(oid: str) -> tuple[int, ...]:
    return tuple(map(int, oid.split(".")))
