"""What a window would leave of services: lost, on the last leg, and what it does not touch."""

from __future__ import annotations

from controlroom.condition.maintenance.window import MaintenanceWindow, OneOff
from controlroom.report.plan_warnings import plan_warnings
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.site.view import SeenRiskGroup
from tests.controlroom.alarms.test_service_faults import site


def warned(names: str, *endpoint_ids: str, group: str = "", need: int = 1, **seen: str) -> tuple[str, ...]:
    """Plan a window and return what is said of it."""
    view = site(names, need)
    view = view.model_copy(
        update={"risk_groups": (SeenRiskGroup(id="duct", name="Duct", members=tuple(group)),)}
    )
    groups = ("duct",) if group else ()
    window = MaintenanceWindow(
        *(1, "Works", "cable", "Ann", 0.0, endpoint_ids, groups, "UTC"), plan=OneOff(0.0, 1.0)
    )
    observed = Observed(**{key: frozenset(value) for key, value in seen.items()})  # type: ignore[arg-type]
    return plan_warnings(Resilience(view), observed, window)


def test_a_window_that_leaves_enough_says_nothing() -> None:
    """Two of three are left, or it is as near to loss without it."""
    assert warned("abc", "a") == ()
    assert warned("abc", "a", failed="a") == ()


def test_the_last_leg_and_what_would_lose_it_are_named() -> None:
    """As things stand now: what has failed counts."""
    assert warned("ab", "a") == ("With this Calls would be one failure from loss: B.",)
    assert warned("abc", "a", failed="b") == ("With this Calls would be one failure from loss: C.",)


def test_a_loss_is_said_as_such() -> None:
    """Also by a group, and where a single endpoint does it."""
    lost = ("With this Calls would be lost: nothing else is left that carries it.",)
    assert warned("ab", "a", failed="b") == lost
    assert warned("ab", group="ab") == lost
    assert warned("ab", "b", need=2) == lost


def test_what_is_unknown_is_told_for_the_better_case() -> None:
    """And that it may be worse."""
    (line,) = warned("ab", "a", unknown="b")
    assert line.startswith("With this Calls would be one failure from loss: B.")
    assert line.endswith("It may be worse: not all of it is known now.")


def planned(begins_utc_s: float, ends_utc_s: float, *endpoint_ids: str, number: int = 1) -> MaintenanceWindow:
    """A window of that time."""
    plan = OneOff(begins_utc_s, ends_utc_s)
    return MaintenanceWindow(number, "Works", "cable", "Ann", 0.0, endpoint_ids, (), "UTC", plan=plan)


def test_what_is_in_maintenance_is_told_as_it_will_be_by_then() -> None:
    """One that is over by then counts no more; one that overlaps does, and one that follows does not."""
    resilience = Resilience(site("ab"))
    tomorrow = planned(1000.0, 2000.0, "b")
    now = Observed(planned=frozenset("a"))
    last_leg = ("With this Calls would be one failure from loss: A.",)
    over = planned(0.0, 200.0, "a", number=2)
    assert plan_warnings(resilience, now, tomorrow, [over], now_utc_s=100.0) == last_leg
    beside = planned(1900.0, 2100.0, "a", number=3)
    told = plan_warnings(resilience, Observed(), tomorrow, [beside], now_utc_s=100.0)
    assert told == ("With this Calls would be lost: nothing else is left that carries it.",)
    after = planned(2000.0, 2100.0, "a", number=4)
    assert plan_warnings(resilience, Observed(), tomorrow, [after], now_utc_s=100.0) == last_leg
