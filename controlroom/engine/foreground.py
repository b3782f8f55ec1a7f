"""Runs an engine in this process until a signal, an operator or the time ends it.

SIGINT, SIGTERM and SIGHUP end it in order; a SIGHUP that our parent had us ignore (``nohup``) does not.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable
from pathlib import Path

from controlroom.engine.engine import Engine
from controlroom.engine.parts import EngineParts
from controlroom.engine.time_watch import Clocks
from controlroom.store.interface import LeftOver

_LONGEST_LOG = 2_000_000


def system_clocks() -> Clocks:
    """Read the system's three clocks. Where there is no boot clock the monotonic one stands in."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    monotonic_s = time.monotonic()
    boot_s = time.clock_gettime(boot) if boot is not None else monotonic_s
    return Clocks(time.time(), monotonic_s, boot_s)


def run_engine(parts: EngineParts, for_s: float | None = None) -> bool:
    """Run the engine and close the store; return whether everything was committed."""
    left_over: list[LeftOver | None] = []
    try:
        return asyncio.run(_run(parts, for_s, left_over.append))
    finally:
        parts.store.close(*left_over)


def log_to_stderr(log_file: Path) -> None:
    """Send diagnostics to standard error, which a detached engine has on its log file.

    The file is cut when an engine starts and finds it too long: it is for the last days' trouble.
    """
    if log_file.exists() and log_file.stat().st_size > _LONGEST_LOG:
        log_file.write_bytes(b"")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.Formatter.converter = time.gmtime


def _ending_signals() -> list[signal.Signals]:
    numbers = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)  # not every system has it
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        numbers.append(hang_up)
    return numbers


async def _run(parts: EngineParts, for_s: float | None, leave: Callable[[LeftOver | None], None]) -> bool:
    engine = Engine(parts)
    loop = asyncio.get_running_loop()
    for number in _ending_signals():
        loop.add_signal_handler(number, engine.stop, signal.Signals(number).name)
    # What lives for the engine's whole life need not be looked through for rubbish at each collection.
    gc.collect()
    gc.freeze()
    try:
        return await engine.run(for_s)
    finally:
        leave(engine.left_over)
