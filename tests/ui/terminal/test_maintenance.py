"""Maintenance by hand: what is typed, what is asked of the engine, and what is printed."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from controlroom.condition.maintenance.flat import planned_of
from controlroom.condition.maintenance.standing import standing_of
from controlroom.condition.maintenance.window import Flexible, MaintenanceWindow, OneOff, Recurring
from controlroom.condition.state import Condition, EndpointState
from controlroom.errors import ControlroomError
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Fact, LogKind
from controlroom.report.maintenance_words import standing_words
from controlroom.site.criticality import Criticality
from controlroom.site.view import SeenNeed, SeenPath, SeenRiskGroup, SeenService
from controlroom.store.interface import Heartbeat, TakenAct
from tests.controlroom.condition.maintenance.windows import utc_s
from tests.controlroom.report.memory_store import reading, view
from tests.controlroom.report.rolled_store import RolledStore
from ui.terminal.acting import Acting
from ui.terminal.arguments import build_parser
from ui.terminal.clocks import Clocks
from ui.terminal.exit_codes import BAD_INPUT, exit_code_of
from ui.terminal.maintenance import run_maintenance

NOW_UTC_S = utc_s("2026-11-27T12:00+01:00")


@dataclass
class Answering(RolledStore):
    """A store whose engine answers each act with an entry, or refuses all with a code."""

    acts: list[Act] = field(default_factory=list)
    refuses: str = ""
    silent: bool = False
    dead: bool = False

    def put(self, act: Act) -> None:
        """Take an act as its inbox."""
        self.acts.append(act)
        if not self.refuses and not self.silent:
            window = act.details.get("window", 1)
            self.tell(LogKind.MAINTENANCE_PLANNED, "engine", NOW_UTC_S, act.operator, window=window)

    def answers(self, act_ids: Sequence[str]) -> Mapping[str, TakenAct]:
        """Answer those that came."""
        known = {} if self.silent else {act.id: act for act in self.acts if act.id in act_ids}
        return {
            key: TakenAct(act, "desk", 1, accepted=not self.refuses, answer=self.refuses)
            for key, act in known.items()
        }


def room() -> Answering:
    """A site of two endpoints and a duct."""
    site = view("mast", "roof").model_copy(
        update={"risk_groups": (SeenRiskGroup(id="duct", name="Mill duct"),)}
    )
    return Answering(site=site)


def acting(store: Answering) -> Acting:
    """Who acts, with a clock that runs while it pauses."""
    passed: list[float] = []
    clocks = Clocks(lambda: NOW_UTC_S, lambda: sum(passed), lambda seconds: passed.append(seconds * 20))
    pid = None if store.dead else 7
    return Acting(store, lambda: store, lambda: pid, "anna", "/data", clocks)


def do(store: Answering, *words: str) -> tuple[int, str]:
    """Run a command: exit code and output."""
    out = io.StringIO()
    chosen = build_parser().parse_args(["maintenance", *words])
    return run_maintenance(chosen, acting(store), out), out.getvalue()


def planned(store: Answering) -> MaintenanceWindow:
    """What the engine makes of the act that was put."""
    (act,) = store.acts
    assert act.kind is ActKind.PLAN_MAINTENANCE
    return planned_of(act.details, 1, act.note, act.operator, NOW_UTC_S)


PLAN = ("plan", "New radio", "--endpoint", "mast", "--reason", "Ticket 7", "--from")


def test_a_one_off_is_planned_by_the_clock_of_the_site() -> None:
    """With a reason, by an end or a length; an offset means a moment."""
    for words in (
        ("2026-11-29T02:30", "--until", "2026-11-29T04:00"),
        ("2026-11-29T02:30", "--length", "1h 30m"),
        ("2026-11-29T01:30Z", "--until", "2026-11-29T03:00Z"),
        ("2026-11-29T02:30", "--until", "2026-11-29T04:00", "--length", "90m"),
    ):
        store = room()
        assert do(store, *PLAN, *words)[0] == 0
        window = planned(store)
        assert window.plan == OneOff(utc_s("2026-11-29T02:30+01:00"), utc_s("2026-11-29T04:00+01:00"))
        assert (window.title, window.reason, window.planned_by) == ("New radio", "Ticket 7", "anna")
        assert (window.endpoint_ids, window.zone_name) == (("mast",), "Europe/Berlin")


def test_a_recurring_one_is_told_back_with_what_the_clock_does_to_it() -> None:
    """The next five times, in the site's zone, though it goes by another."""
    store = room()
    words = ("2027-03-06T02:30", "--length", "2h", "--rrule", "FREQ=WEEKLY;BYDAY=SU", "--group", "duct")
    code, out = do(store, *PLAN, *words)
    assert code == 0
    plan = planned(store).plan
    assert isinstance(plan, Recurring)
    assert (plan.local_start.isoformat(), plan.length_s) == ("2027-03-06T02:30:00", 7200.0)
    assert out.count("Mar 2027") + out.count("Apr 2027") == 5
    assert "28 Mar 2027 03:30 to 05:30  –  the clock leaves 02:30 out that day: it begins at 03:30" in out


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        ("2027-03-28T02:30", "the clock leaves 02:30 out that day: it begins at 03:30."),
        ("2027-10-31T02:30", "the clock goes back by 1 h in it: it ends at 02:30."),
        ("2027-03-28T03:30", ""),
    ],
)
def test_a_one_off_says_what_the_clock_does_to_it(begins: str, said: str) -> None:
    """As a recurring one does; a night like any other needs no word."""
    code, out = do(room(), *PLAN, begins, "--length", "1h")
    assert code == 0
    assert out.partition("Mind the clock of Europe/Berlin: ")[2] == (f"{said}\n" if said else "")


