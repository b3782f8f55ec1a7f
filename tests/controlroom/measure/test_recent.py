"""The ring of a probe's newest readings: the same figures as from all of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.asked import Asked, asked_live
from controlroom.measure.recent import RecentReadings
from controlroom.reading import Outcome, ProbeKey, Reading, Reason

START_UTC_S = 1_700_000_000.0
SIZE = 8


def reading(number: int, letter: str) -> Reading:
    """Make a reading a second: answered, lost, not run, a re-probe."""
    outcome, reason, values = {
        ".": (Outcome.REPLIED, Reason.NONE, {"rtt_s": 0.01 + number / 1000}),
        "x": (Outcome.NO_REPLY, Reason.DEADLINE, {}),
        "-": (Outcome.NOT_RUN, Reason.OVERLOADED, {}),
        "r": (Outcome.NO_REPLY, Reason.DEADLINE, {}),
    }[letter]
    return Reading(
        ProbeKey("a", "icmp"),
        START_UTC_S + number,
        float(number),
        outcome,
        reason,
        values,
        beat=letter != "r",
    )


def same(one: Asked, other: Asked) -> bool:
    """Whether two tell the same, bit by bit."""
    fields = ("sent_us", "rtt_s", "lost", "begins", "unmeasured_us")
    return all(
        np.array_equal(getattr(one, each), getattr(other, each), equal_nan=each == "rtt_s") for each in fields
    )


@given(st.text(alphabet=".x-r", max_size=30))
def test_the_newest_are_kept_and_tell_the_same(letters: str) -> None:
    """Whatever came, as many as there is room for."""
    ring = RecentReadings(SIZE, 1.0)
    readings = [reading(number, letter) for number, letter in enumerate(letters)]
    for each in readings:
        ring.take(each)
    kept = [each for each in readings if each.beat][-SIZE:]
    assert len(ring) == len(kept)
    assert same(ring.asked(), asked_live(kept, period_s=1.0))


def test_a_loss_that_was_ours_is_taken_back() -> None:
    """Only that one, and only while it is kept."""
    ring = RecentReadings(SIZE, 1.0)
    for number, letter in enumerate(".xx."):
        ring.take(reading(number, letter))
    ring.disbelieve(reading(1, "x"))
    ring.disbelieve(reading(0, "."))
    ring.disbelieve(reading(7, "x"))
    assert ring.asked().lost.tolist() == [False, True, False]
    assert len(ring.asked().unmeasured_us) == 1


def test_a_clock_that_was_set_moves_all_times() -> None:
    """So that what is shown as of now is of now."""
    ring = RecentReadings(SIZE, 1.0)
    ring.take(reading(0, "."))
    ring.shift(3600.0)
    assert ring.asked().sent_us.tolist() == [round((START_UTC_S + 3600) * 1e6)]
