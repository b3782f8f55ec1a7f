"""Outages on simulated links: soon certain, and none by chance. A short run of ``tests/bench/outage.py``."""

from __future__ import annotations

from tests.bench.outage import at_random, delays_s, down_with_lucky_answers, in_bursts


def test_random_loss_tells_no_outage() -> None:
    """Twelve links that lose 5 % each, two hours long, from the first beat on."""
    found = at_random(12, 7200.0, seed=3, least=0.05, most=0.05)
    assert found.told == []
    assert found.asked_again > 12 * 7200 * 0.05 * 4


def test_an_outage_is_certain_within_two_seconds_of_its_beginning() -> None:
    """At the 95th percentile, with up to 5 % loss and RTT p99 of 150 ms; slower links add their own."""
    for rtt_p99_s in (0.03, 0.15):
        took_s = delays_s(100, seed=5, most_loss=0.05, rtt_p99_s=rtt_p99_s)
        assert took_s[95] < 2.0
    assert delays_s(100, seed=5, most_loss=0.05, rtt_p99_s=0.4)[95] < 2.4


def test_bursts_tell_one_outage_before_they_are_known() -> None:
    """Six hours with four hundred bursts of two seconds on the average."""
    for seed in (1, 2, 3):
        assert len(in_bursts(6 * 3600.0, seed).told) <= 1


def test_lucky_answers_are_no_return() -> None:
    """Down for six hours while one question in twenty is answered."""
    assert sum(down_with_lucky_answers(6 * 3600.0, seed, 0.05) for seed in (1, 2)) == 0
