"""One endpoint followed reading by reading: how long it has been what it is."""

from __future__ import annotations

from controlroom.condition.answering import NOT_MEASURED_YET, unmeasured
from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Endpoint, EndpointKind, Limit, LimitWherePresent, Probe

KEY = ProbeKey("mast", "icmp")
LIMIT = Limit(metric="loss_ratio", raise_above=0.1, clear_below=0.05, window_readings=20, minimum_readings=10)


def followed(*answers: Outcome | Reason) -> EndpointTracker:
    """Follow an endpoint through a reading a second: an outcome, or the reason of a refusal."""
    probe = Probe(
        type="icmp", name="icmp", period_s=1, timeout_s=1, parameters=ProbeParameters(), limits=(LIMIT,)
    )
    mast = Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))
    tracker = EndpointTracker(mast, {"icmp": True}, 0.0)
    for second, answer in enumerate(answers):
        outcome = answer if isinstance(answer, Outcome) else Outcome.REFUSED
        reason = answer if isinstance(answer, Reason) else Reason.NONE
        tracker.take(Reading(KEY, float(second), float(second), outcome, reason))
    return tracker


def test_up_after_a_degradation_counts_from_its_end() -> None:
    """Not from the first answer, long before it."""
    good, bad = Outcome.REPLIED, Outcome.NO_REPLY
    lossy = followed(*[good] * 20, *[good, bad] * 6)
    assert lossy.combined().condition is Condition.DEGRADED
    well = followed(*[good] * 20, *[good, bad] * 6, *[good] * 30)
    assert well.combined().condition is Condition.UP
    assert 32 < well.combined().since_utc_s <= 52


def test_the_figure_that_raised_a_limit_stays_in_the_reason() -> None:
    """It says what happened then; a reason that changed with each reading would bury all else."""
    good, bad = Outcome.REPLIED, Outcome.NO_REPLY
    answers = [*[good] * 20, *[good, bad] * 6]
    reasons = {
        followed(*answers[:count]).combined().reason
        for count in range(20, len(answers) + 1)
        if followed(*answers[:count]).combined().condition is Condition.DEGRADED
    }
    assert len(reasons) == 1
    metric, figure = reasons.pop().removeprefix("limit:").split(":")
    assert (metric, 0.1 < float(figure) < 0.35) == ("loss_ratio", True)


def test_a_restart_keeps_the_figure_that_raised_a_limit() -> None:
    """The alarm says the same before and after."""
    probe = Probe(
        type="icmp", name="icmp", period_s=1, timeout_s=1, parameters=ProbeParameters(), limits=(LIMIT,)
    )
    mast = Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))
    before = EndpointState("mast", Condition.DEGRADED, 5.0, "limit:loss_ratio:0.25")
    tracker = EndpointTracker(mast, {"icmp": True}, 9.0, before)
    tracker.take(Reading(KEY, 10.0, 10.0, Outcome.REPLIED))
    assert tracker.combined().reason == "limit:loss_ratio:0.25"


def test_wrong_credentials_are_no_loss_afterwards() -> None:
    """Once they are right again the endpoint is up, not degraded by losses that were none."""
    tracker = followed(*[Outcome.REPLIED] * 20, *[Reason.AUTHENTICATION_FAILED] * 15, *[Outcome.REPLIED] * 3)
    assert tracker.combined().condition is Condition.UP


def test_a_limit_on_how_bad_a_state_is_tells_the_state() -> None:
    """The newest that is bad by itself, no median of codes; as it is now, and through a restart."""
    limit = LimitWherePresent(
        metric="fed_severity",
        told_by="fed_state",
        raise_above=0.5,
        clear_below=0.4,
        window_readings=3,
        minimum_readings=2,
    )
    probe = Probe(
        type="snmp", name="snmp", period_s=1, timeout_s=1, parameters=ProbeParameters(), limits=(limit,)
    )
    mast = Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))
    states = [(3, 0), (12345, 2), (3, 0), (12345, 2), (4, 1), (4, 1), (3, 0), (3, 0), (3, 0)]

    def told(tracker: EndpointTracker) -> list[str]:
        found = []
        for second, (code, severity) in enumerate(states):
            values = {"fed_state": float(code), "fed_severity": float(severity)}
            reading = Reading(ProbeKey("mast", "snmp"), 9.0 + second, second, Outcome.REPLIED, values=values)
            tracker.take(reading)
            found.append(tracker.combined().reason)
        return found

    reasons = told(EndpointTracker(mast, {"snmp": True}, 0.0))
    assert reasons[3] == "limit:fed_state:12345"
    assert reasons[5] == "limit:fed_state:4:warning"
    assert reasons[-1] == "none"
    before = EndpointState("mast", Condition.DEGRADED, 5.0, "limit:fed_state:12345")
    again = told(EndpointTracker(mast, {"snmp": True}, 9.0, before))
    assert again[0] == "limit:fed_state:12345"
    assert again[-1] == "none"


