"""The ping prober, fping and icmplib against the lab's truth in one run: ``python -m tests.bench.icmp``.

Every target is asked once a second; the lab answers after 20 ms give or take 5 ms and loses one in a
hundred. Error is the measured round-trip time less that between the kernel's stamps of the two packets
on the tunnel. False loss is a reply in time that was reported as none, a ghost a reply that never
passed; untimed is a reply that came while we could not tell how long it took, or a question that our own
machine kept us from asking. Contender and lab have a processor each.

CPU is that of the rounds after the first, so neither start-up nor reading addresses counts: ours is
read off at the end of the first round; of the others, a run of one round is subtracted. fping runs with
``-q`` and tells its times, in two or three digits, when all is over.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence

from tests.bench.icmp_contenders import TIMEOUT_S, Result, be_contender, run_fping, run_icmplib, run_ours
from tests.bench.wire import Passage, Wire
from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.script import TargetScript

SCRIPT = TargetScript(delay_s=0.020, jitter_s=0.005, loss_ratio=0.01, seed=11)
HEADINGS = (
    "",
    "probes",
    "CPU us/probe",
    "of fping",
    "p50 us",
    "p99 us",
    "max us",
    "false loss",
    "ghosts",
    "untimed",
)

Contender = Callable[[LabNetwork, int, int], Result | None]
CONTENDERS: dict[str, Contender] = {"ours": run_ours, "fping -q": run_fping, "icmplib": run_icmplib}


def main() -> None:
    """Run the contenders one after the other, as often as wished, and print a table."""
    parser = argparse.ArgumentParser(description="Measure the ping prober against the lab's truth.")
    parser.add_argument("--targets", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--as", dest="contender", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.contender:
        be_contender(chosen.contender, chosen.targets[0], chosen.seconds)
        return
    missing = lab_available()
    if missing is not None:
        sys.exit(f"There is no lab to measure in: {missing}.")
    with LabNetwork() as lab:
        lab.pin((os.cpu_count() or 1) - 1)
        for targets in chosen.targets:
            _compare(lab, chosen.only, targets, chosen.seconds, chosen.repeat)


def _compare(lab: LabNetwork, names: Sequence[str], targets: int, seconds: int, repeat: int) -> None:
    """Run the contenders in turns and print each beside the fping of its own turn."""
    load = os.getloadavg()[0]
    sys.stdout.write(f"{targets} targets, once a second, {seconds} s; load before {load:.1f}\n")
    _print(HEADINGS)
    for _ in range(repeat):
        results: list[tuple[Result, list[Passage]]] = []
        for name in names:
            lab.reset()
            lab.script_all(SCRIPT)
            with Wire(lab) as wire:
                result = CONTENDERS[name](lab, targets, seconds)
                if result is not None:
                    results.append((result, wire.passages()))
        fping_us = next((each.cpu_us for each, _ in results if each.name == "fping -q"), None)
        for result, passages in results:
            _print(_row(result, passages, fping_us))


def _print(cells: Sequence[str]) -> None:
    """Print one row; a slow contender should not hide the rows before it."""
    sys.stdout.write(" ".join(f"{cell:>12}" for cell in cells) + "\n")
    sys.stdout.flush()


def _row(result: Result, passages: Sequence[Passage], fping_us: float | None) -> tuple[str, ...]:
    """Hold a result against the truth, round by round of each address."""
    truth: dict[str, list[float | None]] = defaultdict(list)
    for each in passages:
        truth[each.address].append(each.rtt_s)
    errors_us: list[float] = []
    probes = false_loss = ghosts = untimed = 0
    for address, measured in result.rounds.items():
        passed = truth[address][-len(measured) :]
        for rtt_s, truth_s in zip(measured, passed, strict=False):
            probes += 1
            false_loss += rtt_s is None and truth_s is not None and truth_s < TIMEOUT_S
            ghosts += rtt_s is not None and truth_s is None
            if rtt_s is not None and math.isnan(rtt_s):
                untimed += 1
            elif rtt_s is not None and truth_s is not None:
                errors_us.append(abs(rtt_s - truth_s) * 1e6)
    errors_us.sort()
    return (
        result.name,
        str(probes),
        f"{result.cpu_us:.1f}",
        "" if fping_us is None else f"{result.cpu_us / fping_us:.2f}",
        *(f"{errors_us[place]:.0f}" for place in (len(errors_us) // 2, len(errors_us) * 99 // 100, -1)),
        str(false_loss),
        str(ghosts),
        str(untimed),
    )


if __name__ == "__main__":
    main()
