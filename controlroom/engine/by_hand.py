"""Asks, identifies and doubts by hand for whoever may wait: the calls of a terminal, which has no loop.

It takes a probe type's declaration and knows no type by name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from controlroom.engine.ask_now import ask_now
from controlroom.engine.identify_now import identify_now
from controlroom.finding import Doubt
from controlroom.identification import Identification, OnStep
from controlroom.probe import ProbeParameters, ProbeType
from controlroom.reading import Reading


class ByHand:
    """Asks with secrets that it knows how to get."""

    def __init__(self, resolve_secret: Callable[[str], str]) -> None:
        """Remember how secrets are got; none is asked for yet."""
        self._resolve_secret = resolve_secret

    def ask(
        self,
        probe_type: ProbeType,
        parameters: ProbeParameters,
        target: str,
        *,
        count: int,
        timeout_s: float | None,
        tell: Callable[[Reading], None],
    ) -> Sequence[Reading]:
        """Ask so many times and wait for all answers (``ask_now``)."""
        asking = ask_now(
            probe_type,
            parameters,
            target,
            resolve_secret=self._resolve_secret,
            count=count,
            timeout_s=timeout_s,
            on_reading=tell,
        )
        return asyncio.run(asking)

    def identify(
        self,
        probe_type: ProbeType,
        parameters: ProbeParameters,
        target: str,
        *,
        timeout_s: float | None,
        tell: OnStep,
    ) -> Identification:
        """Find out what a target is, and wait for it (``identify_now``)."""
        asking = identify_now(
            probe_type,
            parameters,
            target,
            resolve_secret=self._resolve_secret,
            timeout_s=timeout_s,
            on_step=tell,
        )
        return asyncio.run(asking)

    def doubts(self, probe_type: ProbeType, parameters: ProbeParameters) -> Sequence[Doubt]:
        """Return what is amiss with how a target is asked, although it may answer."""
        judge = probe_type.doubts
        return () if judge is None else judge(parameters, self._resolve_secret)
