"""What a simulated endpoint answers. Pure: the same seed, probe, turn and moment, the same answer.

1. Chance is drawn from a hash of seed, probe and turn (which question of the story this is), not from the
   clock: however early or late a beat is by milliseconds, the story goes the same way each time.
2. A fault of the story decides first; what it leaves over the link's own character does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from controlroom.reading import Outcome, ProbeKey, Reason
from probes.simulated.chance import Chance
from probes.simulated.link import CHARACTERS, Character
from probes.simulated.parameters import SimulatedParameters
from probes.simulated.service import Asked, service_values
from probes.simulated.story import STORY_S, Fault, FaultKind, fault_at, story_of

_LEAST_SHARE: Final = 0.7
"""No round trip is shorter than this share of the usual one: light is no faster on a good day."""

_SLOWER_IN_A_FADE: Final = 1.0
"""How many round trips a full fade adds: the link sends again what it lost."""

_SILENCE: Final[Mapping[FaultKind, tuple[Outcome, Reason]]] = {
    FaultKind.SILENT: (Outcome.NO_REPLY, Reason.DEADLINE),
    FaultKind.UNREACHABLE: (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
    FaultKind.REJECTS: (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back, and when: ``delay_s`` after the asking, ``None`` where nothing ever comes."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    delay_s: float | None = None
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """How a link is at a moment of the story. ``off`` tells that no right answer comes through at all."""

    loss_ratio: float
    kind: FaultKind | None = None
    off: bool = False
    delay_s: float = 0.0
    depth: float = 0.0

    def slowed_s(self, rtt_s: float) -> float:
        """Return a round trip with what the fault adds to it."""
        return (rtt_s + self.delay_s) * (1 + _SLOWER_IN_A_FADE * self.depth)


LOST: Final = Answer(Outcome.NO_REPLY, Reason.DEADLINE)


Turn = tuple[int, int]
"""How many questions on the beat a probe has been asked in this story, and how many off it since."""


def answer_at(
    key: ProbeKey, parameters: SimulatedParameters, story_s: float, timeout_s: float, turn: Turn
) -> Answer:
    """Return what a probe answers that is asked at a moment of the story and waits so long."""
    chance = Chance(parameters.seed, key, *turn)
    state = state_at(parameters, story_s)
    rtt_s = round_trip_s(key, parameters, chance, story_s)
    if state.off:
        outcome, reason = LOST.outcome, LOST.reason
        if state.kind is not None:
            outcome, reason = _SILENCE.get(state.kind, (outcome, reason))
        delay_s = None if outcome is Outcome.NO_REPLY else min(rtt_s, timeout_s)
        return Answer(outcome, reason, delay_s)
    rtt_s = state.slowed_s(rtt_s)
    if chance.uniform(0) < state.loss_ratio or rtt_s >= timeout_s:
        return LOST
    values = _values(CHARACTERS[parameters.link], chance, rtt_s, state.depth, key)
    asked = Asked(parameters.service, rtt_s, state.loss_ratio, parameters.certificate_days)
    values |= service_values(asked, chance)
    return Answer(Outcome.REPLIED, Reason.NONE, rtt_s, values)


def state_at(parameters: SimulatedParameters, story_s: float) -> State:
    """Return how the link is at a moment of the story."""
    fault = fault_at(story_of(parameters.faults), story_s)
    depth = _fade(fault, story_s)
    loss_ratio = _loss_ratio(CHARACTERS[parameters.link], fault, depth)
    if fault is None:
        return State(loss_ratio)
    delay_s = fault.amount if fault.kind is FaultKind.SLOWER else 0.0
    return State(loss_ratio, fault.kind, _is_off(fault, story_s), delay_s, depth)


def round_trip_s(key: ProbeKey, parameters: SimulatedParameters, chance: Chance, story_s: float) -> float:
    """The round trip without any fault: usual, wobble, spread, tail (``link.py``)."""
    character = CHARACTERS[parameters.link]
    own = Chance(parameters.seed, key)
    usual_s = parameters.usual_rtt_s or character.rtt_s * (0.75 + 0.6 * own.uniform(0))
    wobble = 1 + character.wobble_ratio * _slow(own, story_s)
    spread = math.exp(character.spread * chance.normal(1))
    tail_s = character.tail_s * chance.exponential(3) if chance.uniform(2) < character.tail_ratio else 0.0
    return usual_s * max(_LEAST_SHARE, wobble * spread) + tail_s


def _slow(own: Chance, story_s: float) -> float:
    """A swing between -1 and 1 over minutes that is another for each probe and whole over a story."""
    turns = 2 * math.pi * story_s / STORY_S
    return 0.6 * math.sin(turns * 2 + 7 * own.uniform(1)) + 0.4 * math.sin(turns * 9 + 7 * own.uniform(2))


def _fade(fault: Fault | None, story_s: float) -> float:
    """How deep a fade is: 0 at its ends, 1 midway."""
    if fault is None or fault.kind is not FaultKind.FADES:
        return 0.0
    passed = (story_s % STORY_S - fault.from_s) / (fault.until_s - fault.from_s)
    return math.sin(math.pi * passed) ** 2


def _is_off(fault: Fault, story_s: float) -> bool:
    """Whether a fault leaves no answer at all at this moment."""
    if fault.kind is FaultKind.FLAPS:
        return int((story_s % STORY_S - fault.from_s) / fault.amount) % 2 == 0
    return fault.kind in _SILENCE


def _loss_ratio(character: Character, fault: Fault | None, depth: float) -> float:
    if fault is not None and fault.kind is FaultKind.LOSES:
        return max(fault.amount, character.loss_ratio)
    if fault is not None and fault.kind is FaultKind.FADES:
        return max(fault.amount * depth, character.loss_ratio)
    return character.loss_ratio


def _values(
    character: Character, chance: Chance, rtt_s: float, depth: float, key: ProbeKey
) -> dict[str, float]:
    values = {"rtt_s": rtt_s}
    for place, signal in enumerate(character.signals, start=4):
        offset = 3 * signal.spread * Chance(key, signal.metric.name).normal(0) / 2
        level = signal.usual + offset + signal.spread * chance.normal(place) - signal.fall * depth
        values[signal.metric.name] = round(level, 1)
    return values
