"""How soon an outage is certain and how often one is told that is none, on simulated links.

    python -m tests.bench.outage [--links 100] [--hours 24] [--outages 1000] [--months 4] [--seed 1]

Everything is judged by the code that judges real links (``lossy_link.py``), from the first beat of a link
that nothing is known of. Truth is what ``silence_test.py`` says: a silence of 18 s or more is an outage on
every link, one in a usual burst that is shorter is none.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from controlroom.condition.answering import Answering
from controlroom.measure.usual_silence import LONGEST_USUAL_S
from tests.bench.lossy_link import Link, Player

_HOUR_S = 3600.0
_MONTH_S = 30 * 24 * _HOUR_S
_LEARNT_S = 1800.0
_MOST_WAIT_S = 40.0


@dataclass
class Found:
    """What came of some links: beats asked, outages told, and re-probes sent."""

    beats: int = 0
    told: list[float] = field(default_factory=list)
    asked_again: int = 0

    def add(self, player: Player, seconds: float) -> None:
        """Count a link that was played to its end."""
        self.beats += int(seconds)
        self.told += [at_s for at_s, answering in player.turned if answering is Answering.SILENT]
        self.asked_again += player.asked_again


def at_random(links: int, seconds: float, seed: int, least: float, most: float) -> Found:
    """Play links that lose independently, with ratios spread evenly, and are never out."""
    found = Found()
    for number in range(links):
        chance = random.Random(seed * 100_003 + number)  # noqa: S311 - invented losses, no secret
        ratio = least + (most - least) * (number + 1) / links
        rtt_p99_s = 0.02 + 0.13 * chance.random()
        player = Player(Link(chance, loss_ratio=ratio, rtt_median_s=rtt_p99_s / 2.5, rtt_p99_s=rtt_p99_s))
        player.run(seconds)
        found.add(player, seconds)
    return found


def delays_s(outages: int, seed: int, most_loss: float, rtt_p99_s: float) -> Sequence[float]:
    """Return in order of length how long after the silence each outage was told, each on a link of its own.

    Raise ``AssertionError`` where one was told before it began.
    """
    found = []
    for number in range(outages):
        chance = random.Random(seed * 100_019 + number)  # noqa: S311 - as above
        link = Link(
            chance,
            loss_ratio=most_loss * chance.random(),
            rtt_median_s=rtt_p99_s / 2.5,
            rtt_p99_s=rtt_p99_s,
            silent_from_s=_LEARNT_S + 10 * chance.random(),
        )
        player = Player(link)
        player.run(link.silent_from_s + _MOST_WAIT_S)
        told = [at_s for at_s, answering in player.turned if answering is Answering.SILENT]
        if len(told) != 1 or told[0] < link.silent_from_s:
            raise AssertionError(f"told at {told}, silent from {link.silent_from_s}")
        found.append(told[0] - link.silent_from_s)
    return sorted(found)


def in_bursts(seconds: float, seed: int, begins: float = 0.02, ends: float = 0.5) -> Found:
    """Play a link that loses in bursts; a burst that is an outage is not counted as told."""
    found = Found()
    chance = random.Random(seed * 100_043)  # noqa: S311 - as above
    link = Link(chance, burst_begins=begins, burst_ends=ends, rtt_median_s=0.06, rtt_p99_s=0.15)
    player = Player(link)
    player.run(seconds)
    found.add(player, seconds)
    found.told = [at_s for at_s in found.told if link.burst_length_s(at_s) < LONGEST_USUAL_S]
    return found


def down_with_lucky_answers(seconds: float, seed: int, answered: float) -> int:
    """Play a link that is down and still answers a few; return how often its return was told."""
    chance = random.Random(seed * 100_057)  # noqa: S311 - as above
    player = Player(Link(chance, loss_ratio=0.01, silent_from_s=_LEARNT_S, still_answered=answered))
    player.run(_LEARNT_S + seconds)
    return sum(answering is Answering.ANSWERS for _, answering in player.turned)


def main() -> None:
    """Run all of it and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=100)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--outages", type=int, default=1000)
    parser.add_argument("--months", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for least, most in ((0.0, 0.05), (0.05, 0.05)):
        with _timed(f"{chosen.links} links, {chosen.hours:g} h, random loss {least:.0%} to {most:.0%}"):
            found = at_random(chosen.links, chosen.hours * _HOUR_S, chosen.seed, least, most)
            _say(f"{found.beats} beats, {found.asked_again} re-probes, {len(found.told)} false outages")
    for rtt_p99_s in (0.03, 0.15, 0.4):
        with _timed(f"{chosen.outages} outages, random loss 0 to 5 %, RTT p99 {rtt_p99_s * 1e3:.0f} ms"):
            took_s = delays_s(chosen.outages, chosen.seed, 0.05, rtt_p99_s)
            p95_s = took_s[len(took_s) * 95 // 100]
            _say(f"median {took_s[len(took_s) // 2]:.2f} s, p95 {p95_s:.2f} s, longest {took_s[-1]:.2f} s")
    with _timed(f"{chosen.months} links for a month, bursts p 0.02 q 0.5"):
        months = [in_bursts(_MONTH_S, chosen.seed + number) for number in range(chosen.months)]
        again = sum(found.asked_again for found in months) / (chosen.months * _MONTH_S)
        first = sum(at_s < _HOUR_S for found in months for at_s in found.told)
        _say(
            f"false outages {[len(found.told) for found in months]}, of them {first} in a link's first hour;"
            f" {again:.2f} re-probes a second and link"
        )
    down = max(1, chosen.links // 4)
    with _timed(f"{down} links down for {chosen.hours:g} h, 5 % still answered"):
        flaps = [
            down_with_lucky_answers(chosen.hours * _HOUR_S, chosen.seed + number, 0.05)
            for number in range(down)
        ]
        _say(f"{sum(flaps)} false returns")


@contextmanager
def _timed(what: str) -> Iterator[None]:
    _say(f"{what}:", end=" ")
    began_s = time.monotonic()
    yield
    _say(f"  (simulated in {time.monotonic() - began_s:.0f} s)")


def _say(words: str, end: str = "\n") -> None:
    print(words, end=end, flush=True)  # noqa: T201 - a bench prints


if __name__ == "__main__":
    main()
