"""Loss, its interval, its runs and its burstiness, against published check values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.loss import (
    Gilbert,
    combined_loss_ratio,
    gilbert_of,
    least_loss_shown,
    loss_figures,
    loss_of,
    loss_pattern,
)

PATTERNS = st.lists(st.booleans(), max_size=60)


def lost_at(*numbers: int, of: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Lose the probes of these numbers, counted from 1."""
    return np.isin(np.arange(1, of + 1), numbers)


@pytest.mark.parametrize(
    ("lost", "sent", "low", "high"), [(3, 300, 0.0034, 0.0290), (0, 300, 0.0, 0.0126), (0, 5, 0.0, 0.434)]
)
def test_wilson_interval(lost: int, sent: int, low: float, high: float) -> None:
    """The interval agrees with the published check values."""
    loss = loss_of(lost, sent)
    assert loss.low == pytest.approx(low, abs=5e-5)
    assert loss.high == pytest.approx(high, abs=6e-4)


def test_nothing_sent_is_unknown_not_zero() -> None:
    """Without a probe there is no loss ratio, and no run."""
    assert loss_of(0, 0).ratio is None
    found = loss_figures(np.zeros(0, dtype=np.bool_))
    assert (found.runs, found.longest_run, found.burst_ratio, found.gilbert) == (0, None, None, None)


def test_links_one_behind_the_other_lose_more() -> None:
    """The composition of ITU-T Y.1541: 1e-3 and 2e-3 are 2.998e-3."""
    assert combined_loss_ratio([1e-3, 2e-3]) == pytest.approx(2.998e-3, abs=1e-12)
    assert combined_loss_ratio([]) == 0.0
    assert combined_loss_ratio([0.3, 1.0]) == 1.0


def test_distances_and_periods() -> None:
    """The vector derived from RFC 3357: twelve probes, of which 3, 6, 7 and 9 are lost."""
    pattern = loss_pattern(lost_at(3, 6, 7, 9, of=12))
    told = list(zip(pattern.place + 1, pattern.distance, pattern.period, strict=True))
    assert told == [(3, 0, 1), (6, 3, 2), (7, 1, 2), (9, 2, 3)]
    assert pattern.lengths.tolist() == [1, 2, 1]
    assert pattern.gaps.tolist() == [3, 2]
    assert pattern.noticeable_ratio(delta=2) == 2 / 4
    assert pattern.noticeable_ratio(delta=3) == 3 / 4


def test_the_figures_of_the_runs() -> None:
    """The same twelve probes in one sentence."""
    found = loss_figures(lost_at(3, 6, 7, 9, of=12))
    assert (found.loss.lost, found.loss.sent, found.runs, found.longest_run) == (4, 12, 3, 2)
    assert found.mean_run == pytest.approx(4 / 3)
    assert found.mean_gap == 2.5
    assert found.noticeable_ratio == 0.5
    # The mean run over that of random loss, 1 / (1 - 1/3).
    assert found.burst_ratio == pytest.approx(4 / 3 * 2 / 3)


def test_no_run_goes_over_a_break() -> None:
    """What was lost before and after it are two runs, at no known distance."""
    lost = np.array([False, True, True, True, False, True])
    begins = np.array([True, False, False, True, False, False])
    found = loss_figures(lost, begins)
    assert (found.runs, found.longest_run) == (3, 2)
    pattern = loss_pattern(lost, begins)
    assert pattern.distance.tolist() == [0, 1, 0, 2]
    assert pattern.gaps.tolist() == [2]


def test_all_lost_has_no_burst_ratio() -> None:
    """Of random loss of that ratio there is no mean run to compare with."""
    found = loss_figures(np.ones(5, dtype=np.bool_))
    assert (found.longest_run, found.burst_ratio, found.gilbert) == (5, None, None)


