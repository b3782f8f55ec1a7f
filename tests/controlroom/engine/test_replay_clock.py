"""Time passes in a replay as its rows were sent, and never backwards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controlroom.engine.replay_clock import ReplayClock


@given(st.lists(st.floats(0, 1e9)))
def test_time_only_passes(times: list[float]) -> None:
    """A step back lets none pass, and what shows at a row is its own time."""
    clock, before_s, newest = ReplayClock(0.0), 0.0, 0.0
    for utc_s in times:
        sent_s = clock.ahead(utc_s)
        assert sent_s == before_s + max(0.0, utc_s - newest)
        clock.set(sent_s, utc_s)
        assert clock.utc_s(sent_s) == utc_s
        assert clock.at_s(utc_s) == sent_s
        before_s, newest = sent_s, utc_s
