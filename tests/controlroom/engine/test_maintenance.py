"""Maintenance as the engine keeps it: stories in letters, restarts, clocks that are set, and acts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

import pytest

from controlroom.alarms.alarm import Alarm
from controlroom.condition.maintenance.flat import flat_plan
from controlroom.condition.maintenance.wall_clock import local_of, zone_of
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Plan, Recurring
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine import acts
from controlroom.engine.effects import Effects
from controlroom.engine.maintenance_keeper import MOST_AHEAD
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import ActKind
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, LogKind
from controlroom.measure.availability import Spent, availability_of
from controlroom.report.condition_spans import condition_spans
from controlroom.site.model import RiskGroup, Site
from tests.controlroom.engine.test_acts import act
from tests.stories.world import START_UTC_S, World, site_of


@dataclass
class Kept(World):
    """A story whose store is remembered, so that another engine can go on with it."""

    begins_s: float = 0.0
    """How long after ``START_UTC_S`` the story begins."""
    states: dict[str, EndpointState] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    windows: dict[int, MaintenanceWindow] = field(default_factory=dict)
    entries: list[Draft] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    """The subjects of alarms that called for somebody, each time anew."""

    def _utc_s(self, at_s: float) -> float:
        return super()._utc_s(at_s) + self.begins_s

    def _tell(self, effects: Effects, now_s: float) -> None:
        super()._tell(effects, now_s)
        self.states |= effects.states
        self.windows |= effects.maintenance
        self.entries += effects.entries
        for number, alarm in effects.alarms.items():
            before = self.alarms.get(number)
            if alarm.annunciated and not (before is not None and before.annunciated):
                self.called.append(alarm.subject)
            self.alarms[number] = alarm

    def begin(self) -> list[str]:
        """Begin the engine; return what it told."""
        before = len(self.told)
        self._tell(self.monitor.begin(self._utc_s(0.0)), 0.0)
        return self.told[before:]

    def said(self) -> list[str]:
        """What was told, without the seconds."""
        return [line.split(" ", 1)[1] for line in self.told]

    def restarted(self, letters: dict[str, str], begins_s: float) -> Kept:
        """Return the story as another engine goes on with it, with what was committed."""
        monitor = Monitor(
            site_of(list(letters)),
            {"icmp": True},
            START_UTC_S + begins_s,
            states=list(self.states.values()),
            alarms=[alarm for alarm in self.alarms.values() if not alarm.ended],
            next_alarm_number=max(self.alarms, default=0) + 1,
            windows=list(self.windows.values()),
            next_window_number=max(self.windows, default=0) + 1,
        )
        return Kept(
            monitor,
            letters,
            begins_s=begins_s,
            alarms=dict(self.alarms),
            windows=dict(self.windows),
            states=dict(self.states),
        )


def window(plan: Plan, *targets: str, number: int = 1, groups: Iterable[str] = ()) -> MaintenanceWindow:
    """A window about endpoints, planned at the start."""
    return MaintenanceWindow(
        number, "Radio", "New radio", "anna", START_UTC_S, targets, tuple(groups), "Europe/Berlin", plan
    )


def one_off(since_s: float, until_s: float, *targets: str, number: int = 1) -> MaintenanceWindow:
    """A one-off one, by the seconds of the story."""
    return window(OneOff(START_UTC_S + since_s, START_UTC_S + until_s), *targets, number=number)


def flexible(since_s: float, until_s: float, length_s: float, *targets: str) -> MaintenanceWindow:
    """A flexible one, by the seconds of the story."""
    return window(Flexible(START_UTC_S + since_s, START_UTC_S + until_s, length_s), *targets)


def story(
    letters: dict[str, str],
    *windows: MaintenanceWindow,
    run_s: float,
    steps: dict[float, float] | None = None,
) -> Kept:
    """So many seconds of a story with windows that were planned before it began."""
    monitor = Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S)
    world = Kept(monitor, letters, clock_steps=steps or {})
    world.begin()
    for each in windows:
        world.do(0.0, partial(monitor.maintenance.plan, each))
    world.told.clear()
    world.entries.clear()
    world.run(run_s)
    return world


def ended(world: Kept) -> Draft:
    """The last entry of an end."""
    return [entry for entry in world.entries if entry.kind is LogKind.MAINTENANCE_ENDED][-1]


def test_in_a_window_nobody_is_called_and_what_is_not_back_calls_at_its_end() -> None:
    """An overrun: down in the window, still down at its end, and named there."""
    letters = {"mast": "RRRRTTTTTTTTTTTTTT", "port": "R................."}
    world = story(letters, one_off(2, 14, "mast"), run_s=13)
    assert world.called == []
    assert world.states["mast"].condition is Condition.MAINTENANCE
    assert world.states["mast"].reason == "maintenance:1"
    (alarm,) = world.monitor.alarms.alarms()
    assert (alarm.out_of_service, alarm.active) == ("maintenance:1", True)
    world = story(letters, one_off(2, 14, "mast"), run_s=18)
    assert world.called == ["mast"]
    assert world.states["mast"].reason == "deadline"
    assert ended(world).facts["not_back_ids"] == "mast"
    assert (world.windows[1].not_back, world.windows[1].not_back_ids) == (1, ("mast",))
    assert world.monitor.maintenance.window(1) == world.windows[1]
    assert world.said()[-3:] == ["mast down", "mast alarm_in_service down", "engine maintenance_ended"]


def test_what_is_back_before_the_end_never_called() -> None:
    """Down and up again within: nothing is left of it but the record."""
    letters = {"mast": "RRRRTTTTTTRRRRRRRRRR", "port": "R..................."}
    world = story(letters, one_off(2, 17, "mast"), run_s=20)
    assert world.called == []
    assert world.monitor.alarms.alarms() == []
    assert world.states["mast"].condition is Condition.UP
    assert ended(world).facts["not_back"] == world.windows[1].not_back == 0
    conditions = [line for line in world.said() if line in ("mast maintenance", "mast down", "mast up")]
    assert conditions == ["mast maintenance", "mast up"]


def test_the_time_in_a_window_counts_as_maintenance() -> None:
    """By the entries of the log alone, whatever went on in it."""
    letters = {"mast": "RRRRTTTTTTTTTTTTTTTT", "port": "R..................."}
    world = story(letters, one_off(2, 12, "mast"), run_s=20)
    chain = Chain()
    entries = [chain.append(draft) for draft in world.entries]
    end_utc_s = START_UTC_S + 20
    spans = condition_spans(entries, (), "mast", world.states["mast"], START_UTC_S, end_utc_s)
    found = availability_of(spans, START_UTC_S, end_utc_s)
    assert found.time_s(Spent.MAINTENANCE) == pytest.approx(10, abs=0.6)
    assert found.time_s(Spent.DOWN) == pytest.approx(8, abs=0.6)


def test_an_alarm_that_called_before_is_put_away_and_calls_again() -> None:
    """It was down before the window began; its entry tells the window as the reason."""
    letters = {"mast": "RTTTTTTTTTTTTTTTTTTT", "port": "R..................."}
    world = story(letters, one_off(8, 14, "mast"), run_s=12)
    assert world.called == ["mast"]
    assert not world.alarms[1].annunciated
    world = story(letters, one_off(8, 14, "mast"), run_s=20)
    assert world.called == ["mast", "mast"]


def test_a_flexible_window_begins_with_the_failure_before_anybody_is_called() -> None:
    """From the first loss on, for its length; then it calls."""
    letters = {"mast": "RRRRRRTTTTTTTTTTTTTTTTTT", "port": "R......................."}
    assert story(letters, flexible(2, 23, 10, "mast"), run_s=5).told == []
    world = story(letters, flexible(2, 23, 10, "mast"), run_s=15)
    assert world.called == []
    assert world.states["mast"].since_utc_s == pytest.approx(START_UTC_S + 6.5)
    kinds = ["mast down", "engine maintenance_begun", "mast maintenance", "mast alarm_out_of_service down"]
    assert world.said() == kinds
    world = story(letters, flexible(2, 23, 10, "mast"), run_s=24)
    assert world.called == ["mast"]
    ends_s = next(float(line.split()[0]) for line in world.told if line.endswith("maintenance_ended"))
    assert ends_s == pytest.approx(16.5, abs=0.6)


def test_a_flexible_window_is_not_begun_by_what_was_down_before() -> None:
    """That is no planned failure, and has its alarm."""
    letters = {"mast": "RTTTTTTTTTTTTTTTTTTT", "port": "R..................."}
    world = story(letters, flexible(10, 20, 5, "mast"), run_s=20)
    assert world.called == ["mast"]
    assert "engine maintenance_begun" not in world.said()


def test_a_restart_in_the_middle_changes_nothing() -> None:
    """Nothing is told again, nobody is called, and the end comes as planned."""
    letters = {"mast": "RRRRTTTTTTTT", "port": "R..........."}
    world = story(letters, one_off(2, 30, "mast"), run_s=12)
    again = world.restarted({"mast": "TTTTTTTTTTTTTTT", "port": "R.............."}, 20.0)
    assert again.begin() == []
    assert again.states["mast"] == world.states["mast"]
    again.run(8)
    assert again.told == []
    assert again.states["mast"].condition is Condition.MAINTENANCE
    again = world.restarted({"mast": "TTTTTTTTTTTTTTT", "port": "R.............."}, 20.0)
    again.begin()
    again.run(15)
    assert again.called == ["mast"]
    assert again.said()[-1] == "engine maintenance_ended"


def test_what_ended_while_no_engine_ran_is_told_when_one_runs() -> None:
    """The end is told late, and what is still down calls."""
    letters = {"mast": "RRRRTTTTTTTT", "port": "R..........."}
    world = story(letters, one_off(2, 15, "mast"), run_s=12)
    again = world.restarted({"mast": "TTTTTTTT", "port": "R......."}, 100.0)
    again.begin()
    again.run(8)
    assert "engine maintenance_ended" in again.said()
    assert "mast" in again.called
    assert again.states["mast"].condition is Condition.DOWN


def test_a_window_that_passed_while_no_engine_ran_is_passed_over() -> None:
    """Nothing began, and so nothing ended."""
    world = story({"mast": "RRRR", "port": "R..."}, one_off(10, 20, "mast"), run_s=4)
    again = world.restarted({"mast": "RRRR", "port": "R..."}, 100.0)
    again.begin()
    again.run(4)
    assert "engine maintenance_begun" not in again.said()


def test_a_clock_that_is_set_over_the_end_ends_it_and_set_back_begins_it_again() -> None:
    """The wall clock is what was planned by."""
    letters = {"mast": "R.......................", "port": "R......................."}
    forth = story(letters, one_off(4, 20, "mast"), steps={8.0: 3600.0}, run_s=10)
    assert [line for line in forth.said() if "maintenance" in line] == [
        "engine maintenance_begun",
        "mast maintenance",
        "engine maintenance_ended",
    ]
    back = story(letters, one_off(4, 20, "mast"), steps={8.0: -6.0, 16.0: -10.0}, run_s=24)
    assert back.said().count("engine maintenance_begun") == 3
    assert back.states["mast"].condition is Condition.MAINTENANCE


def test_a_flexible_window_lasts_its_length_over_a_clock_that_is_set() -> None:
    """Its length is exact seconds of life."""
    letters = {"mast": "RRRRTTTTTTTTTTTTTTTTTTTTTTTT", "port": "R..........................."}
    world = story(letters, flexible(2, 86_400, 12, "mast"), steps={10.0: 3600.0}, run_s=28)
    ends_s = next(float(line.split()[0]) for line in world.told if line.endswith("maintenance_ended"))
    assert ends_s == pytest.approx(16.5, abs=0.8)


def test_an_early_end_calls_at_once_and_names_who_ended_it() -> None:
    """The next one of a recurring window comes all the same; cancelled, none does."""
    start = local_of(START_UTC_S, zone_of("Europe/Berlin")).replace(second=0)
    daily = window(Recurring(start, 3600.0, "FREQ=DAILY"), "mast")
    world = story({"mast": "RRRRTTTTTTTTTTTT", "port": "R..............."}, daily, run_s=12)
    keeper = world.monitor.maintenance
    assert world.states["mast"].condition is Condition.MAINTENANCE
    world.do(12.0, lambda now: _effects(keeper.end(1, "bert", "done", now, cancel=False)))
    assert world.called == ["mast"]
    assert (ended(world).operator, ended(world).facts["early"], ended(world).facts["note"]) == (
        *("bert", True),
        "done",
    )
    assert keeper.end(1, "bert", "", START_UTC_S + 13, cancel=False) == "not_in_force"
    assert not isinstance(keeper.end(1, "bert", "", START_UTC_S + 13, cancel=True), str)
    assert keeper.end(1, "bert", "", START_UTC_S + 14, cancel=True) == "window_over"
    assert keeper.end(7, "bert", "", START_UTC_S + 14, cancel=True) == "no_such_window"


def test_from_one_window_an_endpoint_passes_into_another() -> None:
    """It is in maintenance all the time, and nobody is called in between."""
    windows = (one_off(2, 10, "mast"), one_off(8, 16, "mast", "port", number=2))
    letters = {"mast": "RRRRTTTTTTTTTTTTTTTT", "port": "R..................."}
    world = story(letters, *windows, run_s=14)
    assert world.called == []
    assert world.said().count("mast maintenance") == 1
    assert world.states["mast"].reason == "maintenance:2"
    assert ended(world).facts["not_back"] == 0
    assert story(letters, *windows, run_s=20).called == ["mast"]


def grouped(*members: str) -> Site:
    """A room whose endpoints are in a duct, as far as they are named."""
    site = site_of(["mast", "modem", "port"])
    endpoints = tuple(
        each.model_copy(update={"risk_groups": ("duct",)}) if each.id in members else each
        for each in site.endpoints
    )
    return site.model_copy(
        update={"endpoints": endpoints, "risk_groups": (RiskGroup(id="duct", name="Duct", kind="duct"),)}
    )


def test_a_window_on_a_risk_group_follows_the_site() -> None:
    """Who joins the group comes in, who leaves it goes out, and who leaves the site is forgotten."""
    monitor = Monitor(grouped("mast"), {"icmp": True}, START_UTC_S)
    monitor.begin(START_UTC_S)
    plan = OneOff(START_UTC_S, START_UTC_S + 3600)
    effects = monitor.maintenance.plan(window(plan, groups=["duct"]), START_UTC_S)
    assert effects.states["mast"].condition is Condition.MAINTENANCE
    effects = monitor.adopt(grouped("modem"), {"icmp": True}, 1.0, START_UTC_S + 1)
    assert effects.states["modem"].condition is Condition.MAINTENANCE
    assert effects.states["mast"].condition is Condition.UNKNOWN
    effects = monitor.adopt(site_of(["mast", "port"]), {"icmp": True}, 2.0, START_UTC_S + 2)
    assert effects.states["modem"].reason == "site_changed"
    assert not monitor.maintenance.covers("modem")


def _effects(done: Effects | str) -> Effects:
    assert isinstance(done, Effects)
    return done


# -- acts --


def answered(monitor: Monitor, kind: ActKind, **more: object) -> str:
    """Have an act taken at 60 s; return how it was refused, empty where it was not."""
    taken = acts.take(act(kind, **more), monitor, START_UTC_S + 60, started_utc_s=0.0)
    return taken.answer.answer


@pytest.fixture
def room() -> Monitor:
    """A room that is watched."""
    monitor = Monitor(grouped("mast"), {"icmp": True}, START_UTC_S)
    monitor.begin(START_UTC_S)
    return monitor


def test_a_plan_comes_by_an_act(room: Monitor) -> None:
    """With its number, who planned it and why."""
    details = flat_plan(one_off(100, 200, "mast"))
    taken = acts.take(
        act(ActKind.PLAN_MAINTENANCE, details=details, note="New radio"), room, START_UTC_S, started_utc_s=0.0
    )
    assert taken.answer.accepted
    (planned,) = taken.effects.maintenance.values()
    assert planned == replace(one_off(100, 200, "mast"), planned_by=taken.answer.act.operator)
    assert taken.effects.entries[0].kind is LogKind.MAINTENANCE_PLANNED
    assert answered(room, ActKind.END_MAINTENANCE, details={"window": 1, "cancel": True}) == ""


@pytest.mark.parametrize(
    ("planned", "note", "answer"),
    [
        (one_off(100, 200, "mast"), "", "plan_no_reason"),
        (one_off(100, 200, "roof"), "x", "plan_no_such_target"),
        (window(OneOff(START_UTC_S, START_UTC_S + 99), groups=["mast"]), "x", "plan_no_such_target"),
        (one_off(10, 20, "mast"), "x", "plan_over_already"),
        (flexible(100, 200, 300, "mast"), "x", "plan_longer_than_its_room"),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(
    room: Monitor, planned: MaintenanceWindow, note: str, answer: str
) -> None:
    """By the rule's code; nothing is kept of it."""
    assert answered(room, ActKind.PLAN_MAINTENANCE, details=flat_plan(planned), note=note) == answer
    assert room.maintenance.window(1) is None


