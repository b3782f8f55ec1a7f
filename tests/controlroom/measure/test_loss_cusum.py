"""Loss that is no longer the usual one: called soon, and never for what a link always does."""

from __future__ import annotations

import math

import pytest

from controlroom.measure.loss_cusum import LossChange, LossCusum, exponent
from tests.bench.null_series import bursty_losses, independent_losses

LOG_PROBES = math.log(4 * 30 * 86_400)


def feed(cusum: LossCusum, losses: list[bool], begin_s: float = 0.0) -> list[tuple[float, LossChange]]:
    """Take in probes a second apart; return when changes were certain."""
    changes = ((begin_s + second, cusum.step(begin_s + second, lost)) for second, lost in enumerate(losses))
    return [(at_s, change) for at_s, change in changes if change is not None]


def losses(seconds: int, ratio: float, seed: int = 1) -> list[bool]:
    """Return independent losses."""
    return [bool(lost) for lost in independent_losses(seconds, seed, ratio)]


@pytest.mark.parametrize(("usual", "now", "within_s"), [(0.0, 0.2, 200), (0.02, 0.2, 200), (0.0, 0.06, 900)])
def test_a_rise_is_called(usual: float, now: float, within_s: int) -> None:
    """With the ratio since it began, which is told to within a quarter of a minute or a few losses."""
    cusum = LossCusum(LOG_PROBES)
    assert feed(cusum, losses(20_000, usual)) == []
    at_s, change = feed(cusum, losses(2000, now, seed=5), begin_s=20_000.0)[0]
    assert at_s - 20_000 < within_s
    assert change.after > 2 * change.before
    assert abs(change.since_s - 20_000) < 60


def test_a_fall_is_called_where_there_was_something_to_fall_from() -> None:
    """From a fifth to nothing within minutes; from half a per cent to nothing is no news."""
    lossy = LossCusum(LOG_PROBES)
    feed(lossy, losses(20_000, 0.2))
    at_s, change = feed(lossy, [False] * 1000, begin_s=20_000.0)[0]
    assert at_s < 20_300
    assert change.after < change.before / 4
    good = LossCusum(LOG_PROBES)
    assert feed(good, losses(20_000, 0.005) + [False] * 20_000) == []


def test_the_end_of_an_outage_is_called_too() -> None:
    """Thirty seconds of silence on a good link: a rise within them, and the fall within two minutes."""
    cusum = LossCusum(LOG_PROBES)
    found = feed(cusum, [False] * 3600 + [True] * 30 + [False] * 600)
    assert [change.after > change.before for _, change in found] == [True, False]
    assert 3600 < found[0][0] < 3630 < found[1][0] < 3750


@pytest.mark.parametrize("ratio", [0.0002, 0.01, 0.03, 0.1, 0.3])
def test_what_a_link_always_loses_is_never_called(ratio: float) -> None:
    """Five days, from the first probe on."""
    assert feed(LossCusum(LOG_PROBES), losses(5 * 86_400, ratio)) == []


@pytest.mark.parametrize(("begin", "end"), [(0.02, 0.5), (0.001, 0.5), (0.0005, 0.2)])
def test_usual_bursts_are_never_called(begin: float, end: float) -> None:
    """Five days of Gilbert's chain."""
    chain = [bool(lost) for lost in bursty_losses(5 * 86_400, 4, begin, end)]
    assert feed(LossCusum(LOG_PROBES), chain) == []


def test_the_exponent_of_independent_likelihood_ratios_is_one() -> None:
    """And less where losses keep together."""
    of_loss, of_reply = math.log(0.2 / 0.05), math.log(0.8 / 0.95)
    assert exponent(0.05, 0.0, of_loss, of_reply) == pytest.approx(1.0, abs=1e-4)
    assert exponent(0.05, 0.4, of_loss, of_reply) < 0.6


def test_it_goes_on_from_what_was_kept() -> None:
    """In the midst of a rise."""
    whole, resumed = LossCusum(LOG_PROBES), LossCusum(LOG_PROBES)
    feed(whole, losses(20_000, 0.02) + losses(40, 0.3, seed=5))
    resumed.restore(whole.kept())
    rest = losses(500, 0.3, seed=6)
    assert feed(whole, rest, 20_040.0) == feed(resumed, rest, 20_040.0) != []
