"""Priority by what hangs on it and how long one has: the table of the documentation, line by line."""

from __future__ import annotations

import pytest

from controlroom.alarms.urgency import priority_by
from controlroom.site.criticality import Criticality


@pytest.mark.parametrize(
    ("criticality", "at_once", "within_the_hour", "later"),
    [
        (Criticality.CRITICAL, 1, 2, 3),
        (Criticality.HIGH, 2, 3, 4),
        (Criticality.MEDIUM, 3, 4, 4),
        (Criticality.LOW, 4, 4, 4),
    ],
)
def test_the_table(criticality: Criticality, at_once: int, within_the_hour: int, later: int) -> None:
    """A step at a quarter of an hour, another at an hour, none below the least urgent."""
    times = (
        (1.0, at_once),
        (900.0, at_once),
        (900.1, within_the_hour),
        (3600.0, within_the_hour),
        (3601.0, later),
    )
    assert [priority_by(criticality, time_s) for time_s, _ in times] == [priority for _, priority in times]
