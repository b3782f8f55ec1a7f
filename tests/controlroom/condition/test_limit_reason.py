"""The code of a limit: read as it was written, also one of an earlier program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.limit_reason import LimitReason, figure_text

NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,40}\Z")


@given(NAMES, st.none() | st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_what_was_written_is_read(metric: str, figure: float | None, warning: bool) -> None:
    """Whichever parts are known, and whatever the metric is called."""
    told = LimitReason(metric, figure_text(figure, 10), warning)
    assert LimitReason.read(told.code) == told


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("limit:rtt_s", LimitReason("rtt_s")),
        ("limit:output:5", LimitReason("output", "5")),
        ("limit:output:5:warning", LimitReason("output", "5", warning=True)),
        ("limit:warning", LimitReason("warning")),
        ("limit:output::warning", LimitReason("output", "", warning=True)),
        ("limit:output:5:newer", LimitReason("output", "5")),
        ("limit:", LimitReason("")),
        ("limit", None),
        ("deadline", None),
        ("fragmentation_needed:1400", None),
        ("", None),
    ],
)
def test_codes(code: str, told: LimitReason | None) -> None:
    """Those that stand in stores already, and what is none."""
    assert LimitReason.read(code) == told
