"""The engine as a process: one per store, ended within two seconds, found and started by others."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controlroom.engine.process import EngineProcess
from controlroom.errors import EngineError
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import LogKind
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.sqlite import open_read_store
from tests.end_to_end.pace import Waiting, time_to_end_s
from tests.end_to_end.room import MAIN, ROOT, Program, Room, until

LOOPBACK_SITE = """
format = 1
name = "Loopback"
[[endpoints]]
id = "loopback"
name = "Loopback"
kind = "infrastructure"
address = "127.0.0.1"
[[endpoints.probes]]
type = "icmp"
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[EngineProcess]:
    """An engine's process on a site of the loopback alone; ended after the test."""
    site = tmp_path / "site.toml"
    site.write_text(LOOPBACK_SITE, encoding="utf-8")
    data = tmp_path / "data"
    command = [*MAIN, "engine", "--site", str(site), "--data", str(data)]
    process = EngineProcess(DataFolder(data), command)
    yield process
    process.stop()


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_end_it_with_everything_committed(
    make_room: Callable[[int], Room], number: signal.Signals
) -> None:
    """Within two seconds, the last entry says that and why it stopped."""
    room = make_room(10)
    room.start()
    time.sleep(1.0)
    assert room.end(number) < 2.0
    last = room.entries()[-1]
    assert (last.kind, last.facts["cause"]) == (LogKind.ENGINE_STOPPED, number.name)
    assert room.engine is not None
    assert room.engine.returncode == 0


def test_the_stop_command_and_a_second_engine(process: EngineProcess, tmp_path: Path) -> None:
    """A second engine refuses and names the first one's pid; stop ends the first within two seconds."""
    pid = process.start()
    assert process.pid() == pid
    command = [*MAIN, "engine", "--site", str(tmp_path / "site.toml"), "--data", str(tmp_path / "data")]
    second = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert str(pid) in second.stderr
    assert "Traceback" not in second.stderr
    stop = [*MAIN, "stop", "--data", str(tmp_path / "data")]
    waiting, began_s = Waiting(pid), time.monotonic()
    waited_s = 0.0
    with Program(stop, stdout=subprocess.DEVNULL) as command_to_stop:
        while command_to_stop.poll() is None:
            waited_s = waiting.so_far_s()
            time.sleep(0.02)
    took_s = time.monotonic() - began_s - waited_s
    assert command_to_stop.returncode == 0
    assert process.pid() is None
    begun_again_s = time.monotonic()
    subprocess.run(stop, capture_output=True, timeout=60, check=True)  # with nothing to do but start
    assert took_s < 2.0 + time.monotonic() - begun_again_s


def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    """A broken site is reported with the engine's own words."""
    site = tmp_path / "site.toml"
    site.write_text("format = 1\nnam = 'x'\n", encoding="utf-8")
    data = tmp_path / "data"
    process = EngineProcess(DataFolder(data), [*MAIN, "engine", "--site", str(site), "--data", str(data)])
    with pytest.raises(EngineError, match="nam") as caught:
        process.start()
    assert caught.value.code == "engine-failed"


def test_ending_for_good_ends_what_is_only_starting(process: EngineProcess, tmp_path: Path) -> None:
    """An engine without its lock yet, started in another thread; and none can be started afterwards."""
    refused: list[EngineError] = []

    def start() -> None:
        try:
            process.start()
        except EngineError as error:
            refused.append(error)

    starting = threading.Thread(target=start)
    starting.start()
    until((tmp_path / "data" / "engine.log").exists, 10, "the process")
    process.end()
    starting.join(10)
    assert [error.code for error in refused] in (["engine-failed"], ["engine-ended"])
    with pytest.raises(EngineError, match="being ended"):
        process.start()
    time.sleep(1.5)
    assert process.pid() is None


def test_ending_for_good_ends_what_runs(process: EngineProcess) -> None:
    """As stopping does; ending twice is ending once."""
    process.start()
    process.end()
    assert process.pid() is None
    process.end()


def test_starting_twice_is_starting_once(process: EngineProcess) -> None:
    """The running engine is found, not doubled."""
    assert process.start() == process.start()


