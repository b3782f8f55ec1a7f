"""An engine as a command that acts meets it: takes acts at once, late, never, or has ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from controlroom.alarms.moved import Moved
from controlroom.alarms.register import AlarmRegister
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.store.interface import TakenAct
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore
from tests.ui.terminal.site_stories import PID, hidden, with_outage
from ui.terminal.acting import Acting
from ui.terminal.clocks import Clocks


@dataclass
class TakingStore(MemoryStore):
    """Answers for the acts that an engine took."""

    taken: dict[str, TakenAct] = field(default_factory=dict)

    def answers(self, act_ids: Sequence[str]) -> Mapping[str, TakenAct]:
        """Return those that were taken."""
        return {act_id: self.taken[act_id] for act_id in act_ids if act_id in self.taken}


class Story:
    """A store, an engine that takes what is put, and time that passes only while somebody waits."""

    def __init__(self, *names: str, refuses: str = "", takes_after_s: float = 0.0) -> None:
        """``refuses`` is the code that every act is refused with; it takes them ``takes_after_s`` later."""
        told = hidden(*names) if len(names) == 4 else with_outage(*names)
        self.store = TakingStore(told.site, told.beat, told.endpoint_states, told.all_alarms)
        self.pid: int | None = PID
        self.ends_at_s: float | None = None
        self.now_s = 0.0
        self.put_acts: list[Act] = []
        self.inboxes = self.closed = 0
        self._refuses, self._takes_after_s = refuses, takes_after_s
        self._alarms = AlarmRegister(self.store.all_alarms, 99)

    @property
    def acting(self) -> Acting:
        """How a command acts in this story."""
        clocks = Clocks(lambda: NOON_UTC_S + self.now_s, lambda: self.now_s, self._pass)
        return Acting(self.store, self._open, self._engine_pid, "ann", "/srv/room", clocks)

    def put(self, act: Act) -> None:
        """Take it as an inbox does."""
        self.put_acts.append(act)
        if not self._takes_after_s:
            self._take(act)

    def close(self) -> None:
        """Count it."""
        self.closed += 1

    def _open(self) -> Story:
        self.inboxes += 1
        return self

    def _engine_pid(self) -> int | None:
        return None if self.ends_at_s is not None and self.now_s >= self.ends_at_s else self.pid

    def _pass(self, seconds: float) -> None:
        self.now_s += seconds
        if self._takes_after_s and self.now_s >= self._takes_after_s and self._engine_pid() is not None:
            for act in self.put_acts:
                if act.id not in self.store.taken:
                    self._take(act)

    def _take(self, act: Act) -> None:
        accepted = not self._refuses
        self.store.taken[act.id] = TakenAct(act, "terminal", 1, accepted, self._refuses)
        if not accepted:
            return
        moved = _DOERS[act.kind](self._alarms, act)
        draft = moved.entry if moved is not None else _note(act)
        if draft is not None:
            self.store.log.append(self.store.chain.append(draft))
        self.store.all_alarms = self._alarms.alarms()


def _note(act: Act) -> Draft | None:
    facts: dict[str, Fact] = {"note": act.note}
    if act.alarm_number is not None:
        facts["alarm"] = act.alarm_number
    return Draft(NOON_UTC_S, LogKind.NOTE, act.subject, act.operator, facts) if act.note else None


_DOERS: Mapping[ActKind, Callable[[AlarmRegister, Act], Moved | None]] = {
    ActKind.ACKNOWLEDGE: lambda alarms, act: alarms.acknowledge(
        act.alarm_number or 0, act.operator, act.note, NOON_UTC_S
    ),
    ActKind.ASSIGN: lambda alarms, act: alarms.assign(
        act.alarm_number or 0, str(act.details["owner"]), act.operator, act.note, NOON_UTC_S
    ),
    ActKind.TICK: lambda alarms, act: alarms.tick_step(
        act.alarm_number or 0, int(act.details["step"]), "", "ann", NOON_UTC_S, done=bool(act.details["done"])
    ),
    ActKind.UNSHELVE: lambda alarms, act: alarms.unshelve(
        act.alarm_number or 0, act.operator, NOON_UTC_S, act.note
    ),
    ActKind.NOTE: lambda alarms, act: None,
    ActKind.SHELVE: lambda alarms, act: None,
    ActKind.SPLIT: lambda alarms, act: None,
    ActKind.RESET: lambda alarms, act: None,
    ActKind.IN_SERVICE: lambda alarms, act: alarms.put_back(
        act.subject, "operator", act.operator, act.note, NOON_UTC_S
    ),
    ActKind.OUT_OF_SERVICE: lambda alarms, act: alarms.take_out(
        act.subject, "operator", act.operator, act.note, NOON_UTC_S
    ),
}
