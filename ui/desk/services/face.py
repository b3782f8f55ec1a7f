"""What stands on the tile of a service, as text and codes: made from its standing, compared, then painted.

Rules:
1. Grey while a service works; colour and badge are those of its alarm. Without an alarm they follow from its
   state and its criticality; unknown has no colour, but a shape and a word.
2. While monitoring does not run, nothing is told as if it were so now.
No Qt here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from controlroom.alarms.alarm import Alarm, Priority
from controlroom.alarms.urgency import PRIORITY_OF
from controlroom.report import service_state_words as words
from controlroom.resilience.standing import LegState, ServiceState, Standing
from controlroom.site.view import SeenService

NO_NUMBER: Final = "–"
STALE: Final = "stale"
WAITING: Final = "waiting"
_STEPS: Final[Mapping[ServiceState, int]] = MappingProxyType(
    {ServiceState.LOST: 0, ServiceState.AT_RISK: 1, ServiceState.DEGRADED: 1}
)
"""How much less urgent a state is than its service is critical."""


@dataclass(frozen=True, slots=True)
class ServiceFace:
    """One service on its tile.

    ``shape`` is a state's code, ``"stale"`` or ``"waiting"``; ``urgency`` 1 to 4 colours it, 0 leaves it
    grey. ``number`` is the margin, ``counts`` says what it counts; ``legs`` are the states of its paths,
    ``line`` is what is wrong; ``short``, ``fewest`` and ``least`` say so in ever fewer words. ``new`` tells
    that nobody has acknowledged it yet, ``hidden`` that its alarm calls nobody.
    """

    service_id: str
    name: str
    shape: str
    word: str
    number: str
    counts: str
    legs: tuple[str, ...]
    line: str
    short: str = ""
    fewest: str = ""
    least: str = ""
    urgency: int = 0
    new: bool = False
    hidden: bool = False

    @property
    def told(self) -> bool:
        """Whether anything is known of it now."""
        return self.shape not in (STALE, WAITING)

    @property
    def marred(self) -> bool:
        """Whether any of its paths is not well, though it may work all the same."""
        return self.told and any(leg != LegState.WORKING for leg in self.legs)

    @property
    def attention(self) -> bool:
        """Whether the tile stands out."""
        return self.told and self.shape != ServiceState.WORKING

    def spoken(self) -> str:
        """The tile as a screen reader says it."""
        works = sum(leg == LegState.WORKING for leg in self.legs)
        paths = f"{works} of {len(self.legs)} paths work well" if self.legs and self.told else ""
        margin = f"{self.number} {self.counts}" if self.number != NO_NUMBER else ""
        return ", ".join(part for part in (self.name, self.word, margin, self.line, paths) if part)


def service_face(
    seen: SeenService,
    standing: Standing | None,
    alarm: Alarm | None,
    name_of: words.NameOf,
    *,
    live: bool,
) -> ServiceFace:
    """Make the tile of a service as it is to be shown now."""
    if standing is None or not live:
        shape, word = (STALE, "Stale") if not live else (WAITING, "Waiting")
        legs = tuple(shape for _ in seen.paths)
        line = "" if live else "Monitoring is not running"
        return ServiceFace(seen.id, seen.name, shape, word, NO_NUMBER, "", legs, line)
    urgency = _urgency(seen, standing, alarm)
    return ServiceFace(
        service_id=seen.id,
        name=seen.name,
        shape=str(standing.state),
        word=words.state_title(standing.state),
        number=words.margin_number(standing.margin),
        counts=words.margin_short(standing),
        legs=tuple(str(leg.state) for leg in standing.legs),
        line=words.wrong_words(standing, name_of),
        short=words.short_words(standing, name_of),
        fewest=words.fewest_words(standing, name_of),
        least=words.least_words(standing, name_of),
        urgency=urgency,
        new=alarm is None or alarm.annunciated,
        hidden=alarm is not None and alarm.hidden,
    )


def _urgency(seen: SeenService, standing: Standing, alarm: Alarm | None) -> int:
    """Return how urgently the tile calls (rule 1)."""
    steps = _STEPS.get(standing.state)
    if alarm is not None and standing.state is not ServiceState.WORKING:
        return 0 if alarm.hidden else int(alarm.priority)
    return 0 if steps is None else min(PRIORITY_OF[seen.criticality] + steps, int(Priority.LOW))