@pytest.mark.parametrize("details", [{}, {"kind": "one_off"}, {"title": 7, "endpoints": True, "kind": "x"}])
def test_what_is_no_plan_is_refused(room: Monitor, details: dict[str, object]) -> None:
    """However little of it there is."""
    assert answered(room, ActKind.PLAN_MAINTENANCE, details=details, note="x").startswith("plan_")


def test_only_so_many_windows_are_ahead(room: Monitor) -> None:
    """What is over or cancelled frees its place."""
    details = flat_plan(one_off(100, 200, "mast"))
    for _ in range(MOST_AHEAD):
        assert answered(room, ActKind.PLAN_MAINTENANCE, details=details, note="x") == ""
    assert answered(room, ActKind.PLAN_MAINTENANCE, details=details, note="x") == "too_many_windows"
    assert answered(room, ActKind.END_MAINTENANCE, details={"window": 5, "cancel": True}) == ""
    assert answered(room, ActKind.PLAN_MAINTENANCE, details=details, note="x") == ""


def test_down_time_is_counted_as_maintenance_by_an_act(room: Monitor) -> None:
    """Of an endpoint that there is, with a reason, and only what is past."""
    span = {"from_utc_s": START_UTC_S, "until_utc_s": START_UTC_S + 30}
    good = act(ActKind.RECLASSIFY, subject="mast", details=span, note="Power work")
    taken = acts.take(good, room, START_UTC_S + 60, started_utc_s=0.0)
    (entry,) = taken.effects.entries
    assert (entry.kind, entry.subject, entry.facts) == (
        *(LogKind.DOWNTIME_RECLASSIFIED, "mast"),
        {**span, "note": "Power work"},
    )
    assert answered(room, ActKind.RECLASSIFY, subject="roof", details=span, note="x") == "no_such_endpoint"
    assert answered(room, ActKind.RECLASSIFY, subject="mast", details=span) == "needs_reason"
    ahead = {**span, "until_utc_s": START_UTC_S + 61}
    assert answered(room, ActKind.RECLASSIFY, subject="mast", details=ahead, note="x") == "not_past"
    assert answered(room, ActKind.RECLASSIFY, subject="mast", details={}, note="x") == "plan_bad_time"
    for role in ("watch", "act"):
        refused = answered(room, ActKind.RECLASSIFY, subject="mast", details=span, note="x", role=role)
        assert refused == "not_permitted"
