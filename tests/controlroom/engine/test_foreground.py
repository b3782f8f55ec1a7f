"""An engine in the foreground ends in order by each signal that asks for it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from controlroom.logbook.entry import LogKind
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_read_store

PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from controlroom.engine.parts import EngineParts
from controlroom.engine.foreground import run_engine, system_clocks
from controlroom.site.model import Site
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_engine_store

number = int(sys.argv[2])
if len(sys.argv) > 3:
    signal.signal(number, signal.SIG_IGN)
parts = EngineParts(
    site=Site(name="Empty", endpoints=()),
    site_digest="",
    probe_types={},
    store=open_engine_store(DataFolder(Path(sys.argv[1]))),
    resolve_secret=str,
    own_addresses=frozenset,
    ways_out=lambda: None,
    clocks=system_clocks,
    version="1",
)
threading.Timer(0.3, os.kill, (os.getpid(), number)).start()
sys.exit(0 if run_engine(parts, 1.2) else 1)
"""


def run(folder: Path, number: signal.Signals, *ignored: str) -> str:
    """Run an engine that signals itself after a moment; return the cause its log gives for the end."""
    command = [sys.executable, "-c", PROGRAM, str(folder), str(int(number)), *ignored]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    reader = open_read_store(DataFolder(folder))
    last = reader.entries()[-1]
    reader.close()
    assert last.kind is LogKind.ENGINE_STOPPED
    return str(last.facts["cause"])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_each_of_these_signals_ends_it_in_order(tmp_path: Path, number: signal.Signals) -> None:
    """The last entry is committed and names the signal."""
    assert run(tmp_path / "data", number) == number.name


def test_a_hang_up_that_was_to_be_ignored_is(tmp_path: Path) -> None:
    """Started with nohup, an engine outlives its terminal."""
    assert run(tmp_path / "data", signal.SIGHUP, "ignored") == "time_over"
