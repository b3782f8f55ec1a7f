"""Each endpoint's place in every minute, looks beside it, and clocks that are set."""

from __future__ import annotations

from itertools import pairwise

import pytest

from controlroom.engine.assessing_turns import EVERY_S, AssessingTurns, next_turn_s

START_UTC_S = 1_700_000_000.0
NAMES = [f"mast-{number}" for number in range(600)]


def turns_of(*names: str, now_utc_s: float = START_UTC_S) -> AssessingTurns:
    """Turns that begin at a moment."""
    turns = AssessingTurns()
    turns.adopt(names, now_utc_s)
    return turns


def looks(turns: AssessingTurns, since_utc_s: float, until_utc_s: float) -> list[tuple[str, float]]:
    """All looks of a time, taken fifty times a second and one at a time."""
    found = []
    for tick in range(round((until_utc_s - since_utc_s) * 50)):
        taken = turns.next(since_utc_s + tick / 50)
        if taken is not None:
            found.append(taken)
    return found


def test_turns_depend_on_neither_start_nor_place() -> None:
    """An engine that started 17 s later, with others before it in the site, looks at the same moments."""
    early = looks(turns_of("mast", "fne"), START_UTC_S, START_UTC_S + 300)
    begun_s = START_UTC_S + 17.3
    late = looks(turns_of("a", "fne", "b", "mast", now_utc_s=begun_s), begun_s, START_UTC_S + 300)
    wanted = {each for each in early if each[1] > begun_s}
    assert len(wanted) >= 8
    assert wanted <= set(late)
    moments = [at_s for name, at_s in early if name == "mast"]
    assert [after - before for before, after in pairwise(moments)] == [EVERY_S] * 4


def test_turns_are_spread_over_the_minute() -> None:
    """Of six hundred endpoints no second has more than three times its share."""
    seconds = [int(next_turn_s(name, START_UTC_S) % EVERY_S) for name in NAMES]
    assert max(seconds.count(each) for each in range(60)) <= 30
    assert len(set(seconds)) > 50


def test_the_moment_of_a_turn_is_not_its_turn_again() -> None:
    """To the bit, for moments that no binary fraction is."""
    for name in NAMES:
        turn_s = next_turn_s(name, START_UTC_S)
        assert next_turn_s(name, turn_s) == pytest.approx(turn_s + EVERY_S, abs=1e-6)


def test_a_look_beside_leaves_the_turn_where_it_is() -> None:
    """At once counts as of now, and for later as of then; the earliest is taken."""
    turns = turns_of("mast")
    turn_s = next_turn_s("mast", START_UTC_S)
    turns.look_beside("mast")
    assert turns.next(START_UTC_S + 0.5) == ("mast", START_UTC_S + 0.5)
    assert turns.next(START_UTC_S + 0.5) is None
    turns.look_beside("mast", turn_s - 1.0)
    turns.look_beside("mast", turn_s - 0.5)
    turns.look_beside("nobody")
    assert looks(turns, turn_s - 2, turn_s + 2) == [("mast", turn_s - 1.0), ("mast", turn_s)]


def test_a_look_that_comes_much_too_late_counts_as_of_now() -> None:
    """Such as after a stall; what was missed meanwhile is not made up for."""
    turns, late_s = turns_of("mast"), START_UTC_S + 1000.0
    assert turns.next(late_s) == ("mast", late_s)
    assert turns.next(late_s) is None


@pytest.mark.parametrize("step_s", [-3600.0, 3600.0, -30.0, 30.0, 1e6])
def test_a_clock_that_was_set_neither_stalls_nor_floods(step_s: float) -> None:
    """Each has its turn within a minute, and they stay spread."""
    turns = turns_of(*NAMES)
    now_s = START_UTC_S + step_s
    turns.clock_stepped(step_s, now_s)
    found = looks(turns, now_s, now_s + EVERY_S + 0.1)
    assert {name for name, _ in found} == set(NAMES)
    assert sum(1 for _, at_s in found if at_s < now_s + 5.0) < 120


def test_a_clock_that_is_set_all_the_time_stops_nothing() -> None:
    """Back by half a minute each half minute: whose turn would never come has a look at once."""
    never = {name for name in NAMES if next_turn_s(name, START_UTC_S) > START_UTC_S + 30.1}
    assert len(never) > 100
    turns, found = turns_of(*NAMES), set()
    for _ in range(4):
        found |= {name for name, _ in looks(turns, START_UTC_S, START_UTC_S + 30.0)}
        turns.clock_stepped(-30.0, START_UTC_S)
    assert found == set(NAMES)


def test_a_look_for_later_moves_with_the_clock() -> None:
    """It is so many seconds away, whatever the wall shows."""
    turns = turns_of("mast")
    soon_s = min(next_turn_s("mast", START_UTC_S), next_turn_s("mast", START_UTC_S - 600.0) + 600.0)
    wait_s = min(1.0, (soon_s - START_UTC_S) / 2)
    turns.look_beside("mast", START_UTC_S + wait_s)
    turns.clock_stepped(-600.0, START_UTC_S - 600.0)
    assert turns.due_utc_s == pytest.approx(START_UTC_S - 600.0 + wait_s)


def test_who_has_left_the_site_has_no_turn() -> None:
    """And who stays keeps a look that was asked for."""
    turns = turns_of("mast", "fne")
    turns.look_beside("mast")
    turns.look_beside("fne")
    turns.adopt(["fne"], START_UTC_S)
    assert turns.next(START_UTC_S) == ("fne", START_UTC_S)
    assert turns.next(START_UTC_S) is None