def test_a_flexible_one_has_its_span_and_its_length() -> None:
    """Both are needed."""
    store = room()
    span = ("2026-11-29T00:00", "--until", "2026-11-29T06:00", "--flexible")
    assert do(store, *PLAN, *span, "--length", "30m")[0] == 0
    plan = planned(store).plan
    assert plan == Flexible(utc_s("2026-11-29T00:00+01:00"), utc_s("2026-11-29T06:00+01:00"), 1800.0)
    with pytest.raises(ControlroomError, match="length cannot be read"):
        do(room(), *PLAN, *span)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("soon", "--length", "2h"), "a time in it cannot be read; write it as .* “soon”"),
        (("now", "--length", "two hours"), "length cannot be read"),
        (("now",), r"it needs an end or a length\. Give --until or --length\."),
        (
            ("now", "--flexible", "--length", "1h"),
            r"the time by which it is over.* Give --until and --length\.",
        ),
        (
            ("now", "--until", "2026-11-28T02:00", "--length", "1h", "--flexible", "--rrule", "FREQ=DAILY"),
            r"cannot wait for a failure and come by a rule.*Leave out --flexible or --rrule\.",
        ),
        (("now", "--until", "2026-11-27T19:00", "--length", "1h"), "do not agree.*Leave out --length or"),
        (
            ("now", "--until", "2026-12-31T12:00", "--length", "1h", "--rrule", "FREQ=DAILY"),
            "do not agree.*stands in the rule, as UNTIL=20261231",
        ),
        (("now", "--length", "2h", "--zone", "Europe/Nowhere"), "no such time zone.* “Europe/Nowhere”"),
        (("now", "--length", "2h", "--endpoint", "cellar"), "no such endpoint or risk group.* “cellar”"),
        (("now", "--length", "2h", "--group", "mast"), "no such endpoint or risk group.* “mast”"),
        (("now", "--length", "2h", "--rrule", "each day"), "its rule cannot be read"),
        (("now", "--length", "2h", "--rrule", "FREQ=SECONDLY"), "more often than once an hour"),
        (("2026-11-27T10:00", "--length", "1h"), "over already.*: controlroom maintenance reclassify"),
        (("now\x1b[31m", "--length", "1h"), "cannot be read"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(words: tuple[str, ...], said: str) -> None:
    """And nothing is asked of the engine."""
    store = room()
    with pytest.raises(ControlroomError, match=said) as caught:
        do(store, *PLAN, *words)
    assert exit_code_of(caught.value.code) == BAD_INPUT
    assert "\x1b" not in str(caught.value)
    assert store.acts == []


def test_a_window_is_ended_or_cancelled_by_its_number() -> None:
    """The engine's refusal is told in words, and that it does not answer."""
    store = room()
    assert do(store, "end", "3", "--cancel", "--note", "moved")[0] == 0
    (act,) = store.acts
    assert (act.kind, act.details, act.note) == (
        *(ActKind.END_MAINTENANCE, {"window": 3, "cancel": True}),
        "moved",
    )
    store = room()
    store.refuses = "not_in_force"
    assert do(store, "end", "3") == (
        1,
        "Refused, because the maintenance window is not in force now; it can be cancelled.\n",
    )
    store = room()
    store.silent = True
    code, out = do(store, "end", "3")
    assert code == 1
    assert "has not answered within 15 s" in out
    store.dead = True
    assert "No engine runs on /data" in do(store, "end", "3")[1]


def test_down_time_is_counted_by_the_clock_of_the_site() -> None:
    """From when until when, of whom and why."""
    store = room()
    span = ("--from", "2026-11-27T02:00", "--until", "2026-11-27T03:00Z", "--reason", "Power")
    assert do(store, "reclassify", "mast", *span)[0] == 0
    (act,) = store.acts
    assert (act.kind, act.subject, act.note) == (ActKind.RECLASSIFY, "mast", "Power")
    assert act.details == {
        "from_utc_s": utc_s("2026-11-27T02:00+01:00"),
        "until_utc_s": utc_s("2026-11-27T04:00+01:00"),
    }


def answered(store: Answering, since_utc_s: float, until_utc_s: float) -> None:
    """Let the mast have answered at both ends of a time, with a sign of life at the later."""
    store.readings = [reading("mast", since_utc_s, 0.01), reading("mast", until_utc_s, 0.01)]
    store.beat = Heartbeat(1, until_utc_s, {}, 7)
    store.endpoint_states = [EndpointState("mast", Condition.UP, since_utc_s, "")]


COUNT = (
    "reclassify",
    "mast",
    "--reason",
    "Power",
    "--from",
    "2026-11-27T02:00",
    "--until",
    "2026-11-27T03:00",
)


def test_time_in_which_nothing_was_down_is_not_counted() -> None:
    """The log knows all of it; one outage in it is enough to be asked for."""
    store = room()
    answered(store, utc_s("2026-11-27T00:00+01:00"), NOW_UTC_S)
    with pytest.raises(ControlroomError, match="nothing was down then"):
        do(store, *COUNT)
    assert store.acts == []
    for at, before, after in (("02:10", "up", "down"), ("02:20", "down", "up")):
        since_utc_s = utc_s(f"2026-11-27T{at}+01:00")
        facts: dict[str, Fact] = {"from": before, "to": after, "since_utc_s": since_utc_s}
        store.tell(LogKind.CONDITION_CHANGED, "mast", since_utc_s, "", **facts)
    code, out = do(store, *COUNT)
    assert (code, len(store.acts)) == (0, 1)
    assert "tells of no down time" not in out


def test_time_of_which_nothing_is_known_is_counted_with_a_word() -> None:
    """The log cannot tell, and says so; of an endpoint that there is not, the engine says it."""
    store = room()
    code, out = do(store, *COUNT)
    assert (code, len(store.acts)) == (0, 1)
    assert out.startswith("The log tells of no down time then, but does not know all of that time.\n")
    store = room()
    store.refuses = "no_such_endpoint"
    assert do(store, "reclassify", "cellar", *COUNT[2:])[1].startswith("Refused, because")


def windows() -> list[MaintenanceWindow]:
    """One that is over, one in force, one to come; the site has one target no longer."""

    def one(number: int, since: str, until: str, *targets: str) -> MaintenanceWindow:
        plan = OneOff(utc_s(since), utc_s(until))
        reason = "Nasty \x1b[31m words"
        return MaintenanceWindow(
            number, "Radio", reason, "anna", 0.0, targets, ("duct",), "Europe/Berlin", plan
        )

    return [
        one(1, "2026-11-27T08:00+01:00", "2026-11-27T09:00+01:00", "mast"),
        one(2, "2026-11-28T08:00+01:00", "2026-11-28T09:00+01:00", "gone"),
        one(3, "2026-11-27T11:30+01:00", "2026-11-27T12:30+01:00", "mast"),
    ]


def test_the_list_shows_what_is_in_force_first_and_what_is_over_only_when_asked() -> None:
    """With the time left, names in the place of ids, and nothing that steers a screen."""
    store = room()
    store.windows = windows()
    code, out = do(store, "list")
    assert code == 0
    lines = " ".join(out.split())
    assert lines.index("in force, 30 min left") < lines.index("begins in 20 h")
    assert "Mast, risk group Mill duct" in lines
    assert "over" not in out.splitlines()[-1]
    assert "\x1b" not in out
    assert "over" in do(store, "list", "--all")[1]
    assert do(room(), "list")[1].startswith("No maintenance window")


def test_a_window_that_overran_says_so_and_names_who_was_not_back() -> None:
    """By its name in the list, by its id for programs; not while it is in force again."""
    store = room()
    over, ahead, now = (replace(each, not_back=1, not_back_ids=("mast",)) for each in windows())
    early = replace(over, number=4, ended_by="bert", not_back=3)
    weekly = Recurring(datetime.fromisoformat("2026-11-25T08:00"), 3600.0, "FREQ=WEEKLY")
    store.windows = [over, now, early, replace(ahead, number=5, plan=weekly)]
    out = " ".join(do(store, "list", "--all")[1].split())
    found = json.loads(do(store, "list", "--json", "--all")[1])["windows"]
    assert {(each["not_back"], each["not_back_ids"][0]) for each in found} == {(1, "mast"), (3, "mast")}
    said = [
        standing_words(each, standing_of(each, NOW_UTC_S), NOW_UTC_S, store.site) for each in store.windows
    ]
    assert said == [
        "overran: Mast was not back",
        "in force, 30 min left",
        "ended early by bert: Mast and 2 more were not back",
        "begins in 4 d 20 h; last time Mast was not back",
    ]
    assert "overran: Mast" in out


def test_the_list_as_json_keeps_its_keys() -> None:
    """With what is not known as null."""
    store = room()
    store.windows = windows()
    found = json.loads(do(store, "list", "--json", "--all")[1])
    assert [each["status"] for each in found["windows"]] == ["in_force", "planned", "over"]
    first = found["windows"][0]
    assert (first["begins"], first["next_begins"]) == ("2026-11-27T10:30:00.000+00:00", None)
    assert (first["rrule"], first["cancelled_by"]) == (None, None)
    assert found["site"] == "Leitstelle"


def test_a_window_that_leaves_a_service_on_its_last_leg_is_planned_with_a_warning() -> None:
    """The warning comes first, and says what would lose it."""
    store = room()
    paths = tuple(SeenPath(id=name, name=name, endpoints=(name,)) for name in ("mast", "roof"))
    service = SeenService(
        id="calls",
        name="Calls",
        criticality=Criticality.CRITICAL,
        paths=paths,
        needs=SeenNeed(at_least=1, of=("mast", "roof")),
    )
    assert store.site is not None
    store.site = store.site.model_copy(update={"services": (service,)})
    store.endpoint_states = [EndpointState(name, Condition.UP, 1.0, "none") for name in ("mast", "roof")]
    code, out = do(store, *PLAN, "2026-11-29T02:30", "--length", "90m")
    assert code == 0
    assert out.splitlines()[0].startswith("With this Calls would be one failure from loss: ")
    assert "It may be worse" not in out
    assert planned(store).endpoint_ids == ("mast",)
