"""What an endpoint's probes add up to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.condition.answering import NOT_MEASURED_YET, Answering, ProbeStatus
from controlroom.condition.endpoint import ProbeView, combine, undecided
from controlroom.condition.state import Condition

WORDS = {"answers": Answering.ANSWERS, "silent": Answering.SILENT, "unknown": Answering.UNKNOWN}


def view(text: str, since_utc_s: float = 1.0) -> ProbeView:
    """Make a view of words such as ``"answers limit"`` or ``"host unknown"``.

    What is silent has been so since second ten; what answers was answered at twenty, or ``before``.
    """
    words = text.split()
    answering = next(WORDS[word] for word in words if word in WORDS)
    metrics = ("limit:rtt_s",) if "limit" in words else ()
    answer_s = 5.0 if "before" in words else 20.0
    status = ProbeStatus(
        answering,
        since_utc_s,
        "x",
        suspect_sent_s=10.0,
        newest_answer_sent_s=answer_s,
        newest_sent_s=answer_s if answering is Answering.ANSWERS else 10.0,
    )
    lacks = {"lacking": "no_such_object:load", "awaited": NOT_MEASURED_YET}
    lack = next((code for word, code in lacks.items() if word in words), "")
    return ProbeView(status, "host" not in words, metrics, 5.0, lacks=lack)


@pytest.mark.parametrize(
    ("probes", "condition"),
    [
        ([], Condition.UNKNOWN),
        (["answers"], Condition.UP),
        (["silent"], Condition.DOWN),
        (["unknown"], Condition.UNKNOWN),
        (["answers", "silent"], Condition.DEGRADED),
        (["answers before", "silent"], Condition.DOWN),
        (["answers", "unknown"], Condition.UNKNOWN),
        (["silent", "unknown"], Condition.DOWN),
        (["silent", "silent"], Condition.DOWN),
        (["answers limit"], Condition.DEGRADED),
        (["answers limit", "unknown"], Condition.DEGRADED),
        (["host answers", "silent"], Condition.DOWN),
        (["host unknown", "answers"], Condition.UNKNOWN),
        (["host answers limit"], Condition.DEGRADED),
        (["answers lacking"], Condition.UNKNOWN),
        (["answers", "answers awaited"], Condition.UNKNOWN),
        (["answers lacking", "silent"], Condition.DEGRADED),
        (["answers awaited", "silent"], Condition.DEGRADED),
        (["answers lacking", "answers limit"], Condition.DEGRADED),
    ],
)
def test_combinations(probes: list[str], condition: Condition) -> None:
    """Every rule of the combination, one line each."""
    assert combine([view(text) for text in probes]).condition is condition


def test_a_figure_that_is_lacking_stands_before_one_that_may_still_come() -> None:
    """The one needs somebody, the other a moment."""
    lacking, awaited = view("answers lacking", 5.0), view("answers awaited")
    assert combine([awaited, lacking]).reason == "no_such_object:load"
    assert combine([awaited, view("answers")]).reason == NOT_MEASURED_YET


def test_down_counts_from_the_earliest_silence_and_up_from_the_latest_answer() -> None:
    """The time of a condition is that of the probe which shows it."""
    assert combine([view("silent", 7.0), view("silent", 3.0)]).since_utc_s == 3.0
    assert combine([view("answers", 7.0), view("answers", 3.0)]).since_utc_s == 7.0


def test_a_limit_that_outlasts_an_outage_does_not_paint_over_it() -> None:
    """Raised at five; silent in between, and answered again since forty: degraded counts from then."""
    assert combine([view("answers limit", since_utc_s=1.0)]).since_utc_s == 5.0
    assert combine([view("answers limit", since_utc_s=40.0)]).since_utc_s == 40.0


def test_a_raised_limit_names_its_metric() -> None:
    """The reason of a degradation by a limit says which figure."""
    combined = combine([view("answers limit")])
    assert (combined.reason, combined.since_utc_s) == ("limit:rtt_s", 5.0)


@pytest.mark.parametrize(
    ("probes", "before", "expected"),
    [
        (["silent"], Condition.UP, False),
        (["answers before", "silent"], Condition.UP, True),
        (["answers", "silent"], Condition.UP, False),
        (["answers", "silent"], Condition.DOWN, False),
    ],
)
def test_what_is_worth_a_moments_wait(probes: list[str], before: Condition, expected: bool) -> None:
    """Only where a probe has not been asked since, or is about to return."""
    assert undecided([view(text) for text in probes], before) is expected


def test_up_counts_from_the_last_limit_that_cleared() -> None:
    """It answered all along, and was not well before the limit cleared."""
    cleared = replace(view("answers", since_utc_s=3.0), cleared_utc_s=50.0)
    assert combine([cleared]).since_utc_s == 50.0
    assert combine([cleared, view("answers", since_utc_s=70.0)]).since_utc_s == 70.0
    assert combine([view("answers", since_utc_s=3.0)]).since_utc_s == 3.0
