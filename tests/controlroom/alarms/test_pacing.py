"""A storm is a handful of messages, and nothing of it is lost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms import hiding, transitions
from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.hiding import Shelf
from controlroom.alarms.message import CALLING, DESK, Message, MessageKind, kind_of
from controlroom.alarms.moved import Moved
from controlroom.alarms.pacing import CRITICAL_S, GATHER_S, MOST_A_MINUTE, Numbers, Pacing
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.transitions import Fault
from controlroom.logbook.chain import Chain

TICK_S = 0.1


@dataclass
class Channel:
    """One channel with the rows that its messages would be: by key, as the store keeps them."""

    pacing: Pacing = field(default_factory=lambda: Pacing(DESK, Numbers()))
    rows: dict[str, Message] = field(default_factory=dict)
    went: list[tuple[float, Message]] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)
    chain: Chain = field(default_factory=Chain)
    now_s: float = 0.0
    _critical_since_s: float | None = None

    def take(self, moved: Moved | None) -> Message | None:
        """Let one transition happen now."""
        if moved is None:
            return None
        message = self.pacing.take(moved, self.chain.append(moved.entry), self.now_s)
        if message is not None:
            self._keep(message)
        return message

    def wait(self, seconds: float) -> None:
        """Let time pass, as the engine's looks do."""
        for _ in range(round(seconds / TICK_S)):
            self.now_s += TICK_S
            closed = self.pacing.tick(self.now_s)
            if closed is not None:
                self._keep(closed)

    def restart(self) -> None:
        """Be killed, and go on with what the store has."""
        numbers = Numbers(max((row.number for row in self.rows.values()), default=0) + 1)
        told = self.pacing.told
        self.pacing = Pacing(DESK, numbers, told)
        for row in self.rows.values():
            if row.gathering:
                self.pacing.go_on_with(row)

    def _keep(self, message: Message) -> None:
        before = self.rows.get(message.key)
        assert before is None or before.gathering, "a message that went out changed"
        self.rows[message.key] = message
        if message.gathering:
            if message.calling[0] and self._critical_since_s is None:
                self._critical_since_s = self.now_s
            return
        assert all(each.number < message.number for _, each in self.went), "a number was passed"
        self.went.append((self.now_s, message))
        if before is not None and message.calling[0] and self._critical_since_s is not None:
            self.waited_s.append(self.now_s - self._critical_since_s)
            self._critical_since_s = None


def fault(number: int, priority: Priority = Priority.HIGH) -> Fault:
    """A fault of one of many endpoints."""
    return Fault(f"e{number}", Cause.DOWN, "deadline", priority, 0.0)


def test_the_first_goes_out_at_once_and_what_follows_is_one_digest() -> None:
    """Eight masts within a second: one by name, then "seven more"."""
    channel = Channel()
    for number in range(1, 9):
        channel.take(transitions.raised(number, fault(number), 0.0))
        channel.wait(TICK_S)
    channel.wait(20.0)
    first, digest = (message for _, message in channel.went)
    assert (first.kind, first.alarm, first.count) == (MessageKind.RAISED, 1, 1)
    assert (digest.kind, digest.alarm, digest.count) == (MessageKind.DIGEST, 2, 7)
    assert channel.went[0][0] == 0.0
    assert channel.went[1][0] <= GATHER_S + 2 * TICK_S


def test_two_thousand_at_once_are_two_messages() -> None:
    """A cut that takes all, before it is known what they have in common."""
    channel = Channel()
    for number in range(1, 2001):
        channel.take(transitions.raised(number, fault(number, Priority.CRITICAL), 0.0))
    channel.wait(20.0)
    assert [message.count for _, message in channel.went] == [1, 1999]
    assert channel.went[1][0] <= CRITICAL_S + TICK_S


def test_a_critical_one_does_not_wait_behind_lesser_ones() -> None:
    """In the middle of a flood of high alarms the first critical one goes out at once, alone."""
    channel = Channel()
    for number in range(1, 50):
        channel.take(transitions.raised(number, fault(number), 0.0))
    went = channel.take(transitions.raised(50, fault(50, Priority.CRITICAL), 0.0))
    assert went is not None
    assert (went.gathering, went.alarm) == (False, 50)


def test_an_end_goes_out_at_once_and_only_after_its_raising() -> None:
    """Raised and over three seconds later are two messages; the end of what was never told is none."""
    channel = Channel()
    raised = transitions.raised(1, fault(1), 0.0)
    channel.take(raised)
    channel.wait(3.0)
    over = channel.take(transitions.returned(raised.alarm, 3.0))
    assert over is not None
    assert (over.kind, over.gathering) == (MessageKind.RETURNED, False)
    assert channel.take(transitions.withdrawn(raised.alarm, "site_changed", 4.0)) is None
    stranger = Channel()
    assert stranger.take(transitions.returned(raised.alarm, 3.0)) is None


