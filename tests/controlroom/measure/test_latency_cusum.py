"""Runs of single round-trip times: quick for what is large, and deaf to single replies that come late."""

from __future__ import annotations

import numpy as np
import pytest

from controlroom.measure.latency_cusum import LatencyCusum, Run


def feed(cusum: LatencyCusum, values: list[float], begin_s: float = 0.0) -> list[tuple[float, Run]]:
    """Take in values a second apart around a level of zero; return when runs were certain."""
    runs = (
        (begin_s + second, cusum.step(begin_s + second, value, 0.0)) for second, value in enumerate(values)
    )
    return [(at_s, run) for at_s, run in runs if run is not None]


def quiet(seconds: int, seed: int = 1) -> list[float]:
    """Return values that scatter by two per cent."""
    return [0.02 * float(value) for value in np.random.default_rng(seed).standard_normal(seconds)]


@pytest.mark.parametrize("shift", [1.0, -1.0])
def test_a_large_shift_is_a_run_of_half_a_minute(shift: float) -> None:
    """At two units a reading (3.5 less 1.5), sixty are passed with the thirty-first."""
    cusum = LatencyCusum(60.0)
    feed(cusum, quiet(5000))
    ((at_s, run),) = feed(cusum, [shift] * 31, begin_s=5000.0)
    assert at_s == 5030.0
    assert run == Run(5000.0, 31)


def test_single_late_replies_prove_nothing() -> None:
    """Every tenth reply a hundred times as slow: none of it is a run."""
    cusum = LatencyCusum(60.0)
    values = quiet(5000)
    values[::10] = [4.6] * 500
    assert feed(cusum, values) == []


def test_the_unit_is_not_learned_while_a_run_is_under_way() -> None:
    """A long shift that stays below the threshold's half teaches, one beyond it does not."""
    cusum = LatencyCusum(1e9)
    feed(cusum, quiet(5000))
    before = cusum.kept()["unit"][0]
    cusum.restore({**cusum.kept(), "above": [0.6e9, 0.0, 1]})
    feed(cusum, [1.0] * 1000)
    assert cusum.kept()["unit"][0] == before


def test_it_goes_on_from_what_was_kept() -> None:
    """In the midst of a run."""
    whole, resumed = LatencyCusum(60.0), LatencyCusum(60.0)
    feed(whole, [*quiet(5000), *[1.0] * 15])
    resumed.restore(whole.kept())
    assert feed(whole, [1.0] * 20) == feed(resumed, [1.0] * 20) != []
