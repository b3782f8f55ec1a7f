"""Commits batches in a thread of its own, so that the loop that probes never waits for a disk.

Rules:
1. Batches are committed in the order they were handed in, each as a whole.
2. A batch that cannot be committed stays at the head and is tried again each second.
3. Committing, looking for acts and tending are each in trouble or well by themselves. The first to be
   in trouble is reported, and that all are well again; nothing between.
4. Whoever ran before may have left a trouble reported: the first commit that succeeds with nothing in
   trouble reports that all is well.
5. While the store is in trouble seconds older than the newest ``MOST_WAITING`` are dropped and
   counted; what happened and what was done (states, alarms, entries, acts) is never dropped.
6. Where the disk is full, readings wait by themselves: all else of a batch, the sign of life too, goes into
   the room that the store keeps back. A desk so sees that the engine lives, and why nothing new is shown.
7. Readings that waited are committed, the oldest first, before those of the next second.
8. Where the data folder was moved away the thread goes on with what it has open, and is ``homeless``.
9. Messages are told of once they are committed, and not before: nobody is called for what may be lost.
10. The same thread looks for acts in the inboxes and tends the store (a small step a second) in between.
"""

from __future__ import annotations

import enum
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace

from controlroom.alarms.message import Message
from controlroom.errors import StoreError
from controlroom.store.interface import FOUND, Batch, EngineStore, LeftOver, Retention, Second, TakenAct

MOST_WAITING = 900
_LOOK_FOR_ACTS_S = 0.2
_TRY_AGAIN_S = 1.0

log = logging.getLogger("controlroom.store")


class _Activity(enum.StrEnum):
    """What the thread does, each with a trouble of its own (rule 3)."""

    COMMIT = "committing"
    LOOK = "looking for acts"
    TEND = "tending the store"


