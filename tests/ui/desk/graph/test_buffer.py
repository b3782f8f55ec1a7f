"""Live readings find their place, however late they are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.store.codes import OUTCOMES
from ui.desk.graph.buffer import SeriesBuffer
from ui.desk.graph.columns import Frame, draw

SERIES = SeriesKey("mast", "icmp", "rtt_s")


def reading(sent_utc_s: float, rtt_s: float | None, *, beat: bool = True) -> Reading:
    """Make a reply, or a loss where there is no time."""
    outcome = Outcome.NO_REPLY if rtt_s is None else Outcome.REPLIED
    values = {} if rtt_s is None else {"rtt_s": rtt_s}
    return Reading(ProbeKey("mast", "icmp"), sent_utc_s, 0.0, outcome, values=values, beat=beat)


def test_a_loss_that_is_known_late_is_not_dropped() -> None:
    """With a timeout of three periods the loss arrives behind two replies and stands before them."""
    buffer = SeriesBuffer(SERIES)
    for item in (reading(1.0, 0.01), reading(3.0, 0.01), reading(4.0, 0.01), reading(2.0, None)):
        assert buffer.append(item)
    found = buffer.readings()
    assert list(found.at_utc_s) == [1.0, 2.0, 3.0, 4.0]
    assert list(np.isnan(found.value)) == [False, True, False, False]


def test_a_clock_that_was_set_back_hides_nothing() -> None:
    """Readings after the step are kept at their own times."""
    buffer = SeriesBuffer(SERIES)
    buffer.append(reading(7200.0, 0.01))
    assert buffer.append(reading(3601.0, 0.02))
    assert list(buffer.readings().at_utc_s) == [3601.0, 7200.0]


def test_the_newest_is_what_was_sent_last_whatever_the_clock_says() -> None:
    """An hour back: what is shown as of now is of now; a loss that is known late is not of now."""
    buffer = SeriesBuffer(SERIES)
    assert (buffer.newest(), buffer.newest_utc_s()) == ((None, None), None)
    for item in (reading(7200.0, 0.01), reading(3601.0, 0.02), reading(3600.0, None)):
        buffer.append(item)
    assert (buffer.newest(), buffer.newest_utc_s()) == ((0.02, Outcome.REPLIED), 3601.0)
    buffer.append(reading(3602.0, None))
    assert (buffer.newest(), buffer.newest_utc_s()) == ((None, Outcome.NO_REPLY), 3602.0)


def test_a_loss_told_again_as_blind_is_a_loss_no_more() -> None:
    """It was ours: nothing is known of that moment. An answer is never taken back."""
    buffer = SeriesBuffer(SERIES)
    for item in (reading(1.0, 0.01), reading(2.0, None), reading(3.0, None)):
        buffer.append(item)
    assert buffer.append(replace(reading(2.0, None), reason=Reason.BLIND))
    assert not buffer.append(replace(reading(2.0, None), reason=Reason.BLIND))
    assert not buffer.append(replace(reading(1.0, None), reason=Reason.BLIND))
    outcomes = [OUTCOMES[code] for code in buffer.readings().outcome]
    assert outcomes == [Outcome.REPLIED, Outcome.NOT_RUN, Outcome.NO_REPLY]


def test_the_same_reading_twice_and_what_is_off_the_beat_are_passed_over() -> None:
    """Neither a second telling nor a re-probe adds a point."""
    buffer = SeriesBuffer(SERIES)
    buffer.append(reading(1.0, 0.01))
    assert not buffer.append(reading(1.0, 0.01))
    assert not buffer.append(reading(2.0, 0.01, beat=False))
    assert len(buffer.readings().at_utc_s) == 1


@given(st.lists(st.integers(0, 5000), max_size=300))
def test_whatever_the_order_the_times_are_sorted_and_each_is_there_once(times: list[int]) -> None:
    """The buffer is a sorted set of readings, also where it has to grow."""
    buffer = SeriesBuffer(SERIES)
    for time_s in times:
        buffer.append(reading(float(time_s), time_s / 1000))
    found = buffer.readings()
    assert list(found.at_utc_s) == sorted({float(time_s) for time_s in times})
    assert np.allclose(found.value, found.at_utc_s / 1000)


def test_what_a_living_endpoint_turned_away_is_neither_answered_nor_lost() -> None:
    """That time was not measured."""
    buffer = SeriesBuffer(SERIES)
    turned_away = replace(reading(2.0, None), outcome=Outcome.REFUSED, reason=Reason.AUTHENTICATION_FAILED)
    for item in (reading(1.0, 0.01), turned_away, reading(3.0, 0.01)):
        buffer.append(item)
    _, sums = draw(buffer.readings(), Frame(0.0, 4.0, 100, 1.0))
    assert (sums.asked, sums.lost) == (2, 0)
