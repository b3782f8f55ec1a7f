"""The ping prober, fping and icmplib against the lab's truth in one run: ``python -m tests.bench.icmp``.

Every target is asked once a second; the lab answers after 20 ms give or take 5 ms and loses one in a
hundred. Error is the measured round-trip time less that between the kernel's stamps of the two packets
on the tunnel. False loss is a reply in time that was reported as none, a ghost a reply that never
passed; untimed is a reply that came while we could not tell how long it took, or a question that our own
machine kept us from asking. A loss that was reported of a request that never passed is a false one too.
Contender and lab have a processor each. Beyond some ten thousand targets fping ends early, for want of
sequence numbers, and icmplib needs minutes: choose with ``--only``.

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
from collections.abc import Callable, Iterator, Sequence

from tests.bench.icmp_contenders import TIMEOUT_S, Result, be_contender, run_fping, run_icmplib, run_ours
from tests.bench.wire import Passage, Wire
from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.script import TargetScript

SCRIPT = TargetScript(delay_s=0.020, jitter_s=0.005, loss_ratio=0.01, seed=11)
HEADINGS = (
    "",
    "probes",
    "a second",
    "CPU us/probe",
    "of fping",
    "p50 us",
    "p99 us",
    "max us",
    "false loss",
    "ghosts",
    "untimed",
)

# A time in seconds as a float of today is good to a quarter of a microsecond.
_ROUNDING_NS = 1000

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
        fping_us = next((each.cpu_us for each, _ in results if each.name == "fping -q" and each.rounds), None)
        for result, passages in results:
            _print(_row(result, passages, fping_us))


def _print(cells: Sequence[str]) -> None:
    """Print one row; a slow contender should not hide the rows before it."""
    sys.stdout.write(" ".join(f"{cell:>12}" for cell in cells) + "\n")
    sys.stdout.flush()


def _row(result: Result, passages: Sequence[Passage], fping_us: float | None) -> tuple[str, ...]:
    """Hold a result against the truth, probe by probe of each address."""
    if not result.rounds:
        return result.name, "told nothing"
    truth: dict[str, list[Passage]] = defaultdict(list)
    for each in passages:
        truth[each.address].append(each)
    errors_us: list[float] = []
    probes = false_loss = ghosts = untimed = 0
    for address, measured in result.rounds.items():
        for rtt_s, passage in _paired(measured, result.sent_utc_s.get(address), truth[address]):
            probes += 1
            truth_s = None if passage is None else passage.rtt_s
            in_time = truth_s is not None and truth_s < TIMEOUT_S
            false_loss += rtt_s is None and (passage is None or in_time)
            untimed += rtt_s is not None and math.isnan(rtt_s)
            ghosts += rtt_s is not None and not math.isnan(rtt_s) and truth_s is None
            if rtt_s is not None and truth_s is not None and not math.isnan(rtt_s):
                errors_us.append(abs(rtt_s - truth_s) * 1e6)
    errors_us.sort()
    places = (len(errors_us) // 2, len(errors_us) * 99 // 100, -1)
    return (
        result.name,
        str(probes),
        f"{probes / result.took_s:.0f}" if result.took_s else "",
        f"{result.cpu_us:.1f}",
        "" if fping_us is None else f"{result.cpu_us / fping_us:.2f}",
        *(f"{errors_us[place]:.0f}" if errors_us else "" for place in places),
        str(false_loss),
        str(ghosts),
        str(untimed),
    )


def _paired(
    measured: Sequence[float | None], sent_utc_s: Sequence[float] | None, passages: Sequence[Passage]
) -> Iterator[tuple[float | None, Passage | None]]:
    """Yield each probe of an address with its request on the wire; ``None`` where none passed.

    Whoever tells when a probe was sent is held to the first request from then on and before the next.
    Who does not tells only as many as were sent.
    """
    if sent_utc_s is None:
        yield from zip(measured, passages[-len(measured) :], strict=False)
        return
    for place, rtt_s in enumerate(measured):
        from_ns = sent_utc_s[place] * 1e9 - _ROUNDING_NS
        until_ns = sent_utc_s[place + 1] * 1e9 - _ROUNDING_NS if place + 1 < len(sent_utc_s) else math.inf
        yield rtt_s, next((each for each in passages if from_ns <= each.request_ns < until_ns), None)


if __name__ == "__main__":
    main()
