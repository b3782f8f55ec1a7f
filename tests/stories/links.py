"""A link whose answers are written down as letters, a minute each, as ``links.toml`` says at its head."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np

from controlroom.condition.state import Condition
from controlroom.engine.link_changes import LinkChanges
from controlroom.logbook.entry import Draft
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from tests.controlroom.report.memory_store import view

START_UTC_S = 1_790_000_000.0
FASTEST_S, SLOWER, LOSS_RATIO = 0.02, 1.025, 0.2
UNSTEADY = 0.2
"""The mean share by which an answer comes later than the level says."""
_RUN = re.compile(r"(?:([a-z])-)?([a-zA-Z.])(\d+)")


def told_of(endpoint_id: str, text: str, clock_steps: Mapping[str, float]) -> list[str]:
    """Let the minutes of a link pass, one question a second, and return what is told of it."""
    changes, chance = LinkChanges(view(endpoint_id)), np.random.default_rng(11)
    told: list[str] = []
    for second, letter in enumerate(_seconds(text)):
        if letter == ".":
            continue
        stepped_s = sum(by_s for minute, by_s in clock_steps.items() if int(minute) * 60 <= second)
        lost = letter.isupper() and chance.random() < LOSS_RATIO
        level_s = FASTEST_S * SLOWER ** (ord(letter.lower()) - ord("a"))
        values = {} if lost else {"rtt_s": level_s * (1.0 + chance.exponential(UNSTEADY))}
        outcome = (Outcome.NO_REPLY, Reason.DEADLINE) if lost else (Outcome.REPLIED, Reason.NONE)
        at_utc_s = START_UTC_S + second + stepped_s
        reading = Reading(ProbeKey(endpoint_id, "icmp"), at_utc_s, float(second), *outcome, values)
        told += [_line(second, draft) for draft in changes.take(reading, Condition.UP)]
    return told


def _seconds(text: str) -> Iterator[str]:
    for first, last, minutes in _RUN.findall(text):
        for letter in range(ord(first or last), ord(last) + 1):
            yield from chr(letter) * (int(minutes) * 60)


def _line(second: int, draft: Draft) -> str:
    change, by = str(draft.facts["change"]), 1000.0
    if change.startswith("loss"):
        by = 100.0
    before, after = (float(str(draft.facts[name])) * by for name in ("before", "after"))
    return f"{second // 60} {draft.subject} {change} {before:.0f} {after:.0f}"
