"""Which alarms of services a what-if would raise, in words."""

from __future__ import annotations

from controlroom.report.coming_alarms import coming_alarms
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.what_if import what_if
from tests.controlroom.alarms.test_service_faults import site


def coming(now: str, *failed: str, planned: str = "") -> tuple[str, ...]:
    """Suppose failures beside what has failed already."""
    resilience = Resilience(site("abc"))
    return coming_alarms(what_if(resilience, Observed(frozenset(now)), failed, planned), resilience)


def test_what_is_new_or_worse_is_told_with_how_urgent_it_is() -> None:
    """A failure that leaves enough raises nothing, and neither does what stands already."""
    assert coming("", "a") == ()
    assert coming("a", "b") == (
        "Priority 2, high: Calls: one failure from loss: C; A and B failed; left: By c",
    )
    assert coming("ab", "c") == ("Priority 1, critical: Calls: lost, A, B and C failed",)
    assert coming("ab") == ()


def test_maintenance_alone_raises_nothing() -> None:
    """Beside a failure it may."""
    assert coming("", planned="ab") == ()
    assert coming("a", planned="b")[0].startswith("Priority 2, high: Calls: one failure from loss")
