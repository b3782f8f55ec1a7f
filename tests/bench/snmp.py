"""GETs a second and core, and processor time a GET, of the SNMP stacks against one real agent on loopback.

    python -m tests.bench.snmp [--fleet] [--memory]

Without options: both of our stacks, pysnmp as its own documentation uses it, and Net-SNMP's ``snmpget``
where it is installed, in one run, with 10 and 20 objects, in v2c and v3 with SHA1 and AES128; about half a
minute. The agent shares the machine, so that the figures compare the stacks with each other and are no limit
of any. ``--fleet`` polls 200 devices every 10 s with 20 objects for a minute by the prober itself,
``--memory`` asks 100,000 times and tells what the process then holds more than after the first 5,000.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped] # psutil ships no type information

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading
from probes.snmp.client import AuthProtocol, Credentials, Get, PrivacyProtocol, SnmpClient, Version
from probes.snmp.gufo_client import GufoClient
from probes.snmp.parameters import SnmpParameters
from probes.snmp.prober import SnmpProber
from probes.snmp.pysnmp_client import PysnmpClient
from tests.lab import snmpd

AT_ONCE: Final = 20
FOR_S: Final = 1.8
DEVICES: Final = 200
FLEET_PERIOD_S: Final = 10.0
FLEET_FOR_S: Final = 60.0
MANY: Final = 100_000
WARM: Final = 5_000
OBJECTS: Final = (
    *(f"1.3.6.1.2.1.1.{number}.0" for number in range(1, 9)),
    *(f"1.3.6.1.2.1.4.{number}.0" for number in (1, 2, 3, 4, 5, 6)),
    *(f"1.3.6.1.2.1.11.{number}.0" for number in (1, 3, 4, 5, 6, 8)),
)
USERS: Final = {
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


async def _measure(ask: Callable[[], Awaitable[bool]]) -> tuple[float, float, float, int]:
    """Give GETs a second, CPU microseconds a GET in this process and in its children, and failures."""
    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    counts = {True: 0, False: 0}
    until = time.monotonic() + FOR_S

    async def keep_asking() -> None:
        while time.monotonic() < until:
            counts[await ask()] += 1

    own, children, started = time.process_time(), _children_cpu_s(), time.monotonic()
    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))
    spent = time.monotonic() - started
    gets = max(1, counts[True])
    own_us = (time.process_time() - own) * 1e6 / gets
    return gets / spent, own_us, (_children_cpu_s() - children) * 1e6 / gets, counts[False]


def _children_cpu_s() -> float:
    """Return what the children, also those that have ended, have used; the agent is none of them here."""
    living = [child for child in psutil.Process().children() if child.name() != "snmpd"]
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return float(sum(sum(child.cpu_times()[:2]) for child in living)) + ended.ru_utime + ended.ru_stime


def _told(name: str, user: str, objects: int, figures: tuple[float, float, float, int]) -> None:
    rate, own_us, child_us, failed = figures
    whole_us = own_us + child_us
    sys.stdout.write(
        f"{name:16} {user:16} {objects:3} {rate:8.0f} {own_us:8.0f} {child_us:9.0f}"
        f" {1e6 / whole_us:10.0f} {failed:7}\n"
    )
    sys.stdout.flush()


async def _bench(agent: snmpd.Agent) -> None:
    header = f"{'stack':16} {'user':16} {'n':>3} {'GETs/s':>8} {'us own':>8} {'us child':>9} {'a core':>10}"
    sys.stdout.write(f"{header} {'failed':>7}\n")
    for objects in (10, 20):
        for user, credentials in USERS.items():
            asked = Get(snmpd.ADDRESS, agent.port, credentials, OBJECTS[:objects], 3.0)
            for stack in (GufoClient, PysnmpClient):
                client: SnmpClient = stack()
                await client.start()
                figures = await _measure(lambda client=client, asked=asked: _ask(client, asked))  # type: ignore[misc]
                await client.stop()
                _told(f"ours, {stack.__name__.removesuffix('Client').lower()}", user, objects, figures)
            plain = _plain_pysnmp(asked)
            _told("plain pysnmp", user, objects, await _measure(plain))
            if shutil.which("snmpget"):
                _told("snmpget", user, objects, await _measure(lambda asked=asked: _snmpget(asked)))  # type: ignore[misc]


async def _ask(client: SnmpClient, asked: Get) -> bool:
    return (await client.get(asked)).outcome is Outcome.REPLIED


def _plain_pysnmp(asked: Get) -> Callable[[], Awaitable[bool]]:
    """Ask as the library's documentation does: one engine, a target and objects for each question."""
    # pysnmp ships no type information; hence this ignore.
    from pysnmp.hlapi.v3arch import asyncio as library  # type: ignore[import-untyped]

    engine, credentials = library.SnmpEngine(), asked.credentials
    identity: Any = library.CommunityData(credentials.community)
    if credentials.version is Version.V3:
        identity = library.UsmUserData(
            credentials.user,
            credentials.auth,
            credentials.privacy,
            authProtocol=library.usmHMACSHAAuthProtocol,
            privProtocol=library.usmAesCfb128Protocol,
        )

    async def ask() -> bool:
        target = await library.UdpTransportTarget.create((asked.address, asked.port), timeout=3, retries=0)
        objects = [library.ObjectType(library.ObjectIdentity(oid)) for oid in asked.oids]
        failed, status, _, _ = await library.get_cmd(
            engine, identity, target, library.ContextData(), *objects
        )
        return not failed and not int(status)

    return ask


