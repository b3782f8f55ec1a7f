"""Scripts travel unchanged, and chance is the same each time."""

from __future__ import annotations

import itertools
import json
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.script import Fate, Seen, Spread, TargetScript


@given(st.builds(TargetScript))
def test_scripts_survive_the_way_to_the_responder(script: TargetScript) -> None:
    """What the test sets is what the host does."""
    assert TargetScript.from_json(json.loads(json.dumps(script.as_json()))) == script


def test_the_same_seed_draws_the_same_fates() -> None:
    """Runs can be repeated, hosts differ, and a tenth lost is a tenth."""
    script = TargetScript(delay_s=0.02, jitter_s=0.005, loss_ratio=0.1, seed=7)

    def draw(address: str) -> list[float | None]:
        fate = Fate(script, address)
        return [fate.draw() for _ in range(2000)]

    first = draw("10.99.0.1")
    assert first == draw("10.99.0.1") != draw("10.99.0.2")
    assert 150 < first.count(None) < 250
    assert all(0.015 <= delay_s <= 0.025 for delay_s in first if delay_s is not None)


def test_silence_and_certain_loss_answer_nothing() -> None:
    """Neither ever draws a delay."""
    for script in (TargetScript(silent=True), TargetScript(loss_ratio=1.0)):
        fate = Fate(script, "10.99.0.1")
        assert [fate.draw() for _ in range(50)] == [None] * 50


def test_what_was_not_answered_has_no_time() -> None:
    """Unknown is not zero."""
    seen = Seen(
        "10.99.0.1",
        1,
        1,
        64,
        64,
        0,
        dont_fragment=False,
        source="10.98.0.1",
        arrived_utc_s=5.0,
        arrived_monotonic_s=1.0,
    )
    assert seen.rtt_s is None


def _fates(script: TargetScript, count: int = 5000) -> list[float | None]:
    """Draw the fates of so many requests."""
    fate = Fate(script, "10.99.0.1")
    return [fate.draw() for _ in range(count)]


def test_loss_in_runs_has_the_length_and_the_share_of_its_chances() -> None:
    """Gilbert-Elliott: a bad spell lasts four requests on average here, and every fifth request is lost."""
    lost = [delay_s is None for delay_s in _fates(TargetScript(bad_after=0.0625, good_after=0.25), 20_000)]
    runs = [len(list(run)) for is_lost, run in itertools.groupby(lost) if is_lost]
    assert 0.17 < sum(lost) / len(lost) < 0.23
    assert 3.5 < statistics.fmean(runs) < 4.5


def test_delays_lie_as_their_spread_says() -> None:
    """Even stays within its width, normal has its deviation, a long tail lies on one side."""
    drawn = {
        spread: [
            delay_s or 0.0 for delay_s in _fates(TargetScript(delay_s=0.1, jitter_s=0.01, spread=spread))
        ]
        for spread in Spread
    }
    assert 0.09 <= min(drawn[Spread.EVEN]) < max(drawn[Spread.EVEN]) <= 0.11
    assert 0.0095 < statistics.stdev(drawn[Spread.NORMAL]) < 0.0105
    assert min(drawn[Spread.LONG_TAIL]) >= 0.1
    assert max(drawn[Spread.LONG_TAIL]) > 0.15
    assert statistics.fmean(drawn[Spread.LONG_TAIL]) == pytest.approx(0.11, abs=0.001)


def test_a_recording_is_replayed_in_its_own_time() -> None:
    """Whoever asks twice in one step meets the same, and after the end it begins again."""
    fate = Fate(TargetScript(replay_s=(0.01, None, 0.03), replay_step_s=0.5), "10.99.0.1")
    moments_s = (100.0, 100.4, 100.5, 101.2, 101.5)
    assert [fate.draw(now_s) for now_s in moments_s] == [0.01, 0.01, None, 0.03, 0.01]
