"""Who is unstable, as it is told: urgent as the worst fault, down when it lasts, and ended by calm."""

from __future__ import annotations

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.transitions import Fault
from controlroom.condition.flapping import LASTS_S
from controlroom.condition.state import Condition
from controlroom.engine.instability import Instability
from controlroom.site.alarm_settings import FlappingSettings
from tests.stories.world import START_UTC_S, site_of

(MAST,) = site_of(["mast"]).endpoints
SETTINGS = FlappingSettings(falls=2, within_s=100, calm_s=50)


def fault(priority: Priority = Priority.HIGH, cause: Cause = Cause.DOWN) -> Fault:
    """What is wrong with the mast."""
    return Fault("mast", cause, "deadline", priority, START_UTC_S)


def unstable(calm_s: float = SETTINGS.calm_s) -> Instability:
    """Let the mast fall twice, and be up at 11 s."""
    instability = Instability(SETTINGS.model_copy(update={"calm_s": calm_s}))
    assert instability.fell(MAST, Condition.DOWN, fault(), 0.0) == fault()
    assert instability.rose("mast", 5.0) is None
    told = instability.fell(MAST, Condition.DOWN, fault(Priority.CRITICAL), 10.0)
    assert (told.cause, told.reason, told.priority) == (Cause.UNSTABLE, "falls:2", Priority.CRITICAL)
    assert instability.rose("mast", 11.0) is not None
    return instability


def test_it_is_as_urgent_as_the_worst_of_its_faults() -> None:
    """Also while a lesser one stands."""
    told = unstable().fell(MAST, Condition.DEGRADED, fault(Priority.LOW, Cause.DEGRADED), 12.0)
    assert (told.cause, told.priority) == (Cause.UNSTABLE, Priority.CRITICAL)


def test_a_fall_that_lasts_is_told_for_itself() -> None:
    """Once, when it has lasted; and the alarm is that of an unstable one again after it."""
    instability = unstable(calm_s=500)
    instability.fell(MAST, Condition.DOWN, fault(), 20.0)
    assert instability.tick(20.0 + LASTS_S) == []
    assert instability.tick(21.5 + LASTS_S) == ["mast"]
    assert instability.fell(MAST, Condition.DOWN, fault(), 21.5 + LASTS_S) == fault()
    assert instability.tick(23.0 + LASTS_S) == []


def test_calm_ends_it_and_is_told_once() -> None:
    """From then on a fall is one as any other."""
    instability = unstable()
    assert instability.tick(60.9) == []
    assert instability.tick(62.0) == ["mast"]
    assert instability.tick(64.0) == []
    assert instability.rose("mast", 65.0) is None
    assert instability.fell(MAST, Condition.DOWN, fault(), 200.0) == fault()


def test_other_settings_count_from_anew_and_who_is_gone_is_forgotten() -> None:
    """A changed site does not go on with counts of another meaning."""
    instability = unstable()
    instability.adopt(SETTINGS, ["mast"])
    assert instability.rose("mast", 12.0) is not None
    instability.adopt(SETTINGS, [])
    assert instability.rose("mast", 13.0) is None
    instability = unstable()
    instability.adopt(FlappingSettings(falls=5), ["mast"])
    assert instability.rose("mast", 12.0) is None
