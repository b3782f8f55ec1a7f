"""Expectations against closed formulas: series, parallel, two of three, and a common cause."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping

import numpy as np
import pytest

from controlroom.resilience.component_history import ComponentHistory
from controlroom.resilience.component_model import ComponentModel, RepairFrom, Samples
from controlroom.resilience.cut_sets import cut_sets
from controlroom.resilience.diagram import Diagram
from controlroom.resilience.expected import (
    CutSetLoss,
    Expectation,
    at_least_of,
    expectation,
    independent_loss,
)
from controlroom.resilience.expression import AtLeast, Expression, Fails, all_of, any_of

DAY_S = 86_400.0
A, B, C, DUCT = Fails("a"), Fails("b"), Fails("c"), Fails("group:duct")
Q: Mapping[str, float] = {"a": 0.1, "b": 0.2, "c": 0.3, "group:duct": 0.01}


def model(name: str, unavailability: float, samples: Samples | None = None) -> ComponentModel:
    """One that is failed for this share of the time."""
    up_s = 30 * DAY_S
    return ComponentModel(
        history=ComponentHistory(name, up_s=up_s),
        mean_up_s=up_s,
        mean_repair_s=up_s * unavailability / (1 - unavailability),
        repair_from=RepairFrom.OWN,
        samples=np.full(8, unavailability) if samples is None else samples,
    )


def expected(lost: Expression) -> Expectation:
    """What is expected of a service, by the usual numbers."""
    found = expectation(lost, Diagram.of(lost), {name: model(name, chance) for name, chance in Q.items()})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("lost", "loss"),
    [
        (any_of((A, B)), 1 - 0.9 * 0.8),
        (all_of((A, B)), 0.1 * 0.2),
        (AtLeast(2, (A, B, C)), 0.1 * 0.2 + 0.1 * 0.3 + 0.2 * 0.3 - 2 * 0.1 * 0.2 * 0.3),
        (all_of((any_of((A, DUCT)), any_of((B, DUCT)))), 0.01 + 0.99 * 0.1 * 0.2),
    ],
    ids=["series", "parallel", "two-of-three", "common-cause"],
)
def test_loss_is_what_the_formula_says(lost: Expression, loss: float) -> None:
    """Exactly, also where something is shared."""
    assert expected(lost).loss.best == pytest.approx(loss, rel=1e-12)
    assert expected(lost).availability.best == pytest.approx(1 - loss)


def test_the_product_that_assumes_independence_is_too_hopeful_of_a_shared_duct() -> None:
    """It takes the duct for two."""
    found = expected(all_of((any_of((A, DUCT)), any_of((B, DUCT)))))
    assert found.naive_loss == pytest.approx((1 - 0.9 * 0.99) * (1 - 0.8 * 0.99))
    assert found.naive_loss < found.loss.best
    series = expected(any_of((A, B)))
    assert series.naive_loss == pytest.approx(series.loss.best)


def test_what_to_mend_first_is_what_has_the_greatest_share_in_the_loss() -> None:
    """By the closed formulas of the three importances."""
    found = expected(all_of((any_of((A, DUCT)), any_of((B, DUCT)))))
    whole = 0.01 + 0.99 * 0.02
    ranks = {each.component: each for each in found.ranks}
    assert [each.component for each in found.ranks][-1] == "group:duct"
    duct = ranks["group:duct"]
    assert duct.birnbaum.best == pytest.approx(1 - 0.02)
    assert duct.fussell_vesely.best == pytest.approx(1 - 0.02 / whole)
    assert duct.risk_achievement.best == pytest.approx(1 / whole)
    assert ranks["a"].birnbaum.best == pytest.approx(0.99 * 0.2)
    assert ranks["a"].fussell_vesely.best == pytest.approx(1 - 0.01 / whole)
    assert ranks["a"].risk_achievement.best == pytest.approx((0.01 + 0.99 * 0.2) / whole)


def test_intervals_hold_nine_tenths_of_the_samples() -> None:
    """Of a single component the loss is its unavailability, sample by sample."""
    samples = np.linspace(0, 0.1, 101)
    found = expectation(A, Diagram.of(A), {"a": model("a", 0.05, samples)})
    assert found is not None
    assert (found.loss.low, found.loss.high) == pytest.approx((0.005, 0.095))
    assert (found.availability.low, found.availability.high) == pytest.approx((0.905, 0.995))


def test_what_was_never_watched_is_named_and_where_nothing_was_nothing_is_expected() -> None:
    """Nobody guesses at it."""
    lost = any_of((A, B))
    found = expectation(lost, Diagram.of(lost), {"a": model("a", 0.1)})
    assert found is not None
    assert found.unwatched == ("b",)
    assert found.loss.best == pytest.approx(0.1)
    assert expectation(lost, Diagram.of(lost), {}) is None


def test_what_cannot_be_lost_has_no_risk_achievement() -> None:
    """Neither a number nor a complaint."""
    found = expectation(A, Diagram.of(A), {"a": model("a", 0.0)})
    assert found is not None
    assert math.isnan(found.ranks[0].risk_achievement.best)


def test_cut_sets_stand_for_a_diagram_that_is_too_large() -> None:
    """For few and rare ones they come close, and never below."""
    lost = AtLeast(2, (A, B, C))
    rare = {name: chance / 100 for name, chance in Q.items()}
    by_cuts = CutSetLoss(cut_sets(lost, 4))
    exact = Diagram.of(lost).probability(rare)
    assert exact < by_cuts.probability(rare) <= exact * 1.01
    assert by_cuts.probability({**rare, "a": 1.0, "b": 1.0}) == 1.0
    columns = {name: np.full(3, chance) for name, chance in rare.items()}
    assert by_cuts.sampled(columns) == pytest.approx(np.full(3, by_cuts.probability(rare)))


@pytest.mark.parametrize("lost", [AtLeast(2, (A, B, C)), all_of((any_of((A, DUCT)), any_of((B, DUCT, C))))])
def test_sampled_importances_are_those_of_each_sample(lost: Expression) -> None:
    """One walk for all samples and components tells the same as the diagram does of each."""
    diagram = Diagram.of(lost)
    scales = np.array([0.1, 0.5, 1.0, 2.0])
    slopes = diagram.sampled_birnbaum({name: scales * chance for name, chance in Q.items()})
    for place, scale in enumerate(scales):
        told = diagram.importances({name: float(scale) * chance for name, chance in Q.items()})
        for name, each in told.items():
            assert slopes[name][place] == pytest.approx(each.birnbaum)


def test_cut_sets_tell_importances_as_well() -> None:
    """Of rare failures nearly those of the diagram."""
    lost = AtLeast(2, (A, B, C))
    rare = {name: chance / 1000 for name, chance in Q.items()}
    by_cuts, exact = CutSetLoss(cut_sets(lost, 4)), Diagram.of(lost)
    for name, each in exact.importances(rare).items():
        assert by_cuts.importances(rare)[name].fussell_vesely == pytest.approx(each.fussell_vesely, rel=0.01)
    columns = {name: np.full(2, chance) for name, chance in rare.items()}
    for name, slope in by_cuts.sampled_birnbaum(columns).items():
        assert slope == pytest.approx(exact.sampled_birnbaum(columns)[name], rel=0.01)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_at_least_so_many_of_independent_things(count: int) -> None:
    """Against all ways that they can happen."""
    chances = (0.1, 0.5, 0.3, 0.9)
    summed = sum(
        math.prod(chance if hit else 1 - chance for chance, hit in zip(chances, way, strict=True))
        for way in itertools.product((True, False), repeat=4)
        if sum(way) >= count
    )
    assert at_least_of(count, chances) == pytest.approx(summed)


def test_independent_loss_counts_each_appearance() -> None:
    """A shared part is multiplied with itself."""
    assert independent_loss(all_of((A, A)), {"a": 0.1}) == pytest.approx(0.01)
