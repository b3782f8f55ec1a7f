"""Operators' acts, each with its answer and its entries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.engine import acts
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import DESK_CLOSED, Act, ActKind
from controlroom.logbook.entry import Fact, LogKind
from controlroom.operators.change import ChangeKind, RosterChange, change_text
from controlroom.store.interface import TakenAct
from tests.stories.world import START_UTC_S, World, site_of


@pytest.fixture
def monitor() -> Monitor:
    """A room with one mast down and one alarm."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTTTT", "port": "RRRRRRRRR"}).run(9)
    return monitor


def act(kind: ActKind, **more: object) -> TakenAct:
    """Make an act as the inbox hands it in."""
    fields: dict[str, object] = {"id": "a1", "kind": kind, "at_utc_s": 1.0, "operator": "ann", **more}
    return TakenAct(Act(**fields), "desk", 10)  # type: ignore[arg-type] # the fields are the test's own


def test_acknowledging_with_a_note(monitor: Monitor) -> None:
    """One entry, with the operator and the words."""
    taken = acts.take(
        act(ActKind.ACKNOWLEDGE, alarm_number=1, note="carrier called"), monitor, 5.0, started_utc_s=0.0
    )
    assert taken.answer.accepted
    assert [(e.kind, e.operator, e.facts["note"]) for e in taken.effects.entries] == [
        (LogKind.ALARM_ACKNOWLEDGED, "ann", "carrier called")
    ]


def test_acknowledging_twice_keeps_the_words(monitor: Monitor) -> None:
    """The second time changes nothing, but what was written is not lost."""
    acts.take(act(ActKind.ACKNOWLEDGE, alarm_number=1), monitor, 5.0, started_utc_s=0.0)
    again = acts.take(
        act(ActKind.ACKNOWLEDGE, alarm_number=1, note="me too"), monitor, 6.0, started_utc_s=0.0
    )
    assert again.answer.accepted
    assert not again.effects.alarms
    assert [(e.kind, e.subject, e.facts) for e in again.effects.entries] == [
        (LogKind.NOTE, "mast", {"note": "me too", "alarm": 1})
    ]


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (act(ActKind.ACKNOWLEDGE, alarm_number=7), "no_such_alarm"),
        (act(ActKind.ACKNOWLEDGE), "no_such_alarm"),
        (act(ActKind.NOTE, note="  "), "empty_note"),
        (act(ActKind.NOTE, note="x", subject="nowhere"), "no_such_endpoint"),
        (act(ActKind.NOTE, note="x", alarm_number=9), "no_such_alarm"),
        (act(ActKind.NOTE, note="x" * 4001), "note_too_long"),
    ],
)
def test_refusals_are_answered_and_logged(monitor: Monitor, refused: TakenAct, code: str) -> None:
    """A refused act has its reason in the answer and in the log."""
    taken = acts.take(refused, monitor, 5.0, started_utc_s=0.0)
    assert (taken.answer.accepted, taken.answer.answer) == (False, code)
    assert [(e.kind, e.facts["answer"]) for e in taken.effects.entries] == [(LogKind.ACT_REFUSED, code)]


def test_a_note_to_an_endpoint(monitor: Monitor) -> None:
    """A note is one entry about its subject."""
    taken = acts.take(
        act(ActKind.NOTE, note="engineer on site", subject="port"), monitor, 5.0, started_utc_s=0.0
    )
    assert [(e.kind, e.subject) for e in taken.effects.entries] == [(LogKind.NOTE, "port")]


def test_stop_asks_the_engine_to_end(monitor: Monitor) -> None:
    """The act itself changes no alarm."""
    taken = acts.take(act(ActKind.STOP), monitor, 5.0, started_utc_s=0.0)
    assert taken.stop
    assert taken.answer.accepted


def test_stop_means_the_engine_that_ran_then(monitor: Monitor) -> None:
    """Left over from before this engine started it is refused, and this engine goes on."""
    taken = acts.take(act(ActKind.STOP, at_utc_s=99.9), monitor, 101.0, started_utc_s=100.0)
    assert not taken.stop
    assert (taken.answer.accepted, taken.answer.answer) == (False, "already_stopped")
    (entry,) = taken.effects.entries
    assert (entry.kind, entry.operator) == (LogKind.ACT_REFUSED, "ann")


