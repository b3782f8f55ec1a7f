"""Acts on their way to the engine: written, not yet answered. It writes and reads nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controlroom.logbook.act import Act, ActKind
from controlroom.store.interface import TakenAct


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act that came to nothing, and why: the engine's code, or the words of a failure to write."""

    act: Act
    reason: str


class PendingActs:
    """Keeps each act of this desk until the engine has answered it."""

    def __init__(self) -> None:
        """Begin with none on the way."""
        self._acts: dict[str, Act] = {}

    def add(self, act: Act) -> None:
        """Count an act as on its way."""
        self._acts[act.id] = act

    def ids(self) -> tuple[str, ...]:
        """The acts to ask the store about."""
        return tuple(self._acts)

    def accepted(self, answers: Mapping[str, TakenAct]) -> tuple[Act, ...]:
        """Return those of this desk's acts that the engine has accepted; ``answered`` then forgets them."""
        return tuple(
            self._acts[act_id] for act_id, taken in answers.items() if taken.accepted and act_id in self._acts
        )

    def answered(self, answers: Mapping[str, TakenAct]) -> tuple[Refusal, ...]:
        """Take the engine's answers; return the refusals among them."""
        refusals = []
        for act_id, taken in answers.items():
            act = self._acts.pop(act_id, None)
            if act is not None and not taken.accepted:
                refusals.append(Refusal(act, taken.answer))
        return tuple(refusals)

    def failed(self, act_id: str, reason: str) -> Refusal | None:
        """Take it that an act could not even be written."""
        act = self._acts.pop(act_id, None)
        return None if act is None else Refusal(act, reason)

    def acknowledging(self, alarm_number: int) -> bool:
        """Whether an acknowledgement of this alarm is on its way."""
        return self.doing(ActKind.ACKNOWLEDGE, alarm_number)

    def doing(self, kind: ActKind, alarm_number: int) -> bool:
        """Whether such an act on this alarm is on its way."""
        return any(act.kind is kind and alarm_number in alarms_of(act) for act in self._acts.values())

    def about(self, alarm_number: int) -> bool:
        """Whether anything that would change this alarm is on its way."""
        return any(
            act.kind is not ActKind.NOTE and alarm_number in alarms_of(act) for act in self._acts.values()
        )

    def ticking(self, alarm_number: int) -> frozenset[int]:
        """The steps of this alarm's card whose ticks are on their way."""
        ticks = (act for act in self._acts.values() if act.kind is ActKind.TICK)
        steps = (act.details.get("step") for act in ticks if act.alarm_number == alarm_number)
        return frozenset(step for step in steps if isinstance(step, int))

    def tracing(self, endpoint_id: str) -> bool:
        """Whether a trace to this endpoint is on its way."""
        return any(act.kind is ActKind.TRACE and act.subject == endpoint_id for act in self._acts.values())

    def notes(self) -> tuple[Act, ...]:
        """The notes on their way, oldest first."""
        return tuple(act for act in self._acts.values() if act.kind is ActKind.NOTE)


def alarms_of(act: Act) -> tuple[int, ...]:
    """Return the numbers of the alarms that an act names."""
    named = str(act.details.get("alarms", "")).split(",")
    first = () if act.alarm_number is None else (act.alarm_number,)
    return (*first, *(int(each) for each in named if each.isascii() and each.isdigit()))
