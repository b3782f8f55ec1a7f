"""The writer thread: in order, one trouble at a time told once, and nothing lost at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controlroom.engine import committer as module
from controlroom.engine.committer import Committer
from controlroom.logbook.act import ActKind
from controlroom.logbook.chain import Chain
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import Batch, Retention, TakenAct
from controlroom.store.sqlite import open_read_store
from tests.controlroom.engine.troubled_store import TroubledStore
from tests.controlroom.store.examples import START_UTC_S, act, draft, second


class Bench:
    """A committer on a real store, and what it told."""

    def __init__(self, path: Path) -> None:
        """Start it."""
        self.store = TroubledStore(path)
        self.told: list[str | None] = []
        self.acts: list[TakenAct] = []
        self.sent = 0
        self.committer = Committer(
            self.store,
            on_acts=self.acts.extend,
            on_trouble=lambda error: self.told.append(None if error is None else error.happened),
            on_found=lambda error: self.told.append(error.happened),
            retention=Retention,
        )
        self.committer.start()

    def send(self, seconds: int = 1) -> None:
        """Hand in some seconds."""
        for _ in range(seconds):
            self.committer.submit(Batch(second=second(START_UTC_S + self.sent)))
            self.sent += 1

    def committed(self) -> float | None:
        """Return the time of the newest second, from the first one, or ``None``."""
        reader = open_read_store(self.store.folder)
        beat = reader.heartbeat()
        reader.close()
        return None if beat is None else beat.at_utc_s - START_UTC_S


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A committer that looks and tries again quickly."""
    monkeypatch.setattr(module, "_LOOK_FOR_ACTS_S", 0.01)
    monkeypatch.setattr(module, "_TRY_AGAIN_S", 0.02)
    bench = Bench(tmp_path / "data")
    yield bench
    bench.store.failing.clear()
    bench.committer.stop(2.0)
    bench.store.close()


def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def test_the_first_commit_says_that_all_is_well(bench: Bench) -> None:
    """An engine that died in trouble left its alarm standing; the next one can end it only by this."""
    time.sleep(0.05)
    assert bench.told == []  # looking for acts proves nothing about committing
    bench.send()
    until(lambda: bench.told)
    bench.send(3)
    until(lambda: bench.committed() == 3)
    assert bench.told == [None]


def test_a_trouble_with_the_inboxes_is_told_once(bench: Bench) -> None:
    """Commits that succeed meanwhile are no end of it."""
    bench.send()
    until(lambda: bench.told == [None])
    bench.store.failing.add("waiting_acts")
    until(lambda: len(bench.told) == 2)
    for _ in range(5):
        bench.send()
        time.sleep(0.03)
    assert [bool(told) for told in bench.told] == [False, True]
    bench.store.failing.clear()
    until(lambda: len(bench.told) == 3)
    assert bench.told[2] is None


def test_troubles_of_several_kinds_end_together(bench: Bench) -> None:
    """The first is told; the end is told when the last of them has passed."""
    bench.store.failing.update({"commit", "waiting_acts", "tend"})
    until(lambda: bench.told)
    bench.send(12)
    time.sleep(0.05)
    bench.store.failing.discard("commit")
    until(lambda: bench.committed() == 11)
    bench.store.failing.discard("waiting_acts")
    time.sleep(0.1)
    assert len(bench.told) == 1
    bench.store.failing.clear()
    bench.send(10)  # the store is tended with each of them
    until(lambda: len(bench.told) == 2)
    assert bench.told[1] is None


def test_a_folder_of_inboxes_that_is_none(bench: Bench) -> None:
    """The real thing: the folder cannot be listed, and commits go on."""
    bench.send()
    until(lambda: bench.told == [None])
    bench.store.folder.inbox.rmdir()
    bench.store.folder.inbox.write_bytes(b"")
    until(lambda: len(bench.told) == 2)
    bench.send(3)
    until(lambda: bench.committed() == 3)
    assert len(bench.told) == 2
    bench.store.folder.inbox.unlink()
    until(lambda: len(bench.told) == 3)


def test_a_last_look_comes_after_all_batches(bench: Bench) -> None:
    """What is put just before the end is found, once, and the caller is told when that was done."""
    inbox = DeskInbox(bench.store.folder, "desk-1")
    bench.send(5)
    inbox.put(act(kind=ActKind.STOP))
    seen: list[tuple[float | None, int]] = []
    bench.committer.look_once_more(lambda: seen.append((bench.committed(), len(bench.acts))))
    until(lambda: seen)
    assert seen == [(4.0, 1)]
    inbox.close()


def test_what_is_left_over_is_counted(bench: Bench) -> None:
    """With the disk full the end comes at once and says what is lost."""
    bench.store.failing.add("commit")
    bench.send(3)
    chain = Chain()
    entries = [chain.append(draft(START_UTC_S)), chain.append(draft(START_UTC_S))]
    bench.committer.submit(Batch(entries=entries))
    until(lambda: bench.told)
    began_s = time.monotonic()
    assert not bench.committer.stop(1.5)
    assert time.monotonic() - began_s < 0.5
    assert bench.committer.left_over() == (3, 2)


def test_the_end_commits_all(bench: Bench) -> None:
    """Nothing is left over when the store works."""
    bench.send(20)
    assert bench.committer.stop(2.0)
    assert bench.committed() == 19
    assert bench.committer.left_over() == (0, 0)
