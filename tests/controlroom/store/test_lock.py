"""The engine's lock, across real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder
from controlroom.store.interface import LeftOver
from controlroom.store.lock import EngineLock

HOLD = """
import sys
from pathlib import Path
from controlroom.store.folder import DataFolder
from controlroom.store.lock import EngineLock
lock = EngineLock(DataFolder(Path(sys.argv[1])))
lock.acquire()
print("held", flush=True)
sys.stdin.readline()
lock.release()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Make a data folder."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    return folder


@contextmanager
def holding(folder: DataFolder) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the lock."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        try:
            yield child
        finally:
            child.kill()


def test_nobody_holds_a_lock_that_was_never_taken(folder: DataFolder) -> None:
    """Without a lock file there is no engine, and asking makes none."""
    assert EngineLock.holder(folder) is None
    assert not folder.lock_file.exists()


def test_the_holder_is_named(folder: DataFolder) -> None:
    """While an engine lives its pid is told; once it has let go, nobody's is."""
    lock = EngineLock(folder, utc_s=lambda: 12.5)
    lock.acquire()
    lock.acquire()
    assert EngineLock.holder(folder) == os.getpid()
    about = json.loads(folder.lock_file.read_text())
    assert (about["pid"], about["started_utc_s"]) == (os.getpid(), 12.5)
    assert folder.lock_file.stat().st_mode & 0o777 == 0o600
    lock.release()
    lock.release()
    assert EngineLock.holder(folder) is None


def test_a_second_engine_is_refused_with_the_pid(folder: DataFolder) -> None:
    """The refusal names the process that runs, and leaves it running."""
    with holding(folder) as child:
        with pytest.raises(StoreError) as refused:
            EngineLock(folder, pause=lambda _: None).acquire()
        assert refused.value.code == "engine-running"
        assert str(child.pid) in refused.value.happened
        assert EngineLock.holder(folder) == child.pid


def test_a_killed_engine_leaves_the_lock_free(folder: DataFolder) -> None:
    """After kill -9 the file still names the dead, yet nobody holds it and the next engine starts."""
    with holding(folder) as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert str(child.pid) in folder.lock_file.read_text()
        assert EngineLock.holder(folder) is None
        lock = EngineLock(folder)
        lock.acquire()
        assert EngineLock.holder(folder) == os.getpid()
        lock.release()


def test_testing_never_keeps_an_engine_out(folder: DataFolder) -> None:
    """An engine gets its lock thirty times while another process tests it without a pause."""
    folder.lock_file.touch()
    ask = (
        "import sys\nfrom pathlib import Path\nfrom controlroom.store.folder import DataFolder\n"
        "from controlroom.store.lock import EngineLock\nprint('on', flush=True)\n"
        "while True:\n    EngineLock.holder(DataFolder(Path(sys.argv[1])))\n"
    )
    command = [sys.executable, "-c", ask, str(folder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as tester:
        try:
            assert tester.stdout is not None
            tester.stdout.readline()
            for _ in range(30):
                lock = EngineLock(folder)
                lock.acquire()
                lock.release()
            assert tester.poll() is None
        finally:
            tester.kill()


def test_no_child_keeps_the_lock(folder: DataFolder) -> None:
    """Neither a started program nor a forked child holds the lock on after the engine let go."""
    lock = EngineLock(folder)
    lock.acquire()
    reading, writing = os.pipe()
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, close_fds=False) as program:
        forked = os.fork()
        if forked == 0:
            os.close(writing)
            os.read(reading, 1)
            os._exit(0)
        try:
            lock.release()
            assert EngineLock.holder(folder) is None
            again = EngineLock(folder)
            again.acquire()
            again.release()
        finally:
            os.close(writing)
            os.waitpid(forked, 0)
            os.close(reading)
            program.kill()


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"pid": "1"}', '{"pid": true}', "[" * 4000])
def test_a_holder_that_does_not_say_who_it_is(folder: DataFolder, text: str) -> None:
    """A lock held under a file without a pid is an error with a code, not a guess."""
    lock = EngineLock(folder)
    lock.acquire()
    folder.lock_file.write_text(text)
    with pytest.raises(StoreError) as unknown:
        EngineLock.holder(folder, pause=lambda _: None)
    assert unknown.value.code == "engine-unknown"
    lock.release()


def test_a_link_in_place_of_the_lock_is_refused(folder: DataFolder, tmp_path: Path) -> None:
    """The lock never follows a link out of the folder."""
    (tmp_path / "elsewhere").write_text("mine")
    folder.lock_file.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError) as taking:
        EngineLock(folder).acquire()
    with pytest.raises(StoreError) as asking:
        EngineLock.holder(folder)
    assert (taking.value.code, asking.value.code) == ("lock-unusable", "lock-unusable")
    assert (tmp_path / "elsewhere").read_text() == "mine"


def test_the_last_words_are_those_of_the_engine_that_ended_last(folder: DataFolder) -> None:
    """Nobody's before the first; none while one runs or after it was killed."""
    assert EngineLock.last_words(folder) is None
    lock = EngineLock(folder)
    lock.acquire()
    assert EngineLock.last_words(folder) is None
    lock.release(LeftOver(12, 3))
    assert EngineLock.last_words(folder) == LeftOver(12, 3)
    assert EngineLock.holder(folder) is None
    with holding(folder):
        pass  # killed
    assert EngineLock.last_words(folder) is None
    lock.acquire()
    lock.release()
    assert EngineLock.last_words(folder) == LeftOver()


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", '{"left_over_seconds": "2"}', "[" * 5000])
def test_no_last_words_are_made_out_of_nonsense(folder: DataFolder, text: str) -> None:
    """Whatever stands in the file."""
    folder.lock_file.write_text(text)
    assert EngineLock.last_words(folder) is None
