"""Every kind of change has its sentence, with its figures in their units."""

from __future__ import annotations

import pytest

from controlroom.measure.detection import ChangeKind, ChangeSign, Detection
from controlroom.report.detection_words import detection_sentence


def test_a_run_of_late_replies() -> None:
    """From what to what, and since when."""
    rise = Detection(ChangeKind.LATENCY_RISE, ChangeSign.RUN, 1034.0, 1000.0, 0.020, 0.0415, 35)
    assert detection_sentence(rise) == (
        "The round-trip time rose from 20.0 ms to 41.5 ms; it began about 34 s before this was certain."
    )


def test_a_creep_has_no_moment() -> None:
    """It is told against what is usual."""
    rise = Detection(ChangeKind.LATENCY_RISE, ChangeSign.CREEP, 9000.0, 1000.0, 0.020, 0.026, 64)
    assert (
        detection_sentence(rise)
        == "The round-trip time rose little by little, from usually 20.0 ms to 26.0 ms."
    )


def test_loss_is_told_in_per_cent() -> None:
    """And a duration in its two greatest units."""
    rise = Detection(ChangeKind.LOSS_RISE, ChangeSign.RUN, 1090.0, 1000.0, 0.005, 0.2, 90)
    assert detection_sentence(rise) == (
        "The loss rose from 0.5 % to 20 %; it began about 1 min 30 s before this was certain."
    )


@pytest.mark.parametrize("kind", ChangeKind)
@pytest.mark.parametrize("sign", ChangeSign)
def test_every_kind_has_a_sentence(kind: ChangeKind, sign: ChangeSign) -> None:
    """One sentence, ended by a full stop."""
    sentence = detection_sentence(Detection(kind, sign, 100.0, 0.0, 0.1, 0.2, 3))
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
