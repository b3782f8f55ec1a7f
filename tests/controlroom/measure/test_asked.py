"""What counts as asked, what is left out, and what follows what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from controlroom.measure.asked import asked_live, asked_of, within
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from tests.controlroom.measure.link import BEGIN_UTC_S, ROUND_TRIPS, link

KEY = ProbeKey("mast", "icmp")


def reading(
    second: float,
    rtt_s: float | None,
    outcome: Outcome | None = None,
    reason: Reason = Reason.NONE,
    *,
    beat: bool = True,
) -> Reading:
    """Make a reading of a moment, with a round-trip time or without."""
    told = outcome or (Outcome.NO_REPLY if rtt_s is None else Outcome.REPLIED)
    values = {} if rtt_s is None else {"rtt_s": rtt_s}
    return Reading(KEY, BEGIN_UTC_S + second, second, told, reason, values, beat)


def test_losses_count_and_have_no_time() -> None:
    """Neither has a refusal, whatever value stands beside it; a reply that could not be timed is no loss."""
    asked = asked_live(
        [
            reading(0, 0.01),
            reading(1, None),
            reading(2, 0.5, Outcome.REFUSED, reason=Reason.HOST_UNREACHABLE),
            reading(3, None, Outcome.REPLIED),
        ]
    )
    assert asked.lost.tolist() == [False, True, True, False]
    assert np.isnan(asked.rtt_s).tolist() == [False, True, True, True]
    assert asked.begins.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    "left_out",
    [
        reading(1, None, Outcome.NOT_RUN, reason=Reason.NO_ROUTE),
        reading(1, None, Outcome.REFUSED, reason=Reason.AUTHENTICATION_FAILED),
        reading(1, None, Outcome.NO_REPLY, reason=Reason.BLIND),
        reading(1, None, Outcome.NOT_RUN, reason=Reason.BLIND),
    ],
)
def test_what_says_nothing_of_loss_is_left_out_and_leaves_a_break(left_out: Reading) -> None:
    """It is neither asked nor lost."""
    asked = asked_live([reading(0, 0.01), left_out, reading(2, 0.01), reading(3, 0.01)])
    assert (len(asked), bool(asked.lost.any()), len(asked.unmeasured_us)) == (3, False, 1)
    assert asked.begins.tolist() == [True, True, False]


def test_re_probes_do_not_count() -> None:
    """Not even as a break."""
    asked = asked_live([reading(0, 0.01), reading(0.1, None, beat=False), reading(1, 0.01)])
    assert (len(asked), asked.begins.tolist()) == (2, [True, False])


def test_a_reading_told_again_takes_the_place_of_the_first() -> None:
    """What was a loss is none, for we were blind; another of the same moment stands."""
    first = reading(1, None)
    again = replace(first, reason=Reason.BLIND)
    asked = asked_live([reading(0, 0.01), first, reading(2, 0.01), again])
    assert (len(asked), bool(asked.lost.any()), len(asked.unmeasured_us)) == (2, False, 1)
    assert asked.begins.tolist() == [True, True]
    alone = asked_live([reading(0, 0.01), again])
    assert (len(alone), len(alone.unmeasured_us)) == (1, 1)


def test_time_without_a_record_is_a_break_where_the_period_is_known() -> None:
    """One missed beat is not, two are."""
    moments = [0.0, 1.0, 3.0, 6.0]
    assert link([0.01] * 4, sent_s=moments, period_s=1.0).begins.tolist() == [True, False, False, True]
    assert link([0.01] * 4, sent_s=moments).begins.tolist() == [True, False, False, False]


def test_a_part_of_it() -> None:
    """From a moment on and before another, with what was left out in between."""
    asked = link([0.01, None, 0.02, 0.03, None], unmeasured=[2])
    part = within(asked, BEGIN_UTC_S + 1, BEGIN_UTC_S + 4)
    assert (part.lost.tolist(), len(part.unmeasured_us)) == ([True, False], 1)
    assert part.begins.tolist() == [True, True]
    assert len(within(asked, BEGIN_UTC_S + 9, BEGIN_UTC_S + 10)) == 0


def test_samples_may_come_in_any_order() -> None:
    """They are put into that of sending."""
    asked = link([0.02, 0.01, None], sent_s=[5.0, 1.0, 3.0])
    assert asked.lost.tolist() == [False, True, False]
    assert (asked.rtt_s[0], asked.rtt_s[2]) == (0.01, 0.02)


def test_nothing_asked_is_empty() -> None:
    """No reading, no break."""
    asked = asked_live([])
    assert (len(asked), len(asked.begins), len(asked.unmeasured_us)) == (0, 0, 0)


@given(ROUND_TRIPS)
def test_live_and_from_samples_are_the_same(times: list[float | None]) -> None:
    """Bit by bit, also where the clock of the readings has more digits than the store keeps."""
    live = asked_live(reading(second + 0.0034567, rtt_s) for second, rtt_s in enumerate(times))
    at_utc_s = BEGIN_UTC_S + np.arange(len(times), dtype=np.float64)
    told = np.array([np.nan if one is None else one for one in times], dtype=np.float64)
    lost = np.array([one is None for one in times], dtype=np.bool_)
    kept = asked_of(at_utc_s, told, lost, np.zeros(len(times), dtype=np.bool_))
    for field in ("sent_us", "rtt_s", "lost", "begins", "unmeasured_us"):
        assert getattr(live, field).tobytes() == getattr(kept, field).tobytes()
