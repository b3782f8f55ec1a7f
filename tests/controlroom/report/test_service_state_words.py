"""How services stand, in words: what a person at three in the morning has to read right."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.report import service_state_words as words
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import Margin, NextToFail, ServiceState, Standing
from tests.controlroom.resilience.rooms import room, service

SITE = room(
    ["a", "b", "c"],
    [service("calls", {"North": ["a"], "South": ["b"], "Satellite": ["c"]})],
    {"duct": ["a", "b"]},
)


def seen(*, failed: str = "", unknown: str = "", planned: str = "", poor: str = "") -> Standing:
    """How the one service stands where these endpoints, each a letter, are so."""
    known = Observed(frozenset(failed), frozenset(unknown), frozenset(planned), frozenset(poor))
    return Resilience(SITE).look(known)["calls"]


@pytest.mark.parametrize(
    ("margin", "number"), [(Margin(2, 2), "2"), (Margin(0, 1), "0–1"), (Margin(4, 4, exact=False), "4+")]
)
def test_a_margin_is_told_in_few_signs(margin: Margin, number: str) -> None:
    """A range where something is unknown, and no more than is known where a structure is too large."""
    assert words.margin_number(margin) == number


def test_what_the_number_counts_is_said_beside_it() -> None:
    """And a lost service is not told as nought failures from loss."""
    assert words.margin_short(seen()) == "failures from loss"
    assert words.margin_short(seen(failed="ca")) == "failure from loss"
    assert words.margin_short(seen(failed="abc")) == "lost"
    assert words.margin_sentence(seen()) == "2 more failures lose it."
    assert words.margin_sentence(seen(failed="c")) == "1 more failure loses it."


def test_a_structure_too_large_is_told_with_how_far_it_was_looked_through() -> None:
    """No more is claimed than is known."""
    large = replace(seen(), margin=Margin(2, 2, exact=False))
    assert words.margin_sentence(large) == (
        "At least 2 more failures lose it. The structure is too large for an exact answer; "
        "it was looked through up to 1 failure."
    )
    larger = replace(seen(), margin=Margin(4, 4, exact=False))
    assert words.margin_sentence(larger).endswith("it was looked through up to 3 failures.")
    doubtful = replace(seen(), margin=Margin(1, 2, exact=False))
    assert words.margin_sentence(doubtful).endswith("The structure is too large for an exact answer.")


def test_what_only_maintenance_takes_is_not_called_lost() -> None:
    """Nothing has failed; it rests on what nobody may rely on."""
    standing = seen(planned="abc")
    assert standing.state is ServiceState.AT_RISK
    assert words.margin_short(standing) == "rests on maintenance"
    assert "rests on what is in maintenance" in words.margin_sentence(standing)


def test_the_unknown_is_told_as_best_and_worst() -> None:
    """And nothing is said of it where all is known."""
    standing = seen(failed="a", unknown="b")
    best, worst = "At best: 2 more failures lose it.", "At worst: 1 more failure loses it."
    assert words.best_and_worst(standing) == f"{best} {worst}"
    assert words.best_and_worst(seen(failed="a")) == ""
    assert words.best_and_worst(seen(unknown="abc")).endswith("At worst: lost.")


def test_the_worst_leg_is_told_first_with_its_cause() -> None:
    """And how many more are not well."""
    standing = seen(failed="b", poor="a")
    assert words.wrong_words(standing, str.upper) == "South lost: B; 1 more not well"
    assert words.short_words(standing, str.upper) == "South lost, 1 more"
    assert words.fewest_words(standing, str.upper) == "1 path lost"
    assert words.least_words(standing, str.upper) == "1 lost"
    assert words.least_words(seen(unknown="ab"), str.upper) == "2 unknown"
    assert words.wrong_words(seen(), str.upper) == "All well"


def test_a_single_point_of_failure_is_named() -> None:
    """One by its name, several by their number; something that is wrong goes before."""
    one = replace(seen(), single=("a",))
    assert words.wrong_words(one, str.upper) == "Single point of failure: A"
    assert words.wrong_words(replace(one, single=("a", "b")), str.upper) == "2 single points of failure"
    assert words.short_words(replace(one, single=("a", "b")), str.upper) == "Any of 2 loses it"
    wrong = seen(failed="a")
    assert words.wrong_words(replace(wrong, single=("a",)), str.upper) == "North lost: A"


def test_what_is_next_to_fail_is_listed_and_the_rest_counted() -> None:
    """Twelve lines, and how many more."""
    sets = tuple((f"a{place}", "b") for place in range(14))
    lines = words.next_lines(NextToFail(sets, more=5), str)
    assert lines[0] == "a0 and b"
    assert (len(lines), lines[-1]) == (13, "and 7 more")


def test_quality_is_told_only_where_it_says_something_of_its_own() -> None:
    """Where too little is good enough, that goes before any number."""
    assert words.quality_sentence(seen()) == ""
    assert words.quality_sentence(seen(poor="abc")).startswith("It works, but not enough")
    assert words.quality_sentence(seen(poor="c")) == "1 more failure leaves too little that is good enough."
