"""Keeps the maintenance windows: finds what begins and what ends by the wall clock. It reads no store.

Rules:
1. What is in force follows from the window and the moment alone (``condition/maintenance``), however the
   clock was set and however often the engine was started meanwhile. What the log told of it lies in the
   window itself, so that each beginning and each end is told once.
2. A window is looked at again when something of it is due, and all are when the clock went back or the site
   changed.
3. A flexible window begins with the first target that is down since a moment within its span. What was down
   before has its alarm, for that is not what was planned. Its length is exact also where the clock is set.
4. At the end who is still not up is named in the entry, and calls at once. The window keeps who it was
   until it begins again.
5. So many windows may be ahead at a time, and no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from controlroom.alarms.alarm import ENGINE
from controlroom.alarms.register import AlarmRegister
from controlroom.condition.maintenance.flat import flat_plan
from controlroom.condition.maintenance.occurrences import in_force, next_change_utc_s
from controlroom.condition.maintenance.planning import refuse_unknown_targets
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.effects import Effects
from controlroom.engine.maintenance_cover import Cover, MaintenanceCover
from controlroom.engine.watched import Watched
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.site.model import Site
from controlroom.site.risk_members import members_of

MOST_AHEAD: Final = 100
_MOST_IDS: Final = 20
_ON_TIME_S: Final = 2.0
"""So late it is told as begun when it was to begin; later it begins when it is told."""


class MaintenanceKeeper:
    """All windows, and what they do to endpoints; every call says what it brought about."""

    def __init__(
        self,
        alarms: AlarmRegister,
        watched: Watched,
        site: Site,
        *,
        states: Sequence[EndpointState] = (),
        windows: Sequence[MaintenanceWindow] = (),
        next_number: int = 1,
    ) -> None:
        """Go on with the windows of an earlier engine (rule 1)."""
        self._watched, self._site = watched, site
        self._cover = MaintenanceCover(alarms, watched, states)
        self._windows = {window.number: window for window in windows}
        self._due_utc_s = dict.fromkeys(self._windows, -math.inf)
        self._soonest_utc_s = -math.inf
        self._waiting = {window.number: window for window in windows if _waits(window)}
        self._targets: dict[int, tuple[str, ...]] = {}
        self._looked_utc_s = -math.inf
        self._next_number = max([next_number, *(number + 1 for number in self._windows)])

    # -- what there is ----------------------------------------------------------------------------

    def window(self, number: int) -> MaintenanceWindow | None:
        """Find a window by its number."""
        return self._windows.get(number)

    def covers(self, endpoint_id: str) -> bool:
        """Whether an endpoint is in maintenance."""
        return self._cover.covers(endpoint_id)

    def shown(self, state: EndpointState) -> EndpointState:
        """Return a state as it is shown and kept: in maintenance, where its endpoint is."""
        return self._cover.shown(state)

    @property
    def next_number(self) -> int:
        """The number of the window that is planned next."""
        return self._next_number

    @property
    def is_full(self) -> bool:
        """Whether no more windows may be planned (rule 5)."""
        return sum(due_utc_s != math.inf for due_utc_s in self._due_utc_s.values()) >= MOST_AHEAD

    def refuse_unknown(self, window: MaintenanceWindow) -> None:
        """Raise ``PlanRefusedError`` where the site does not have what a window is about."""
        groups = {group.id for group in self._site.risk_groups}
        refuse_unknown_targets(window, self._watched.trackers.keys(), groups)

    # -- what operators do ------------------------------------------------------------------------

    def plan(self, window: MaintenanceWindow, now_utc_s: float) -> Effects:
        """Take up a window that was checked."""
        effects = Effects()
        self._next_number = max(self._next_number, window.number + 1)
        facts: dict[str, Fact] = {"window": window.number, **flat_plan(window), "note": window.reason}
        effects.entries.append(_entry(LogKind.MAINTENANCE_PLANNED, window.planned_by, facts, now_utc_s))
        self._keep(window, effects)
        self.look(now_utc_s, effects)
        return effects

    def end(self, number: int, operator: str, note: str, now_utc_s: float, *, cancel: bool) -> Effects | str:
        """End what is in force of a window, or cancel all of it; return the code of why not."""
        window, effects = self._windows.get(number), Effects()
        if window is None:
            return "no_such_window"
        now = in_force(window, now_utc_s)
        if now is None and self._is_over(window, now_utc_s):
            return "window_over"
        if now is None and not cancel:
            return "not_in_force"
        if cancel:
            window = replace(window, cancelled_utc_s=now_utc_s, cancelled_by=operator)
            facts: dict[str, Fact] = {"window": number, "title": window.title, "note": note}
            effects.entries.append(_entry(LogKind.MAINTENANCE_CANCELLED, operator, facts, now_utc_s))
        else:
            window = replace(window, ended_utc_s=now_utc_s, ended_by=operator)
        self._keep(window, effects)
        self._look(now_utc_s, effects, note)
        return effects

    # -- time, failures and the site --------------------------------------------------------------

    def begin(self, now_utc_s: float, effects: Effects) -> None:
        """Bring everything in line at the start of an engine."""
        self._looked_utc_s = now_utc_s
        self._cover.settle(self._wanted(), now_utc_s, effects)
        self.look(now_utc_s, effects)

    def look(self, now_utc_s: float, effects: Effects) -> None:
        """Find what begins and what ends; to be called about once a second, and costs next to nothing."""
        self._look(now_utc_s, effects, "")

    def failed(self, state: EndpointState, now_utc_s: float, effects: Effects) -> None:
        """Take it that an endpoint is down, before its alarm is raised (rule 3)."""
        begun = False
        for window in list(self._waiting.values()):
            if _begins_with(window, state, now_utc_s) and state.endpoint_id in self._targets_of(window):
                self._keep(replace(window, triggered_utc_s=state.since_utc_s), effects)
                begun = True
        if begun:
            self.look(now_utc_s, effects)

    def adopt(self, site: Site, now_utc_s: float, effects: Effects) -> None:
        """Go on with a changed site: a window has the targets that the site has now."""
        self._site = site
        self._targets.clear()
        self._cover.settle(self._wanted(), now_utc_s, effects)

    def clock_stepped(self, step_s: float, effects: Effects) -> None:
        """Tell by a clock that was set what began by it; planned times stay as they were planned (rule 3)."""
        for window in list(self._windows.values()):
            if isinstance(window.plan, Flexible) and window.told_utc_s is not None:
                triggered_utc_s = (window.triggered_utc_s or window.told_utc_s) + step_s
                moved = replace(window, triggered_utc_s=triggered_utc_s, told_utc_s=triggered_utc_s)
                self._keep(moved, effects)
        self._cover.clock_stepped(step_s, effects)
        self._look_at_all()

    # -- the look ---------------------------------------------------------------------------------

    def _look(self, now_utc_s: float, effects: Effects, note: str) -> None:
        if now_utc_s < self._looked_utc_s:
            self._look_at_all()
        self._looked_utc_s = now_utc_s
        if now_utc_s < self._soonest_utc_s:
            return
        ended = []
        for number in [number for number, due_utc_s in self._due_utc_s.items() if due_utc_s <= now_utc_s]:
            if self._bring_in_line(self._windows[number], now_utc_s, effects):
                ended.append(self._windows[number])
            self._due_utc_s[number] = self._next_due(self._windows[number], now_utc_s)
        self._soonest_utc_s = min(self._due_utc_s.values(), default=math.inf)
        self._cover.settle(self._wanted(), now_utc_s, effects)
        for window in ended:
            missing = self._missing(window)
            told = replace(window, not_back=len(missing), not_back_ids=tuple(missing[:_MOST_IDS]))
            self._windows[window.number] = effects.maintenance[window.number] = told
            effects.entries.append(self._ended_entry(told, note, now_utc_s))

    def _bring_in_line(self, window: MaintenanceWindow, now_utc_s: float, effects: Effects) -> bool:
        """Let a window begin or end, as the moment wants it; return whether it ended."""
        now, told_utc_s = in_force(window, now_utc_s), window.told_utc_s
        begins_utc_s = None if now is None else now.begins_utc_s
        if begins_utc_s == told_utc_s:
            return False
        window = replace(window, told_utc_s=begins_utc_s, not_back=0, not_back_ids=())
        self._keep(window, effects)
        if now is not None:
            facts: dict[str, Fact] = {
                "window": window.number,
                "title": window.title,
                "until_utc_s": now.ends_utc_s,
                "note": window.reason,
            }
            effects.entries.append(_entry(LogKind.MAINTENANCE_BEGUN, window.planned_by, facts, now_utc_s))
        return told_utc_s is not None

    def _missing(self, window: MaintenanceWindow) -> list[str]:
        """Find who is not up after an end (rule 4)."""
        trackers = self._watched.trackers
        return [
            endpoint_id
            for endpoint_id in self._targets_of(window)
            if not self._cover.covers(endpoint_id)
            and trackers[endpoint_id].state.condition in (Condition.DOWN, Condition.DEGRADED)
        ]

    @staticmethod
    def _ended_entry(window: MaintenanceWindow, note: str, now_utc_s: float) -> Draft:
        """Tell an end, and who is not up after it (rule 4)."""
        by = {window.cancelled_utc_s: window.cancelled_by, window.ended_utc_s: window.ended_by}
        early = now_utc_s in by
        facts: dict[str, Fact] = {
            "window": window.number,
            "title": window.title,
            "early": early,
            "not_back": window.not_back,
            "not_back_ids": ", ".join(window.not_back_ids),
            "note": note,
        }
        return _entry(LogKind.MAINTENANCE_ENDED, by.get(now_utc_s, ""), facts, now_utc_s)

    def _next_due(self, window: MaintenanceWindow, now_utc_s: float) -> float:
        if isinstance(window.plan, Flexible) and window.triggered_utc_s is None:
            # Nothing comes by itself, but the end of waiting, which frees its place.
            return math.inf if self._is_over(window, now_utc_s) else window.plan.latest_utc_s
        return next_change_utc_s(window, now_utc_s)

    def _is_over(self, window: MaintenanceWindow, now_utc_s: float) -> bool:
        """Whether nothing of a window comes any more."""
        if window.cancelled_utc_s is not None:
            return True
        if isinstance(window.plan, Flexible) and window.triggered_utc_s is None:
            return now_utc_s >= window.plan.latest_utc_s
        return next_change_utc_s(window, now_utc_s) == math.inf

    def _wanted(self) -> dict[str, Cover]:
        """Return who is to be in maintenance now; of several windows the oldest counts."""
        found: dict[str, Cover] = {}
        for window in self._windows.values():
            if window.told_utc_s is None:
                continue
            late = self._looked_utc_s - window.told_utc_s > _ON_TIME_S
            flexible = isinstance(window.plan, Flexible)
            since_utc_s = self._looked_utc_s if late and not flexible else window.told_utc_s
            cover = Cover(window.number, since_utc_s, window.planned_by, window.title)
            for endpoint_id in self._targets_of(window):
                found.setdefault(endpoint_id, cover)
        return found

    def _targets_of(self, window: MaintenanceWindow) -> tuple[str, ...]:
        """Return the endpoints that a window is about, as far as the site has them."""
        if window.number not in self._targets:
            named: Iterable[str] = window.endpoint_ids
            through = (each for group in window.group_ids for each in members_of(self._site, group))
            known = [each for each in (*named, *through) if each in self._watched.trackers]
            self._targets[window.number] = tuple(dict.fromkeys(known))
        return self._targets[window.number]

    def _keep(self, window: MaintenanceWindow, effects: Effects) -> None:
        self._windows[window.number] = effects.maintenance[window.number] = window
        self._due_utc_s[window.number] = self._soonest_utc_s = -math.inf
        self._waiting.pop(window.number, None)
        if _waits(window):
            self._waiting[window.number] = window

    def _look_at_all(self) -> None:
        self._due_utc_s = dict.fromkeys(self._windows, -math.inf)
        self._soonest_utc_s = -math.inf


def _waits(window: MaintenanceWindow) -> bool:
    """Whether a failure may still begin a window."""
    untouched = window.triggered_utc_s is None and window.cancelled_utc_s is None
    return untouched and isinstance(window.plan, Flexible)


def _begins_with(window: MaintenanceWindow, state: EndpointState, now_utc_s: float) -> bool:
    """Whether a failure is the one that a flexible window waits for (rule 3)."""
    plan = window.plan
    if not isinstance(plan, Flexible):
        return False
    return plan.earliest_utc_s <= state.since_utc_s and now_utc_s < plan.latest_utc_s


def _entry(kind: LogKind, operator: str, facts: dict[str, Fact], now_utc_s: float) -> Draft:
    return Draft(now_utc_s, kind, ENGINE, operator, facts)
