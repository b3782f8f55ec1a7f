"""Counting down time as maintenance by an act: what the engine itself knows was none."""

from __future__ import annotations

import pytest

from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.monitor import Monitor
from controlroom.logbook.act import ActKind
from tests.controlroom.engine.test_maintenance import answered, grouped
from tests.stories.world import START_UTC_S


@pytest.mark.parametrize(
    ("condition", "since_s", "answer"),
    [
        (Condition.UP, -60.0, "nothing_was_down"),
        (Condition.DEGRADED, 0.0, "nothing_was_down"),
        (Condition.UP, 10.0, ""),
        (Condition.DOWN, -60.0, ""),
        (Condition.UNKNOWN, -60.0, ""),
    ],
)
def test_what_answered_all_that_time_is_not_counted(
    condition: Condition, since_s: float, answer: str
) -> None:
    """The engine knows that nothing was down then; of what it does not know it asks nobody."""
    state = EndpointState("mast", condition, START_UTC_S + since_s, "")
    monitor = Monitor(grouped("mast"), {"icmp": True}, START_UTC_S, states=[state])
    monitor.begin(START_UTC_S)
    span = {"from_utc_s": START_UTC_S, "until_utc_s": START_UTC_S + 30}
    assert answered(monitor, ActKind.RECLASSIFY, subject="mast", details=span, note="x") == answer