def test_the_end_of_what_was_hidden_before_it_was_told_is_never_told() -> None:
    """Raised under suppression and over under suppression, or raised, shelved and over."""
    channel = Channel()
    hidden = hiding.suppressed(None, transitions.new_alarm(1, fault(1), 0.0), "behind:r", None, 0.0)
    assert channel.take(hidden) is None
    assert channel.take(transitions.returned(hidden.alarm, 1.0)) is None
    raised = transitions.raised(2, fault(2), 0.0)
    assert channel.take(raised) is not None
    away = hiding.shelved(raised.alarm, Shelf(60.0, "ann", "works"), 1.0)
    assert away is not None
    assert channel.take(away) is None
    assert channel.take(hiding.unshelved(away.alarm, "ann", hiding.TAKEN_BACK, 2.0)) is not None
    assert 2 in channel.pacing.told


def test_a_single_alarm_that_comes_and_goes_all_day_is_a_handful_a_minute() -> None:
    """One alarm every two seconds: at most six messages a minute, and each coming counted."""
    channel = Channel()
    register = AlarmRegister()
    for turn in range(150):
        channel.take(register.fault(fault(1), float(turn)))
        channel.wait(1.0)
        channel.take(register.no_fault("e1", None, float(turn)))
        channel.wait(1.0)
    channel.wait(120.0)
    _is_paced(channel)
    assert sum(sum(row.calling) for row in channel.rows.values()) == 150
    assert sum(row.easing for row in channel.rows.values()) == 150


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["raise", "worse", "ease", "return", "shelve", "unshelve", "wait", "restart"]),
        st.integers(1, 6),
        st.sampled_from(list(Priority)),
        st.sampled_from([0.0, 0.1, 0.5, 2.0, 7.0, 30.0]),
    ),
    max_size=60,
)


@given(STEPS)
def test_whatever_happens_all_of_it_is_told_once_and_slowly(
    steps: list[tuple[str, int, Priority, float]],
) -> None:
    """Each transition is counted once, the rate is bounded, and a critical one never waits long."""
    channel, register = Channel(), AlarmRegister()
    expected: Counter[bool] = Counter()
    restarts = 0
    for what, number, priority, pause_s in steps:
        if what == "restart":
            restarts += 1
            channel.restart()
        moved = _happened(register, what, number, priority, channel.now_s)
        if moved is not None:
            known, kind = moved.alarm.number in channel.pacing.told, kind_of(moved)
            if kind in CALLING or (kind is not None and known):
                expected[kind in CALLING] += 1
        channel.take(moved)
        channel.wait(pause_s)
    channel.wait(200.0)
    assert not any(row.gathering for row in channel.rows.values())
    assert sum(sum(row.calling) for row in channel.rows.values()) == expected[True]
    assert sum(row.easing for row in channel.rows.values()) == expected[False]
    assert all(waited_s <= CRITICAL_S + 2 * TICK_S for waited_s in channel.waited_s)
    if not restarts:
        _is_paced(channel)


def _happened(
    register: AlarmRegister, what: str, number: int, priority: Priority, now_s: float
) -> Moved | None:
    subject = f"e{number}"
    alarm = register.of(subject)
    if what == "raise":
        return register.fault(fault(number, priority), now_s)
    if what == "return":
        return register.no_fault(subject, None, now_s)
    if what == "ease":
        milder = replace(fault(number, Priority.LOW), cause=Cause.DEGRADED)
        return register.fault(milder, now_s)
    if what == "worse":
        return register.fault(fault(number, Priority.CRITICAL), now_s)
    if alarm is None:
        return None
    if what == "shelve":
        return register.shelve(alarm.number, Shelf(600.0, "ann", "works"), now_s)
    return register.unshelve(alarm.number, "ann", now_s) if what == "unshelve" else None


def _is_paced(channel: Channel) -> None:
    """No minute has more than the handful, but for critical ones, which are four seconds apart."""
    for at_s, _ in channel.went:
        within = [each for other_s, each in channel.went if at_s <= other_s < at_s + 60.0 - TICK_S]
        assert sum(not each.calling[0] for each in within) <= MOST_A_MINUTE
    critical_s = [at_s for at_s, each in channel.went if each.calling[0]]
    gaps = [later - earlier for earlier, later in pairwise(critical_s)]
    assert all(gap_s >= CRITICAL_S - 2 * TICK_S for gap_s in gaps)
