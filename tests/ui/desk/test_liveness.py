"""Whether stale data can ever look healthy, and when a dead engine is started again."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from controlroom.store.interface import Heartbeat
from ui.desk.liveness import (
    ABANDONED_LIMIT_S,
    BACKOFF_S,
    SILENCE_LIMIT_S,
    HeartbeatWatch,
    Liveness,
    RestartPlan,
)

BEAT = Heartbeat(sequence=7, at_utc_s=1e9, health={}, engine_pid=4410)


def test_a_heartbeat_that_was_never_seen_to_move_proves_nothing() -> None:
    """A store left behind by a dead engine is not live, whatever its time of day says."""
    watch = HeartbeatWatch(0.0)
    for now_s in range(5):
        watch.observe(BEAT, float(now_s))
        assert watch.liveness(float(now_s)) is Liveness.STARTING
    assert watch.liveness(9.0) is Liveness.STOPPED


def test_silence_is_noticed_soon_after_its_limit() -> None:
    """Live until the limit has passed since the last movement, stopped from then on."""
    watch = HeartbeatWatch(0.0)
    watch.observe(BEAT, 0.5)
    watch.observe(replace(BEAT, sequence=8), 1.5)
    assert watch.liveness(1.5 + SILENCE_LIMIT_S) is Liveness.LIVE
    watch.observe(replace(BEAT, sequence=8), 4.4)
    assert watch.liveness(1.6 + SILENCE_LIMIT_S) is Liveness.STOPPED


def test_a_store_without_an_engine_is_given_less_time() -> None:
    """When no process holds the store, nothing will move it."""
    watch = HeartbeatWatch(0.0)
    watch.observe(BEAT, 0.5)
    watch.observe(replace(BEAT, sequence=8), 1.0)
    watch.observe(replace(BEAT, sequence=8, engine_pid=None), 1.5)
    assert watch.liveness(1.1 + ABANDONED_LIMIT_S) is Liveness.STOPPED


def test_a_new_engine_is_not_alive_before_it_moves_the_heartbeat() -> None:
    """It holds the store while it starts; nothing of what is shown is fresh for that."""
    watch = HeartbeatWatch(0.0)
    watch.observe(BEAT, 0.5)
    watch.observe(replace(BEAT, sequence=8), 1.0)
    watch.observe(replace(BEAT, sequence=8, engine_pid=None), 1.5)
    assert watch.liveness(1.1 + ABANDONED_LIMIT_S) is Liveness.STOPPED
    watch.observe(replace(BEAT, sequence=8, engine_pid=4411), 1.3 + ABANDONED_LIMIT_S)
    assert watch.liveness(1.4 + ABANDONED_LIMIT_S) is Liveness.STOPPED
    watch.observe(replace(BEAT, sequence=9, engine_pid=4411), 1.8 + ABANDONED_LIMIT_S)
    assert watch.liveness(1.9 + ABANDONED_LIMIT_S) is Liveness.LIVE
    assert watch.liveness(1.7 + ABANDONED_LIMIT_S + SILENCE_LIMIT_S) is Liveness.LIVE


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_no_time_of_day_makes_a_still_heartbeat_live(times: list[float]) -> None:
    """Clock steps change the stamp of the heartbeat; only its movement counts."""
    watch = HeartbeatWatch(0.0)
    watch.observe(BEAT, 0.0)
    watch.observe(replace(BEAT, sequence=8), 1.0)
    for place, at_utc_s in enumerate(times):
        watch.observe(replace(BEAT, sequence=8, at_utc_s=at_utc_s), 2.0 + place)
    assert watch.liveness(1.0 + SILENCE_LIMIT_S + 0.1) is Liveness.STOPPED


def test_attempts_back_off_and_begin_anew_after_a_recovery() -> None:
    """At once, then after 2, 5, 10 and 30 seconds; once alive, at once again."""
    plan, now_s = RestartPlan(), 100.0
    waits = []
    for _ in range(6):
        assert plan.due(now_s)
        assert not plan.due(now_s + 60), "one attempt at a time"
        plan.ended(now_s, "no room on the disk")
        wait_s = plan.wait_s(now_s)
        assert wait_s is not None
        waits.append(wait_s)
        assert not plan.due(now_s + wait_s - 0.01)
        now_s += wait_s
    assert waits == [*BACKOFF_S[1:], 30.0, 30.0]
    plan.alive()
    assert plan.due(now_s)
    assert plan.attempts == 1
