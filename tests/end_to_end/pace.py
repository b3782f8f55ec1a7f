"""How long a process takes by itself: less what the machine kept it waiting for a processor.

Where nothing else runs that is the time on the clock; on a machine that is busy a bound of seconds stays one
of the program and not of its neighbours. Where the kernel does not tell (Linux does), nothing is taken off.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

_PRESSURE = Path("/proc/pressure/cpu")


def machine_waited_s() -> float:
    """Return for how long, since it started, the machine had more to do than it has processors for."""
    try:
        some = _PRESSURE.read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return 0.0
    return int(some.rpartition("total=")[2]) / 1e6


class Waiting:
    """What the threads of some processes have waited for a processor since this was made."""

    def __init__(self, *pids: int) -> None:
        """Begin to count."""
        self._pids = pids
        self._before = self._told()
        self._newest = dict(self._before)

    def so_far_s(self) -> float:
        """Return the sum over all threads, those that have ended meanwhile as they were last seen."""
        self._newest |= self._told()
        waited_ns = sum(newest - self._before.get(thread, 0) for thread, newest in self._newest.items())
        return waited_ns / 1e9

    def _told(self) -> dict[str, int]:
        told = {}
        for pid in self._pids:
            for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
                try:
                    told[path.parent.name] = int(path.read_text(encoding="ascii").split()[1])
                except (FileNotFoundError, ProcessLookupError):
                    continue  # the thread has just ended
        return told


def time_to_end_s(process: subprocess.Popen[bytes] | subprocess.Popen[str], number: signal.Signals) -> float:
    """End a process by a signal; return how long it took by itself, in seconds."""
    waiting = Waiting(process.pid, os.getpid())
    began_s = time.monotonic()
    process.send_signal(number)
    waited_s = 0.0
    while process.poll() is None:
        waited_s = waiting.so_far_s()
        if time.monotonic() - began_s > 60:
            raise subprocess.TimeoutExpired(process.args, 60)
        time.sleep(0.01)
    return time.monotonic() - began_s - waited_s
