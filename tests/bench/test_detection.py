"""The detector as shipped against the recorded series: what it must reach, whoever changes it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.detection import SHIPPED_DAYS, best_knob, ours, total
from tests.bench.labelled_trace import Score, read_folder
from tests.soak import cases

LATENCY = Path(os.environ.get("CONTROLROOM_DATA", "../shared/data")) / "latency"


SOME = [("atlas-labelled", 5, 0.66, 0.7, 4), ("synthetic-labelled", 3, 0.72, 0.1, 3)]
ALL = [("atlas-labelled", 1, 0.64, 0.8, 3), ("synthetic-labelled", 1, 0.68, 0.1, 3)]


@pytest.mark.parametrize(
    ("folder", "every", "least_f1", "most_false_per_1000", "latest_rows"), cases(SOME, besides=ALL)
)
def test_it_finds_what_people_labelled(
    folder: str, every: int, least_f1: float, most_false_per_1000: float, latest_rows: int
) -> None:
    """With one setting for all, few false calls, and three rows late in the middle of all series."""
    if not (LATENCY / folder).is_dir():
        pytest.skip(f"the recordings are not here: {LATENCY / folder}")
    traces = read_folder(LATENCY / folder)[::every]
    result = total(traces, lambda trace: ours(trace, SHIPPED_DAYS))
    assert result.f1 >= least_f1
    assert result.false_per_1000 <= most_false_per_1000
    assert result.median_delay_rows <= latest_rows


def test_a_knob_is_chosen_on_the_other_series() -> None:
    """The best within the bounds there, whatever the series itself would say."""
    good, bad = Score(10_000, 10, 5, (1,) * 5), Score(10_000, 10, 20, (1,) * 9)
    assert best_knob({1.0: [bad, bad], 2.0: [bad, good]}, 0) == 2.0
    assert best_knob({1.0: [good, bad], 2.0: [bad, good]}, 1) == 1.0


def test_where_no_knob_is_calm_and_quick_the_quickest_of_the_calm_is_chosen() -> None:
    """And where none is calm, the quickest of all."""
    slow, slower = Score(10_000, 10, 5, (5,) * 5), Score(10_000, 10, 6, (6,) * 6)
    wild = Score(1000, 10, 20, (1,) * 10)
    assert best_knob({1.0: [wild, wild], 2.0: [slow, slow], 3.0: [slower, slower]}, 0) == 2.0
    assert best_knob({1.0: [wild, wild]}, 0) == 1.0
