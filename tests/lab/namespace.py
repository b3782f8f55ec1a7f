"""A network of scripted hosts: a namespace of its own, a tunnel, and the responder behind it.

Nothing of it touches the machine's own network. 10.99.0.0/16 and fd99::/64 lead into the tunnel, where
every address answers pings; the namespace itself is 10.98.0.1 and fd98::1.
"""

from __future__ import annotations

import ctypes
import ipaddress
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.script import Seen, TargetScript

_DEVICE = "lab0"
PREFIX = "crlab"
_CLONE_NEWNET = 0x40000000
REPOSITORY = Path(__file__).resolve().parents[2]
NAMESPACES = Path("/run/netns")
NUMBERS = itertools.count(1)


def lab_available() -> str | None:
    """Return why no lab can be made here; None when one can."""
    if sys.platform != "linux":
        return "network namespaces exist on Linux only"
    if os.geteuid() != 0:
        return "making a network namespace needs root"
    if shutil.which("ip") is None:
        return "the program ip (package iproute2) is missing"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun cannot be opened"
    made = subprocess.run(
        ["unshare", "--net", "true"], capture_output=True, text=True, timeout=10, check=False
    )
    return None if made.returncode == 0 else f"no network namespace may be made: {made.stderr.strip()}"


class LabNetwork:
    """A running lab; use it as a context manager.

    With ``default_route`` every other address leads into the tunnel as well, so that a gateway
    (``gateway``, ``gateway_v6``), resolvers and anchors anywhere are answered for too.
    """

    device = _DEVICE
    gateway = "10.98.0.254"
    gateway_v6 = "fd98::fe"

    def __init__(self, *, default_route: bool = False) -> None:
        """Choose a name; nothing is made before the lab is entered."""
        self.name = f"{PREFIX}-{os.getpid()}-{next(NUMBERS)}"
        self._default_route = default_route
        self._stack = ExitStack()
        self._responder: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Make the namespace and start the responder; what was made is removed when that fails."""
        remove_abandoned()
        with ExitStack() as stack:
            ip("netns", "add", self.name)
            stack.callback(ip, "netns", "delete", self.name)
            self._responder = stack.enter_context(self._started_responder())
            self._connect()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the responder and remove the namespace."""
        self._stack.close()
        self._responder = None

    def address(self, number: int) -> str:
        """Return the IPv4 address of host ``number``, from 1 to 65,000."""
        return str(ipaddress.IPv4Address("10.99.0.0") + number)

    def address_v6(self, number: int) -> str:
        """Return the IPv6 address of host ``number``."""
        return str(ipaddress.IPv6Address("fd99::") + number)

    def script(self, address: str, script: TargetScript) -> None:
        """Set what the host of that address does from now on."""
        self._command({"do": "script", "address": address, "script": script.as_json()})

    def script_all(self, script: TargetScript) -> None:
        """Set what every host does that has no script of its own."""
        self._command({"do": "script", "address": None, "script": script.as_json()})

    def reset(self) -> None:
        """Let every host answer at once and forget what was seen."""
        self._command({"do": "reset"})

    def seen(self, address: str | None = None) -> list[Seen]:
        """Return the truth: every echo request that arrived, in order, or those of one address."""
        answer = self._command({"do": "seen"})
        told = [Seen(**values) for values in answer] if isinstance(answer, list) else []
        return told if address is None else [seen for seen in told if seen.address == address]

    def argv(self, command: Sequence[str]) -> list[str]:
        """Return the command line that runs ``command`` inside the namespace, in one process."""
        return ["nsenter", f"--net={NAMESPACES / self.name}", *command]

    def run(
        self,
        command: Sequence[str],
        *,
        timeout_s: float = 30.0,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program inside the namespace from the repository's root and return what it wrote."""
        return subprocess.run(
            self.argv(command),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=check,
            cwd=REPOSITORY,
            env=environment,
        )

    def popen(
        self,
        command: Sequence[str],
        *,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program inside the namespace; its pid is the program's own, so signals reach it."""
        return subprocess.Popen(
            self.argv(command),
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd=REPOSITORY,
            env=environment,
        )

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Put the calling thread into the namespace for a while.

        Sockets made meanwhile stay there for good, wherever they are used later; other threads, and
        processes started by them, do not follow.
        """
        with Path("/proc/thread-self/ns/net").open() as home:
            with (NAMESPACES / self.name).open() as namespace:
                set_namespace(namespace.fileno())
            try:
                yield
            finally:
                set_namespace(home.fileno())

    def allow_ping_groups(self, *, allowed: bool) -> None:
        """Open or close unprivileged ping sockets for all groups of the namespace."""
        groups = "0 2147483647" if allowed else "1 0"
        self.run(["sh", "-c", f"echo '{groups}' > /proc/sys/net/ipv4/ping_group_range"])

    def pin(self, processor: int) -> None:
        """Keep the responder on one processor, so that it does not share that of what is measured."""
        if self._responder is not None:
            os.sched_setaffinity(self._responder.pid, {processor})

    def cut(self) -> None:
        """Set the interface down, as a dead adapter does; its routes go with it."""
        self.run(["ip", "link", "set", _DEVICE, "down"])

    def mend(self) -> None:
        """Set the interface up again with all its routes."""
        self._batch([f"link set {_DEVICE} up", *self._routes()])

    def _connect(self) -> None:
        """Bring the loopback and the tunnel up and lead the lab's networks into the tunnel."""
        self._batch(
            [
                "link set lo up",
                f"address add 10.98.0.1/24 dev {_DEVICE}",
                f"link set {_DEVICE} txqueuelen 10000 up",
                *self._routes(),
            ]
        )

    def _routes(self) -> list[str]:
        """What the kernel forgets while the interface is down: the routes, and the IPv6 address."""
        commands = [
            f"address add fd98::1/64 dev {_DEVICE} nodad",
            f"route add 10.99.0.0/16 dev {_DEVICE}",
            f"route add fd99::/64 dev {_DEVICE}",
        ]
        if self._default_route:
            commands += [
                f"route add default via {self.gateway} dev {_DEVICE}",
                f"route add default via {self.gateway_v6} dev {_DEVICE}",
            ]
        return commands

    def _batch(self, commands: Sequence[str]) -> None:
        """Run commands of ip inside the namespace."""
        subprocess.run(
            self.argv(["ip", "-batch", "-"]),
            input="\n".join(commands) + "\n",
            text=True,
            capture_output=True,
            timeout=10,
            check=True,
        )

    @contextmanager
    def _started_responder(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start the responder inside the namespace, wait until its tunnel exists, and end it later."""
        command = self.argv([sys.executable, "-m", "tests.lab.responder", _DEVICE])
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY
        ) as responder:
            try:
                if _read_answer(responder) != "ready":
                    message = "the lab's responder did not start"
                    raise RuntimeError(message)
                yield responder
            finally:
                responder.terminate()

    def _command(self, words: dict[str, object]) -> object:
        """Send one command to the responder and return its answer."""
        if self._responder is None or self._responder.stdin is None:
            message = "the lab is not running"
            raise RuntimeError(message)
        self._responder.stdin.write(json.dumps(words).encode() + b"\n")
        self._responder.stdin.flush()
        return _read_answer(self._responder)


def _read_answer(responder: subprocess.Popen[bytes]) -> object:
    """Return the next answer of the responder."""
    line = responder.stdout.readline() if responder.stdout is not None else b""
    if not line:
        message = "the lab's responder has ended"
        raise RuntimeError(message)
    answer: object = json.loads(line)
    return answer


def remove_abandoned() -> None:
    """Remove the namespaces of labs whose process was killed."""
    for path in NAMESPACES.glob(f"{PREFIX}-*-*"):
        maker = path.name.split("-")[1]
        if maker.isdigit() and not Path(f"/proc/{maker}").exists():
            # Another run may have been faster.
            subprocess.run(["ip", "netns", "delete", path.name], capture_output=True, timeout=10, check=False)


def ip(*words: str) -> None:
    """Run ip, or raise with what it said."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=10, check=False)
    if done.returncode:
        message = f"ip {' '.join(words)}: {done.stderr.strip()}"
        raise RuntimeError(message)


def set_namespace(descriptor: int) -> None:
    """Move the calling thread into a network namespace (os.setns is new in Python 3.12)."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(descriptor, _CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
