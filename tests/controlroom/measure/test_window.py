"""Figures over the last readings, against published check values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.measure.window import Window
from controlroom.reading import ALIVE_BUT_UNMEASURED, Outcome, ProbeKey, Reading, Reason

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
