"""Questions that run out of patience, and those that are answered after all."""

from __future__ import annotations

from dataclasses import replace

from controlroom.engine.overdue import Overdue
from controlroom.reading import Outcome, ProbeKey, Reading, Reason

KEY = ProbeKey("mast", "icmp")


def reading(sent_s: float, outcome: Outcome) -> Reading:
    """Make what the prober says of a re-probe, stamped a little after it was asked."""
    return Reading(KEY, 1000.0 + sent_s, sent_s + 0.002, outcome, Reason.NONE, beat=False)


def test_impatience_is_told_once_and_its_end_is_not() -> None:
    """Lost at a quarter of a second; the deadline later adds no second loss."""
    overdue = Overdue()
    overdue.sent(KEY, 10.0, 0.25)
    assert overdue.due(10.2, 1010.2) == []
    (lost,) = overdue.due(10.26, 1010.26)
    assert (lost.outcome, lost.sent_monotonic_s, lost.beat) == (Outcome.NO_REPLY, 10.0, False)
    assert overdue.closed(reading(10.0, Outcome.NO_REPLY)) is False
    assert overdue.due(20.0, 1020.0) == []


def test_a_late_answer_counts() -> None:
    """What comes within the site's own deadline is told, though it was given up before."""
    overdue = Overdue()
    overdue.sent(KEY, 10.0, 0.25)
    overdue.due(10.3, 1010.3)
    assert overdue.closed(reading(10.0, Outcome.REPLIED)) is True


def test_an_answer_in_time_is_never_told_as_lost() -> None:
    """The patience of an answered question means nothing any more."""
    overdue = Overdue()
    overdue.sent(KEY, 10.0, 0.25)
    overdue.sent(KEY, 10.08, 0.25)
    assert overdue.closed(reading(10.08, Outcome.REPLIED)) is True
    assert [lost.sent_monotonic_s for lost in overdue.due(11.0, 1011.0)] == [10.0]


def test_a_loss_before_the_patience_ended_is_told() -> None:
    """A refusal or a short deadline is told as it comes."""
    overdue = Overdue()
    overdue.sent(KEY, 10.0, 5.0)
    assert overdue.closed(reading(10.0, Outcome.NO_REPLY)) is True


def test_a_beat_and_a_re_probe_are_told_apart() -> None:
    """The end of a beat closes the beat, though a re-probe was sent at nearly the same time."""
    overdue = Overdue()
    overdue.sent(KEY, 10.0, 0.25, beat=True)
    overdue.sent(KEY, 10.001, 5.0)
    assert [lost.beat for lost in overdue.due(10.3, 1010.3)] == [True]
    assert overdue.closed(replace(reading(10.0, Outcome.NO_REPLY), beat=True)) is False
    assert overdue.closed(reading(10.0, Outcome.NO_REPLY)) is True


def test_a_beat_that_nobody_was_impatient_with_is_told() -> None:
    """Its patience is its deadline."""
    assert Overdue().closed(replace(reading(10.0, Outcome.NO_REPLY), beat=True)) is True
