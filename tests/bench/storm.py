"""What a storm costs, and how many alarms it is: one cut that takes thousands, its recovery, and flapping.

    python -m tests.bench.storm [--endpoints 2000] [--flapping 200] [--period 1]

The monitor judges invented answers as the engine would have it, look by look; nothing is sent and nothing
written. Each storm is played twice: as the site tells what endpoints stand behind and share, and naively,
with nothing in common and no notion of unstable. Told are the alarms that call somebody, how long the one
alarm took from the first confirmed loss, the processor time of all judging in the storm, and of the longest
look.
"""

from __future__ import annotations

import argparse
import gc
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from controlroom.engine.effects import Effects
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from controlroom.reading import ProbeKey, Reading
from controlroom.site.alarm_settings import AlarmSettings, FlappingSettings
from controlroom.site.model import Site
from tests.stories.world import START_UTC_S, Asked, World, site_of, with_causes

QUIET_S = 10
CUT_S = 30
AFTER_S = 45

_CALLS = frozenset(
    {LogKind.ALARM_RAISED, LogKind.ALARM_RAISED_AGAIN, LogKind.ALARM_RELEASED, LogKind.ALARM_JOINED}
)


class TimedMonitor(Monitor):
    """A monitor that knows what each look costs."""

    cpu_s = 0.0
    longest_s = 0.0
    _look_s = 0.0

    def handle(self, reading: Reading, now_s: float, now_utc_s: float) -> Effects:
        """Judge as ever, and time it."""
        began_s = time.thread_time()
        effects = super().handle(reading, now_s, now_utc_s)
        self._look_s += time.thread_time() - began_s
        return effects

    def tick(self, now_s: float, now_utc_s: float) -> Effects:
        """Look as ever, and end the timing of this look."""
        began_s = time.thread_time()
        effects = super().tick(now_s, now_utc_s)
        self._look_s += time.thread_time() - began_s
        self.longest_s = max(self.longest_s, self._look_s)
        self.cpu_s += self._look_s
        self._look_s = 0.0
        return effects


class Forgetful(list[Reading]):
    """A list that keeps nothing."""

    def append(self, reading: Reading) -> None:
        """Let a reading go."""


@dataclass
class Storm(World):
    """A world that counts the alarms that call, and when."""

    called: list[tuple[float, str]] = field(default_factory=list)
    confirmed_s: list[float] = field(default_factory=list)
    entries: int = 0

    def __post_init__(self) -> None:
        """Begin without keeping readings, as the engine keeps none: collecting them would be timed."""
        super().__post_init__()
        self.kept = Forgetful()

    def _is_nameless(self, endpoint_id: str) -> bool:
        return False  # looking for letters of that meaning would cost more than all judging

    def _tell(self, effects: Effects, now_s: float) -> None:
        super()._tell(effects, now_s)
        self.entries += len(effects.entries)
        for entry in effects.entries:
            alarm = effects.alarms.get(int(str(entry.facts.get("alarm", -1))))
            if entry.kind in _CALLS and alarm is not None and not alarm.hidden:
                self.called.append((now_s, entry.subject))
            elif entry.kind is LogKind.CONDITION_CHANGED and entry.facts["to"] != "up":
                self.confirmed_s.append(now_s)


@dataclass(frozen=True)
class Case:
    """A storm: who answers when, and what the site says they have in common."""

    name: str
    letters: Mapping[str, str]
    causes: Mapping[str, Mapping[str, Any]]


def cut(endpoints: int, period_s: float) -> list[Case]:
    """Lose so many at once and have them back, by each way in which they may belong together."""
    text = "R" * QUIET_S + "T" * CUT_S + "R" * AFTER_S
    well = "R" * len(text)
    names = [f"e{number}" for number in range(endpoints)]
    asked = f"/icmp@{period_s:g}"
    letters = {f"{name}{asked}": text for name in names}
    far = {f"far{number}{asked}": well for number in range(3)}
    router = {f"core{asked}": text, **letters, **far}
    behind = {"behind": {name: ["core"] for name in names}}
    return [
        Case("behind a router", router, behind),
        Case("in one duct", {**letters, **far}, {"groups": {"duct": names}}),
        Case("in one hall, not configured", {**letters, **far}, {"locations": {"Hall": names}}),
    ]


def flapping(endpoints: int, unstable: int, period_s: float) -> Case:
    """Let some fall and return again and again, each at its own times."""
    letters, asked = {}, f"/icmp@{period_s:g}"
    for number in range(endpoints):
        turn = number % 40
        text = ("R" * 30 + ("T" * 10 + "R" * 30) * 7)[turn:] if number < unstable else ""
        letters[f"e{number}{asked}"] = (text or "R").ljust(300, "R")
    return Case("flapping", letters, {})


def play(case: Case, *, naive: bool) -> tuple[Storm, TimedMonitor]:
    """Play a storm to its end."""
    site: Site = site_of(list(case.letters))
    if naive:
        alarms = AlarmSettings(flapping=FlappingSettings(falls=100))
        site = site.model_copy(update={"alarms": alarms})
    else:
        site = with_causes(site, case.causes)
    monitor = TimedMonitor(site, {"icmp": True}, START_UTC_S)
    periods_s = {asked.key: asked.period_s for asked in map(Asked.of, case.letters)}
    storm = Storm(monitor, case.letters, phase_s=lambda key: _share(key) * periods_s[key])
    gc.collect()
    gc.disable()  # its pauses are those of the world that is played here, a tenth of a second each
    try:
        storm.run(max(map(len, case.letters.values())))
    finally:
        gc.enable()
    return storm, monitor


def _share(key: ProbeKey) -> float:
    """Spread the beats over the period, each at a moment of its own."""
    return zlib.crc32(key.endpoint_id.encode()) % 997 / 997


def tell(case: Case) -> None:
    """Play a storm both ways and print what came of it."""
    for naive in (False, True):
        storm, monitor = play(case, naive=naive)
        back_s = QUIET_S + CUT_S
        first_s = min(storm.confirmed_s, default=0.0)
        called = [at_s for at_s, _ in storm.called]
        wait_s = min(called, default=0.0) - first_s
        how = "naively" if naive else "as one"
        parts = f"{sum(at_s < back_s for at_s in called)} alarms in the cut, {len(called)} in all"
        if case.name == "flapping":
            parts = f"{len(called)} alarms"
        cost = f"judging {monitor.cpu_s:.2f} s, longest look {monitor.longest_s * 1e3:.0f} ms"
        say(
            f"{case.name}, {how}: {parts}; the first {wait_s:.2f} s after the first confirmed loss;"
            f" {storm.entries} entries; {cost}"
        )


def say(words: str) -> None:
    """Print a line at once."""
    print(words, flush=True)  # noqa: T201 - a bench prints


def main() -> None:
    """Play all storms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=int, default=2000)
    parser.add_argument("--flapping", type=int, default=200)
    parser.add_argument("--period", type=float, default=1.0)
    chosen = parser.parse_args()
    for case in cut(chosen.endpoints, chosen.period):
        tell(case)
    tell(flapping(chosen.endpoints, chosen.flapping, chosen.period))


if __name__ == "__main__":
    main()
