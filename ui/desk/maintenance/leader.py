"""Leads the planner: shows the windows that the desk knows, and sends what the operator asks for.

Rules:
1. Everybody may look. Who may not plan or count is told why, and the engine checks it again.
2. What is typed is checked here, and the button sends only what can be planned. It stays in the fields until
   the engine has taken it.
3. How a window stands is worked out anew when it may have changed, and not every second.
4. Only who comes from an alarm finds its endpoint chosen. What was merely looked at is not: a plan for
   another endpoint would hide the alarms of that one as well.
5. The same is not asked again while it is on its way, however often Enter is pressed.
6. What a window would leave of services is said as soon as it can be planned, and forbids nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer

from controlroom.condition.maintenance.flat import flat_plan
from controlroom.condition.maintenance.standing import Standing, WindowStatus, standing_of
from controlroom.condition.maintenance.window import MaintenanceWindow
from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.operators.role import Permission
from controlroom.report.plan_warnings import plan_warnings
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import observed
from controlroom.site.view import SiteView
from ui.desk.duty import Duty
from ui.desk.maintenance.dialog import MaintenanceDialog
from ui.desk.maintenance.typed import preview
from ui.desk.picture import Picture
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow

EVERY_MS: Final = 1000
MOST_PAST: Final = 20
MOST_WARNINGS: Final = 3
Send = Callable[[ActKind, str, str, Mapping[str, Detail]], str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is said once the engine has taken it, and what was typed for it."""

    done: str
    typed: object


