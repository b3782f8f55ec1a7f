"""A real Net-SNMP agent on loopback, with known communities, users and values, for the length of a test."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ADDRESS: Final = "127.0.0.1"
COMMUNITY: Final = "lab-community"
AUTH_PASSWORD: Final = "lab-auth-password"  # noqa: S105 - a password for the test's own agent
PRIVACY_PASSWORD: Final = "lab-privacy-password"  # noqa: S105 - a password for the test's own agent

UPTIME: Final = "1.3.6.1.2.1.1.3.0"
OBJECT_ID: Final = "1.3.6.1.2.1.1.2.0"
CONTACT: Final = "1.3.6.1.2.1.1.4.0"
"""A text: ``-98 dBm``."""
LOCATION: Final = "1.3.6.1.2.1.1.6.0"
"""A text without a number: ``north mast``."""
LOAD: Final = "1.3.6.1.4.1.2021.10.1.6.1"
"""An opaque float."""
NO_OBJECT: Final = "1.3.6.1.4.1.99999.1.0"
"""Nothing that this agent has."""

_START_S: Final = 8.0
_NOT_BY_CHANCE: Final = range(20_000, 30_000)
"""Ports below those that the system gives away by itself (32,768 and above on Linux)."""
_CONFIGURATION: Final = f"""\
rocommunity {COMMUNITY} {ADDRESS}
sysContact -98 dBm
sysLocation north mast
createUser plain
createUser signed-md5 MD5 {AUTH_PASSWORD}
createUser signed-sha SHA {AUTH_PASSWORD}
createUser signed-sha224 SHA-224 {AUTH_PASSWORD}
createUser signed-sha256 SHA-256 {AUTH_PASSWORD}
createUser signed-sha384 SHA-384 {AUTH_PASSWORD}
createUser signed-sha512 SHA-512 {AUTH_PASSWORD}
createUser sealed-sha-aes SHA {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}
createUser sealed-sha256-aes SHA-256 {AUTH_PASSWORD} AES {PRIVACY_PASSWORD}
createUser sealed-sha256-aes192 SHA-256 {AUTH_PASSWORD} AES-192 {PRIVACY_PASSWORD}
createUser sealed-sha512-aes256 SHA-512 {AUTH_PASSWORD} AES-256 {PRIVACY_PASSWORD}
createUser sealed-sha-aes192c SHA {AUTH_PASSWORD} AES-192-C {PRIVACY_PASSWORD}
createUser sealed-sha-aes256c SHA {AUTH_PASSWORD} AES-256-C {PRIVACY_PASSWORD}
createUser sealed-md5-des MD5 {AUTH_PASSWORD} DES {PRIVACY_PASSWORD}
rouser plain noauth
rouser signed-md5 auth
rouser signed-sha auth
rouser signed-sha224 auth
rouser signed-sha256 auth
rouser signed-sha384 auth
rouser signed-sha512 auth
rouser sealed-sha-aes priv
rouser sealed-sha256-aes priv
rouser sealed-sha256-aes192 priv
rouser sealed-sha512-aes256 priv
rouser sealed-sha-aes192c priv
rouser sealed-sha-aes256c priv
rouser sealed-md5-des priv
"""


@dataclass(frozen=True, slots=True)
class Agent:
    """A running agent; ``pid`` is its process."""

    port: int
    pid: int


def why_not() -> str | None:
    """Say why no agent can be run here, or ``None`` when one can."""
    return None if _program() else "snmpd (Net-SNMP) is not installed: no agent to ask"


@contextmanager
def running_agent(
    folder: Path, *, port: int | None = None, more_addresses: Sequence[str] = (), engine_id: str = ""
) -> Iterator[Agent]:
    """Run an agent whose files all lie in ``folder``; end it afterwards. ``port`` keeps one of before.

    It answers at ``more_addresses`` of loopback as well, to whoever knows the community. ``engine_id`` is a
    text that its engine id is made of, instead of one of its own.
    """
    program = _program()
    assert program is not None, why_not()
    chosen = free_port() if port is None else port
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "agent.conf"
    more = "".join(f"rocommunity {COMMUNITY} {address}\n" for address in more_addresses)
    own = f"engineID {engine_id}\n" if engine_id else ""
    configuration.write_text(own + _CONFIGURATION + more, encoding="ascii")
    places = [f"udp:{address}:{chosen}" for address in (ADDRESS, *more_addresses)]
    # With -C the agent does not read what it kept itself (its engine, how often that booted): named here.
    kept = folder / "kept" / "snmpd.conf"
    files = f"{configuration},{kept}" if kept.exists() else str(configuration)
    with (folder / "snmpd.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-f", "-Lo", "-C", "-c", files, "-I", "-smux", *places],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | {"SNMP_PERSISTENT_DIR": str(folder / "kept"), "MIBS": "", "HOME": str(folder)},
        )
    try:
        _wait_until_up(process, folder)
        yield Agent(chosen, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(3)


def free_port() -> int:
    """Find a UDP port on loopback that nobody listens on, and that no socket is given by chance meanwhile."""
    for port in random.sample(_NOT_BY_CHANCE, len(_NOT_BY_CHANCE)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return port
    raise RuntimeError("every port of loopback is taken")


def secret_file(folder: Path, name: str, secret: str) -> str:
    """Write a secret into a file that only its owner can read, and give its absolute path."""
    path = folder / name
    path.touch(mode=0o600)
    path.write_text(f"{secret}\n", encoding="ascii")
    return str(path)


def _program() -> str | None:
    return shutil.which("snmpd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _wait_until_up(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait for the agent's own word, which it gives when it has its port.

    Looking whether the port is taken would take it away for a moment, and the agent might want it just then.
    """
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        if b"NET-SNMP version" in (folder / "snmpd.log").read_bytes():
            return
        time.sleep(0.02)
    raise RuntimeError(f"snmpd did not start: {(folder / 'snmpd.log').read_text(errors='replace')[:500]}")
