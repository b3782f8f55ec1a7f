"""Windows as flat values and back, whatever comes."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.maintenance.flat import flat_plan, flat_window, planned_of, window_of
from controlroom.condition.maintenance.refusal import PlanRefusedError
from controlroom.condition.maintenance.window import MaintenanceWindow
from tests.controlroom.condition.maintenance.windows import HOUR_S, flexible, one_off, recurring

ALL = [
    one_off("2026-11-28T02:00+01:00", "2026-11-28T04:00+01:00"),
    recurring("FREQ=WEEKLY;BYDAY=SU", "2026-11-28T02:30"),
    flexible("2026-11-28T00:00+01:00", "2026-11-28T06:00+01:00", HOUR_S),
]


@pytest.mark.parametrize("window", ALL)
def test_a_window_comes_back_as_it_was(window: MaintenanceWindow) -> None:
    """Through JSON, untouched and at the end of its life."""
    ended = replace(
        window,
        endpoint_ids=("a", "b"),
        group_ids=("duct",),
        triggered_utc_s=1.5,
        ended_utc_s=2.0,
        ended_by="anna",
        cancelled_utc_s=3.0,
        cancelled_by="bert",
        told_utc_s=4.0,
        not_back=30,
        not_back_ids=("a", "b"),
    )
    for each in (window, ended):
        assert window_of(json.loads(json.dumps(flat_window(each)))) == each


@pytest.mark.parametrize("window", ALL)
def test_what_is_planned_comes_back(window: MaintenanceWindow) -> None:
    """With the number, the reason and the planner beside it."""
    found = planned_of(flat_plan(window), window.number, window.reason, window.planned_by, 0.0)
    assert found == window


def test_a_window_of_an_earlier_program_is_read() -> None:
    """It does not say who was not back."""
    flat = dict(flat_window(ALL[0]))
    del flat["not_back"], flat["not_back_ids"]
    assert window_of(flat) == ALL[0]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)


@given(st.sampled_from(ALL), st.data())
def test_whatever_is_changed_in_it_is_read_or_refused(window: MaintenanceWindow, data: st.DataObject) -> None:
    """Never another error."""
    flat: dict[str, Any] = dict(flat_window(window))
    name = data.draw(st.sampled_from(sorted(flat)))
    flat[name] = data.draw(PLAIN)
    with suppress(PlanRefusedError):
        window_of(flat)
