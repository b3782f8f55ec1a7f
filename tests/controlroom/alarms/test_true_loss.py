"""What is truly lost in maintenance is told as lost; what is planned alone is not."""

from __future__ import annotations

from controlroom.alarms import transitions
from controlroom.alarms.alarm import Alarm, Cause, Priority
from controlroom.alarms.transitions import Fault
from controlroom.alarms.true_loss import with_true_losses
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.resilience.standing import ServiceState
from tests.controlroom.alarms.test_service_faults import site


def down(endpoint_id: str, cause: Cause = Cause.DOWN) -> Alarm:
    """The alarm of an endpoint."""
    return transitions.raised(1, Fault(endpoint_id, cause, "deadline", Priority.HIGH, 1.0), 2.0).alarm


def state(observed: Observed, *alarms: Alarm) -> ServiceState:
    """How a service of two paths stands."""
    return with_true_losses(Resilience(site("ab")), observed, alarms)["calls"].state


def test_a_service_whose_last_path_is_truly_down_in_maintenance_is_lost() -> None:
    """Its alarm says the same."""
    observed = Observed(failed=frozenset("b"), planned=frozenset("a"))
    assert state(observed) is ServiceState.AT_RISK
    assert state(observed, down("a")) is ServiceState.LOST
    assert state(observed, down("a", Cause.DEGRADED)) is ServiceState.AT_RISK


def test_what_is_not_lost_stands_as_planned() -> None:
    """Down in maintenance is what maintenance is for."""
    observed = Observed(planned=frozenset("a"))
    assert state(observed, down("a")) is ServiceState.AT_RISK
    assert state(Observed(failed=frozenset("a")), down("a")) is ServiceState.AT_RISK
