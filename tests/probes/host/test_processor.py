"""How busy the processor is, whatever its counters do."""

from __future__ import annotations

from collections import namedtuple

import psutil  # type: ignore[import-untyped] # psutil ships no type information
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.host.processor import Processor, cpu_ratio

Times = namedtuple("Times", "user nice system idle iowait guest")

seconds = st.floats(0, 1e6)


@given(before=st.tuples(*[seconds] * 6), spans=st.tuples(*[st.floats(-5, 1e4)] * 6))
def test_processor_use_is_a_ratio_whatever_the_counters_do(
    before: tuple[float, ...], spans: tuple[float, ...]
) -> None:
    """Between any two counts, even with counters that run backwards, the ratio is within 0 and 1."""
    after = tuple(count + span for count, span in zip(before, spans, strict=True))
    ratio = cpu_ratio(Times(*before), Times(*after))
    assert ratio is None or -1e-9 <= ratio <= 1 + 1e-9


def test_processor_use_by_hand() -> None:
    """30 of 100 seconds were used; waiting for a disk is idle, and a guest counts once, within user."""
    before = Times(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert cpu_ratio(before, Times(20.0, 0.0, 10.0, 60.0, 10.0, 15.0)) == pytest.approx(0.3)
    assert cpu_ratio(before, Times(0.01, 0.0, 0.0, 0.01, 0.0, 0.0)) is None


def test_the_load_is_told_for_the_machine_and_for_each_core() -> None:
    """A load of two is much on one core and little on eight."""
    values = Processor().measure().values
    cores = psutil.cpu_count()
    assert values["load_per_core_1min"] * cores == pytest.approx(values["load_1min"])