async def _snmpget(asked: Get) -> bool:
    """Ask by Net-SNMP's program: a process for each question, as many monitors do."""
    who = ["-v2c", "-c", snmpd.COMMUNITY]
    if asked.credentials.version is Version.V3:
        who = ["-v3", "-l", "authPriv", "-u", asked.credentials.user, "-a", "SHA", "-x", "AES"]
        who += ["-A", snmpd.AUTH_PASSWORD, "-X", snmpd.PRIVACY_PASSWORD]
    agent = f"udp:{asked.address}:{asked.port}"
    process = await asyncio.create_subprocess_exec(
        *("snmpget", "-m", "", "-On", "-r", "0", "-t", "3", *who, agent, *asked.oids),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return await process.wait() == 0


async def _fleet(agent: snmpd.Agent) -> None:
    """Poll many devices by the prober itself, as the engine does."""
    parameters = SnmpParameters.model_validate(
        {
            "community": "file:community",
            "port": agent.port,
            "objects": [{"oid": oid, "metric": f"object_{place}_count"} for place, oid in enumerate(OBJECTS)],
        }
    )
    replied = [0, 0]

    def sink(reading: Reading) -> None:
        replied[0] += reading.outcome is Outcome.REPLIED
        replied[1] += 1

    context = ProberContext(sink, time.time, time.monotonic, lambda reference: snmpd.COMMUNITY)
    prober = SnmpProber(context, GufoClient())
    await prober.start()
    started, own = time.monotonic(), time.process_time()
    number = 0
    while (now_s := time.monotonic() - started) < FLEET_FOR_S:
        while number < now_s * DEVICES / FLEET_PERIOD_S:
            device = number % DEVICES
            address = f"127.0.0.{device + 2}"
            prober.ask(Question(ProbeKey(f"device-{device}", "snmp"), address, parameters, 2.0))
            number += 1
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.5)
    spent, cpu_s = time.monotonic() - started, time.process_time() - own
    await prober.stop()
    sys.stdout.write(
        f"{DEVICES} devices every {FLEET_PERIOD_S:g} s, {len(OBJECTS)} objects, for {spent:.0f} s:"
        f" {100 * cpu_s / spent:.2f} % of a core, {replied[0]} of {replied[1]} replied\n"
    )


async def _memory(agent: snmpd.Agent) -> None:
    """Ask very often, and see what stays."""
    asked = Get(snmpd.ADDRESS, agent.port, USERS["v2c"], OBJECTS[:10], 3.0)
    client = GufoClient()
    await client.start()
    process, held = psutil.Process(), []
    for count in (WARM, MANY):
        for _ in range(0, count, AT_ONCE):
            await asyncio.gather(*(client.get(asked) for _ in range(AT_ONCE)))
        held.append(process.memory_info().rss / 1024)
    await client.stop()
    sys.stdout.write(f"{held[0]:.0f} KiB after {WARM:,} GETs, {held[1]:.0f} KiB after {MANY:,} more\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; 1 where there is no agent to ask."""
    reason = snmpd.why_not()
    if reason is not None:
        sys.stderr.write(f"{reason}\n")
        return 1
    parser = argparse.ArgumentParser(prog="python -m tests.bench.snmp")
    parser.add_argument("--fleet", action="store_true", help="200 devices every 10 s, for a minute")
    parser.add_argument("--memory", action="store_true", help="100,000 GETs, and what they leave in memory")
    chosen = parser.parse_args(arguments)
    addresses = [f"127.0.0.{device + 2}" for device in range(DEVICES)] if chosen.fleet else []
    with (
        tempfile.TemporaryDirectory() as folder,
        snmpd.running_agent(Path(folder), more_addresses=addresses) as agent,
    ):
        if chosen.fleet:
            asyncio.run(_fleet(agent))
        if chosen.memory:
            asyncio.run(_memory(agent))
        if not (chosen.fleet or chosen.memory):
            asyncio.run(_bench(agent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
