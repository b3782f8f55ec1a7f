"""The answer to "may I take this down?": it agrees with the tiles and with the alarms that would come."""

from __future__ import annotations

import pytest

from controlroom.report.may_it_words import may_it_words
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import ServiceState
from controlroom.resilience.what_if import WhatIf, what_if
from tests.controlroom.resilience.rooms import room, service

SITE = room(
    ["a", "b", "c"],
    [service("calls", {"North": ["a"], "South": ["b"], "Satellite": ["c"]})],
    {"duct": ["a", "b"]},
)


@pytest.mark.parametrize(
    ("failed", "supposed", "answer"),
    [
        ((), (), "Tick what you want to try."),
        (
            (),
            ("a",),
            "Yes: no service comes nearer to loss without A, but Calls would have less left.",
        ),
        ((), ("c",), "Only with care: without C one more failure loses Calls."),
        (("c",), ("group:duct",), "No: without GROUP:DUCT Calls would be lost."),
        ((), ("a", "b"), "Only with care: without these 2 one more failure loses Calls."),
    ],
)
def test_may_i_take_it_down_is_answered_in_one_sentence(
    failed: tuple[str, ...], supposed: tuple[str, ...], answer: str
) -> None:
    """What would be lost, else the last leg, else that nothing comes nearer."""
    found = what_if(Resilience(SITE), Observed(failed=frozenset(failed)), supposed)
    told = may_it_words(
        [each.upper() for each in supposed],
        list(found.before.values()),
        list(found.after.values()),
        lambda _id: "Calls",
    )
    assert told == answer


def test_a_doubt_is_no_yes() -> None:
    """Where what is unknown decides, the answer says so."""
    unknown = Observed(unknown=frozenset({"c"}))
    found = what_if(Resilience(SITE), unknown, ("group:duct",))
    told = may_it_words(["Duct"], [found.before["calls"]], [found.after["calls"]], lambda _id: "Calls")
    assert told == "Better not: without Duct Calls may be lost, because something is unknown."


CORE = room(
    ["core", "a", "b"], [service("calls", {"North": ["core", "a"], "South": ["core", "b"]})], {"duct": ["a"]}
)


def answer(found: WhatIf, *names: str) -> str:
    """What is answered in a room with one service, the components named by their ids in capitals."""
    down = [each.upper() for each in names if found.down_already(CORE, each)]
    told = [each.upper() for each in names]
    before, after = [found.before["calls"]], [found.after["calls"]]
    return may_it_words(told, before, after, lambda _id: "Calls", str.upper, down)


def test_a_further_single_point_is_no_yes() -> None:
    """Where the margin was one already the tile goes to *at risk*, and the answer says by what."""
    found = what_if(Resilience(CORE), Observed(), ("a",))
    assert (found.before["calls"].state, found.after["calls"].state) == (
        ServiceState.WORKING,
        ServiceState.AT_RISK,
    )
    assert answer(found, "a") == "Only with care: Calls would be one failure from loss by more than now: B."


def test_what_is_no_longer_good_enough_is_no_yes() -> None:
    """It would not be lost, and it would not do either."""
    found = what_if(Resilience(SITE), Observed(poor=frozenset("bc")), ("a",))
    told = may_it_words(["A"], [found.before["calls"]], [found.after["calls"]], lambda _id: "Calls")
    assert found.after["calls"].state is ServiceState.DEGRADED
    assert told == "Only with care: without A too little of Calls would be good enough."


def test_what_is_down_already_is_said_to_be() -> None:
    """Alone it changes nothing; beside others it is no reason. A group is down when all of it is."""
    down = Observed(failed=frozenset({"a"}))
    assert answer(what_if(Resilience(CORE), down, ("a",)), "a") == "A is down already: nothing would change."
    assert answer(what_if(Resilience(CORE), down, (), ("a",)), "a").startswith("A is down already")
    assert (
        answer(what_if(Resilience(CORE), down, ("a", "b")), "a", "b")
        == "No: without B Calls would be lost. A is down already."
    )
    assert "GROUP:DUCT is down already" in answer(
        what_if(Resilience(CORE), down, ("group:duct",)), "group:duct"
    )
