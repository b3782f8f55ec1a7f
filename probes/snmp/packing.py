"""Many objects asked of one agent in as few messages as it takes. It judges no value.

Rules
1. An agent that says ``tooBig`` is asked for half as many at once, and that is remembered for as long as the
   engine runs. Of one object alone it is the answer.
2. Version 1 refuses a whole message for one object that the agent has not (RFC 1157, 4.1.2): that one is left
   out, by the place that the agent tells, and the others are asked again; where it tells none, each alone.
3. All messages share one deadline. What any of them met instead of an answer is the answer of all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, Get, RawValue, SnmpClient, Version
from probes.snmp.error_status import is_too_big

AT_ONCE: Final = 24
"""Objects of one message: about as many as fit one unfragmented packet."""

_LEAST_S: Final = 0.001
_KEPT: Final = 10_000


class PackedGets:
    """Asks through a client, and remembers each agent's limit."""

    def __init__(self, client: SnmpClient, at_once: int = AT_ONCE) -> None:
        """Ask nobody yet."""
        self._client, self._at_once = client, at_once
        self._limits: dict[tuple[str, int], int] = {}

    async def get(self, asked: Get) -> Answer:
        """Return the answers to all messages as one."""
        due = asyncio.get_running_loop().time() + asked.timeout_s
        values: dict[str, RawValue] = {}
        left, text, twin = list(asked.oids), "", ""
        while left:
            limit = self._limits.get((asked.address, asked.port), self._at_once)
            part, left = left[:limit], left[limit:]
            answer = await self._part(asked, part, due)
            if is_too_big(answer) and len(part) > 1:
                self._remember(asked, max(1, len(part) // 2))
                left = part + left
                continue
            if answer.outcome is not Outcome.REPLIED or answer.reason is not Reason.NONE:
                return answer
            values.update(answer.values)
            text, twin = text or answer.text, twin or answer.twin
        return Answer(Outcome.REPLIED, values=values, text=text, twin=twin)

    async def _part(self, asked: Get, oids: Sequence[str], due: float) -> Answer:
        """Ask one message; in version 1 as often as there are objects that the agent has not (rule 2)."""
        wanted = list(oids)
        while wanted:
            left_s = max(_LEAST_S, due - asyncio.get_running_loop().time())
            answer = await self._client.get(replace(asked, oids=tuple(wanted), timeout_s=left_s))
            spoilt = asked.credentials.version is Version.V1 and answer.reason is Reason.NO_SUCH_OBJECT
            if not spoilt:
                return answer
            if not 1 <= answer.at <= len(wanted):
                return answer if len(wanted) == 1 else await self._each_alone(asked, wanted, due)
            del wanted[answer.at - 1]
        return Answer(Outcome.REPLIED)

    async def _each_alone(self, asked: Get, oids: Sequence[str], due: float) -> Answer:
        values: dict[str, RawValue] = {}
        for oid in oids:
            part = await self._part(asked, [oid], due)
            if part.outcome is not Outcome.REPLIED and part.reason is not Reason.NO_SUCH_OBJECT:
                return part
            values.update(part.values)
        return Answer(Outcome.REPLIED, values=values)

    def _remember(self, asked: Get, limit: int) -> None:
        if len(self._limits) >= _KEPT:
            self._limits.clear()
        self._limits[asked.address, asked.port] = limit
