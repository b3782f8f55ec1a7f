"""Odd replies are counted by endpoint, bounded, and forgotten after an hour."""

from __future__ import annotations

from probes.strays import FORGED, LATE, Strays


def test_all_in_all_and_by_endpoint() -> None:
    """A reply that is about nobody known counts in all alone; without any, nothing is told."""
    strays = Strays(lambda: 100.0)
    assert strays.health() == {}
    strays.note(LATE, ["mast", "mast-data"])
    strays.note(LATE, ["mast"], 2)
    strays.note(FORGED)
    assert strays.health() == {
        "lately_late_replies": 3.0,
        "lately_late_replies@mast": 3.0,
        "lately_late_replies@mast-data": 1.0,
        "lately_forged_replies": 1.0,
    }


def test_what_is_an_hour_old_is_no_news() -> None:
    """It goes bit by bit, and what came since stays."""
    now = [0.0]
    strays = Strays(lambda: now[0])
    strays.note(LATE, ["mast"])
    now[0] = 1800.0
    strays.note(LATE, ["mast"])
    assert strays.health()["lately_late_replies@mast"] == 2.0
    now[0] = 3650.0
    assert strays.health()["lately_late_replies@mast"] == 1.0
    now[0] = 9000.0
    assert strays.health() == {}


def test_a_flood_makes_nothing_large() -> None:
    """The endpoints that have most are told, and their number is bounded."""
    strays = Strays(lambda: 0.0)
    for number in range(5000):
        strays.note(FORGED, [f"e{number}"])
    strays.note(FORGED, ["e7"], 9)
    told = strays.health()
    assert len(told) < 20
    assert told["lately_forged_replies"] == 5009.0
    assert told["lately_forged_replies@e7"] == 10.0
    assert sum(len(counts) for _slot, counts in strays._slots) <= 1024
