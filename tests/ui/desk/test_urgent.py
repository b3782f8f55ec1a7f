"""What is said over a form that covers the desk."""

from __future__ import annotations

import pytest

from ui.desk.liveness import Liveness
from ui.desk.urgent import urgent_words


@pytest.mark.parametrize(
    ("liveness", "new", "headline"),
    [
        (Liveness.LIVE, 0, ""),
        (Liveness.STARTING, 0, ""),
        (Liveness.LIVE, 1, "1 critical alarm not acknowledged"),
        (Liveness.LIVE, 12, "12 critical alarms not acknowledged"),
        (Liveness.STOPPED, 0, "MONITORING STOPPED"),
        (Liveness.STOPPED, 3, "MONITORING STOPPED"),
    ],
)
def test_only_what_cannot_wait(liveness: Liveness, new: int, headline: str) -> None:
    """With what to press; a stopped monitoring stands before everything, for alarms are old then."""
    said, detail = urgent_words(liveness, new)
    assert said == headline
    assert ("F2" in detail and "F3" in detail) is bool(headline)