def test_a_name_server_that_never_answers_does_not_hold_up_the_end(tmp_path: Path) -> None:
    """The whole process is gone within two seconds of the signal, with a look-up still under way."""
    site = tmp_path / "site.toml"
    site.write_text(LOOPBACK_SITE.replace("127.0.0.1", "mast.test"), encoding="utf-8")
    folder = DataFolder(tmp_path / "data")
    program = (
        "import socket, sys, time; socket.getaddrinfo = lambda *_, **__: time.sleep(60);"
        f" sys.path.insert(0, {str(ROOT)!r}); import main; sys.exit(main.command_line(sys.argv[1:]))"
    )
    words = ["engine", "--site", str(site), "--data", str(folder.path)]
    with Program([sys.executable, "-c", program, *words], stderr=subprocess.DEVNULL) as engine:
        until(lambda: folder.store_file.exists(), 15, "the store")
        store = open_read_store(folder)
        until(store.heartbeat, 15, "the first second")
        took_s = time_to_end_s(engine, signal.SIGTERM)
        assert engine.returncode == 0
    kinds = [entry.kind for entry in store.entries()]
    store.close()
    assert took_s < 2.0
    assert kinds[-1] is LogKind.ENGINE_STOPPED
    assert LogKind.ALARM_RAISED not in kinds


def test_an_operators_stop_is_named_and_stops_one_engine_only(process: EngineProcess, tmp_path: Path) -> None:
    """A desk puts its word and ends the process; the log names the operator, the next engine lives on."""
    process.start()
    time.sleep(0.5)
    folder = DataFolder(tmp_path / "data")
    inbox = DeskInbox(folder, "desk-1")
    inbox.put(Act("stop-1", ActKind.STOP, time.time(), "ann"))
    process.stop()
    store = open_read_store(folder)
    (stopped,) = store.entries(kinds=frozenset({LogKind.ENGINE_STOPPED}))
    assert (stopped.operator, stopped.facts["cause"]) == ("ann", "operator")
    pid = process.start()
    time.sleep(1.0)
    assert process.pid() == pid
    inbox.close()
    store.close()


class Clock:
    """A monotonic clock that only pauses move."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.now_s = 0.0

    def __call__(self) -> float:
        """Tell the time, in seconds."""
        return self.now_s

    def pause(self, seconds: float) -> None:
        """Let the time go on."""
        self.now_s += seconds


HOLDER = """
import pathlib, signal, sys, time
from controlroom.store.folder import DataFolder
from controlroom.store.lock import EngineLock
signal.signal(signal.SIGTERM, signal.SIG_IGN)
folder = DataFolder(pathlib.Path(sys.argv[1]))
folder.prepare()
EngineLock(folder, utc_s=time.time).acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_an_engine_that_does_not_end_is_told_so(tmp_path: Path) -> None:
    """The words name its process and where to look; it is not killed."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "data")]
    with Program(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        clock = Clock()
        folder = DataFolder(tmp_path / "data")
        process = EngineProcess(folder, [], monotonic_s=clock, pause=clock.pause)
        with pytest.raises(EngineError) as caught:
            process.stop()
        assert holder.poll() is None
        holder.kill()
    assert caught.value.code == "engine-stays"
    assert str(caught.value).startswith(f"The engine (process {holder.pid}) has not ended within 5 s.")
    assert str(folder.log_file) in caught.value.advice


def test_an_engine_that_does_not_begin_is_told_so(tmp_path: Path) -> None:
    """A command that lives and never takes the store is no engine."""
    clock = Clock()
    command = [sys.executable, "-c", "import time; time.sleep(1)"]
    process = EngineProcess(DataFolder(tmp_path / "data"), command, monotonic_s=clock, pause=clock.pause)
    with pytest.raises(EngineError, match="has not begun to work within 15 s") as caught:
        process.start()
    assert caught.value.code == "engine-slow"
    time.sleep(1.5)
    assert process.pid() is None  # and what was started has been seen off


def test_a_program_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    """No traceback, and what to do."""
    process = EngineProcess(DataFolder(tmp_path / "data"), [str(tmp_path / "missing")])
    with pytest.raises(EngineError, match="cannot be started: No such file or directory") as caught:
        process.start()
    assert caught.value.advice == "Install it again."


def test_stopping_where_nothing_runs(tmp_path: Path) -> None:
    """There is nothing to do and nothing to say."""
    EngineProcess(DataFolder(tmp_path / "data"), []).stop()
