"""Diagrams against textbooks, published trees and every case counted out."""

from __future__ import annotations

import gc
import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.resilience.bdd_of import TooLargeError, bdd_of
from controlroom.resilience.cut_family import EveryCut
from controlroom.resilience.diagram import Diagram
from controlroom.resilience.expression import AtLeast, Expression, Fails, all_of, any_of, components
from tests.controlroom.resilience.systems import (
    bridge,
    common_cause,
    counted_cuts,
    counted_probability,
    european_1,
    expressions,
    pressure_tank,
    two_of_three,
)

EUROPEAN_1_SIZES = {2: 1, 3: 1, 4: 70, 5: 400, 6: 2212, 7: 14748, 8: 8460, 9: 10624, 10: 6600, 11: 3072}


def cuts(expression: Expression) -> set[frozenset[str]]:
    """All minimal cut sets by the diagram."""
    return {frozenset(found) for found in EveryCut(expression).sets()}


def test_the_bridge() -> None:
    """Four cut sets; with components that work nine times in ten it works 97.848 % of the time."""
    diagram = Diagram.of(bridge())
    assert cuts(bridge()) == set(map(frozenset, ("ab", "de", "ace", "bcd")))
    assert diagram.probability(dict.fromkeys("abcde", 0.1)) == pytest.approx(1 - 0.97848)
    assert diagram.margin(()) == 2
    assert set(map(frozenset, diagram.least_cuts((), 9).sets)) == {frozenset("ab"), frozenset("de")}
    assert diagram.margin(("a", "c")) == 1
    assert set(diagram.least_cuts(("a", "c"), 9).sets) == {("b",), ("e",)}
    assert diagram.margin(("a", "b")) == 0


def test_the_importance_of_the_cross_of_a_bridge() -> None:
    """The derivative by it: (p1 p5 q2 q4 + p2 p4 q1 q5) with p = 0.9, and all that follows."""
    found = Diagram.of(bridge()).importances(dict.fromkeys("abcde", 0.1))["c"]
    assert found.birnbaum == pytest.approx(2 * 0.9**2 * 0.1**2)
    assert found.fussell_vesely == pytest.approx(0.1 * 0.0162 / 0.02152)
    assert found.risk_achievement == pytest.approx((0.02152 + 0.9 * 0.0162) / 0.02152)


def test_two_of_three() -> None:
    """3 q² - 2 q³."""
    diagram = Diagram.of(two_of_three())
    assert diagram.probability(dict.fromkeys("abc", 0.1)) == pytest.approx(0.028)
    assert EveryCut(two_of_three()).counts() == {2: 3}


def test_a_common_cause_undoes_what_two_in_parallel_are_worth() -> None:
    """Independent they would be lost one time in 10,000; with the shared risk ten times as often."""
    chances = {"a": 0.01, "b": 0.01, "shared": 0.001}
    diagram = Diagram.of(common_cause())
    assert diagram.probability(chances) == pytest.approx(0.001 + 0.999 * 0.01**2)
    assert diagram.margin(()) == 1
    assert diagram.least_cuts((), 9).sets == (("shared",),)
    assert diagram.importances(chances)["shared"].fussell_vesely > 0.9


def test_the_pressure_tank() -> None:
    """The cut sets of the handbook, and the sum that it tells of them."""
    assert cuts(pressure_tank()) == {
        frozenset({"T"}),
        frozenset({"K2"}),
        frozenset({"S", "S1"}),
        frozenset({"S", "K1"}),
        frozenset({"S", "R"}),
    }
    chances = {"T": 5e-6, "K2": 3e-5, "S": 1e-4, "S1": 3e-5, "K1": 3e-5, "R": 1e-4}
    assert Diagram.of(pressure_tank()).probability(chances) == pytest.approx(3.5e-5, rel=2e-3)


