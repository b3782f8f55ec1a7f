"""A real name server (dnsmasq) on loopback with known names, for the length of a test."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.lab.snmpd import free_port

ADDRESS: Final = "127.0.0.1"
TTL_S: Final = 321
LONG_TEXTS: Final = tuple(f"{number:02d}-{'x' * 200}" for number in range(12))
"""More text than one datagram holds."""

_START_S: Final = 8.0
_OPTIONS: Final = (
    "--keep-in-foreground",
    "--conf-file=/dev/null",
    "--no-resolv",
    "--no-hosts",
    "--no-daemon",
    "--bind-interfaces",
    f"--listen-address={ADDRESS}",
    f"--local-ttl={TTL_S}",
    "--auth-ttl=321",
    "--local=/lab.test/",
    "--host-record=dispatch.lab.test,192.0.2.10,2001:db8::10",
    "--host-record=dispatch.lab.test,192.0.2.11",
    "--cname=alias.lab.test,dispatch.lab.test",
    "--mx-host=lab.test,mail.lab.test,10",
    "--txt-record=text.lab.test,first half, second half",
    *(f"--txt-record=long.lab.test,{text}" for text in LONG_TEXTS),
    "--srv-host=_sip._udp.lab.test,trunk.lab.test,5060,5,20",
    "--ptr-record=10.2.0.192.in-addr.arpa,dispatch.lab.test",
)


def why_not() -> str | None:
    """Say why no name server can be run here, or ``None`` when one can."""
    return None if _program() else "dnsmasq is not installed: no name server to ask"


@contextmanager
def running_server(folder: Path) -> Iterator[int]:
    """Run a name server and give its port; end it afterwards."""
    program = _program()
    assert program is not None, why_not()
    port = free_port()
    with (folder / "dnsmasq.log").open("wb") as log:
        process = subprocess.Popen(
            [program, *_OPTIONS, f"--port={port}", f"--pid-file={folder / 'dnsmasq.pid'}"],
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
    while time.monotonic() < due_s and process.poll() is None:
        if "started" in (folder / "dnsmasq.log").read_text(errors="replace"):
            return
        time.sleep(0.02)
    raise AssertionError((folder / "dnsmasq.log").read_text(errors="replace"))


def _program() -> str | None:
    return shutil.which("dnsmasq") or shutil.which("dnsmasq", path="/usr/sbin")
