"""The ping prober against the lab's truth, fping and icmplib beside it: ``python -m tests.bench.icmp``.

Every target is asked once a second; the lab answers after 20 ms give or take 5 ms and loses one in a
hundred. Error is the measured round-trip time less that between the kernel's stamps of the two packets
on the tunnel. False loss is a reply in time that was reported as none, a ghost a reply that never
passed. Contender and lab have a processor each. fping is quiet and writes its times, with three digits, at
the end. icmplib asks all targets at once, 50 at a time, and again as soon as a second has passed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import IO

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading
from probes.icmp import IcmpParameters, IcmpProber
from tests.bench.wire import Passage, Wire
from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.script import TargetScript

TIMEOUT_S = 1.0
PACE_S = 0.010
_MOST_FOR_ICMPLIB = 1000
"""More than so many a second it cannot ask at all."""
SCRIPT = TargetScript(delay_s=0.020, jitter_s=0.005, loss_ratio=0.01, seed=11)
FPING_LINE = re.compile(r"^(\S+)\s*:((?: (?:-|[0-9.]+))+)$")

Rounds = Mapping[str, Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Result:
    """What one contender did: round-trip times by address and round, and the CPU it took."""

    name: str
    rounds: Rounds
    whole_cpu_s: float
    steady_cpu_s: float


def main() -> None:
    """Run the contenders one after the other and print a table."""
    parser = argparse.ArgumentParser(description="Measure the ping prober against the lab's truth.")
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--as", dest="role", choices=("prober", "icmplib"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.role is not None:
        {"prober": _be_prober, "icmplib": _be_icmplib}[chosen.role](chosen.targets, chosen.seconds)
        return
    missing = lab_available()
    if missing is not None:
        sys.exit(f"There is no lab to measure in: {missing}.")
    rows = []
    with LabNetwork() as lab:
        lab.pin((os.cpu_count() or 1) - 1)
        contenders = [_run_prober, _run_fping] * chosen.repeat
        if chosen.targets <= _MOST_FOR_ICMPLIB:
            contenders.append(_run_icmplib)
        for contender in contenders:
            lab.reset()
            lab.script_all(SCRIPT)
            with Wire(lab) as wire:
                result = contender(lab, chosen.targets, chosen.seconds)
                if result is not None:
                    rows.append(_row(result, wire.passages()))
    sys.stdout.write(f"{chosen.targets} targets, once a second, {chosen.seconds} s\n")
    headings = (
        "",
        "probes",
        "CPU ms/1000",
        "with start",
        "p50 us",
        "p99 us",
        "max us",
        "false loss",
        "ghosts",
    )
    for cells in (headings, *rows):
        sys.stdout.write(" ".join(f"{cell:>12}" for cell in cells) + "\n")


def _row(result: Result, passages: Sequence[Passage]) -> tuple[str, ...]:
    """Hold a result against the truth, round by round of each address."""
    truth: dict[str, list[float | None]] = defaultdict(list)
    for each in passages:
        truth[each.address].append(each.rtt_s)
    errors_us: list[float] = []
    probes = false_loss = ghosts = 0
    for address, measured in result.rounds.items():
        for rtt_s, truth_s in zip(measured, truth[address], strict=False):
            probes += 1
            false_loss += rtt_s is None and truth_s is not None
            ghosts += rtt_s is not None and truth_s is None
            if rtt_s is not None and truth_s is not None:
                errors_us.append((rtt_s - truth_s) * 1e6)
    errors_us.sort()
    return (
        result.name,
        str(probes),
        f"{result.steady_cpu_s * 1e6 / probes:.1f}",
        f"{result.whole_cpu_s * 1e6 / probes:.1f}",
        f"{errors_us[len(errors_us) // 2]:.0f}",
        f"{errors_us[len(errors_us) * 99 // 100]:.0f}",
        f"{errors_us[-1]:.0f}",
        str(false_loss),
        str(ghosts),
    )


def _run_measured(lab: LabNetwork, command: Sequence[str], output: IO[bytes]) -> float:
    """Run a program inside the lab and return the CPU seconds of its whole life."""
    process = lab.popen(
        ["taskset", "--cpu-list", "0", *command], stdout=output.fileno(), stderr=output.fileno()
    )
    _pid, _status, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    output.seek(0)
    return usage.ru_utime + usage.ru_stime


def _run_prober(lab: LabNetwork, targets: int, seconds: int) -> Result:
    """Run our prober in a process of its own."""
    return _run_ourselves("ours", "prober", lab, targets, seconds)


def _run_icmplib(lab: LabNetwork, targets: int, seconds: int) -> Result:
    """Run icmplib in a process of its own."""
    return _run_ourselves("icmplib", "icmplib", lab, targets, seconds)


def _run_ourselves(name: str, role: str, lab: LabNetwork, targets: int, seconds: int) -> Result:
    program = [sys.executable, "-m", "tests.bench.icmp", "--as", role]
    with tempfile.TemporaryFile() as output:
        command = [*program, "--targets", str(targets), "--seconds", str(seconds)]
        whole_cpu_s = _run_measured(lab, command, output)
        told = json.loads(output.read())
    return Result(name, told["rounds"], whole_cpu_s, told["cpu_s"])


def _run_fping(lab: LabNetwork, targets: int, seconds: int) -> Result | None:
    """Run fping where it is installed; its times have three digits."""
    if shutil.which("fping") is None:
        return None
    options = ["-4", "-q", "-C", str(seconds), "-p", "1000", "-i", f"{1000 / targets:.3f}", "-t", "1000"]
    with tempfile.TemporaryFile() as output:
        addresses = [lab.address(number) for number in range(1, targets + 1)]
        cpu_s = _run_measured(lab, ["fping", *options, *addresses], output)
        rounds: dict[str, list[float | None]] = {address: [None] * seconds for address in addresses}
        for line in output.read().decode("ascii", "replace").splitlines():
            found = FPING_LINE.match(line)
            if found:
                rounds[found[1]] = [None if told == "-" else float(told) / 1000 for told in found[2].split()]
    return Result("fping", rounds, cpu_s, cpu_s)


def _be_prober(targets: int, seconds: int) -> None:
    """Ask as the engine does, spread over the second, and print what came of it."""
    readings: list[Reading] = []
    cpu_s = asyncio.run(_ask_on_the_beat(readings, targets, seconds))
    rounds: dict[str, list[float | None]] = defaultdict(list)
    for reading in sorted(readings, key=lambda each: each.sent_monotonic_s):
        rtt_s = reading.values["rtt_s"] if reading.outcome is Outcome.REPLIED else None
        rounds[reading.probe.endpoint_id].append(rtt_s)
    sys.stdout.write(json.dumps({"cpu_s": cpu_s, "rounds": rounds}))


def _be_icmplib(targets: int, seconds: int) -> None:
    """Ask by icmplib's own way for many hosts, and print what came of it."""
    multiping = import_module("icmplib").multiping  # it has no types
    addresses = [LabNetwork().address(number) for number in range(1, targets + 1)]
    rounds: dict[str, list[float | None]] = defaultdict(list)
    before_s = _cpu_s()
    for _ in range(seconds):
        began_s = time.monotonic()
        for host in multiping(addresses, count=1, timeout=TIMEOUT_S, privileged=True):
            rounds[host.address].append(host.rtts[0] / 1000 if host.rtts else None)
        time.sleep(max(0.0, began_s + 1.0 - time.monotonic()))
    sys.stdout.write(json.dumps({"cpu_s": _cpu_s() - before_s, "rounds": rounds}))


