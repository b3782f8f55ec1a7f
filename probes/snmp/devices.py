"""The devices that are asked by a template, one a probe, and the search for their rows.

Rules
1. A device is known as long as its probe keeps its parameters and its address.
2. Rows are sought beside the beat: a question waits for the search no longer than half of its time, and is
   told without rows meanwhile. One search a device at a time.
3. A search that fails is tried again (``row_search``); what was found before counts until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Known:
    parameters: SnmpParameters
    address: str
    device: Device
    search: asyncio.Task[None] | None = field(default=None, repr=False)


class Devices:
    """All devices of one prober."""

    def __init__(self, client: SnmpClient, monotonic_s: Callable[[], float]) -> None:
        """Know none yet."""
        self._client, self._monotonic_s = client, monotonic_s
        self._known: dict[ProbeKey, _Known] = {}

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
            device = Device(template, rows_told(template, parameters.rows))
            known = self._known[question.probe] = _Known(parameters, question.address, device)
        columns = known.device.search.columns_to_walk(self._monotonic_s())
        if columns and known.search is None:
            search = self._search(known, credentials, columns, question.timeout_s)
            known.search = asyncio.get_running_loop().create_task(search)
        if known.search is not None:
            await asyncio.wait({known.search}, timeout=question.timeout_s * _SHARE_OF_TIMEOUT)
        return known.device

    async def stop(self) -> None:
        """End all searches and forget all devices."""
        searches = [known.search for known in self._known.values() if known.search is not None]
        for search in searches:
            search.cancel()
        await asyncio.gather(*searches, return_exceptions=True)
        self._known.clear()

    def _forget(self, probe: ProbeKey) -> None:
        known = self._known.pop(probe, None)
        if known is not None and known.search is not None:
            known.search.cancel()

    async def _search(
        self, known: _Known, credentials: Credentials, columns: list[str], timeout_s: float
    ) -> None:
        """Walk the columns that name rows; give up at the first that is not answered."""
        sought, whole, ended = known.device.search, True, False
        sought.begun()
        try:
            values: dict[str, RawValue] = {}
            walked: set[str] = set()
            agent = (known.address, known.parameters.port, credentials)
            while columns:
                for oid in columns:
                    answer = await self._client.walk(Walk(*agent, oid, timeout_s, SEARCH_S, MOST_OF_A_COLUMN))
                    if answer.outcome is not Outcome.REPLIED:
                        return
                    whole = whole and not answer.text and len(answer.values) < MOST_OF_A_COLUMN
                    values.update(answer.values)
                walked.update(columns)
                sought.walked(Objects(values), walked)
                columns = [oid for oid in sought.columns_left() if oid not in walked]
            ended = True
        finally:
            sought.ended(self._monotonic_s(), whole=whole and ended)
            known.search = None
