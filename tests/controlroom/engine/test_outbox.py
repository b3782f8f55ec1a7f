"""What the engine keeps of messages: made with transitions, settled when not needed, given up aloud."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.escalation import Telling, passed_on
from controlroom.alarms.message import DESK, Message, MessageKind
from controlroom.alarms.moved import Moved
from controlroom.alarms.pacing import GATHER_S
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.transitions import Fault
from controlroom.engine.outbox import LOST_GATHER_S, Outbox, Posted
from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.logbook.chain import ORIGIN, Chain
from controlroom.logbook.entry import LogKind
from controlroom.notify.backoff import MOST_ATTEMPTS
from controlroom.store.interface import EngineMemory
from controlroom.store.outbox import Delivery, KeptMessage, MessageState, first_delivery

FAULT = Fault("mast", Cause.DOWN, "deadline", Priority.HIGH, 0.0)
MAIL = "mail"


@dataclass
class Room:
    """A register with an outbox, and the rows that come of it."""

    channels: tuple[str, ...] = (DESK,)
    register: AlarmRegister = field(default_factory=AlarmRegister)
    rows: dict[str, Message] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    chain: Chain = field(default_factory=Chain)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        """Begin with an empty store."""
        self.outbox = Outbox(lambda: self.now_s, None, self.channels)

    def let(self, *moved: Moved | None) -> None:
        """Let transitions happen in one batch."""
        pairs = [(each, self.chain.append(each.entry)) for each in moved if each is not None]
        self.keep(self.outbox.told(pairs))

    def keep(self, posted: Posted) -> None:
        """Keep what a batch holds."""
        self.rows.update(posted.messages)
        for key, message in posted.messages.items():
            self.deliveries[key] = first_delivery(message)
        for each in posted.deliveries:
            assert self.deliveries[each.key].state is MessageState.WAITING
            self.deliveries[each.key] = each

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now_s += seconds
        self.keep(self.outbox.tick(1000.0 + self.now_s))

    def tell(self, **details: Detail) -> Posted | str:
        """Let a desk tell what it delivered."""
        return self.outbox.delivered(Act("a", ActKind.DELIVERED, 1.0, "ann", details=details), 1000.0)

    def states(self) -> list[tuple[MessageKind, MessageState]]:
        """How all messages stand, in order of number."""
        rows = sorted(self.rows.values(), key=lambda row: row.number)
        return [(row.kind, self.deliveries[row.key].state) for row in rows]

    def memory(self) -> EngineMemory:
        """What the next engine would be told."""
        outbox = [
            KeptMessage(row, self.deliveries[key])
            for key, row in self.rows.items()
            if self.deliveries[key].state in (MessageState.WAITING, MessageState.GATHERING)
        ]
        return EngineMemory(
            states=(),
            alarms=self.register.alarms(),
            next_alarm_number=9,
            last_entry_number=0,
            last_entry_hash=ORIGIN,
            last_heartbeat_utc_s=None,
            ended_orderly=False,
            outbox=outbox,
            next_message_number=max((row.number for row in self.rows.values()), default=0) + 1,
        )


def test_each_channel_has_its_message_of_a_transition() -> None:
    """One for the desk, one for the mail, with keys of their own."""
    room = Room((DESK, MAIL))
    room.let(room.register.fault(FAULT, 0.0))
    assert {row.channel for row in room.rows.values()} == {DESK, MAIL}
    assert len(room.rows) == 2


def test_what_was_acknowledged_or_is_over_waits_for_no_desk() -> None:
    """No desk was open: nothing sounds hours later, and the end of what was never told is not told."""
    room = Room()
    room.let(room.register.fault(FAULT, 0.0))
    room.let(room.register.acknowledge(1, "ann", "", 1.0))
    assert room.states() == [(MessageKind.RAISED, MessageState.UNNEEDED)]
    room.let(room.register.no_fault("mast", None, 2.0))
    assert len(room.rows) == 1
    room.wait(60.0)
    room.let(room.register.fault(FAULT, 60.0))
    room.let(room.register.no_fault("mast", None, 61.0))
    assert room.states()[1:] == [(MessageKind.RAISED, MessageState.UNNEEDED)]


def test_the_end_of_what_a_desk_told_is_told() -> None:
    """Raised, sounded, over: two messages, the second waits."""
    room = Room()
    room.let(room.register.fault(FAULT, 0.0))
    posted = room.tell(first=1, last=1, how="spoken")
    assert isinstance(posted, Posted)
    room.keep(posted)
    room.let(room.register.no_fault("mast", None, 2.0))
    assert room.states() == [
        (MessageKind.RAISED, MessageState.DELIVERED),
        (MessageKind.RETURNED, MessageState.WAITING),
    ]
    assert next(iter(room.deliveries.values())).trouble == "spoken"


def test_a_mail_is_sent_though_the_alarm_was_acknowledged() -> None:
    """What a desk need not sound any more, a mailbox still gets; and the end after it."""
    room = Room((MAIL,))
    room.let(room.register.fault(FAULT, 0.0))
    room.let(room.register.acknowledge(1, "ann", "", 1.0))
    room.let(room.register.no_fault("mast", None, 2.0))
    assert [state for _, state in room.states()] == [MessageState.WAITING] * 2


def test_a_newer_message_of_the_same_alarm_takes_the_place_of_what_waits() -> None:
    """With no desk open for days, an alarm that comes and grows is one message that waits."""
    room = Room()
    room.let(room.register.fault(replace(FAULT, priority=Priority.MEDIUM), 0.0))
    for turn in range(1, 20):
        room.wait(GATHER_S + 1)
        priority = Priority.CRITICAL if turn % 2 else Priority.MEDIUM
        cause = Cause.DOWN if turn % 2 else Cause.DEGRADED
        room.let(room.register.fault(replace(FAULT, cause=cause, priority=priority), room.now_s))
    room.wait(60.0)
    assert sum(each.state is MessageState.WAITING for each in room.deliveries.values()) == 1


def test_a_digest_whose_alarms_are_all_over_sounds_no_more() -> None:
    """Closed after they ended; one that still calls keeps it."""
    room = Room()
    faults = [replace(FAULT, subject=f"e{number}") for number in range(4)]
    room.let(*(room.register.fault(fault, 0.0) for fault in faults))
    room.let(*(room.register.no_fault(fault.subject, None, 1.0) for fault in faults[:3]))
    room.wait(GATHER_S)
    digest = next(row for row in room.rows.values() if row.kind is MessageKind.DIGEST)
    assert (digest.calling, digest.easing) == ((0, 3, 0, 0), 2)
    assert room.deliveries[digest.key].state is MessageState.WAITING
    room.let(room.register.no_fault("e3", None, 12.0))
    assert room.deliveries[digest.key].state is MessageState.UNNEEDED


def test_trouble_at_a_desk_is_a_try_in_vain_and_given_up_in_the_end() -> None:
    """Told each time; after the last one it is given up, and one entry tells of it."""
    room = Room()
    room.let(room.register.fault(FAULT, 0.0))
    for attempt in range(1, MOST_ATTEMPTS + 1):
        posted = room.tell(first=1, last=9, trouble="no_sound")
        assert isinstance(posted, Posted)
        room.keep(posted)
        (delivery,) = room.deliveries.values()
        assert (delivery.attempts, delivery.trouble) == (attempt, "no_sound")
    assert room.states() == [(MessageKind.RAISED, MessageState.DEAD)]
    assert room.outbox.lost_entry(1000.0) is None
    room.now_s += LOST_GATHER_S
    entry = room.outbox.lost_entry(1000.0)
    assert entry is not None
    assert (entry.kind, dict(entry.facts)) == (
        LogKind.MESSAGES_LOST,
        {"count": 1, "channels": DESK, "trouble": "no_sound"},
    )
    assert room.outbox.lost_entry(2000.0) is None


def test_a_word_that_names_no_message_is_refused() -> None:
    """Numbers that are none, and trouble that is no code; a number that was never given is nothing."""
    room = Room()
    room.let(room.register.fault(FAULT, 0.0))
    assert room.tell(first="1", last=2) == "no_such_message"
    assert room.tell(first=1) == "no_such_message"
    assert room.tell(first=1, last=1, trouble="Ä; DROP") == "no_such_message"
    posted = room.tell(first=7, last=9)
    assert isinstance(posted, Posted)
    assert posted.is_nothing


def test_the_end_of_what_was_given_up_goes_out_no_more() -> None:
    """Whoever never heard of the alarm is not told that it is over."""
    room = Room((MAIL,))
    room.let(room.register.fault(FAULT, 0.0))
    (raising,) = room.rows
    room.let(room.register.no_fault("mast", None, 1.0))
    room.keep(room.outbox.became(Delivery(raising, MessageState.DEAD, 12, 2.0, "no_route")))
    assert [state for _, state in room.states()] == [MessageState.DEAD, MessageState.UNNEEDED]
    room.let(room.register.acknowledge(1, "ann", "", 3.0))
    assert len(room.rows) == 2


def test_the_next_engine_goes_on_where_this_one_was_killed() -> None:
    """What gathered goes out, what waits can be told as delivered, numbers only grow."""
    room = Room()
    for number in range(3):
        room.let(room.register.fault(replace(FAULT, subject=f"e{number}"), 0.0))
    memory = room.memory()
    room.outbox = Outbox(lambda: room.now_s, memory)
    room.wait(0.1)
    digest = next(row for row in room.rows.values() if row.kind is MessageKind.DIGEST)
    assert (digest.gathering, digest.count) == (False, 2)
    assert digest.number >= memory.next_message_number
    posted = room.tell(first=1, last=digest.number)
    assert isinstance(posted, Posted)
    room.keep(posted)
    assert {each.state for each in room.deliveries.values()} == {MessageState.DELIVERED}


def test_what_was_left_for_nothing_is_settled_at_the_start() -> None:
    """A store that was put back tells of an alarm that is no more."""
    room = Room()
    room.let(room.register.fault(FAULT, 0.0))
    room.outbox = Outbox(lambda: room.now_s, replace(room.memory(), alarms=()))
    room.wait(0.1)
    assert room.states() == [(MessageKind.RAISED, MessageState.UNNEEDED)]


def test_the_end_of_an_alarm_from_before_the_outbox_is_not_told() -> None:
    """An engine that knew no outbox told nobody of it."""
    room = Room()
    moved = room.register.fault(FAULT, 0.0)
    assert moved is not None
    room.chain.append(moved.entry)
    room.outbox = Outbox(lambda: room.now_s, room.memory())
    room.let(room.register.no_fault("mast", None, 1.0))
    assert not room.rows


def test_what_is_passed_on_goes_to_each_person_by_itself() -> None:
    """Two alarms passed on to Anna and one to Ben within a second: Ben hears of his alone, at once."""
    room = Room((MAIL,))
    faults = [replace(FAULT, subject=f"e{number}") for number in range(3)]
    room.let(*(room.register.fault(fault, 0.0) for fault in faults))
    room.wait(60.0)
    before = len(room.rows)
    for alarm, to in zip(room.register.alarms(), ("anna", "ben", "anna"), strict=True):
        room.let(passed_on(alarm, Telling(1, 60.0, to), to.title(), 60.0))
    room.wait(GATHER_S)
    told = sorted((row.to, row.count, row.kind) for row in list(room.rows.values())[before:])
    assert told == [("anna", 1, "escalated"), ("anna", 1, "escalated"), ("ben", 1, "escalated")]


def test_a_digest_for_one_person_survives_a_restart() -> None:
    """It still is for that person."""
    room = Room((MAIL,))
    faults = [replace(FAULT, subject=f"e{number}") for number in range(3)]
    room.let(*(room.register.fault(fault, 0.0) for fault in faults))
    room.wait(60.0)
    room.let(*(passed_on(each, Telling(1, 60.0, "anna"), "Anna", 60.0) for each in room.register.alarms()))
    room.outbox = Outbox(lambda: room.now_s, room.memory(), (MAIL,))
    room.wait(0.1)
    assert [(row.to, row.count, row.gathering) for row in room.rows.values()][-1] == ("anna", 2, False)
