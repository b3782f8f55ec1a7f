"""Losses that were ours, known only after they were told."""

from __future__ import annotations

from controlroom.condition.doubt import Doubt
from controlroom.reading import Outcome, ProbeKey, Reading, Reason

WAY_S = 0.1


def way_s() -> float:
    """Tell how long answers take."""
    return WAY_S


def loss(endpoint_id: str, sent_s: float) -> Reading:
    """Make a loss of a question sent at this time."""
    return Reading(ProbeKey(endpoint_id, "icmp"), sent_s, sent_s, Outcome.NO_REPLY, Reason.DEADLINE)


def taken_back(doubt: Doubt) -> list[tuple[str, float]]:
    """Begin to be blind; return whose losses are taken back, and when they were sent."""
    return [(reading.probe.endpoint_id, reading.sent_monotonic_s) for reading in doubt.begin()]


def test_what_was_lost_since_the_last_answer_was_ours() -> None:
    """A loss before it was the endpoint's own, unless its answer was still under way."""
    doubt = Doubt()
    for sent_s in (9.0, 9.95, 10.5, 11.0):
        doubt.lost(loss("mast", sent_s), WAY_S, known_silent=False)
    doubt.answered(10.0)
    assert taken_back(doubt) == [("mast", 9.95), ("mast", 10.5), ("mast", 11.0)]
    assert doubt.begin() == []


def test_an_answer_that_came_later_clears_what_was_lost_before_it() -> None:
    """The order of telling is not the order of sending."""
    doubt = Doubt()
    doubt.lost(loss("mast", 12.0), WAY_S, known_silent=False)
    doubt.lost(loss("port", 10.0), WAY_S, known_silent=False)
    doubt.answered(11.0)
    assert taken_back(doubt) == [("mast", 12.0)]


def test_losses_of_long_ago_are_not_in_doubt() -> None:
    """Where nothing answers for days and nobody else can be asked, little is kept in mind."""
    doubt = Doubt()
    for sent_s in range(0, 1000, 10):
        doubt.lost(loss("mast", float(sent_s)), WAY_S, known_silent=False)
    assert [sent_s for _, sent_s in taken_back(doubt)] == [float(sent_s) for sent_s in range(860, 1000, 10)]


def test_an_endpoint_that_is_down_does_not_tell_when_it_began() -> None:
    """Its losses count until the first loss of another."""
    doubt = Doubt()
    doubt.answered(1.0)
    for sent_s in (2.0, 3.0, 4.0, 5.0):
        doubt.lost(loss("dead", sent_s), WAY_S, known_silent=True)
    doubt.lost(loss("mast", 4.0), WAY_S, known_silent=False)
    assert taken_back(doubt) == [("dead", 4.0), ("dead", 5.0), ("mast", 4.0)]


def test_what_is_lost_meanwhile_is_ours_however_late_it_is_told() -> None:
    """From the last answer before it to the first after it; neither earlier nor later."""
    doubt = Doubt()
    assert not doubt.is_ours(5.0, way_s)
    doubt.answered(10.0)
    doubt.begin()
    assert [doubt.is_ours(sent_s, way_s) for sent_s in (9.8, 9.95, 11.0, 99.0)] == [False, True, True, True]
    doubt.end(20.0)
    assert [doubt.is_ours(sent_s, way_s) for sent_s in (9.8, 11.0, 19.9, 20.0)] == [False, True, True, False]


def test_an_engine_that_starts_cut_off_believes_no_loss() -> None:
    """The time began under the engine before it."""
    assert Doubt(cut_off=True).is_ours(0.0, way_s)
