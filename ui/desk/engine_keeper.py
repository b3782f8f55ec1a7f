"""Starts the engine again when it has died, and stops it when the operator says so. It judges no figure.

All calls of the engine's control are made in a thread of its own, for each may take a while.
"""

from __future__ import annotations

from ui.desk.liveness import Liveness, RestartPlan
from ui.desk.worker import Worker
from ui.engine_control import EngineControl

HUNG_AFTER_S = 15.0
"""An engine that holds the store and has been silent for this long is ended before it is started anew."""

_START = "start"


class EngineKeeper:
    """Keeps one engine alive for as long as the desk is open."""

    def __init__(self, engine: EngineControl) -> None:
        """Keep the means; nothing is started yet."""
        self._engine = engine
        self._worker = Worker("desk-engine")
        self.plan = RestartPlan()
        self.resting = False
        """Whether the engine is to be left alone, because the operator is stopping it."""

    def start(self) -> None:
        """Begin to watch; the first call of ``keep`` may start the engine."""
        self._worker.start()

    def keep(self, liveness: Liveness, silent_s: float, abandoned: bool, now_monotonic_s: float) -> None:
        """Take how the heartbeat is, and start the engine where that is due."""
        for done in self._worker.drain():
            self.plan.ended(now_monotonic_s, done.failure)
        if liveness is Liveness.LIVE:
            self.plan.alive()
            return
        wanted = liveness is Liveness.STOPPED or (abandoned and self.plan.attempts == 0)
        if wanted and not self.resting and self.plan.due(now_monotonic_s):
            hung = liveness is Liveness.STOPPED and silent_s > HUNG_AFTER_S
            self._worker.submit(_START, lambda: self._revive(hung))

    def end(self, wait_s: float) -> None:
        """Finish what is under way and end."""
        self._worker.end()
        self._worker.join(wait_s)

    def _revive(self, hung: bool) -> None:
        if hung and self._engine.pid() is not None:
            self._engine.stop()
        if self._engine.pid() is None:
            self._engine.start()

    def words(self, now_monotonic_s: float) -> str:
        """Say what is being done about a dead engine."""
        plan = self.plan
        wait_s = plan.wait_s(now_monotonic_s)
        doing = f"Starting it again, try {max(1, plan.attempts)}."
        if wait_s is not None and plan.attempts:
            tried = "once" if plan.attempts == 1 else f"{plan.attempts} times"
            doing = f"Tried {tried}; next try in {int(wait_s) + 1} s."
        return f"{doing} {plan.last_error}".strip()
