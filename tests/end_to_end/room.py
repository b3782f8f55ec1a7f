"""A control room in the lab: its site, its engine as a process, its store as a desk reads it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Entry, LogKind
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import ReadStore
from controlroom.store.sqlite import open_read_store
from tests.end_to_end.pace import machine_waited_s, time_to_end_s
from tests.lab.namespace import LabNetwork

ROOT = Path(__file__).resolve().parents[2]
MAIN = [sys.executable, str(ROOT / "main.py")]
KINDS = ("radio-gateway", "mobile-link", "cloud", "partner", "infrastructure")

Found = TypeVar("Found")


def site_text(lab: LabNetwork, targets: int) -> str:
    """Write a site of so many endpoints in the lab, asked once a second; the first two are anchors."""
    parts = ['format = 1\nname = "Lab"\n\n[own_connectivity]\nanchors = ["t1", "t2"]\n']
    parts += [_endpoint_text(lab, number) for number in range(1, targets + 1)]
    return "".join(parts)


def _endpoint_text(lab: LabNetwork, number: int) -> str:
    return f"""
[[endpoints]]
id = "t{number}"
name = "Target {number}"
kind = "{KINDS[number % len(KINDS)]}"
address = "{lab.address(number)}"
criticality = "critical"
what_to_do = "Call the duty engineer."

[[endpoints.probes]]
type = "icmp"
period_s = 1.0
timeout_s = 1.0
"""


def until(look: Callable[[], Found | None], timeout_s: float, what: str) -> Found:
    """Look until there is something, or fail with what was waited for.

    While the machine has more to do than it can, patience lasts up to four times as long.
    """
    began_s, waited_s = time.monotonic(), machine_waited_s()
    while time.monotonic() - began_s - min(machine_waited_s() - waited_s, 3 * timeout_s) < timeout_s:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    message = f"waited {timeout_s} s in vain for {what}"
    raise AssertionError(message)


class Program(subprocess.Popen[str]):
    """A process that does not outlive a block that fails, which would wait for it for ever."""

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Wait for its end; after a failure, end it."""
        if exc_type is not None:
            self.kill()
        super().__exit__(exc_type, value, traceback)


class Room:
    """One data folder with a site in the lab; starts and ends engines on it."""

    def __init__(self, lab: LabNetwork, folder: Path, targets: int, data: Path | None = None) -> None:
        """Write the site; nothing runs yet. ``data`` is the data folder, if not one within ``folder``."""
        self.lab = lab
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = DataFolder(data or folder / "data")
        self.folder.prepare()
        self.site = folder / "site.toml"
        self.site.write_text(site_text(lab, targets), encoding="utf-8")
        self.targets = targets
        self.engine: subprocess.Popen[bytes] | None = None

    def command(self, *words: str) -> list[str]:
        """Return the command line of the program on this room's data."""
        return [*MAIN, *words, "--data", str(self.folder.path)]

    def start(self) -> subprocess.Popen[bytes]:
        """Start the engine in the lab and wait until it has begun to work."""
        before = self.store_sequence()
        command = self.command("engine", "--site", str(self.site))
        log = self.folder.log_file.open("ab")
        self.engine = self.lab.popen(command, stdout=log.fileno(), stderr=log.fileno())
        log.close()
        until(lambda: self.store_sequence() > before, 20, "the engine's first second")
        return self.engine

    def end(self, number: signal.Signals = signal.SIGTERM) -> float:
        """End the engine by a signal; return how long it took by itself, in seconds."""
        assert self.engine is not None
        return time_to_end_s(self.engine, number)

    def read(self) -> ReadStore:
        """Open the store as a desk does."""
        return open_read_store(self.folder)

    def store_sequence(self) -> int:
        """Return the number of the newest committed second."""
        store = self.read()
        try:
            beat = store.heartbeat()
            return 0 if beat is None else beat.sequence
        finally:
            store.close()

    def entries(self, *kinds: LogKind) -> Sequence[Entry]:
        """Return the log's entries of these kinds."""
        store = self.read()
        try:
            return store.entries(kinds=frozenset(kinds) if kinds else None)
        finally:
            store.close()

    def acknowledge(self, alarm_number: int, note: str) -> str:
        """Acknowledge an alarm through a desk's inbox; return the act's id."""
        inbox = DeskInbox(self.folder, f"desk-{uuid.uuid4().hex[:8]}")
        act = Act(
            id=str(uuid.uuid4()),
            kind=ActKind.ACKNOWLEDGE,
            at_utc_s=time.time(),
            operator="ann",
            alarm_number=alarm_number,
            note=note,
        )
        inbox.put(act)
        inbox.close()
        return act.id

    def export(self, what: str, form: str = "json") -> str:
        """Run the export command and return what it wrote."""
        command = self.command("export", what, "--format", form)
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def exported_rows(self, what: str) -> list[dict[str, object]]:
        """Return the rows of a JSON export."""
        rows: list[dict[str, object]] = json.loads(self.export(what))["rows"]
        return rows
