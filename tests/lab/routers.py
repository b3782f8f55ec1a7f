"""Real routers in a row: network namespaces joined by cables, so that packets truly pass hop by hop.

``here`` is where tests run. The way to the target leads over three routers, and there is a second way past
the second one:

    here ── first ─┬─ second ─┬─ third ── target
                   └─ detour ─┘

Every cable N has 10.101.N.0/24 and fd01:N::/64, with .1 towards here and .2 away from it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests.lab.namespace import NAMESPACES, NUMBERS, PREFIX, REPOSITORY, ip, remove_abandoned, set_namespace

NODES: Final = ("here", "first", "second", "detour", "third", "target")
_CABLES: Final = {
    1: ("here", "first"),
    2: ("first", "second"),
    3: ("second", "third"),
    4: ("third", "target"),
    5: ("first", "detour"),
    6: ("detour", "third"),
}
_KERNEL: Final = {
    # An address of a link would else be of no use for its first second.
    "net/ipv6/conf/default/accept_dad": "0",
    "net/ipv4/ip_forward": "1",
    "net/ipv6/conf/all/forwarding": "1",
    "net/ipv4/conf/all/rp_filter": "0",
    "net/ipv4/icmp_ratemask": "0",
    "net/ipv6/icmp/ratelimit": "0",
}
_PER_KERNEL: Final = ("net/ipv4/icmp_msgs_per_sec", "net/ipv4/icmp_msgs_burst")
"""What bounds the errors of both families to all together, and would be mistaken for a router's loss."""
_LEFT_TO_ANSWER: Final = 6
"""How many errors a router sends in a row before its limit holds (the kernel's burst)."""


def near(cable: int, version: int = 4) -> str:
    """Return the address of a cable's end towards here."""
    return f"10.101.{cable}.1" if version == 4 else f"fd01:{cable}::1"


def far(cable: int, version: int = 4) -> str:
    """Return the address of a cable's end away from here."""
    return f"10.101.{cable}.2" if version == 4 else f"fd01:{cable}::2"