async def _ask_on_the_beat(readings: list[Reading], targets: int, seconds: int) -> float:
    """Ask every target once a second; return the CPU seconds from first question to last reading."""
    loop, finished = asyncio.get_running_loop(), asyncio.Event()
    total = targets * seconds

    def take(reading: Reading) -> None:
        readings.append(reading)
        if len(readings) == total:
            finished.set()

    prober = IcmpProber(ProberContext(take, time.time, time.monotonic, str))
    await prober.start()
    lab = LabNetwork()
    questions = [
        Question(ProbeKey(address, "ping"), address, IcmpParameters(), TIMEOUT_S)
        for address in map(lab.address, range(1, targets + 1))
    ]
    before_s, began_s, asked = _cpu_s(), loop.time(), 0

    def send_due() -> None:
        nonlocal asked
        due = min(total, int((loop.time() - began_s) * targets) + 1)
        for number in range(asked, due):
            prober.ask(questions[number % targets])
        asked = due
        if asked < total:
            loop.call_later(PACE_S, send_due)

    send_due()
    await asyncio.wait_for(finished.wait(), seconds + 10.0)
    used_s = _cpu_s() - before_s
    await prober.stop()
    return used_s


def _cpu_s() -> float:
    """Return the CPU seconds of this process so far, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
