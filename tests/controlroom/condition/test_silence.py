"""What a probe's silences teach it, and what is wanted to be sure of the one that goes on."""

from __future__ import annotations

from controlroom.condition.answering import Answering
from controlroom.condition.silence import Wanted
from controlroom.condition.state import Condition, EndpointState
from controlroom.condition.tracker import EndpointTracker, ProbeTracker
from controlroom.probe import ProbeParameters
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Endpoint, EndpointKind, Probe

KEY = ProbeKey("mast", "icmp")


def mast(restored: Condition | None = None, confirm: int | None = None) -> EndpointTracker:
    """Make an endpoint with one ping, as it was found after a restart, if it was."""
    probe = Probe(
        type="icmp",
        name="icmp",
        period_s=1,
        timeout_s=1,
        confirm_attempts=confirm,
        parameters=ProbeParameters(),
    )
    endpoint = Endpoint(
        id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,)
    )
    state = None if restored is None else EndpointState("mast", restored, 0.0, "deadline")
    return EndpointTracker(endpoint, {"icmp": True}, 0.0, state)


def hear(tracker: EndpointTracker, outcome: Outcome, *times_s: float, beat: bool = True) -> ProbeTracker:
    """Tell the same outcome of questions sent at some times, each 30 ms after its sending."""
    for at_s in times_s:
        reason = Reason.DEADLINE if outcome is Outcome.NO_REPLY else Reason.NONE
        values = {"rtt_s": 0.02} if outcome is Outcome.REPLIED else {}
        tracker.take(Reading(KEY, 1000.0 + at_s, at_s, outcome, reason, values, beat=beat), 0.03)
    return tracker.probes["icmp"]


def lost(at_s: float, *, beat: bool = True) -> Reading:
    """Make a loss of a question sent at a time."""
    return Reading(KEY, 1000.0 + at_s, at_s, Outcome.NO_REPLY, Reason.DEADLINE, beat=beat)


def seconds(first: int, count: int) -> list[float]:
    """Name so many seconds."""
    return [float(first + each) for each in range(count)]


def test_answers_teach_how_long_they_take() -> None:
    """By when they were here, which is later than the round-trip time; quick questions teach nothing."""
    tracker = mast()
    probe = hear(tracker, Outcome.REPLIED, *seconds(0, 11))
    assert probe.silences.usual.late_s == 0.03
    assert probe.silences.patience_s == 0.15


def test_a_silence_that_ended_teaches_its_span() -> None:
    """From the second loss to the last: 0.6 s, whether or not it was told as an outage."""
    for confirm in (2, 30):
        tracker = mast(confirm=confirm)
        hear(tracker, Outcome.REPLIED, *seconds(0, 10))
        hear(tracker, Outcome.NO_REPLY, 10.0)
        hear(tracker, Outcome.NO_REPLY, 10.3, 10.6, 10.9, beat=False)
        probe = hear(tracker, Outcome.REPLIED, 11.0, 12.0, 13.0, 14.0)
        assert probe.status.answering is Answering.ANSWERS
        (bound, *_) = probe.silences.usual.excesses()
        assert (round(bound[1], 2), round(bound[3], 2)) == (1.0, 0.5)


def test_an_outage_teaches_nothing() -> None:
    """What lasts half a minute is no habit, and its losses are not the link's usual ones."""
    tracker = mast()
    hear(tracker, Outcome.REPLIED, *seconds(0, 10))
    hear(tracker, Outcome.NO_REPLY, *seconds(10, 30))
    probe = hear(tracker, Outcome.REPLIED, *seconds(40, 5))
    assert probe.status.answering is Answering.ANSWERS
    assert probe.silences.usual.kept()["silences"] == 0.0


def test_what_was_lost_with_our_own_connection_teaches_nothing() -> None:
    """Nor does a silence that an earlier engine saw begin."""
    tracker = mast()
    hear(tracker, Outcome.REPLIED, *seconds(0, 10))
    hear(tracker, Outcome.NO_REPLY, 10.0, 11.0, 12.0)
    tracker.forget("own_connection_lost", 12.5, 1012.5)
    probe = hear(tracker, Outcome.REPLIED, 13.0, 14.0)
    assert probe.silences.usual.kept()["silences"] == 0.0
    before = mast(Condition.DOWN)
    hear(before, Outcome.NO_REPLY, 1.0)
    probe = hear(before, Outcome.REPLIED, 2.0, 3.0, 4.0, 5.0)
    assert probe.status.answering is Answering.ANSWERS
    assert probe.silences.usual.kept()["silences"] == 0.0


def test_what_a_silence_needs_is_settled_at_its_first_loss() -> None:
    """And what is wanted follows: six more at once, then one by one where a burst is possible."""
    tracker = mast()
    probe = hear(tracker, Outcome.REPLIED, *seconds(0, 10))
    hear(tracker, Outcome.NO_REPLY, 10.0)
    assert probe.silences.wanted(probe.status, lost(10.0), 10.1) == Wanted(6, 0.08)
    hear(tracker, Outcome.NO_REPLY, 10.2, beat=False)
    assert probe.silences.wanted(probe.status, lost(10.2, beat=False), 10.4) is None
    assert probe.silences.wanted(probe.status, lost(11.0), 11.2) == Wanted(5, 0.08)
    hear(tracker, Outcome.REPLIED, 10.5, beat=False)
    for start in (20.0, 30.0, 40.0):  # three bursts of a second are a habit
        hear(tracker, Outcome.NO_REPLY, start)
        hear(tracker, Outcome.NO_REPLY, start + 0.2, start + 1.2, beat=False)
        hear(tracker, Outcome.REPLIED, start + 2.0)
    hear(tracker, Outcome.NO_REPLY, 50.0)
    hear(tracker, Outcome.NO_REPLY, *(50.2 + 0.08 * each for each in range(10)), beat=False)
    assert probe.status.answering is Answering.ANSWERS
    further = probe.silences.wanted(probe.status, lost(50.92, beat=False), 51.2)
    assert further is not None
    assert (further.attempts, further.first_s) == (1, 0.25)
