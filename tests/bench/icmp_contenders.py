"""Who is compared in the ping bench: each asks the lab's targets once a second, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import math
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from icmplib import async_multiping  # type: ignore[import-untyped] # icmplib ships no type information

from controlroom.engine.schedule import look_every_s
from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading
from probes.icmp import IcmpParameters, IcmpProber
from tests.lab.namespace import LabNetwork

TIMEOUT_S = 1.0
_FPING_LINE = re.compile(r"^(\S+)\s*: (.*)$")

Rounds = Mapping[str, Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender did: round-trip times by address and round, and its CPU for one probe.

    A lost probe has ``None``, one that was not timed or not sent ``nan``. ``sent_utc_s`` is when each of
    them was sent and ``took_s`` how long all the sending took, where the contender tells that.
    """

    name: str
    rounds: Rounds
    cpu_us: float
    sent_utc_s: Mapping[str, Sequence[float]] = field(default_factory=dict)
    took_s: float = 0.0


def run_ours(lab: LabNetwork, targets: int, seconds: int) -> Result:
    """Run our prober; the rounds after the first count."""
    _whole_cpu_s, told = _run_ourselves(lab, "ours", targets, seconds + 1)
    cpu_us = told["cpu_s"] * 1e6 / (targets * seconds)
    return Result("ours", told["rounds"], cpu_us, told["sent_utc_s"], told["took_s"])


def run_icmplib(lab: LabNetwork, targets: int, seconds: int) -> Result | None:
    """Run icmplib's call for many hosts once for every second, each round as long as it takes."""
    first_cpu_s, _told = _run_ourselves(lab, "icmplib", targets, 1)
    rounds = min(seconds, 2)
    cpu_s, told = _run_ourselves(lab, "icmplib", targets, 1 + rounds)
    return Result("icmplib", told["rounds"], (cpu_s - first_cpu_s) * 1e6 / (targets * rounds))


def run_fping(lab: LabNetwork, targets: int, seconds: int) -> Result | None:
    """Run fping where it is installed."""
    if shutil.which("fping") is None:
        return None
    first_cpu_s, _rounds = _fping(lab, targets, 1)
    cpu_s, rounds = _fping(lab, targets, 1 + seconds)
    return Result("fping -q", rounds, (cpu_s - first_cpu_s) * 1e6 / (targets * seconds))


def be_contender(name: str, targets: int, seconds: int) -> None:
    """Be one of the contenders that are ourselves, and print what came of it."""
    addresses = [LabNetwork().address(number) for number in range(1, targets + 1)]
    told = asyncio.run(
        _ask_on_the_beat(addresses, seconds) if name == "ours" else _ask_by_icmplib(addresses, seconds)
    )
    sys.stdout.write(json.dumps(told))


def _fping(lab: LabNetwork, targets: int, seconds: int) -> tuple[float, Rounds]:
    """Run fping for so many rounds; return its CPU and what it told."""
    options = ["-4", "-q", "-C", str(seconds), "-p", "1000", "-i", f"{1000 / targets:.3f}", "-t", "1000"]
    with tempfile.TemporaryFile() as output:
        addresses = [lab.address(number) for number in range(1, targets + 1)]
        cpu_s = _run_measured(lab, ["fping", *options, *addresses], output)
        rounds = {
            found[1]: [None if word == "-" else float(word) / 1000 for word in found[2].split()]
            for line in output.read().decode("ascii", "replace").splitlines()
            if (found := _FPING_LINE.match(line))
        }
    return cpu_s, rounds


def _run_ourselves(lab: LabNetwork, name: str, targets: int, seconds: int) -> tuple[float, dict[str, Any]]:
    """Run this program as a contender; return the CPU of its whole life and what it told."""
    program = [sys.executable, "-m", "tests.bench.icmp", "--as", name]
    with tempfile.TemporaryFile() as output:
        command = [*program, "--targets", str(targets), "--seconds", str(seconds)]
        cpu_s = _run_measured(lab, command, output)
        return cpu_s, json.loads(output.read())


def _run_measured(lab: LabNetwork, command: Sequence[str], output: IO[bytes]) -> float:
    """Run a program inside the lab and return the CPU seconds of its whole life."""
    process = lab.popen(
        ["taskset", "--cpu-list", "0", *command], stdout=output.fileno(), stderr=output.fileno()
    )
    _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    output.seek(0)
    return usage.ru_utime + usage.ru_stime


async def _ask_on_the_beat(addresses: Sequence[str], seconds: int) -> dict[str, Any]:
    """Ask every target once a second, spread over it, looking as often as the engine does."""
    loop, finished = asyncio.get_running_loop(), asyncio.Event()
    readings: list[Reading] = []
    targets, total = len(addresses), len(addresses) * seconds

    def take(reading: Reading) -> None:
        readings.append(reading)
        if len(readings) == total:
            finished.set()

    prober = IcmpProber(ProberContext(take, time.time, time.monotonic, str))
    await prober.start()
    plain = IcmpParameters()
    questions = [Question(ProbeKey(address, "ping"), address, plain, TIMEOUT_S) for address in addresses]
    began_s, asked, first_round_s, look_s = loop.time(), 0, 0.0, look_every_s(targets)

    def send_due() -> None:
        nonlocal asked, first_round_s
        if asked >= targets and not first_round_s:
            first_round_s = _cpu_s()
        due = min(total, int((loop.time() - began_s) * targets) + 1)
        for number in range(asked, due):
            prober.ask(questions[number % targets])
        asked = due
        if asked < total:
            loop.call_later(look_s, send_due)

    send_due()
    await asyncio.wait_for(finished.wait(), seconds + 10.0)
    used_s = _cpu_s() - first_round_s
    await prober.stop()
    return {"cpu_s": used_s, **_told(readings)}


def _told(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return readings as round-trip times and times of sending by address, and how long sending took."""
    rounds: dict[str, list[float | None]] = defaultdict(list)
    sent_utc_s: dict[str, list[float]] = defaultdict(list)
    ordered = sorted(readings, key=lambda each: each.sent_monotonic_s)
    for reading in ordered:
        lost = reading.outcome is Outcome.NO_REPLY
        rounds[reading.probe.endpoint_id].append(None if lost else reading.values.get("rtt_s", math.nan))
        sent_utc_s[reading.probe.endpoint_id].append(reading.sent_utc_s)
    took_s = ordered[-1].sent_monotonic_s - ordered[0].sent_monotonic_s
    return {"rounds": rounds, "sent_utc_s": sent_utc_s, "took_s": took_s}


async def _ask_by_icmplib(addresses: Sequence[str], seconds: int) -> dict[str, Any]:
    """Ask all targets at once each second with icmplib's own call for that."""
    rounds: dict[str, list[float | None]] = defaultdict(list)
    for _ in range(seconds):
        began_s = time.monotonic()
        hosts = await async_multiping(
            list(addresses), count=1, timeout=TIMEOUT_S, concurrent_tasks=len(addresses)
        )
        for host in hosts:
            rounds[host.address].append(host.avg_rtt / 1000 if host.is_alive else None)
        await asyncio.sleep(max(0.0, began_s + 1.0 - time.monotonic()))
    return {"rounds": rounds}


def _cpu_s() -> float:
    """Return the CPU seconds of this process so far, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
