"""GETs a second, and processor time a GET, of both SNMP stacks against one real agent on loopback.

``python -m tests.bench.snmp`` takes about ten seconds. The agent shares the machine: the figures compare
the stacks with each other, and are no limit of either on a machine of its own.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped] # psutil ships no type information

from controlroom.reading import Outcome
from probes.snmp.client import AuthProtocol, Credentials, Get, PrivacyProtocol, SnmpClient, Version
from probes.snmp.gufo_client import GufoClient
from probes.snmp.pysnmp_client import PysnmpClient
from tests.lab import snmpd

AT_ONCE = 20
FOR_S = 1.8
OBJECTS = (
    *(f"1.3.6.1.2.1.1.{number}.0" for number in range(1, 9)),
    "1.3.6.1.2.1.4.1.0",
    "1.3.6.1.2.1.11.1.0",
)
USERS = {
    "v2c": Credentials(Version.V2C, community=snmpd.COMMUNITY),
    "v3 SHA1 AES128": Credentials(
        Version.V3,
        user="sealed-sha-aes",
        auth_protocol=AuthProtocol.SHA1,
        auth=snmpd.AUTH_PASSWORD,
        privacy_protocol=PrivacyProtocol.AES128,
        privacy=snmpd.PRIVACY_PASSWORD,
    ),
}


async def _measure(client: SnmpClient, asked: Get) -> tuple[float, float, float, int]:
    """Give GETs a second, CPU microseconds a GET in this process and in its children, and failures."""
    await asyncio.gather(*(client.get(asked) for _ in range(AT_ONCE)))
    counts = {"replied": 0, "failed": 0}
    until = time.monotonic() + FOR_S

    async def keep_asking() -> None:
        while time.monotonic() < until:
            answer = await client.get(asked)
            counts["replied" if answer.outcome is Outcome.REPLIED else "failed"] += 1

    own, children, started = time.process_time(), _children_cpu_s(), time.monotonic()
    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))
    spent = time.monotonic() - started
    gets = max(1, counts["replied"])
    own_us = (time.process_time() - own) * 1e6 / gets
    return gets / spent, own_us, (_children_cpu_s() - children) * 1e6 / gets, counts["failed"]


def _children_cpu_s() -> float:
    children = [child for child in psutil.Process().children() if child.name() != "snmpd"]
    return float(sum(sum(child.cpu_times()[:2]) for child in children))


async def _bench(agent: snmpd.Agent) -> None:
    header = f"{'stack':8} {'user':16} {'GETs/s':>8} {'us own':>8} {'us child':>9} {'failed':>7}"
    sys.stdout.write(f"{header}\n")
    for stack in (GufoClient, PysnmpClient):
        for name, credentials in USERS.items():
            client: SnmpClient = stack()
            await client.start()
            asked = Get(snmpd.ADDRESS, agent.port, credentials, OBJECTS, 3.0)
            rate, own_us, child_us, failed = await _measure(client, asked)
            await client.stop()
            label = stack.__name__.removesuffix("Client").lower()
            sys.stdout.write(f"{label:8} {name:16} {rate:8.0f} {own_us:8.0f} {child_us:9.0f} {failed:7}\n")


def main() -> int:
    """Run the bench; 1 where there is no agent to ask."""
    reason = snmpd.why_not()
    if reason is not None:
        sys.stderr.write(f"{reason}\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, snmpd.running_agent(Path(folder)) as agent:
        asyncio.run(_bench(agent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
