"""A limit that is raised while its figure is told no longer: never green, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Mapping

from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Endpoint, EndpointKind, Limit, LimitWherePresent, Probe

SIGNAL = LimitWherePresent(
    metric="sinr_db", raise_below=0.0, clear_above=2.0, window_readings=5, minimum_readings=3
)
CLOCK = LimitWherePresent(
    metric="clock_severity",
    told_by="clock",
    raise_above=0.5,
    clear_below=0.4,
    window_readings=3,
    minimum_readings=2,
)
HOT = Limit(metric="heat_c", raise_above=60, clear_below=50, window_readings=3, minimum_readings=2)
POOR, GOOD, BETWEEN, NOTHING = {"sinr_db": -5.0}, {"sinr_db": 15.0}, {"sinr_db": 1.0}, {"rsrp_dbm": -86.0}
BAD_CLOCK = {"clock": 3.0, "clock_severity": 2.0}
GONE = "no_such_object:sinr_db"


def device(*limits: Limit) -> Endpoint:
    """An endpoint with one probe and such limits."""
    probe = Probe(
        type="snmp", name="snmp", period_s=10, timeout_s=1, limits=limits, parameters=ProbeParameters()
    )
    return Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))


def followed(*limits: Limit, restored: EndpointState | None = None) -> EndpointTracker:
    """Follow such a device."""
    return EndpointTracker(device(*limits), {"snmp": True}, 0.0, restored)


class Telling:
    """Tells a tracker answers, ten seconds apart, and says after each what the endpoint is."""

    def __init__(self, tracker: EndpointTracker) -> None:
        """Begin at no time."""
        self.tracker, self.now_s = tracker, 0.0

    def tell(self, values: Mapping[str, float], times: int) -> list[str]:
        """Answer so many times; return condition and reason after each."""
        return [self._take(Outcome.REPLIED, Reason.NONE, values) for _ in range(times)]

    def fall_silent(self, times: int) -> list[str]:
        """Give no answer so many times."""
        return [self._take(Outcome.NO_REPLY, Reason.DEADLINE, {}) for _ in range(times)]

    def _take(self, outcome: Outcome, reason: Reason, values: Mapping[str, float]) -> str:
        self.now_s += 10.0
        key = ProbeKey("mast", "snmp")
        self.tracker.take(Reading(key, self.now_s, self.now_s, outcome, reason, values))
        combined = self.tracker.combined()
        self.tracker.state = EndpointState("mast", combined.condition, combined.since_utc_s, combined.reason)
        return f"{combined.condition} {combined.reason}"


def test_it_is_unknown_until_the_figure_is_told_again_and_then_judged() -> None:
    """Neither good as the figure is gone, nor by the first reading that holds it."""
    for after, found in ((GOOD, "up none"), (POOR, "degraded limit:sinr_db:-5")):
        telling = Telling(followed(SIGNAL))
        telling.tell(POOR, 5)
        assert telling.tell(NOTHING, 7)[3:] == ["degraded limit:sinr_db:-5", *[f"unknown {GONE}"] * 3]
        assert telling.tracker.combined().since_utc_s == 100.0
        assert telling.tell(NOTHING, 200)[-1] == f"unknown {GONE}"
        assert telling.tell(after, 3) == [f"unknown {GONE}"] * 2 + [found]
        assert telling.tracker.combined().since_utc_s == telling.now_s


def test_a_figure_that_is_back_between_the_two_values_has_not_been_good() -> None:
    """Only the clearing value releases the limit; told is what was measured now."""
    telling = Telling(followed(SIGNAL))
    telling.tell(POOR, 5)
    telling.tell(NOTHING, 5)
    assert telling.tell(BETWEEN, 3)[-1] == "degraded limit:sinr_db:1"
    assert telling.tell(GOOD, 5)[-1] == "up none"


def test_a_state_that_is_told_no_longer_is_named_itself() -> None:
    """Not the severity that is derived from it."""
    telling = Telling(followed(CLOCK))
    assert telling.tell(BAD_CLOCK, 3)[-1] == "degraded limit:clock:3"
    assert telling.tell(NOTHING, 3)[-1] == "unknown no_such_object:clock"


def test_another_limit_that_is_raised_prevails() -> None:
    """A fault that is measured is told before one that is not."""
    telling = Telling(followed(SIGNAL, CLOCK))
    assert telling.tell(POOR | BAD_CLOCK, 5)[-1] == "degraded limit:clock:3"
    assert telling.tell(BAD_CLOCK, 9)[-1] == "degraded limit:clock:3"
    assert telling.tell({"clock": 1.0, "clock_severity": 0.0}, 3)[-1] == f"unknown {GONE}"


def test_a_figure_that_must_be_told_is_not_known_either() -> None:
    """It was too hot; now it is not told how hot it is."""
    telling = Telling(followed(HOT))
    assert telling.tell({"heat_c": 70.0}, 3)[-1] == "degraded limit:heat_c:70"
    assert telling.tell(NOTHING, 3)[-1] == "unknown no_such_object:heat_c"


def test_a_figure_that_was_well_may_go() -> None:
    """Not every device has it."""
    telling = Telling(followed(SIGNAL))
    telling.tell(GOOD, 5)
    assert set(telling.tell(NOTHING, 20)) == {"up none"}


def test_silence_does_not_make_it_good() -> None:
    """After an outage it is as unknown as before."""
    telling = Telling(followed(SIGNAL))
    telling.tell(POOR, 5)
    telling.tell(NOTHING, 5)
    assert telling.fall_silent(30)[-1].startswith("down")
    back = telling.tell(NOTHING, 30)
    assert back[-1] == f"unknown {GONE}"
    assert not [line for line in back if line.startswith("up")]


def test_a_restart_does_not_make_it_good() -> None:
    """Whether the figure was gone before or goes after it."""
    for reason, condition in ((GONE, Condition.UNKNOWN), ("limit:sinr_db:-5", Condition.DEGRADED)):
        telling = Telling(followed(SIGNAL, restored=EndpointState("mast", condition, 5.0, reason)))
        before = f"{condition} {reason}"
        assert telling.tell(NOTHING, 2) == [before] * 2
        assert telling.tell(NOTHING, 8)[-1] == f"unknown {GONE}"
        assert telling.tell(GOOD, 3) == [f"unknown {GONE}"] * 2 + ["up none"]
    clock = EndpointState("mast", Condition.UNKNOWN, 5.0, "no_such_object:clock")
    assert Telling(followed(CLOCK, restored=clock)).tell(NOTHING, 9)[-1] == "unknown no_such_object:clock"


def test_only_a_site_that_changes_the_limit_releases_it() -> None:
    """One that is read again as it was does not."""
    telling = Telling(followed(SIGNAL))
    telling.tell(POOR, 5)
    telling.tell(NOTHING, 5)
    telling.tracker.adopt(device(CLOCK, SIGNAL), {"snmp": True})
    assert telling.tell(NOTHING, 9)[-1] == f"unknown {GONE}"
    changed = SIGNAL.model_copy(update={"raise_below": -20.0, "clear_above": -18.0})
    telling.tracker.adopt(device(changed), {"snmp": True})
    assert telling.tell(NOTHING, 1) == ["up none"]


def test_a_set_clock_moves_since_when_it_is_unknown() -> None:
    """It is a time of this run."""
    telling = Telling(followed(SIGNAL))
    telling.tell(POOR, 5)
    telling.tell(NOTHING, 5)
    telling.tracker.clock_stepped(3600.0)
    assert telling.tracker.combined().since_utc_s == 3700.0