def test_delays_of_a_limit_count_on_the_clock_of_the_readings() -> None:
    """Three seconds beyond before it is degraded, five within before it is good; adopting begins anew."""
    limit = Limit(
        metric="rtt_s",
        raise_above=0.3,
        clear_below=0.2,
        window_readings=1,
        minimum_readings=1,
        on_delay_s=3,
        off_delay_s=5,
    )
    probe = Probe(
        type="icmp", name="icmp", period_s=1, timeout_s=1, parameters=ProbeParameters(), limits=(limit,)
    )
    mast = Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))
    tracker, found = EndpointTracker(mast, {"icmp": True}, 0.0), []
    for second, rtt_s in enumerate([0.9] * 5 + [0.1] * 7):
        values = {"rtt_s": rtt_s}
        # The wall clock is set back by an hour each second: a delay must not notice.
        tracker.take(Reading(KEY, -3600.0 * second, float(second), Outcome.REPLIED, values=values))
        found.append(tracker.combined().condition is Condition.DEGRADED)
    assert found == [False] * 3 + [True] * 7 + [False] * 2

    waiting = EndpointTracker(mast, {"icmp": True}, 0.0)
    for second in range(5):
        if second == 2:
            waiting.adopt(mast, {"icmp": True})
        waiting.take(Reading(KEY, 0.0, float(second), Outcome.REPLIED, values={"rtt_s": 0.9}))
    assert waiting.combined().condition is Condition.UP


def state_limit(name: str) -> LimitWherePresent:
    """A limit on how bad a state is."""
    return LimitWherePresent(
        metric=f"{name}_severity",
        raise_above=0.5,
        clear_below=0.4,
        window_readings=3,
        minimum_readings=2,
        told_by=name,
    )


def device(*metrics: Limit) -> ProbeTracker:
    """A device with such limits, which answers."""
    probe = Probe(
        type="snmp", name="snmp", period_s=10, timeout_s=1, limits=metrics, parameters=ProbeParameters()
    )
    return ProbeTracker(probe, False, unmeasured(0.0))


def told(tracker: ProbeTracker, number: int, **values: float) -> tuple[str, ...]:
    """Tell values; return the limits that are raised, the gravest first."""
    tracker.take(
        Reading(ProbeKey("ups", "snmp"), 10.0 * number, 10.0 * number, Outcome.REPLIED, values=values)
    )
    return tracker.view().raised_reasons


def test_a_graver_state_comes_before_one_that_was_bad_earlier() -> None:
    """A battery to be replaced must not hide that the site runs on it."""
    tracker = device(state_limit("battery"), state_limit("output"))
    warned = {"battery": 2.0, "battery_severity": 1.0, "output": 3.0, "output_severity": 0.0}
    for number in range(4):
        raised = told(tracker, number, **warned)
    assert raised == ("limit:battery:2:warning",)
    for number in range(4, 8):
        raised = told(tracker, number, **(warned | {"output": 5.0, "output_severity": 2.0}))
    assert raised == ("limit:output:5", "limit:battery:2:warning")


def test_a_figure_that_is_told_no_longer_is_not_beyond_its_limit() -> None:
    """It was poor; what it is now nobody knows, and that is told as such."""
    limit = LimitWherePresent(
        metric="sinr_db", raise_below=0.0, clear_above=2.0, window_readings=5, minimum_readings=3
    )
    tracker = device(limit)
    for number in range(5):
        raised = told(tracker, number, sinr_db=-5.0, rsrp_dbm=-86.0)
    assert raised == ("limit:sinr_db:-5",)
    for number in range(5, 9):
        assert told(tracker, number, rsrp_dbm=-86.0) == ("limit:sinr_db:-5",)
    assert told(tracker, 9, rsrp_dbm=-86.0) == ()
    assert tracker.view().lacks == "no_such_object:sinr_db"
    assert tracker.view().lacks_since_utc_s == 90.0


HOT = Limit(metric="temperature_c", raise_above=60, clear_below=50, window_readings=5, minimum_readings=3)
LOAD = Limit(metric="load_ratio", raise_above=0.9, clear_below=0.8, window_readings=5, minimum_readings=3)


def limited(*told: dict[str, float], before: Condition | None = None) -> EndpointTracker:
    """Follow a device with two limits from the start of an engine through such answers."""
    probe = Probe(
        type="snmp", name="snmp", period_s=1, timeout_s=1, parameters=ProbeParameters(), limits=(HOT, LOAD)
    )
    mast = Endpoint(id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,))
    restored = None if before is None else EndpointState("mast", before, 0.0, "x")
    tracker = EndpointTracker(mast, {"snmp": True}, 0.0, restored)
    for second, values in enumerate(told, 1):
        tracker.take(
            Reading(ProbeKey("mast", "snmp"), second, second, Outcome.REPLIED, Reason.NONE, values=values)
        )
    return tracker


