"""Every act is taken exactly once, whatever order desks, commits, crashes and clearing come in."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.inbox_file import inbox_path
from controlroom.store.interface import Batch, Retention, TakenAct
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.store.examples import START_UTC_S, act, draft

DESKS = st.sampled_from(["desk-1", "desk-2"])


class ExactlyOnce(RuleBasedStateMachine):
    """Desks put, an engine takes, fails, dies and comes back; a model counts."""

    def __init__(self) -> None:
        """Start with an engine and no desk."""
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="exactly-once-"))
        self.folder = DataFolder(self.root / "data")
        self.now_utc_s = 4e9  # long after every file was changed
        self.engine = open_engine_store(self.folder, utc_s=lambda: self.now_utc_s)
        self.reader = open_read_store(self.folder)
        self.desks: dict[str, DeskInbox] = {}
        self.put: list[str] = []
        self.given: list[TakenAct] = []
        self.taken: list[str] = []

    @rule(desk_id=DESKS, note=st.text("abc", max_size=5))
    def a_desk_puts(self, desk_id: str, note: str) -> None:
        """An operator acts; the desk starts if it must."""
        if desk_id not in self.desks:
            self.desks[desk_id] = DeskInbox(self.folder, desk_id)
        done = act(note)
        self.desks[desk_id].put(done)
        self.put.append(done.id)

    @rule(desk_id=DESKS)
    def a_desk_goes(self, desk_id: str) -> None:
        """A desk closes, or dies: the same to its file."""
        if desk_id in self.desks:
            self.desks.pop(desk_id).close()

    @rule(desk_id=DESKS)
    def a_line_is_torn(self, desk_id: str) -> None:
        """A desk dies in the middle of a line that it never reported as kept."""
        if desk_id not in self.desks and inbox_path(self.folder, desk_id).exists():
            with inbox_path(self.folder, desk_id).open("ab") as file:
                file.write(b'{"id":"torn')

    @rule()
    def the_engine_looks(self) -> None:
        """The engine is given what waits, and has not committed it yet."""
        self.given = list(self.engine.waiting_acts())

    @rule(share=st.floats(0, 1))
    def the_engine_takes(self, share: float) -> None:
        """The engine commits the first part of what it was given, unless it has already."""
        part = self.given[: round(len(self.given) * share)]
        self.engine.commit(Batch(acts=part))
        self.taken += [taken.act.id for taken in part]
        self.given = self.given[len(part) :]

    @rule()
    def a_commit_fails(self) -> None:
        """A batch with acts and something the store refuses takes none of them."""
        fork = Chain(99).append(draft(START_UTC_S))
        with pytest.raises(StoreError):
            self.engine.commit(Batch(acts=self.given, entries=[fork]))

    @rule()
    def another_engine_comes(self) -> None:
        """The engine ends with acts given and not committed; the next one starts from the store."""
        self.engine.close()
        self.given = []
        self.engine = open_engine_store(self.folder, utc_s=lambda: self.now_utc_s)

    @rule()
    def the_engine_clears(self) -> None:
        """Inboxes that are done with go; acts that wait in others do not."""
        self.engine.tend(Retention())

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        """What was put is either taken, once, or still waits, once."""
        waiting = [taken.act.id for taken in self.engine.waiting_acts()]
        assert sorted(self.taken + waiting) == sorted(self.put)
        assert set(self.reader.answers(self.put)) == set(self.taken)

    def teardown(self) -> None:
        """Close everything and remove the folder."""
        for desk in self.desks.values():
            desk.close()
        self.engine.close()
        self.reader.close()
        shutil.rmtree(self.root)


TestExactlyOnce = ExactlyOnce.TestCase
TestExactlyOnce.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
