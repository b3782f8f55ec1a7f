"""Figures over the last readings, against published check values."""

from __future__ import annotations

import statistics
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.window import Window
from controlroom.reading import ALIVE_BUT_UNMEASURED, Outcome, ProbeKey, Reading, Reason, Telling

KEY = ProbeKey("mast", "icmp")


def reading(rtt_s: float | None, *, beat: bool = True, outcome: Outcome | None = None) -> Reading:
    """Make a reading with a round-trip time, or a lost one."""
    if outcome is None:
        outcome = Outcome.NO_REPLY if rtt_s is None else Outcome.REPLIED
    values = {} if rtt_s is None else {"rtt_s": rtt_s}
    return Reading(KEY, 0.0, 0.0, outcome, values=values, beat=beat)


def test_only_beats_that_were_sent_count() -> None:
    """Re-probes and what could not be asked leave the ratio alone."""
    window = Window(10)
    for item in (
        reading(0.01),
        reading(None),
        reading(None, beat=False),
        reading(None, outcome=Outcome.NOT_RUN),
    ):
        window.add(item)
    assert (window.loss(10).lost, window.loss(10).sent) == (1, 2)


def test_a_lost_probe_has_no_time() -> None:
    """The median is over replies only, and absent without any."""
    window = Window(10)
    window.add(reading(None))
    assert window.median("rtt_s", 10) is None
    for rtt_s in (0.010, 0.030, 0.020):
        window.add(reading(rtt_s))
    assert window.median("rtt_s", 10) == 0.020
    assert window.highest("rtt_s") == 0.030


def test_the_window_forgets_the_oldest() -> None:
    """Only the newest readings are kept."""
    window = Window(2)
    for rtt_s in (None, 0.01, 0.02):
        window.add(reading(rtt_s))
    assert window.loss(10).lost == 0


@pytest.mark.parametrize("reason", sorted(ALIVE_BUT_UNMEASURED))
def test_a_refusal_by_an_endpoint_that_lives_is_no_loss(reason: Reason) -> None:
    """It got our question; a router's word that it cannot be reached is a loss."""
    window = Window(10)
    window.add(reading(0.01))
    window.add(replace(reading(None), outcome=Outcome.REFUSED, reason=reason))
    assert window.loss(10).sent == 1
    window.add(replace(reading(None), outcome=Outcome.REFUSED, reason=Reason.HOST_UNREACHABLE))
    assert (window.loss(10).sent, window.loss(10).lost) == (2, 1)


def test_what_is_only_overdue_is_not_yet_lost() -> None:
    """What comes of it in the end counts, once."""
    window = Window(10)
    window.add(replace(reading(None), telling=Telling.OVERDUE))
    assert window.loss(10).sent == 0
    window.add(replace(reading(None), telling=Telling.AGAIN))
    assert (window.loss(10).lost, window.loss(10).sent) == (1, 1)


@given(
    st.lists(st.one_of(st.none(), st.sampled_from([0.01, 0.02, 0.03]), st.floats(0.001, 1.0)), max_size=90),
    st.integers(1, 30),
    st.lists(st.integers(1, 40), min_size=1, max_size=3),
    st.integers(0, 90),
)
def test_figures_that_are_kept_up_are_those_of_the_readings(
    rtts_s: list[float | None], size: int, newest: list[int], asked_from: int
) -> None:
    """Whenever a figure is asked for first, and however often: as by a look at the newest readings."""
    window = Window(size)
    for place, rtt_s in enumerate(rtts_s):
        window.add(reading(rtt_s))
        if place < asked_from:
            continue
        for count in newest:
            recent = rtts_s[: place + 1][-min(count, size) :]
            answered = [each for each in recent if each is not None]
            assert (window.loss(count).sent, window.answers(count)) == (len(recent), len(answered))
            assert window.values("rtt_s", count) == answered
            assert list(window.ordered("rtt_s", count)) == sorted(answered)
            assert window.median("rtt_s", count) == (statistics.median(answered) if answered else None)


def test_what_is_no_number_has_no_place_among_numbers() -> None:
    """It comes, stays without a figure, and goes."""
    window = Window(2)
    assert window.median("rtt_s", 2) is None
    for rtt_s in (float("nan"), 0.02, float("nan"), float("nan"), 0.04):
        window.add(reading(rtt_s))
    assert list(window.ordered("rtt_s", 2)) == [0.04]


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 12))
def test_runs_of_losses_are_those_among_the_newest(lost: list[bool], newest: int) -> None:
    """A run that the window's beginning cuts is one that begins there."""
    window = Window(12)
    for place, one in enumerate(lost):
        window.add(reading(None if one else 0.01))
        seen = lost[max(0, place + 1 - newest) : place + 1]
        runs = sum(now and not before for before, now in pairwise([False, *seen]))
        assert window.loss_runs(newest) == runs
