"""What judging brings about: what to write and what to ask again. It does neither."""

from __future__ import annotations

from dataclasses import dataclass, field

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.moved import Moved
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.condition.state import EndpointState
from controlroom.logbook.entry import Draft
from controlroom.measure.learnt import Learnt
from controlroom.reading import ProbeKey, Reading
from controlroom.route.kept import KeptRoute
from controlroom.store.interface import BlindTime


@dataclass(frozen=True, slots=True)
class Reprobe:
    """A wish to ask a probe again, off the beat: how often, how far apart, how long each may take.

    An attempt not answered within ``patience_s`` counts as lost for the suspicion, and may still be
    answered until ``timeout_s``. The first leaves after ``first_s``. ``urgency`` orders wishes when the
    budget is short: 0 first.
    """

    probe: ProbeKey
    attempts: int
    spacing_s: float
    patience_s: float
    timeout_s: float
    urgency: int
    first_s: float = 0.0


@dataclass(slots=True)
class Effects:
    """Everything that one reading, act or tick brought about, in order."""

    entries: list[Draft] = field(default_factory=list)
    states: dict[str, EndpointState] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    transitions: list[Moved] = field(default_factory=list)
    """How alarms moved, in order: their entries are among the entries, their last states among the alarms."""
    blind: list[BlindTime] = field(default_factory=list)
    reprobes: list[Reprobe] = field(default_factory=list)
    routes: list[KeptRoute] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    learnt: list[Learnt] = field(default_factory=list)
    maintenance: dict[int, MaintenanceWindow] = field(default_factory=dict)
    disbelieved: list[Reading] = field(default_factory=list)
    """Losses told before we knew that they were ours: to be told again as blind."""

    @property
    def urgent(self) -> bool:
        """Whether the store must have it at once; a mere suspicion may wait for the second."""
        return bool(self.entries or self.alarms or self.blind or self.maintenance)

    def moved(self, moved: Moved | None) -> None:
        """Note an alarm's transition, where there was one."""
        if moved is not None:
            self.entries.append(moved.entry)
            self.alarms[moved.alarm.number] = moved.alarm
            self.transitions.append(moved)