def test_european_1_has_46188_cut_sets() -> None:
    """By their sizes; that they are 46,188 is published."""
    counts = EveryCut(european_1()).counts()
    assert sum(counts.values()) == 46_188
    assert counts == EUROPEAN_1_SIZES


def test_what_would_be_too_large_is_refused_before_memory_is_gone() -> None:
    """Each pair of thirty-two, which no order of variables makes small."""
    leaves = [Fails(f"c{number}") for number in range(40)]
    pairs = [
        any_of([one, other])
        for number, (one, other) in enumerate(itertools.combinations(leaves, 2))
        if number * 7 % 5 < 2
    ]
    with pytest.raises(TooLargeError) as refusal:
        Diagram.of(all_of(pairs), most_nodes=2_000)
    assert refusal.value.code == "structure-too-large"


@settings(deadline=None, max_examples=60)
@given(expressions(), st.data())
def test_it_says_what_counting_every_case_says(expression: Expression, data: st.DataObject) -> None:
    """Cut sets, the least of them after failures, probability, and each importance."""
    names = components(expression)
    failed = data.draw(st.sets(st.sampled_from(names), max_size=4))
    diagram = Diagram.of(expression)
    counted = counted_cuts(expression, sorted(failed))
    least = min(map(len, counted))
    assert cuts(expression) == counted_cuts(expression)
    assert diagram.margin(failed) == least
    found = diagram.least_cuts(failed, 10_000)
    assert {frozenset(each) for each in found.sets} == {each for each in counted if len(each) == least}
    assert len(found.sets) == len(set(found.sets))
    assert found.more == 0
    few = diagram.least_cuts(failed, 2)
    assert len(few.sets) + few.more == len(found.sets)
    chances = {name: data.draw(st.floats(0.001, 0.6)) for name in names}
    whole = counted_probability(expression, chances)
    assert diagram.probability(chances) == pytest.approx(whole)
    sampled = diagram.sampled({name: np.array([0.5, chance]) for name, chance in chances.items()})
    assert sampled[1] == pytest.approx(whole)
    name = data.draw(st.sampled_from(names))
    without = counted_probability(expression, {**chances, name: 0.0})
    with_it = counted_probability(expression, {**chances, name: 1.0})
    told = diagram.importances(chances)[name]
    library = bdd_of(expression)
    assert whole == pytest.approx(library.prob(chances))
    assert told.birnbaum == pytest.approx(library.bmeas(chances).get(name, 0.0), abs=1e-9)
    assert told.birnbaum == pytest.approx(with_it - without, abs=1e-9)
    assert told.fussell_vesely == pytest.approx((whole - without) / whole, abs=1e-9)
    assert told.risk_achievement == pytest.approx(with_it / whole)


@settings(deadline=None, max_examples=60)
@given(expressions(), st.data())
def test_a_further_failure_takes_at_most_one_from_the_margin_and_adds_none(
    expression: Expression, data: st.DataObject
) -> None:
    """Also one that does not matter."""
    names = components(expression)
    failed = data.draw(st.sets(st.sampled_from(names)))
    diagram = Diagram.of(expression)
    before = diagram.margin(failed)
    after = diagram.margin({*failed, data.draw(st.sampled_from(names))})
    assert after <= before <= after + 1


def test_a_diagram_belongs_to_no_thread() -> None:
    """Made in one, asked in another and dropped in a third: nothing of the library is left in it."""
    with ThreadPoolExecutor(1) as maker:
        made = [maker.submit(Diagram.of, bridge()).result()]
    assert made[0].margin(()) == 2
    with ThreadPoolExecutor(1) as dropper:
        dropper.submit(made.clear).result()
    gc.collect()


def test_all_of_many_and_some_of_many_stay_small() -> None:
    """Sixty of a hundred masts."""
    diagram = Diagram.of(AtLeast(41, tuple(Fails(f"m{number}") for number in range(100))))
    assert diagram.margin(()) == 41
    assert len(diagram) < 3_000
