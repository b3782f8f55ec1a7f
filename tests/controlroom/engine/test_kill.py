"""kill -9 in the middle of alarms and acts: log, alarms, acts and messages agree, none lost, none doubled."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from controlroom.alarms.alarm import Alarm
from controlroom.alarms.message import DESK
from controlroom.alarms.replay import replay
from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import ALARM_KINDS, Entry, Fact, LogKind
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import ReadStore
from controlroom.store.outbox import KeptMessage, MessageState
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.engine.killed_engine import LAMP
from tests.end_to_end.room import until
from tests.soak import rounds

KILLS = rounds(in_the_suite=2, in_the_soak=100)
CALLS = frozenset(
    {
        LogKind.ALARM_RAISED,
        LogKind.ALARM_RAISED_AGAIN,
        LogKind.ALARM_REMINDED,
        LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED,
        LogKind.ALARM_UNSHELVED,
        LogKind.ALARM_IN_SERVICE,
    }
)
"""The entries that call somebody where the alarm stands and is not hidden."""


@dataclass
class Witness:
    """A desk that acts, and remembers all that the engine had acknowledged to it."""

    folder: DataFolder
    lamp: Path
    chance: random.Random
    put: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    entries: dict[int, str] = field(default_factory=dict)
    messages: set[str] = field(default_factory=set)

    def run(self, for_s: float, number: signal.Signals) -> None:
        """Let an engine run, act meanwhile, then end it."""
        command = [sys.executable, "-m", "tests.controlroom.engine.killed_engine"]
        with (
            closing(open_read_store(self.folder)) as store,
            closing(DeskInbox(self.folder, f"desk-{uuid.uuid4().hex[:8]}")) as inbox,
            subprocess.Popen([*command, str(self.folder.path), str(self.lamp)]) as engine,
        ):
            try:
                before = _sequence(store)
                until(lambda: _sequence(store) > before, 60, "the engine's first second")
                end_s = time.monotonic() + for_s
                while time.monotonic() < end_s:
                    self._act(store, inbox)
                    self._see(store)
                    time.sleep(self.chance.uniform(0.0, 0.1))
            finally:
                engine.send_signal(number)

    def _act(self, store: ReadStore, inbox: DeskInbox) -> None:
        """Do something to one of the alarms, and tell that a desk delivered what there was."""
        alarms = store.alarms()
        if not alarms:
            return
        kinds: list[tuple[ActKind, dict[str, Detail]]] = [
            (ActKind.ACKNOWLEDGE, {}),
            (ActKind.ACKNOWLEDGE, {"for_s": 1.0}),
            (ActKind.SHELVE, {"for_s": 1.5}),
            (ActKind.UNSHELVE, {}),
            (ActKind.ASSIGN, {"owner": self.chance.choice(["ann", "bo"])}),
            (ActKind.NOTE, {}),
            (ActKind.OUT_OF_SERVICE, {}),
            (ActKind.IN_SERVICE, {}),
        ]
        kind, details = self.chance.choice(kinds)
        self._put(inbox, kind, self.chance.choice(alarms), details)
        desk = store.messages(channel=DESK, waiting=True)
        if desk and self.chance.random() < 0.2:
            first, last = desk[0].message.number, desk[-1].message.number
            self._put(inbox, ActKind.DELIVERED, None, {"first": first, "last": last, "how": "played"})

    def _put(self, inbox: DeskInbox, kind: ActKind, alarm: Alarm | None, details: dict[str, Detail]) -> None:
        act_id = str(uuid.uuid4())
        subject = "engine" if alarm is None else alarm.subject
        number = None if alarm is None else alarm.number
        inbox.put(Act(act_id, kind, time.time(), "ann", subject, number, f"id {act_id}", "", details))
        self.put.append(act_id)

    def _see(self, store: ReadStore) -> None:
        """Remember what a desk would have shown by now."""
        self.answered |= store.answers(self.put[-200:]).keys()
        seen = store.entries(after_number=max(self.entries, default=0))
        self.entries.update({entry.number: entry.hash for entry in seen})
        self.messages |= {kept.message.key for kept in store.messages()}

    def check(self) -> None:
        """Compare the store with itself, with the lamp, and with what was seen before the kill."""
        with closing(open_read_store(self.folder)) as store:
            entries, messages = store.entries(), store.messages()
            assert first_break(entries) is None
            hashes = {entry.number: entry.hash for entry in entries}
            assert {number: hashes.get(number) for number in self.entries} == self.entries
            assert replay(entries) == {alarm.number: alarm for alarm in store.alarms()}
            self._check_acts(store, entries)
            assert self.messages <= {kept.message.key for kept in messages}
            self._check_messages(entries, messages)

    def _check_acts(self, store: ReadStore, entries: Sequence[Entry]) -> None:
        """Each act that was answered stays so, and is in the log at most once, with its words."""
        answers = store.answers(self.put)
        assert self.answered <= answers.keys()
        told: dict[str, int] = {}
        for entry in entries:
            for act_id in {str(fact)[3:] for fact in entry.facts.values() if str(fact).startswith("id ")}:
                told[act_id] = told.get(act_id, 0) + 1
        assert told.keys() <= answers.keys()
        assert all(count == 1 for count in told.values())
        kinds = {act_id: taken.act.kind for act_id, taken in answers.items()}
        silent = {act_id for act_id in kinds.keys() - told.keys() if kinds[act_id] is not ActKind.DELIVERED}
        assert not silent

    def _check_messages(self, entries: Sequence[Entry], messages: Sequence[KeptMessage]) -> None:
        """Each transition that calls is told once a channel; what was delivered left the house, no other."""
        calls = list(_calling(entries))
        open_ones = self._still_gathering()
        for channel in (DESK, LAMP):
            mine = [kept.message for kept in (*messages, *open_ones) if kept.message.channel == channel]
            assert sum(sum(message.calling) for message in mine) == len(calls)
            for message in mine:
                inside = [one for one in calls if message.first_entry <= one <= message.last_entry]
                assert sum(message.calling) <= len(inside)
        sent = self.lamp.read_text(encoding="utf-8").split() if self.lamp.exists() else []
        lamp = {kept.message.key: kept.delivery for kept in messages if kept.message.channel == LAMP}
        delivered = {key for key, each in lamp.items() if each.state is MessageState.DELIVERED}
        assert delivered <= set(sent) <= lamp.keys()

    def _still_gathering(self) -> Sequence[KeptMessage]:
        with closing(open_engine_store(self.folder)) as engine:
            outbox = engine.remember().outbox
        return [kept for kept in outbox if kept.message.gathering]


def _sequence(store: ReadStore) -> int:
    beat = store.heartbeat()
    return 0 if beat is None else beat.sequence


def _calling(entries: Sequence[Entry]) -> Iterator[int]:
    """Return the numbers of the entries that call somebody, by what the log alone tells."""
    known: dict[int, dict[str, Fact]] = {}
    for entry in entries:
        number = entry.facts.get("alarm")
        if entry.kind not in ALARM_KINDS or not isinstance(number, int):
            continue
        alarm = known.setdefault(number, {})
        alarm.update(entry.facts)
        hidden = alarm.get("out_of_service") or alarm.get("suppressed_by")
        hidden = hidden or alarm.get("shelved_utc_s") is not None
        stands = alarm["state"] in ("unacknowledged", "acknowledged")
        if entry.kind in CALLS and stands and not hidden:
            yield entry.number


def test_nothing_of_alarms_acts_and_messages_is_lost_or_doubled(tmp_path: Path) -> None:
    """After each kill, and in the end, when all that was left is delivered."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    witness = Witness(folder, tmp_path / "lamp", random.Random(13))  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        witness.run(witness.chance.uniform(0.2, 2.5), signal.SIGKILL)
        witness.check()
    witness.run(6.0, signal.SIGTERM)
    witness.check()
    assert len(witness.answered) > KILLS
    with closing(open_read_store(folder)) as store:
        (*_, last) = store.entries()
        assert last.kind is LogKind.ENGINE_STOPPED
        kinds = {entry.kind for entry in store.entries()}
        assert kinds >= {LogKind.ALARM_RAISED, LogKind.ALARM_RETURNED, LogKind.ALARM_ACKNOWLEDGED}
        sent = [
            kept for kept in store.messages(channel=LAMP) if kept.delivery.state is MessageState.DELIVERED
        ]
        assert len(sent) > KILLS