class RouterChain:
    """The running routers; use it as a context manager."""

    burst = _LEFT_TO_ANSWER

    def __init__(self) -> None:
        """Choose names; nothing is made before it is entered."""
        base = f"{PREFIX}-{os.getpid()}-{next(NUMBERS)}"
        self._names = {node: f"{base}-{node}" for node in NODES}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Make the namespaces and lay the cables; what was made is removed when that fails."""
        remove_abandoned()
        with ExitStack() as stack:
            for name in self._names.values():
                ip("netns", "add", name)
                stack.callback(ip, "netns", "delete", name)
            self._set_kernels()
            self._lay_cables()
            self._lead_there_and_back()
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the namespaces, and with them the cables."""
        self._stack.close()

    @contextmanager
    def enter(self) -> Iterator[None]:
        """Put the calling thread ``here`` for a while; sockets made meanwhile stay there."""
        with Path("/proc/thread-self/ns/net").open() as home:
            with (NAMESPACES / self._names["here"]).open() as namespace:
                set_namespace(namespace.fileno())
            try:
                yield
            finally:
                set_namespace(home.fileno())

    def argv(self, command: Sequence[str], node: str = "here") -> list[str]:
        """Return the command line that runs ``command`` at a node, in one process."""
        return ["nsenter", f"--net={NAMESPACES / self._names[node]}", *command]

    def run(
        self, command: Sequence[str], *, node: str = "here", check: bool = True, timeout_s: float = 30.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a program at a node from the repository's root and return what it wrote."""
        return subprocess.run(
            self.argv(command, node),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=check,
            cwd=REPOSITORY,
        )

    def popen(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program ``here``; its pid is the program's own."""
        return subprocess.Popen(self.argv(command), cwd=REPOSITORY, env=environment)

    def take_detour(self) -> None:
        """Lead the way to the target past the second router."""
        self._ip("first", f"route replace 10.101.4.0/24 via {far(5)}")
        self._ip("first", f"-6 route add fd01:4::/64 via {far(5, 6)} metric 10")

    def balance(self) -> None:
        """Lead packets in turn by the second router and by the detour, by their ports."""
        self._set("first", "net/ipv4/fib_multipath_hash_policy", "1")
        self._ip("first", f"route replace 10.101.4.0/24 nexthop via {far(2)} nexthop via {far(5)}")

    def silence(self, node: str) -> None:
        """Have a router forward everything and say nothing itself."""
        for family, network in ((4, "10.101.1.0/24"), (6, "fd01:1::/64")):
            self._ip(node, f"-{family} rule add to {network} iif lo blackhole priority 10")

    def limit(self, node: str) -> None:
        """Have a router answer no more than a burst to anybody, and then one in ten seconds."""
        self._set(node, "net/ipv4/icmp_ratelimit", "10000")
        self._set(node, "net/ipv4/icmp_ratemask", "6168")
        self._set(node, "net/ipv6/icmp/ratelimit", "10000")

    def refuse(self, node: str, kind: str) -> None:
        """Have a router refuse what is for the target: ``unreachable``, ``prohibit`` or ``blackhole``."""
        self._ip(node, f"route replace {kind} 10.101.4.0/24")
        self._ip(node, f"-6 route replace {kind} fd01:4::/64 metric 1")

    def heal(self, node: str) -> None:
        """Take back ``refuse`` at the first or the second router."""
        self._ip(node, f"route replace 10.101.4.0/24 via {far({'first': 2, 'second': 3}[node])}")
        self._ip(node, "-6 route del fd01:4::/64 metric 1")

    def allow_ping_groups(self) -> None:
        """Let every group open unprivileged ping sockets ``here``."""
        self._set("here", "net/ipv4/ping_group_range", "0 2147483647")

    def _set_kernels(self) -> None:
        for node in NODES:
            settings = [f"echo {value} > /proc/sys/{key}" for key, value in _KERNEL.items()]
            # Kernels differ in whether a namespace has these of its own; then they are as the machine's.
            settings += [f"[ ! -e /proc/sys/{key} ] || echo 1000000 > /proc/sys/{key}" for key in _PER_KERNEL]
            self.run(["sh", "-e", "-c", "\n".join(settings)], node=node)

    def _lay_cables(self) -> None:
        made: dict[str, list[str]] = {node: [] for node in NODES}
        led: dict[str, list[str]] = {node: ["link set lo up"] for node in NODES}
        for cable, (left, right) in _CABLES.items():
            ends = (f"cable{cable}l", f"cable{cable}r")
            made[left] += [
                f"link add {ends[0]} type veth peer name {ends[1]}",
                f"link set {ends[1]} netns {self._names[right]}",
            ]
            for node, end, place in ((left, ends[0], near), (right, ends[1], far)):
                led[node] += [
                    f"address add {place(cable)}/24 dev {end}",
                    f"address add {place(cable, 6)}/64 dev {end} nodad",
                    f"link set {end} up",
                ]
        for each in (made, led):
            for node, commands in each.items():
                self._batch(node, commands)

    def _lead_there_and_back(self) -> None:
        ways: dict[str, list[str]] = {node: [] for node in NODES}
        for node, cable in {"here": 1, "first": 2, "second": 3, "detour": 6}.items():
            ways[node] += [
                f"route add 10.101.4.0/24 via {far(cable)}",
                f"route add fd01:4::/64 via {far(cable, 6)} metric 100",
            ]
        for node, cable in {"second": 2, "detour": 5, "third": 3, "target": 4}.items():
            ways[node] += [
                f"route add 10.101.1.0/24 via {near(cable)}",
                f"route add fd01:1::/64 via {near(cable, 6)}",
            ]
        for node, commands in ways.items():
            self._batch(node, commands)

    def _batch(self, node: str, commands: Sequence[str]) -> None:
        """Run commands of ip at a node, in one process."""
        if commands:
            told = "\n".join(commands) + "\n"
            subprocess.run(
                self.argv(["ip", "-batch", "-"], node),
                input=told,
                text=True,
                capture_output=True,
                timeout=30,
                check=True,
            )

    def _ip(self, node: str, words: str) -> None:
        # Not "ip -n", which also mounts things, and cannot where the root is no mount of its own.
        self.run(["ip", *words.split()], node=node)

    def _set(self, node: str, key: str, value: str) -> None:
        self.run(["sh", "-c", f"echo '{value}' > /proc/sys/{key}"], node=node)
