"""What is asked when: every probe on its beat, re-probes off it. It reads no clock.

Rule: when the site changes, what is asked as before goes on as if nothing had happened (``schedule.py``
rule 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from controlroom.engine.askings import Askings
from controlroom.engine.effects import Reprobe
from controlroom.engine.health import Health
from controlroom.engine.reprobes import ReprobeQueue
from controlroom.engine.schedule import Schedule, look_every_s
from controlroom.site.model import Site

REPROBES_PER_SECOND: Final = 2000


class Beat:
    """Joins the schedule and the re-probes that wait with who asks. All times are monotonic seconds."""

    def __init__(self, askings: Askings, health: Health, now_s: float) -> None:
        """Nothing is due yet; ``health`` is told how late each question left."""
        self._askings = askings
        self._health = health
        self._schedule = Schedule([], now_s)
        self._reprobes = ReprobeQueue(REPROBES_PER_SECOND)
        self.look_s = look_every_s(0.0)
        """How long to wait between two looks at what is due."""

    def begin(self, now_s: float) -> None:
        """Let the first beats of all askings begin."""
        self._keep_time([None] * len(self._askings.all), now_s)

    def adopt(self, site: Site, now_s: float) -> None:
        """Go on with a changed site."""
        self._keep_time(self._askings.adopt(site), now_s)

    def wish(self, reprobes: Iterable[Reprobe], now_s: float) -> None:
        """Queue re-probes."""
        for reprobe in reprobes:
            self._reprobes.wish(reprobe, now_s)

    def ask_due(self, now_s: float) -> None:
        """Ask all whose time has come."""
        for due in self._schedule.due(now_s):
            self._health.sent(now_s - due.at_s)
            self._askings.ask(due.index)
        for reprobe in self._reprobes.due(now_s):
            self._askings.ask_again(reprobe)

    def figures(self) -> dict[str, float]:
        """Return what was missed or dropped so far, and how many questions are open."""
        return {
            "missed_beats": float(self._schedule.missed),
            "in_flight": float(self._askings.in_flight),
            "reprobes_dropped": float(self._reprobes.dropped),
        }

    def _keep_time(self, places: Sequence[int | None], now_s: float) -> None:
        """Set the beats of all askings; ``places`` tells for each the place it had before, if any."""
        periods_s = [asking.probe.period_s for asking in self._askings.all]
        self._schedule.adopt(periods_s, places, now_s)
        self.look_s = look_every_s(sum(1 / period_s for period_s in periods_s))
