"""Scripts travel unchanged, and chance is the same each time."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from tests.lab.script import Fate, Seen, TargetScript


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
    seen = Seen("10.99.0.1", 1, 1, 64, 64, 0, arrived_utc_s=5.0, arrived_monotonic_s=1.0)
    assert seen.rtt_s is None
