"""How often a real agent finds a v3 question outside of its time window, over a quarter of an hour.

``python -m tests.bench.snmp_window [SECONDS]`` asks one agent once a second by each stack, and lets the
agent's own counter say it (usmStatsNotInTimeWindows, RFC 3414, 5). A question that first draws such a report
costs twice.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from controlroom.reading import Outcome
from probes.snmp.client import Credentials, Get, SnmpClient
from probes.snmp.gufo_client import GufoClient
from probes.snmp.pysnmp_client import PysnmpClient
from tests.bench.snmp import OBJECTS, USERS
from tests.lab import snmpd

REPORTS: Final = "1.3.6.1.6.3.15.1.1.2.0"
FOR_S: Final = 900.0


async def _reports(client: SnmpClient, agent: snmpd.Agent) -> int:
    answer = await client.get(Get(snmpd.ADDRESS, agent.port, USERS["v2c"], (REPORTS,), 2.0))
    return int(answer.values[REPORTS])


async def _measure(client: SnmpClient, credentials: Credentials, folder: Path, for_s: float) -> str:
    with snmpd.running_agent(folder) as agent:
        await client.start()
        before, began, asked, replied = await _reports(client, agent), time.monotonic(), 0, 0
        while time.monotonic() - began < for_s:
            answer = await client.get(Get(snmpd.ADDRESS, agent.port, credentials, OBJECTS[:10], 2.0))
            asked, replied = asked + 1, replied + (answer.outcome is Outcome.REPLIED)
            await asyncio.sleep(1.0)
        reports = await _reports(client, agent) - before
        await client.stop()
    return f"{asked} GETs, {replied} replied, {reports} outside of the agent's time window"


async def _bench(for_s: float) -> None:
    stacks: dict[str, SnmpClient] = {"gufo": GufoClient(), "pysnmp": PysnmpClient()}
    with tempfile.TemporaryDirectory() as folder:
        told = await asyncio.gather(
            *(
                _measure(client, USERS["v3 SHA1 AES128"], Path(folder) / name, for_s)
                for name, client in stacks.items()
            )
        )
    for name, words in zip(stacks, told, strict=True):
        sys.stdout.write(f"{name:8} {words} in {for_s:.0f} s\n")


if __name__ == "__main__":
    asyncio.run(_bench(float(sys.argv[1]) if len(sys.argv) > 1 else FOR_S))
