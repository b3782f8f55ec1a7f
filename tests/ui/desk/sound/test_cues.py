"""When the desk sounds: told as small stories, and as rules that hold for any course of events."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from ui.desk.liveness import Liveness
from ui.desk.sound.cues import GATHER_S, HEARTBEAT_EVERY_S, MUTES_S, SILENCE_S, Cues, Due
from ui.desk.sound.waiting import Cue

LIVE, STOPPED = Liveness.LIVE, Liveness.STOPPED


def alarm(number: int, priority: Priority = Priority.CRITICAL, *, seen: bool = False) -> Alarm:
    """An alarm of an endpoint that is down; ``seen`` makes it acknowledged."""
    state = AlarmState.ACKNOWLEDGED if seen else AlarmState.UNACKNOWLEDGED
    return Alarm(number, f"mast-{number}", Cause.DOWN, "deadline", priority, state, 1.0, 2.0)


def acknowledged(one: Alarm) -> Alarm:
    """The alarm after somebody has seen it."""
    return replace(one, state=AlarmState.ACKNOWLEDGED, acknowledged_utc_s=5.0)


def returned(one: Alarm) -> Alarm:
    """The alarm after its fault is over, seen by nobody."""
    return replace(one, state=AlarmState.RETURNED_UNACKNOWLEDGED, returned_utc_s=6.0)


def open_cues() -> Cues:
    """A desk that has been open for a while, and has sounded nothing."""
    cues = Cues()
    assert cues.look([], LIVE, 0.0) is None
    return cues


def heard(
    cues: Cues, alarms: list[Alarm], since_s: float, until_s: float, liveness: Liveness = LIVE
) -> list[tuple[Cue, int]]:
    """What sounds, and at which second, over a time in which nothing changes; a look every 200 ms."""
    sounds = []
    for place in range(round(since_s * 5), round(until_s * 5)):
        due = cues.look(alarms, liveness, place / 5)
        if due is not None:
            sounds.append((due.cue, round(place / 5)))
    return sounds


def test_a_new_critical_alarm_sounds_every_ten_seconds_and_later_every_thirty() -> None:
    """The first minute belongs to whoever is on the way to the desk."""
    sounds = heard(open_cues(), [alarm(1)], 10, 140)
    assert sounds == [(Cue.NEW_CRITICAL, at_s) for at_s in (10, 20, 30, 40, 50, 60, 90, 120)]


def test_a_repetition_is_told_apart_from_what_is_new() -> None:
    """For alarms and for the heartbeat; a further alarm is new."""
    cues = open_cues()
    first, again, further = alarm(1), Due(Cue.NEW_CRITICAL, alarm(1), repeated=True), alarm(2)
    assert cues.look([first], LIVE, 1.0) == Due(Cue.NEW_CRITICAL, first)
    assert cues.look([first], LIVE, 11.0) == again
    assert cues.look([first, further], LIVE, 13.0) == Due(Cue.NEW_CRITICAL, further, 1)
    cues = open_cues()
    assert cues.look([], STOPPED, 1.0) == Due(Cue.HEARTBEAT_LOST)
    assert cues.look([], STOPPED, 16.0) == Due(Cue.HEARTBEAT_LOST, repeated=True)


def test_acknowledging_ends_the_sound() -> None:
    """At once, and for good."""
    cues = open_cues()
    assert cues.look([alarm(1)], LIVE, 1.0) == Due(Cue.NEW_CRITICAL, alarm(1))
    assert heard(cues, [acknowledged(alarm(1))], 2, 600) == []


def test_a_fault_that_is_over_is_not_repeated() -> None:
    """It stays on screen, and sounds again when it comes back: a critical one as a new critical alarm."""
    cues = open_cues()
    cues.look([alarm(1)], LIVE, 1.0)
    assert heard(cues, [returned(alarm(1))], 2, 200) == []
    again = replace(alarm(1), occurrences=2, raised_utc_s=200.0)
    assert heard(cues, [again], 200, 215) == [(Cue.NEW_CRITICAL, 200), (Cue.NEW_CRITICAL, 210)]


def test_a_high_alarm_that_comes_back_is_a_further_fault() -> None:
    """Its tone is that of what somebody knows already."""
    cues = open_cues()
    high = alarm(1, Priority.HIGH)
    cues.look([high], LIVE, 1.0)
    assert heard(cues, [returned(high)], 2, 200) == []
    again = replace(high, occurrences=2, raised_utc_s=200.0)
    assert heard(cues, [again], 200, 201) == [(Cue.FURTHER_FAULT, 200)]


def test_an_acknowledged_critical_alarm_that_is_raised_again_is_a_new_critical_one() -> None:
    """Whoever acknowledged it believes that it is being seen to."""
    cues = Cues()
    cues.look([alarm(1, seen=True)], LIVE, 0.0)
    again = replace(alarm(1), occurrences=2, raised_utc_s=20.0)
    assert cues.look([again], LIVE, 20.0) == Due(Cue.NEW_CRITICAL, again)


def test_a_fault_that_came_and_went_between_two_looks_sounds_once() -> None:
    """Nobody would know otherwise."""
    assert heard(open_cues(), [returned(alarm(1))], 1, 100) == [(Cue.NEW_CRITICAL, 1)]


def test_what_was_seen_already_is_silent_when_the_desk_opens() -> None:
    """Acknowledged or over: no sound; what nobody has acknowledged is one sound, and is repeated."""
    assert heard(Cues(), [alarm(1, seen=True), returned(alarm(2))], 0, 60) == []
    assert heard(Cues(), [alarm(1, seen=True), alarm(2), alarm(3)], 0, 9) == [(Cue.NEW_CRITICAL, 0)]


def test_nothing_sounds_before_the_store_has_been_read() -> None:
    """And what is read first is the opening."""
    cues = Cues()
    assert cues.look(None, Liveness.STARTING, 0.0) is None
    assert cues.look([returned(alarm(1))], LIVE, 1.0) is None


def test_many_alarms_at_once_are_one_sound_of_the_worst() -> None:
    """Twenty alarms within a second: one sound, and it says how many."""
    cues = open_cues()
    first = [alarm(number, Priority.HIGH) for number in range(2, 12)] + [alarm(1)]
    due = cues.look(first, LIVE, 1.0)
    assert due == Due(Cue.NEW_CRITICAL, alarm(1), 10)
    assert heard(cues, [*first, *(alarm(number) for number in range(12, 21))], 1.2, 10) == []


def test_a_worse_alarm_does_not_wait() -> None:
    """A critical one half a second after a high one sounds at once."""
    cues = open_cues()
    high = alarm(1, Priority.HIGH)
    assert cues.look([high], LIVE, 1.0) == Due(Cue.NEW_HIGH, high)
    assert cues.look([high, alarm(2)], LIVE, 1.4) == Due(Cue.NEW_CRITICAL, alarm(2), 1)


def test_a_less_urgent_alarm_gives_way_and_then_sounds() -> None:
    """Two seconds after a critical one a high one waits until that has been heard."""
    cues = open_cues()
    cues.look([alarm(1)], LIVE, 1.0)
    assert heard(cues, [acknowledged(alarm(1)), alarm(2, Priority.HIGH)], 3, 9) == [(Cue.FURTHER_FAULT, 5)]


def test_high_is_softer_and_medium_and_low_are_shown_only() -> None:
    """A calm room: what has time makes no sound."""
    assert heard(open_cues(), [alarm(1, Priority.HIGH)], 1, 62) == [(Cue.NEW_HIGH, 1), (Cue.NEW_HIGH, 61)]
    assert heard(open_cues(), [alarm(1, Priority.MEDIUM), alarm(2, Priority.LOW)], 1, 100) == []


def test_what_comes_beside_an_acknowledged_alarm_is_a_further_fault() -> None:
    """High is repeated, medium is said once, low never; a critical one keeps its own sound."""
    known = alarm(1, seen=True)
    for priority, sounds in (
        (Priority.HIGH, [(Cue.FURTHER_FAULT, 1), (Cue.FURTHER_FAULT, 31)]),
        (Priority.MEDIUM, [(Cue.FURTHER_FAULT, 1)]),
        (Priority.LOW, []),
        (Priority.CRITICAL, [(Cue.NEW_CRITICAL, at_s) for at_s in (1, 11, 21, 31)]),
    ):
        cues = Cues()
        cues.look([known], LIVE, 0.0)
        assert heard(cues, [known, alarm(2, priority)], 1, 40) == sounds


def test_an_acknowledged_alarm_that_is_raised_again_sounds() -> None:
    """And one that becomes critical sounds like a new critical one."""
    cues = Cues()
    known = alarm(1, Priority.HIGH, seen=True)
    cues.look([known], LIVE, 0.0)
    again = alarm(1, Priority.HIGH)
    assert cues.look([again], LIVE, 1.0) == Due(Cue.FURTHER_FAULT, again)
    assert cues.look([alarm(1)], LIVE, 2.0) == Due(Cue.NEW_CRITICAL, alarm(1))


def test_an_alarm_that_eases_is_repeated_as_what_it_is() -> None:
    """From critical to high: softer and rarer. To medium: no more."""
    cues = open_cues()
    cues.look([alarm(1)], LIVE, 1.0)
    assert heard(cues, [alarm(1, Priority.HIGH)], 2, 70) == [(Cue.NEW_HIGH, 61)]
    assert heard(cues, [alarm(1, Priority.MEDIUM)], 70, 300) == []


def test_a_lost_heartbeat_sounds_until_it_is_back() -> None:
    """Every fifteen seconds, beside alarms and even while muted."""
    cues = open_cues()
    cues.mute(MUTES_S[0], 0.0)
    assert heard(cues, [alarm(1)], 1, 40, STOPPED) == [(Cue.HEARTBEAT_LOST, at_s) for at_s in (1, 16, 31)]
    assert heard(cues, [alarm(1)], 40, 60) == []
    assert heard(cues, [alarm(1)], 60, 61, STOPPED) == [(Cue.HEARTBEAT_LOST, 60)]


def test_alarms_do_not_drown_a_lost_heartbeat() -> None:
    """Both are repeated, seconds apart."""
    sounds = heard(open_cues(), [alarm(1)], 1, 31, STOPPED)
    assert [cue for cue, _ in sounds].count(Cue.HEARTBEAT_LOST) >= 2
    assert [cue for cue, _ in sounds].count(Cue.NEW_CRITICAL) >= 2
    assert all(later - earlier >= 4 for (_, earlier), (_, later) in itertools.pairwise(sounds))


def test_silence_holds_repetitions_but_nothing_new() -> None:
    """It wears off by itself, and a new alarm ends it."""
    cues = open_cues()
    cues.look([alarm(1)], LIVE, 1.0)
    cues.silence(1.3)
    assert cues.look([alarm(1), alarm(2)], LIVE, 1.5) == Due(Cue.NEW_CRITICAL, alarm(2), 1)
    cues.silence(2.0)
    assert heard(cues, [alarm(1), alarm(2)], 2, 305) == [(Cue.NEW_CRITICAL, round(2 + SILENCE_S))]


def test_a_lost_heartbeat_can_be_silenced_for_a_while() -> None:
    """One that is lost again sounds again at once."""
    cues = open_cues()
    assert cues.look([], STOPPED, 1.0) == Due(Cue.HEARTBEAT_LOST)
    cues.silence(2.0)
    assert heard(cues, [], 2, 290, STOPPED) == []
    assert heard(cues, [], 290, 291) == []
    assert heard(cues, [], 291, 300, STOPPED) == [(Cue.HEARTBEAT_LOST, 291)]


def test_a_silence_before_the_heartbeat_is_lost_does_not_hold_its_sound() -> None:
    """What is new sounds."""
    cues = open_cues()
    cues.silence(1.0)
    assert cues.look([], STOPPED, 2.0) == Due(Cue.HEARTBEAT_LOST)


@pytest.mark.parametrize("duration_s", MUTES_S)
def test_a_mute_ends_by_itself_and_then_what_waits_sounds(duration_s: float) -> None:
    """One sound for all that came meanwhile and is not acknowledged; what is over is not told."""
    cues = open_cues()
    cues.mute(duration_s, 0.0)
    assert cues.muted_s(1.0) == duration_s - 1.0
    waiting = [alarm(1), alarm(2), returned(alarm(3)), alarm(4, seen=True)]
    assert heard(cues, waiting, 1, duration_s) == []
    assert cues.look(waiting, LIVE, duration_s) == Due(Cue.NEW_CRITICAL, alarm(2), 1)
    assert cues.muted_s(duration_s) is None


def test_a_mute_can_be_ended_by_hand() -> None:
    """What waits sounds at once."""
    cues = open_cues()
    cues.mute(MUTES_S[2], 0.0)
    assert cues.look([alarm(1)], LIVE, 1.0) is None
    cues.unmute()
    assert cues.look([alarm(1)], LIVE, 1.2) == Due(Cue.NEW_CRITICAL, alarm(1))


@given(st.floats(-10, 1e9), st.floats(0, 1e6))
def test_no_mute_lasts_longer_than_the_longest(duration_s: float, now_s: float) -> None:
    """Whatever is asked for."""
    cues = open_cues()
    cues.mute(duration_s, now_s)
    cues.look([], LIVE, now_s + MUTES_S[-1] + 0.001)
    assert cues.muted_s(now_s + MUTES_S[-1] + 0.001) is None


class _AnyShift(RuleBasedStateMachine):
    """Alarms come, change and go, operators silence and mute, time passes; every look is checked."""

    def __init__(self) -> None:
        super().__init__()
        self.cues = Cues()
        self.alarms: dict[int, Alarm] = {}
        self.now_s, self.liveness = 100.0, LIVE
        self.sounds: list[tuple[Cue, float]] = []
        self.mute_ends_s = 0.0
        self.cues.look([], LIVE, self.now_s)

    def look(self) -> Due | None:
        due = self.cues.look(list(self.alarms.values()), self.liveness, self.now_s)
        if due is not None:
            self.sounds.append((due.cue, self.now_s))
        if self.now_s < self.mute_ends_s:
            assert due is None or due.cue is Cue.HEARTBEAT_LOST
        return due

    @rule(priority=st.sampled_from(Priority), steps=st.integers(0, 3))
    def raise_one(self, priority: Priority, steps: int) -> None:
        number = len(self.alarms) + 1
        self.alarms[number] = alarm(number, priority)
        self.look()
        if priority is Priority.CRITICAL and self.now_s >= self.mute_ends_s:
            assert any(
                cue is Cue.NEW_CRITICAL and self.now_s - at_s < GATHER_S for cue, at_s in self.sounds
            ), "a new critical alarm without a sound"
        self.now_s += steps * 0.2

    @rule(data=st.data(), change=st.sampled_from(["acknowledge", "return", "again", "ease", "end"]))
    def change_one(self, data: st.DataObject, change: str) -> None:
        if not self.alarms:
            return
        one = data.draw(st.sampled_from(sorted(self.alarms.values(), key=lambda one: one.number)))
        changed = {
            "acknowledge": acknowledged(one),
            "return": returned(one),
            "again": replace(
                one,
                state=AlarmState.UNACKNOWLEDGED,
                occurrences=one.occurrences + 1,
                raised_utc_s=self.now_s,
            ),
            "ease": replace(one, priority=Priority(min(one.priority + 1, 4))),
            "end": replace(one, state=AlarmState.NORMAL),
        }
        self.alarms[one.number] = changed[change]
        self.look()

    @rule(duration_s=st.sampled_from(MUTES_S))
    def mute(self, duration_s: float) -> None:
        self.cues.mute(duration_s, self.now_s)
        self.mute_ends_s = self.now_s + duration_s

    @rule()
    def unmute(self) -> None:
        self.cues.unmute()
        self.mute_ends_s = self.now_s

    @rule()
    def silence(self) -> None:
        self.cues.silence(self.now_s)
        self.sounds.clear()

    @rule(liveness=st.sampled_from([LIVE, STOPPED]))
    def heartbeat(self, liveness: Liveness) -> None:
        begins = liveness is STOPPED and self.liveness is not STOPPED
        self.liveness = liveness
        last = self.sounds[-1] if self.sounds else None
        due = self.look()
        free = last is None or last[0] >= Cue.HEARTBEAT_LOST or self.now_s - last[1] >= 4.0
        if begins and free and (due is None or due.cue is not Cue.HEARTBEAT_LOST):
            assert due is not None
            assert due.cue is Cue.NEW_CRITICAL

    @rule(seconds=st.integers(1, 40))
    def let_pass(self, seconds: int) -> None:
        for _ in range(seconds * 2):
            self.now_s += 0.5
            self.look()

    @rule()
    def a_long_time_passes(self) -> None:
        """Whatever was muted or silenced: what is critical, active and waiting sounds in the end."""
        begun_s = self.now_s
        for _ in range(round(MUTES_S[-1] + SILENCE_S) // 5):
            self.now_s += 5.0
            self.look()
        late = [cue for cue, at_s in self.sounds if at_s > begun_s]
        waiting = any(
            one.state is AlarmState.UNACKNOWLEDGED and one.priority is Priority.CRITICAL
            for one in self.alarms.values()
        )
        assert not waiting or {Cue.NEW_CRITICAL, Cue.FURTHER_FAULT} & set(late)
        if self.liveness is STOPPED:
            assert late.count(Cue.HEARTBEAT_LOST) >= MUTES_S[-1] / (HEARTBEAT_EVERY_S + 5)

    @invariant()
    def a_second_look_at_once_is_silent(self) -> None:
        self.look()
        assert self.look() is None


TestAnyShift = _AnyShift.TestCase
TestAnyShift.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)


def test_what_is_hidden_makes_no_sound_and_is_new_when_it_is_shown() -> None:
    """Shelved, suppressed or out of service; off the shelf it sounds at once, as if it were raised now."""
    one = alarm(1)
    for hidden in (
        replace(one, shelved_utc_s=3.0),
        replace(one, suppressed_by="behind:router"),
        replace(one, out_of_service="operator"),
    ):
        cues = open_cues()
        assert heard(cues, [hidden], 10, 100) == []
        assert heard(cues, [one], 100, 101) == [(Cue.NEW_CRITICAL, 100)]
        assert heard(cues, [hidden], 101, 200) == []


def test_a_high_alarm_waits_for_its_message_and_no_longer_than_half_a_minute() -> None:
    """Two hundred of them sound when their digest comes; one that nobody told of sounds all the same."""
    cues, storm = open_cues(), [alarm(number, Priority.HIGH) for number in range(1, 200)]
    for at_s in range(10):
        assert cues.look(storm, LIVE, float(at_s), lambda _: False) is None
    assert cues.look(storm, LIVE, 10.0, lambda _: True) is not None
    cues = open_cues()
    sounds = [at_s for at_s in range(60) if cues.look([storm[0]], LIVE, float(at_s), lambda _: False)]
    assert sounds == [30]


def test_a_critical_alarm_waits_for_no_message() -> None:
    """Whether or not the outbox works."""
    assert open_cues().look([alarm(1)], LIVE, 10.0, lambda _: False) is not None


def test_an_alarm_that_is_over_and_acknowledged_is_held_in_silence() -> None:
    """One that latches makes no sound while it waits to be reset."""
    held = replace(acknowledged(alarm(1)), state=AlarmState.LATCHED_ACKNOWLEDGED, returned_utc_s=6.0)
    assert heard(open_cues(), [held], 10, 100) == []
