"""Changes and signs in words."""

from __future__ import annotations

import pytest

from controlroom.report.grade_words import grade_reason_words
from controlroom.report.link_change_words import link_change_words, sign_words


@pytest.mark.parametrize(
    ("kind", "before", "after", "words"),
    [
        ("latency-rise", 0.02, 0.08, "slower than usual: the median round trip is 80.0 ms, was 20.0 ms"),
        ("loss-rise", 0.0, 0.05, "more is lost than usual: 5 %, was 0 %"),
        ("spread-fall", 0.02, 0.001, "round trips vary less than usual: 1.00 ms, was 20.0 ms"),
    ],
)
def test_a_change_is_told_with_both_figures(kind: str, before: float, after: float, words: str) -> None:
    """In the units that people read."""
    assert link_change_words(kind, before, after) == words


@pytest.mark.parametrize(
    ("sign", "words"),
    [
        ("signal_poor:signal_grade", "the signal is poor (signal_grade)"),
        (
            "change:latency-rise:0.02:0.08:route_changed",
            "slower than usual: the median round trip is 80.0 ms, was 20.0 ms since its route changed",
        ),
        (
            "stepped_down:tx_capacity_percent:90:40",
            "the radio carries less than usual: tx capacity 40 %, usually 90 %",
        ),
        ("limit:rtt_s:0.25", "round-trip time is 250 ms, beyond its limit"),
        (
            "limit:rtt_s:0.25:route_changed",
            "round-trip time is 250 ms, beyond its limit since its route changed",
        ),
        ("degraded:deadline", "the endpoint is degraded, no reply in time"),
        ("something\x1b[31m:1", "something\\x1b[31m:1"),
        ("change:latency-rise:much", "change:latency-rise:much"),
    ],
)
def test_a_sign_is_told_and_an_unknown_one_is_escaped(sign: str, words: str) -> None:
    """The same words stand for the grade that follows from it."""
    assert sign_words(sign) == words
    assert grade_reason_words(f"sign:{sign}") == words