def test_no_figure_that_is_limited_is_taken_for_well_before_it_came() -> None:
    """Until it has come, or is lacking for certain, nothing is said; then which one it is."""
    hot, all_told = {"temperature_c": 40.0}, {"temperature_c": 40.0, "load_ratio": 0.1}
    seen = [limited(*[hot] * count).combined() for count in range(1, 5)]
    assert [found.condition for found in seen] == [Condition.UNKNOWN] * 4
    assert [found.reason for found in seen] == [NOT_MEASURED_YET] * 2 + ["no_such_object:load_ratio"] * 2
    assert limited({}, {}, {}).combined().reason == "no_such_object:temperature_c,load_ratio"
    assert limited(hot, all_told).combined().condition is Condition.UP
    assert limited(all_told, hot).combined().condition is Condition.UP


def test_after_a_restart_it_stays_what_it_was_until_the_figures_came() -> None:
    """Neither up for a moment where it was unknown, nor unknown where it was up."""
    hot, all_told = {"temperature_c": 40.0}, {"temperature_c": 40.0, "load_ratio": 0.1}
    for before in (Condition.UNKNOWN, Condition.UP):
        assert limited(hot, hot, before=before).combined().condition is before
        assert limited(hot, hot, all_told, before=before).combined().condition is Condition.UP
        assert limited(hot, hot, hot, before=before).combined().reason == "no_such_object:load_ratio"
    too_hot = [{"temperature_c": 70.0}] * 3
    assert limited(*too_hot, before=Condition.UP).combined().reason == "limit:temperature_c:70"


def test_one_that_was_down_is_back_without_waiting_for_its_figures() -> None:
    """It answers: nobody may read that it is down."""
    back = limited(*[{"temperature_c": 40.0}] * 2, before=Condition.DOWN)
    answers = 2
    while back.combined().condition is Condition.DOWN and answers < 20:
        answers += 1
        back.take(
            Reading(ProbeKey("mast", "snmp"), answers, answers, Outcome.REPLIED, values={"load_ratio": 0.1})
        )
    assert (back.combined().condition, answers < 10) == (Condition.UP, True)


def test_the_moment_a_figure_comes_others_judge_anew() -> None:
    """Its status is the same as before, and yet it is well only now."""
    tracker = limited({"temperature_c": 40.0})
    key = ProbeKey("mast", "snmp")
    assert tracker.take(Reading(key, 2.0, 2.0, Outcome.REPLIED, values={"load_ratio": 0.1}))
    assert not tracker.take(Reading(key, 3.0, 3.0, Outcome.REPLIED, values={"load_ratio": 0.1}))


def test_an_agent_that_has_none_of_its_objects_lacks_what_is_limited() -> None:
    """It refuses, so nothing came at all."""
    tracker = limited()
    refused = Reading(ProbeKey("mast", "snmp"), 1.0, 1.0, Outcome.REFUSED, Reason.NO_SUCH_OBJECT)
    tracker.take(refused)
    assert tracker.combined().reason == "no_such_object:load_ratio,temperature_c"
    assert followed(Reason.NO_SUCH_OBJECT).combined().reason == "no_such_object"


SEVERITIES = {3.0: 0.0, 4.0: 1.0, 5.0: 2.0}


def fed(tracker: ProbeTracker, *codes: float, first: int = 0) -> list[str]:
    """Tell how the output is fed, reading by reading; return the first reason after each."""
    found = []
    for number, code in enumerate(codes, first):
        raised = told(tracker, number, output=code, output_severity=SEVERITIES[code])
        found.append(raised[0] if raised else "")
    return found


def test_a_state_is_a_warning_while_most_of_its_bad_readings_are() -> None:
    """A fault that begins is one at once, not half of one; one bad reading makes a fault of no warning."""
    assert fed(device(state_limit("output")), 3, 5, 5) == ["", "limit:output:5", "limit:output:5"]
    rising = fed(device(state_limit("output")), 4, 4, 4, 5, 5)
    assert rising[1:3] == ["limit:output:4:warning"] * 2
    assert rising[3].endswith(":warning")
    assert rising[4] == "limit:output:5"


def test_a_figure_beyond_its_limit_beside_a_warning_is_no_warning() -> None:
    """Only a warning alone is less urgent, and the figure says why."""
    limit = Limit(metric="load", raise_above=1.0, clear_below=0.5, window_readings=3, minimum_readings=2)
    tracker = device(state_limit("output"), limit)
    for number in range(3):
        raised = told(tracker, number, output=4.0, output_severity=1.0, load=2.0)
    assert raised == ("limit:load:2", "limit:output:4:warning")


def test_how_bad_a_state_was_is_known_through_silence_and_restart() -> None:
    """A fault is eased by readings alone, and a warning does not become one by a restart."""
    tracker = device(state_limit("output"))
    fed(tracker, 5, 5, 5)
    tracker.window.clear()
    assert told(tracker, 3) == ("limit:output:5",)
    for code in ("limit:output:4:warning", "limit:output:5"):
        again = device(state_limit("output"))
        reason = LimitReason.read(code)
        assert reason is not None
        again.restore_raised(reason, 5.0)
        assert told(again, 0) == (code,)