def test_a_gilbert_link() -> None:
    """The published vector: p = 0.02 and q = 0.5 lose 3.846 % in runs 1.923 times as long as random ones."""
    link = Gilbert(worsens=0.02, recovers=0.5)
    assert link.loss_ratio == pytest.approx(0.03846, abs=5e-6)
    assert link.burst_ratio == pytest.approx(1.923, abs=5e-4)
    assert link.mean_burst == 2.0


def test_its_chances_are_found_again() -> None:
    """From its losses, within some standard errors; and the burst ratio is that of the formula."""
    chance = np.random.default_rng(7).random(200_000)
    lost, bad = np.zeros(len(chance), dtype=np.bool_), False
    for place, draw in enumerate(chance):
        bad = draw >= 0.5 if bad else draw < 0.02
        lost[place] = bad
    link, found = gilbert_of(lost), loss_figures(lost)
    assert link is not None
    assert link.worsens == pytest.approx(0.02, abs=0.002)
    assert link.recovers == pytest.approx(0.5, abs=0.02)
    assert found.burst_ratio == pytest.approx(1 / 0.52, abs=0.05)


def test_random_loss_has_a_burst_ratio_of_one() -> None:
    """Within chance."""
    lost = np.random.default_rng(3).random(200_000) < 0.05
    assert loss_figures(lost).burst_ratio == pytest.approx(1.0, abs=0.02)


def test_turns_that_were_never_seen_give_no_chances() -> None:
    """A link that never lost, or never recovered, tells neither."""
    assert gilbert_of(lost_at(of=9)) is None
    assert gilbert_of(lost_at(8, 9, of=9)) is None
    lost, begins = np.array([False, True, False]), np.array([True, False, True])
    assert gilbert_of(lost, begins) is None


@given(PATTERNS, st.data())
def test_runs_add_up_to_the_losses(pattern: list[bool], data: st.DataObject) -> None:
    """Every loss is in one run, and a sequence told backwards has the same runs."""
    lost = np.array(pattern, dtype=np.bool_)
    begins = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(lost), max_size=len(lost))), dtype=np.bool_
    )
    begins[:1] = True
    found = loss_pattern(lost, begins)
    assert found.lengths.sum() == lost.sum()
    assert found.period.max(initial=0) == len(found.lengths)
    backwards = loss_pattern(lost[::-1], np.append(np.ones(1, dtype=np.bool_), begins[:0:-1])[: len(lost)])
    assert sorted(backwards.lengths.tolist()) == sorted(found.lengths.tolist())


@given(st.lists(st.floats(0.0, 1.0), max_size=8))
def test_combined_loss_is_a_ratio_and_no_less_than_the_worst(ratios: list[float]) -> None:
    """In whatever order the links lie."""
    found = combined_loss_ratio(ratios)
    assert max(ratios, default=0.0) - 1e-12 <= found <= 1.0
    assert combined_loss_ratio(sorted(ratios)) == pytest.approx(found, abs=1e-12)


def test_losses_one_by_one_show_what_wilson_says() -> None:
    """The 99 % interval of 12 of 60 begins at a tenth (E. B. Wilson, 1927)."""
    assert least_loss_shown(12, 60, 12) == pytest.approx(0.1002, abs=0.0002)
    assert least_loss_shown(0, 60, 0) == pytest.approx(0.0, abs=1e-12)
    assert least_loss_shown(0, 0, 0) == 0.0
    assert least_loss_shown(60, 60, 1) == pytest.approx(60 / (60 + 2.575829**2), abs=1e-6)


@given(st.integers(2, 40), st.integers(2, 40), st.data())
def test_fewer_runs_show_less(lost: int, answered: int, data: st.DataObject) -> None:
    """The same losses never show more where they lie together."""
    most = min(lost, answered + 1)
    runs = data.draw(st.integers(1, most))
    sent = lost + answered
    assert 0.0 <= least_loss_shown(lost, sent, runs) <= least_loss_shown(lost, sent, most) <= lost / sent
