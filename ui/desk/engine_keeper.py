"""Starts the engine again when it has died. It ends none, and judges no figure.

Rules:
1. All calls of the engine's control are made in a thread of its own, for each may take a while.
2. An engine that holds the store is left alone, however long its heartbeat seems silent: it may be the
   desk that slept or cannot read. The operator is told which process it is and what to do.
3. What the operator stopped stays stopped.
"""

from __future__ import annotations

from ui.desk.liveness import Liveness, RestartPlan
from ui.desk.worker import Worker
from ui.engine_control import EngineControl

_START = "start"


class EngineKeeper:
    """Keeps one engine alive for as long as the desk is open."""

    def __init__(self, engine: EngineControl) -> None:
        """Keep the means; nothing is started yet."""
        self._engine = engine
        self._worker = Worker("desk-engine")
        self.plan = RestartPlan()
        self.held_by: int | None = None
        """The silent engine that holds the store, as the last attempt found it."""
        self.resting = False
        """Whether the engine is to be left alone, because the operator is stopping it."""

    def start(self) -> None:
        """Begin to watch; the first call of ``keep`` may start the engine."""
        self._worker.start()

    def keep(self, liveness: Liveness, abandoned: bool, now_monotonic_s: float) -> None:
        """Take how the heartbeat is, and start the engine where that is due."""
        for done in self._worker.drain():
            self.held_by = done.result if isinstance(done.result, int) else None
            if self.held_by is None:
                self.plan.ended(now_monotonic_s, done.failure)
            else:
                self.plan.not_needed(now_monotonic_s)
        if liveness is Liveness.LIVE:
            self.held_by = None
            self.plan.alive()
            return
        wanted = liveness is Liveness.STOPPED or (abandoned and self.plan.attempts == 0)
        if wanted and not self.resting and self.plan.due(now_monotonic_s):
            self._worker.submit(_START, self._revive)

    def end(self, wait_s: float) -> None:
        """Finish what is under way and end."""
        self._worker.end()
        self._worker.join(wait_s)

    def _revive(self) -> int | None:
        """Start an engine where none holds the store; return the one that does, if any (rule 2)."""
        holder = self._engine.pid()
        if holder is None:
            self._engine.start()
        return holder

    def words(self, now_monotonic_s: float) -> str:
        """Say what is being done about a dead engine."""
        plan = self.plan
        if self.resting:
            return "It was stopped by an operator. Open the desk again to start it."
        if self.held_by is not None:
            return f"Process {self.held_by} is silent. If it stays so: kill -9 {self.held_by}"
        wait_s = plan.wait_s(now_monotonic_s)
        doing = f"Starting it again, try {max(1, plan.attempts)}."
        if wait_s is not None and plan.attempts:
            tried = "once" if plan.attempts == 1 else f"{plan.attempts} times"
            doing = f"Tried {tried}; next try in {int(wait_s) + 1} s."
        return f"{doing} {plan.last_error}".strip()