class Committer:
    """The writer thread. Its callbacks are called in that thread; hand them over to the loop."""

    def __init__(
        self,
        store: EngineStore,
        *,
        on_acts: Callable[[Sequence[TakenAct]], None],
        on_trouble: Callable[[StoreError | None], None],
        on_found: Callable[[StoreError], None],
        retention: Callable[[], Retention],
        on_messages: Callable[[Sequence[Message]], None] = lambda _: None,
    ) -> None:
        """``retention`` tells how much of what was measured is to be kept.

        ``on_messages`` is told what was committed for the outbox (rule 9).
        ``on_trouble`` is told the first trouble, and ``None`` when all is well (rules 3 and 4); ``on_found``
        what the store found and set right by itself.
        """
        self._store = store
        self._on_acts = on_acts
        self._on_trouble, self._on_found = on_trouble, on_found
        self._retention, self._on_messages = retention, on_messages
        self._batches: deque[Batch] = deque()
        self._held: deque[Second] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._last_look: Callable[[], None] | None = None
        self._troubles: dict[_Activity, StoreError] = {}
        self._told_trouble: bool | None = None
        self._acts_asked: set[str] = set()
        self.dropped_seconds = 0
        self._thread = threading.Thread(target=self._run, name="committer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, batch: Batch) -> None:
        """Hand in a batch and return at once."""
        with self._changed:
            self._batches.append(batch)
            self._changed.notify()

    def look_once_more(self, on_looked: Callable[[], None]) -> None:
        """Look for acts as soon as all batches are committed; call back in the thread when that was done."""
        with self._changed:
            self._last_look = on_looked
            self._changed.notify()

    @property
    def works(self) -> bool:
        """Whether the thread lives; it ends before it is told to by a mistake of the program alone."""
        return self._thread.is_alive()

    @property
    def homeless(self) -> bool:
        """Whether what is committed goes where nobody will look for it (rule 8)."""
        trouble = self._troubles.get(_Activity.TEND)
        return trouble is not None and trouble.code == "folder-gone"

    @property
    def waiting_seconds(self) -> int:
        """How many seconds of readings wait for room."""
        return len(self._held)

    def left_over(self) -> LeftOver:
        """Return how many seconds and log entries were handed in and are not committed, and why."""
        with self._changed:
            seconds = sum(batch.second is not None for batch in self._batches) + len(self._held)
            entries = sum(len(batch.entries) for batch in self._batches)
            trouble = self._troubles.get(_Activity.COMMIT)
            return LeftOver(seconds + self.dropped_seconds, entries, trouble.code if trouble else "")

    def stop(self, timeout_s: float) -> bool:
        """Commit all that was handed in, then end; return whether that was done in time."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join(timeout_s)
        return not self._thread.is_alive() and not self._batches and not self._held

    def _run(self) -> None:
        while True:
            batch = self._next()
            if batch is not None and not self._commit(batch):
                if self._stopping:
                    return
                self._wait(_TRY_AGAIN_S)
                continue
            if batch is None and self._stopping:
                return
            if batch is None:
                last_look, self._last_look = self._last_look, None
                self._look_for_acts()
                if last_look is not None:
                    last_look()

    def _next(self) -> Batch | None:
        with self._changed:
            if not self._batches and not self._stopping and self._last_look is None:
                self._changed.wait(_LOOK_FOR_ACTS_S)
            return self._batches[0] if self._batches else None

    def _wait(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, seconds)

    def _commit(self, batch: Batch) -> bool:
        """Commit the batch at the head; return whether it is done with."""
        held = None
        try:
            self._catch_up()
            held = self._committed_but_for(batch)
        except StoreError as error:
            self._in_trouble(_Activity.COMMIT, error)
            self._drop_oldest_seconds()
            return False
        with self._changed:
            self._batches.popleft()
            if held is not None:
                self._held.append(held)
        self._acts_asked.difference_update(taken.act.id for taken in batch.acts)
        if batch.messages:
            self._on_messages(batch.messages)
        self._drop_oldest_held()
        if not self._held:
            self._well(_Activity.COMMIT)
        if batch.second is not None:
            self._tend()
        return True

    def _committed_but_for(self, batch: Batch) -> Second | None:
        """Commit a batch; return the second of which the readings must wait, if any (rule 6)."""
        second = batch.second
        if second is None or not (second.readings or batch.assessments or batch.learnt):
            self._store.commit(batch)
            return None
        if not self._held:
            try:
                self._store.commit(batch)
            except StoreError as error:
                if error.code != "disk-full":
                    raise
                self._in_trouble(_Activity.COMMIT, error)
            else:
                return None
        # What is told anew in a minute needs no room that is kept back.
        kept = replace(batch, second=replace(second, readings=()), assessments=(), learnt=())
        self._store.commit(kept)
        return second if second.readings else None

    def _catch_up(self) -> None:
        """Commit readings that waited, as far as there is room (rule 7)."""
        while self._held:
            try:
                self._store.commit(Batch(second=self._held[0]))
            except StoreError as error:
                if error.code != "disk-full":
                    raise
                return
            with self._changed:
                self._held.popleft()

    def _drop_oldest_held(self) -> None:
        with self._changed:
            while len(self._held) > MOST_WAITING:
                self._held.popleft()
                self.dropped_seconds += 1

    def _tend(self) -> None:
        try:
            self._store.tend(self._retention())
        except StoreError as error:
            if error.code in FOUND:
                log.warning("store: %s", error)
                self._on_found(error)
                return
            self._in_trouble(_Activity.TEND, error)
        else:
            self._well(_Activity.TEND)

    def _in_trouble(self, activity: _Activity, error: StoreError) -> None:
        if activity not in self._troubles:
            log.error("store: %s: %s", activity.value, error)
        self._troubles[activity] = error
        if not self._told_trouble:
            self._told_trouble = True
            self._on_trouble(error)

    def _well(self, activity: _Activity) -> None:
        if self._troubles.pop(activity, None) is not None:
            log.warning("store: %s works again", activity.value)
        news = self._told_trouble or (self._told_trouble is None and activity is _Activity.COMMIT)
        if news and not self._troubles:
            self._told_trouble = False
            self._on_trouble(None)

    def _drop_oldest_seconds(self) -> None:
        with self._changed:
            surplus = len(self._batches) - MOST_WAITING
            kept: deque[Batch] = deque()
            for batch in self._batches:
                if surplus > 0 and batch.second is not None:
                    surplus -= 1
                    self.dropped_seconds += 1
                    batch = replace(batch, second=None)
                    if not _tells_more(batch):
                        continue
                kept.append(batch)
            self._batches = kept

    def _look_for_acts(self) -> None:
        try:
            waiting = self._store.waiting_acts()
        except StoreError as error:
            self._in_trouble(_Activity.LOOK, error)
            return
        self._well(_Activity.LOOK)
        fresh = [taken for taken in waiting if taken.act.id not in self._acts_asked]
        if fresh:
            self._acts_asked.update(taken.act.id for taken in fresh)
            self._on_acts(fresh)


def _tells_more(batch: Batch) -> bool:
    """Whether a batch without its second still tells of anything."""
    told = (batch.states, batch.alarms, batch.entries, batch.acts, batch.blind, batch.routes, batch.remarks)
    return any((*told, batch.maintenance, batch.messages, batch.deliveries))
