"""A real time server (chrony) on loopback that leaves this machine's clock alone, for the length of a test.

It is not among the packages that the set-up installs: on a Debian machine it would take the place of the time
service that is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.lab.snmpd import free_port

STRATUM: Final = 7
_START_S: Final = 8.0


def why_not() -> str | None:
    """Say why no time server can be run here, or ``None`` when one can."""
    if _program() is None:
        return "chronyd is not installed: no time server to ask"
    return None if os.geteuid() == 0 else "chronyd wants to be started by root"


@contextmanager
def running_server(folder: Path, *, local: bool = True) -> Iterator[int]:
    """Run a server and give its port; ``local`` has it trust its own clock. It is ended afterwards."""
    program = _program()
    assert program is not None, why_not()
    port = free_port()
    lines = [f"port {port}", "bindaddress 127.0.0.1", "allow 127.0.0.1", "cmdport 0"]
    lines += [f"pidfile {folder / 'chronyd.pid'}", "bindcmdaddress /", "user root"]
    lines += [f"local stratum {STRATUM}"] if local else []
    configuration = folder / "chrony.conf"
    configuration.write_text("\n".join(lines) + "\n", encoding="ascii")
    with (folder / "chronyd.log").open("wb") as log:
        # -x: the clock is not touched.
        process = subprocess.Popen(
            [program, "-x", "-d", "-f", str(configuration)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_until_up(folder, process)
        yield port
    finally:
        process.terminate()
        process.wait(5)


def _wait_until_up(folder: Path, process: subprocess.Popen[bytes]) -> None:
    due_s = time.monotonic() + _START_S
    log = folder / "chronyd.log"
    while time.monotonic() < due_s and process.poll() is None:
        if (folder / "chronyd.pid").exists() and log.stat().st_size:
            time.sleep(0.2)
            return
        time.sleep(0.02)
    raise AssertionError(log.read_text(errors="replace"))


def _program() -> str | None:
    return shutil.which("chronyd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
