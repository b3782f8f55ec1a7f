"""The devices that are asked by a template, one a probe, and the search for their rows.

Rules
1. A device is known as long as its probe keeps its parameters and its address.
2. Rows are sought beside the beat: a question waits for the search no longer than half of its time, and is
   told without rows meanwhile. One search a device at a time.
3. A search that fails is tried again (``row_search``); what was found before counts until then.
4. Now and then it is looked again at the names of rows that were found. No question waits for that, it gives
   way to a search, and each device does it at a moment of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from controlroom.probe import Question
from controlroom.reading import Outcome, ProbeKey
from probes.snmp.client import Credentials, RawValue, SnmpClient, Walk
from probes.snmp.device import Device
from probes.snmp.objects import Objects
from probes.snmp.parameters import SnmpParameters
from probes.snmp.plan import rows_told
from probes.snmp.template_library import templates

SEARCH_S: Final = 60.0
MOST_OF_A_COLUMN: Final = 20_000
_SHARE_OF_TIMEOUT: Final = 0.5
_GOLDEN_RATIO: Final = 0.6180339887498949
"""Its multiples, less their whole numbers, lie evenly apart, however many they are."""


@dataclass(slots=True)
class _Known:
    parameters: SnmpParameters
    address: str
    device: Device
    search: asyncio.Task[None] | None = field(default=None, repr=False)
    look: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """What is under way."""
        return [task for task in (self.search, self.look) if task is not None]


class Devices:
    """All devices of one prober."""

    def __init__(self, client: SnmpClient, monotonic_s: Callable[[], float]) -> None:
        """Know none yet."""
        self._client, self._monotonic_s = client, monotonic_s
        self._known: dict[ProbeKey, _Known] = {}
        self._turns = count()

    async def ready(
        self, question: Question, parameters: SnmpParameters, credentials: Credentials
    ) -> Device | None:
        """Return a probe's device, its rows sought as far as time allows; ``None`` without a template."""
        template = templates().get(parameters.template)
        if template is None:
            return None
        known = self._known.get(question.probe)
        if known is None or known.parameters != parameters or known.address != question.address:
            self._forget(question.probe)
            share = 1 - next(self._turns) * _GOLDEN_RATIO % 1
            device = Device(template, rows_told(template, parameters.rows), share)
            known = self._known[question.probe] = _Known(parameters, question.address, device)
        if known.search is None:
            self._begin(known, credentials, question.timeout_s)
        if known.search is not None:
            await asyncio.wait({known.search}, timeout=question.timeout_s * _SHARE_OF_TIMEOUT)
        return known.device

    async def stop(self) -> None:
        """End all searches and forget all devices."""
        tasks = [task for known in self._known.values() for task in known.tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._known.clear()

    def _forget(self, probe: ProbeKey) -> None:
        known = self._known.pop(probe, None)
        for task in [] if known is None else known.tasks:
            task.cancel()

    def _begin(self, known: _Known, credentials: Credentials, timeout_s: float) -> None:
        """Begin the search or the look that is due (rule 4); a look before what is sought in vain anyhow."""
        sought, loop, now_s = known.device.search, asyncio.get_running_loop(), self._monotonic_s()
        again, columns = sought.columns_to_look_at(now_s), sought.columns_to_walk(now_s)
        if again and known.look is None:
            known.look = loop.create_task(self._look(known, credentials, again, timeout_s))
        elif columns and (known.look is None or sought.is_seeking):
            if known.look is not None:
                known.look.cancel()
            known.search = loop.create_task(self._search(known, credentials, columns, timeout_s))

    async def _look(
        self, known: _Known, credentials: Credentials, columns: list[str], timeout_s: float
    ) -> None:
        """Walk again what names rows; what comes of it counts where all of it came."""
        known.device.search.begun()
        objects: Objects | None = None
        try:
            values: dict[str, RawValue] = {}
            whole = await self._walked(known, credentials, columns, timeout_s, values)
            objects = Objects(values) if whole else None
        finally:
            known.device.looked(self._monotonic_s(), objects)
            known.look = None

    async def _search(
        self, known: _Known, credentials: Credentials, columns: list[str], timeout_s: float
    ) -> None:
        """Walk the columns that name rows; give up at the first that is not answered."""
        sought, whole, ended = known.device.search, True, False
        sought.begun()
        try:
            values: dict[str, RawValue] = {}
            walked: set[str] = set()
            while columns:
                told = await self._walked(known, credentials, columns, timeout_s, values)
                if told is None:
                    return
                whole = whole and told
                walked.update(columns)
                sought.walked(Objects(values), walked)
                columns = [oid for oid in sought.columns_left() if oid not in walked]
            ended = True
        finally:
            sought.ended(self._monotonic_s(), whole=whole and ended)
            known.search = None

    async def _walked(
        self,
        known: _Known,
        credentials: Credentials,
        columns: list[str],
        timeout_s: float,
        values: dict[str, RawValue],
    ) -> bool | None:
        """Gather what columns say; return whether all of it came, ``None`` where one was not answered."""
        agent, whole = (known.address, known.parameters.port, credentials), True
        for oid in columns:
            answer = await self._client.walk(Walk(*agent, oid, timeout_s, SEARCH_S, MOST_OF_A_COLUMN))
            if answer.outcome is not Outcome.REPLIED:
                return None
            whole = whole and not answer.text and len(answer.values) < MOST_OF_A_COLUMN
            values.update(answer.values)
        return whole