def test_a_run_of_odd_lines_is_one_entry_with_its_count(monitor: Monitor) -> None:
    """What the inbox refused as one is told as one."""
    odd = replace(act(ActKind.NOTE, operator=""), accepted=False, answer="malformed", lines=7)
    (entry,) = acts.take(odd, monitor, 5.0, started_utc_s=0.0).effects.entries
    assert {key: entry.facts[key] for key in ("answer", "lines")} == {"answer": "malformed", "lines": 7}


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (ActKind.ACKNOWLEDGE, "act"),
        (ActKind.NOTE, "act"),
        (ActKind.STOP, "configure"),
        (ActKind.RELOAD, "configure"),
        (ActKind.CHANGE_OPERATORS, "configure"),
    ],
)
def test_an_act_needs_its_role(monitor: Monitor, kind: ActKind, least: str) -> None:
    """Whatever a desk allowed: the engine refuses what the role may not do; an unknown one may nothing."""
    order = ["god", "watch", "act", "configure", ""]
    for role in order:
        put = act(kind, alarm_number=1, note="words", role=role, at_utc_s=4.0)
        taken = acts.take(put, monitor, 5.0, started_utc_s=0.0)
        allowed = order.index(role) >= order.index(least)
        assert (taken.answer.answer != "not_permitted") is allowed, role
        if not allowed:
            assert not taken.stop
            assert not taken.reload
            assert [(e.kind, e.facts["answer"]) for e in taken.effects.entries] == [
                (LogKind.ACT_REFUSED, "not_permitted")
            ]


@pytest.mark.parametrize(
    ("kind", "told"),
    [(ActKind.SIGN_IN, LogKind.SIGNED_IN), (ActKind.SIGN_OUT, LogKind.SIGNED_OUT)],
)
def test_signing_in_and_out_is_told(monitor: Monitor, kind: ActKind, told: LogKind) -> None:
    """With the name and the role; whoever may only watch may do it."""
    taken = acts.take(act(kind, role="watch"), monitor, 5.0, started_utc_s=0.0)
    assert taken.answer.accepted
    assert [(e.kind, e.operator, e.facts) for e in taken.effects.entries] == [
        (told, "ann", {"role": "watch"})
    ]


@pytest.mark.parametrize(
    ("note", "facts"), [(DESK_CLOSED, {"note": DESK_CLOSED}), ("anything else", {}), ("", {})]
)
def test_a_duty_that_ended_with_its_desk_is_told_as_such(
    monitor: Monitor, note: str, facts: dict[str, Fact]
) -> None:
    """Only the one reason that there is; a desk cannot put words of its own there."""
    taken = acts.take(act(ActKind.SIGN_OUT, role="watch", note=note), monitor, 5.0, started_utc_s=0.0)
    (entry,) = taken.effects.entries
    assert entry.facts == {"role": "watch", **facts}


@pytest.mark.parametrize(("note", "heard"), [("heard", True), ("not heard", False), ("", False)])
def test_a_sound_test_is_told_with_its_end(monitor: Monitor, note: str, heard: bool) -> None:
    """Only the one word says that it was heard."""
    put = act(ActKind.SOUND_TEST, role="watch", note=note)
    taken = acts.take(put, monitor, 5.0, started_utc_s=0.0)
    (entry,) = taken.effects.entries
    assert (entry.kind, entry.facts["heard"]) == (LogKind.SOUND_TESTED, heard)


def test_a_changed_list_of_operators_is_told(monitor: Monitor) -> None:
    """Who changed whom and what; what is no change is refused."""
    note = change_text(RosterChange(ChangeKind.ROLE, "Ben", "watch", "act"))
    put = act(ActKind.CHANGE_OPERATORS, role="configure", note=note)
    (entry,) = acts.take(put, monitor, 5.0, started_utc_s=0.0).effects.entries
    assert (entry.kind, entry.operator) == (LogKind.OPERATORS_CHANGED, "ann")
    assert entry.facts == {
        "role": "configure",
        "what": "role",
        "name": "Ben",
        "before": "watch",
        "after": "act",
    }
    odd = act(ActKind.CHANGE_OPERATORS, role="configure", note="made up")
    taken = acts.take(odd, monitor, 5.0, started_utc_s=0.0)
    assert (taken.answer.accepted, taken.answer.answer) == (False, "malformed")