class MaintenanceLeader(QObject):
    """``send`` puts an act and returns its id; ``picture`` is what the desk knows; ``now`` the time of it."""

    def __init__(
        self,
        theme: Theme,
        window: DeskWindow,
        duty: Duty,
        picture: Picture,
        now_utc_s: Callable[[], float | None],
        selected: Callable[[], str],
        send: Send,
    ) -> None:
        """Show nothing yet."""
        super().__init__(window)
        self._theme, self._window, self._duty, self._picture = theme, window, duty, picture
        self._now_utc_s, self._selected, self._send = now_utc_s, selected, send
        self._standings: dict[MaintenanceWindow, Standing] = {}
        self._asked: dict[str, _Asked] = {}
        self._resilience: Resilience | None = None
        self.dialog: MaintenanceDialog | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.show)
        window.maintenance_wanted.connect(lambda: self.open())

    def open(self, endpoint_id: str = "") -> None:
        """Open the planner about an endpoint; about none, the selected one stands first and is not chosen."""
        view = self._picture.site
        if self.dialog is not None or view is None:
            return
        dialog = self.dialog = MaintenanceDialog(self._theme, self._window)
        first = endpoint_id or self._selected()
        dialog.plan_form.offer(view, first, chosen=bool(endpoint_id))
        dialog.count_form.offer(view, first)
        dialog.plan_form.changed.connect(self._preview)
        dialog.plan_wanted.connect(self._plan)
        dialog.count_wanted.connect(self._count)
        dialog.end_wanted.connect(self._end)
        dialog.finished.connect(self._closed)
        self.show()
        self._preview()
        self._timer.start()
        dialog.open()
        dialog.plan_form.title.setFocus()

    def show(self) -> None:
        """Show the windows as they are now."""
        dialog, view, now_utc_s = self.dialog, self._picture.site, self._now_utc_s()
        if dialog is None or view is None or now_utc_s is None:
            return
        duty = self._duty
        dialog.forbid(duty.why_not(Permission.PLAN_MAINTENANCE), duty.why_not(Permission.RECLASSIFY))
        dialog.show_windows(self._rows(now_utc_s), view, now_utc_s)

    def answered(self, act: Act, refusal: str) -> None:
        """Take it that the engine took an act, or refused it and why, in words."""
        asked = self._asked.pop(act.id, None)
        if self.dialog is None or asked is None:
            return
        if not refusal and act.kind is ActKind.PLAN_MAINTENANCE:
            self.dialog.plan_form.taken()
        elif not refusal and act.kind is ActKind.RECLASSIFY:
            self.dialog.count_form.taken()
        self.dialog.say(f"Refused, because {refusal}." if refusal else asked.done)
        self.show()

    def _rows(self, now_utc_s: float) -> list[tuple[MaintenanceWindow, Standing]]:
        """Return the windows in the order of the list: in force, waiting, ahead, the newest over."""
        known = self._standings
        self._standings = {
            window: known[window]
            if self._holds(known.get(window), now_utc_s)
            else standing_of(window, now_utc_s)
            for window in self._picture.maintenance
        }
        rows = sorted(self._standings.items(), key=_place)
        past = [row for row in rows if row[1].status.is_past]
        return [row for row in rows if not row[1].status.is_past] + past[:MOST_PAST]

    @staticmethod
    def _holds(standing: Standing | None, now_utc_s: float) -> bool:
        """Whether it still stands so (rule 3); a clock that went back makes it doubtful."""
        if standing is None:
            return False
        since_utc_s = standing.now.begins_utc_s if standing.now is not None else -math.inf
        return since_utc_s <= now_utc_s < standing.until_utc_s

    def _preview(self) -> None:
        dialog, view, now_utc_s = self.dialog, self._picture.site, self._now_utc_s()
        if dialog is not None and view is not None and now_utc_s is not None:
            found = preview(dialog.plan_form.typed(), view, now_utc_s)
            warnings = () if found.window is None else self._warnings(view, found.window, now_utc_s)
            dialog.show_preview(found, warnings)

    def _warnings(self, view: SiteView, window: MaintenanceWindow, now_utc_s: float) -> Sequence[str]:
        """Say what a window would leave of services (rule 6)."""
        if self._resilience is None or self._resilience.view is not view:
            self._resilience = Resilience(view)
        pictures = self._picture.endpoints
        states = {name: each.state for name, each in pictures.items() if each.state is not None}
        seen, others = observed(pictures, states), self._picture.maintenance
        return plan_warnings(self._resilience, seen, window, others, now_utc_s=now_utc_s, most=MOST_WARNINGS)

    def _plan(self) -> None:
        """Send what is typed, where it can be planned (rule 2)."""
        dialog, view, now_utc_s = self.dialog, self._picture.site, self._now_utc_s()
        if dialog is None or view is None or now_utc_s is None:
            return
        typed = dialog.plan_form.typed()
        found = preview(typed, view, now_utc_s)
        if found.window is None:
            dialog.say(found.lines[0])
            return
        details = flat_plan(found.window)
        asked = _Asked("Planned.", typed)
        self._ask(ActKind.PLAN_MAINTENANCE, "engine", found.window.reason, details, asked)

    def _count(self) -> None:
        dialog, view, now_utc_s = self.dialog, self._picture.site, self._now_utc_s()
        if dialog is None or view is None or now_utc_s is None:
            return
        form = dialog.count_form
        span = form.span(view, now_utc_s)
        if isinstance(span, str):
            dialog.say(span)
            return
        details: dict[str, Detail] = {"from_utc_s": span[0], "until_utc_s": span[1]}
        endpoint_id, reason = str(form.endpoint.currentData()), form.reason.text()
        asked = _Asked("Counted as maintenance.", (endpoint_id, *form.typed()))
        self._ask(ActKind.RECLASSIFY, endpoint_id, reason, details, asked)

    def _end(self, number: int, cancel: bool) -> None:
        details: dict[str, Detail] = {"window": number, "cancel": cancel}
        asked = _Asked("Cancelled." if cancel else "Ended.", (number, cancel))
        self._ask(ActKind.END_MAINTENANCE, "engine", "", details, asked)

    def _ask(
        self, kind: ActKind, subject: str, note: str, details: Mapping[str, Detail], asked: _Asked
    ) -> None:
        if self.dialog is not None:
            self.dialog.say("On its way to the engine…")
        if asked not in self._asked.values():
            self._asked[self._send(kind, subject, note, details)] = asked

    def _closed(self) -> None:
        self._timer.stop()
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None


def _place(row: tuple[MaintenanceWindow, Standing]) -> tuple[int, float, int]:
    window, standing = row
    order: Sequence[WindowStatus] = list(WindowStatus)
    begins_utc_s = standing.later.begins_utc_s if standing.later is not None else 0.0
    place = 3 if standing.status.is_past else order.index(standing.status)
    return place, begins_utc_s, -window.number if standing.status.is_past else window.number
