"""Whether a last minute is worse than the minutes that it ends."""

from __future__ import annotations

import numpy as np
import pytest

from controlroom.measure.asked import Asked, asked_of, within
from controlroom.measure.figures import link_figures
from controlroom.measure.standing_out import stands_out


def asked(minute: list[float | None], before: list[float | None]) -> Asked:
    """Four minutes and a last one, asked once a second; ``None`` is lost."""
    answers = [*before * 4, *minute]
    rtt_s = np.array([np.nan if each is None else each for each in answers])
    lost = np.isnan(rtt_s)
    return asked_of(np.arange(300.0), rtt_s, lost, np.zeros(300, np.bool_), period_s=1.0)


GOOD: list[float | None] = [0.02] * 60


@pytest.mark.parametrize(
    ("minute", "before", "stands"),
    [
        (GOOD, GOOD, False),
        ([None, *GOOD[1:]], GOOD, False),
        ([None, None, *GOOD[2:]], GOOD, True),
        ([None, None, *GOOD[2:]], [None, None, *GOOD[2:]], False),
        ([0.03] * 60, GOOD, True),
        ([*[0.02] * 54, *[0.2] * 6], GOOD, True),
        (GOOD, [0.2] * 60, False),
        ([None] * 60, GOOD, True),
        ([None] * 60, [None] * 60, False),
    ],
)
def test_a_minute_stands_out_by_loss_or_by_delay(
    minute: list[float | None], before: list[float | None], *, stands: bool
) -> None:
    """One that is lost shows nothing; what was so all the time does not stand out, nor what is better."""
    whole = asked(minute, before)
    assert stands_out(within(whole, 240.0, 300.0), link_figures(whole, 0.0, 300.0)) is stands


def test_nothing_asked_stands_out_of_nothing() -> None:
    """Such as at the beginning."""
    nothing = within(asked(GOOD, GOOD), 1000.0, 1060.0)
    assert not stands_out(nothing, link_figures(nothing, 760.0, 1060.0))
