"""The figures of a window: what counts in it, and that live readings and the store give the same."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from controlroom.measure.asked import BEAT_STEP_US, RTT_S, asked_live, asked_of
from controlroom.measure.figures import LinkFigures, WindowLength, link_figures
from controlroom.measure.jitter import jitter_figures
from controlroom.measure.latency import latency_of
from controlroom.measure.loss import loss_figures
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.store.codes import lost_codes, unmeasured_codes
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Batch
from controlroom.store.sqlite import open_engine_store, open_read_store
from controlroom.store.sqlite import second as kept_second
from tests.controlroom.measure.link import BEGIN_UTC_S, link
from tests.controlroom.store.examples import second
from tests.controlroom.store.place import until_calm

KEY = ProbeKey("mast", "icmp")
SERIES = SeriesKey("mast", "icmp", RTT_S)


def test_only_what_was_sent_in_the_window_counts() -> None:
    """From its beginning on, and before its end."""
    asked = link([0.01, 0.02, None, 0.04, 0.05], unmeasured=[3])
    found = link_figures(asked, BEGIN_UTC_S + 1, BEGIN_UTC_S + 4, duplicates=1)
    assert (found.asked, found.unmeasured, found.latency.count, found.losses.loss.lost) == (2, 1, 1, 1)
    assert (found.arrivals.received, found.arrivals.duplicates) == (1, 1)
    assert (found.since_utc_s, found.until_utc_s) == (BEGIN_UTC_S + 1, BEGIN_UTC_S + 4)


def test_each_figure_is_that_of_its_own_module() -> None:
    """Put together, not computed anew."""
    asked = link([0.01, 0.03, None, 0.02, None, None, 0.05])
    found = link_figures(asked, BEGIN_UTC_S, BEGIN_UTC_S + 60)
    assert found.latency == latency_of(asked.rtt_s)
    assert found.losses == loss_figures(asked.lost, asked.begins)
    assert found.jitter == jitter_figures(asked)
    assert found.lateness.count == found.latency.count == 4


def test_a_window_in_which_nothing_was_asked() -> None:
    """All is unknown, and what could not be asked is counted."""
    found = link_figures(link([None, None], unmeasured=[0, 1]), BEGIN_UTC_S, BEGIN_UTC_S + 60)
    assert (found.asked, found.unmeasured) == (0, 2)
    assert found.losses.loss.ratio is None
    assert found.latency.median_s is None
    assert found.jitter.jitter_s is None


@pytest.mark.parametrize(
    ("length", "seconds"),
    [(WindowLength.MINUTE, 60), (WindowLength.FIVE_MINUTES, 300), (WindowLength.HOUR, 3600)],
)
def test_windows_end_at_a_moment(length: WindowLength, seconds: int) -> None:
    """A minute, five, an hour."""
    assert length.ending(BEGIN_UTC_S) == (BEGIN_UTC_S - seconds, BEGIN_UTC_S)


def told() -> list[Reading]:
    """Some minutes of all that there is, with clocks that have all their digits."""
    chance = np.random.default_rng(11)
    readings = []
    for beat in range(1500):
        at_utc_s = BEGIN_UTC_S + beat + float(chance.uniform(0.0, 0.02))
        draw = chance.random()
        rtt_s = float(chance.exponential(0.03)) + 0.01
        made = Reading(KEY, at_utc_s, 0.0, Outcome.REPLIED, values={RTT_S: rtt_s})
        if draw < 0.05 or beat % 400 > 380:
            made = replace(made, outcome=Outcome.NO_REPLY, reason=Reason.DEADLINE, values={})
            readings.append(replace(made, sent_utc_s=at_utc_s + 0.08, beat=False))
        elif draw < 0.07:
            made = replace(made, outcome=Outcome.NOT_RUN, reason=Reason.NO_ROUTE, values={})
        elif draw < 0.09:
            made = replace(made, outcome=Outcome.REFUSED, reason=Reason.AUTHENTICATION_FAILED, values={})
        elif draw < 0.11:
            made = replace(made, outcome=Outcome.REFUSED, reason=Reason.HOST_UNREACHABLE, values={})
        readings.append(made)
        if made.outcome is Outcome.NO_REPLY and draw < 0.02:
            readings.append(replace(made, reason=Reason.BLIND))
    return readings


def figures_of(readings: Sequence[Reading], since_utc_s: float, until_utc_s: float) -> LinkFigures:
    """The figures of live readings."""
    return link_figures(asked_live(readings, period_s=1.0), since_utc_s, until_utc_s)


def test_live_and_from_the_store_are_the_same(tmp_path: Path) -> None:
    """Bit by bit, from the journal and once all was sealed, for each window and one of no round length."""
    readings, folder = told(), DataFolder(tmp_path / "data")
    with closing(open_engine_store(folder)) as engine, closing(open_read_store(folder)) as reader:
        for beat in range(1500):
            now = [one for one in readings if beat <= one.sent_utc_s - BEGIN_UTC_S < beat + 1]
            engine.commit(Batch(second(BEGIN_UTC_S + beat + 1, *now)))
        end_utc_s = BEGIN_UTC_S + 1500
        windows = [length.ending(end_utc_s) for length in WindowLength] + [
            (end_utc_s - 801.5, end_utc_s - 77)
        ]
        for _sealed in (False, True):
            for since_utc_s, until_utc_s in windows:
                kept = reader.samples(SERIES, since_utc_s, until_utc_s)
                unmeasured = unmeasured_codes(kept.outcome, kept.reason)
                lost = lost_codes(kept.outcome, kept.reason)
                asked = asked_of(kept.at_utc_s, kept.value, lost, unmeasured, kept.beat, period_s=1.0)
                found = link_figures(asked, since_utc_s, until_utc_s)
                assert found.asked > 40
                assert found == figures_of(readings, since_utc_s, until_utc_s)
            until_calm(engine)


def test_moments_have_the_step_of_the_store() -> None:
    """Or live readings and those of the store would be told apart."""
    assert BEAT_STEP_US == kept_second.BEAT_STEP_US
