"""What is said of odd replies, out of the figures of a heartbeat."""

from __future__ import annotations

from controlroom.report.stray_words import stray_words, strays

HEALTH = {
    "icmp_late_replies": 900.0,
    "icmp_lately_late_replies": 1200.0,
    "icmp_lately_late_replies@mast": 1100.0,
    "icmp_lately_duplicate_replies": 2.0,
    "udp-echo_lately_duplicate_replies": 1.0,
    "udp-echo_lately_duplicate_replies@mast": 1.0,
    "dns_lately_forged_replies": 4.0,
    "icmp_lately_reordered_replies": float("nan"),
    "icmp_lately_strange_replies@mast": 1.0,
    "icmp_lately_late_replies@\x1b[2J": 1.0,
}


def test_all_in_all() -> None:
    """Of all probes together, and only of the last hour."""
    assert stray_words(strays(HEALTH)) == (
        "in the last hour 1,200 too late to count, 3 twice, 4 forged and not believed"
    )


def test_of_one_endpoint() -> None:
    """A kind that a newer engine counts is told by its name."""
    assert stray_words(strays(HEALTH, "mast")) == (
        "in the last hour 1,100 too late to count, 1 twice, 1 strange"
    )


def test_no_news_is_nothing_said() -> None:
    """Neither of an endpoint without any, nor of an older engine."""
    assert stray_words(strays(HEALTH, "other")) == ""
    assert stray_words(strays({"icmp_late_replies": 3.0})) == ""
    assert stray_words(strays({"icmp_lately_late_replies": 0.0})) == ""
