"""The bench's matching rule: what counts as found, and that nothing counts twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.labelled_trace import NO_SCORE, LabelledTrace, match, read_folder, score


@pytest.mark.parametrize(("row", "delay"), [(97, None), (98, -2), (100, 0), (115, 15), (116, None)])
def test_a_detection_counts_from_two_rows_before_to_fifteen_after(row: int, delay: int | None) -> None:
    """Both ends of the window belong to it."""
    assert match([100], [row]) == ([] if delay is None else [delay])


def test_each_label_and_each_detection_counts_once() -> None:
    """Two calls for one label are one right and one false; one call for two labels finds one."""
    assert match([100], [101, 102]) == [1]
    assert match([100, 103], [104]) == [4]
    assert match([100, 103], [102, 104]) == [2, 1]


def test_a_score_counts_what_was_not_matched() -> None:
    """Scores add up, and without anything they claim nothing."""
    trace = LabelledTrace("a", [0.0] * 1000, [0.02] * 1000, [True] * 1000, [100, 500])
    both = score(trace, [101, 300]) + score(trace, [])
    assert (both.precision, both.recall, both.false_per_1000) == (0.5, 0.25, 0.5)
    assert both.f1 == pytest.approx(2 * 0.5 * 0.25 / 0.75)
    assert NO_SCORE.f1 == NO_SCORE.precision == NO_SCORE.false_per_1000 == 0.0


def test_rows_are_read_with_what_was_lost_and_what_was_not_measured(tmp_path: Path) -> None:
    """A lost probe has no value; the probe's own trouble is no measurement; lists of labels are no series."""
    text = (
        "time,rtt_ms,status,change\n2016-10-14T21:17:00Z,178.925,ok,0\n"
        "2016-10-14T21:21:00Z,,timeout,1\n2016-10-14T21:25:00Z,,error,0\n"
    )
    (tmp_path / "one.csv").write_text(text)
    (tmp_path / "labels.csv").write_text("trace,row\n")
    (trace,) = read_folder(tmp_path)
    assert trace.rtt_s == [0.178925, None, None]
    assert trace.measured == [True, True, False]
    assert trace.labels == [1]
    assert trace.at_s[1] - trace.at_s[0] == 240
