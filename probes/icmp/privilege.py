"""Whether this account may ping, and what to do where it may not. It opens the sockets and sends nothing.

Rules
1. The proof is the real thing: the very sockets that the prober would open, closed again at once.
2. The kernel asks for CAP_NET_RAW, or for a group of the process inside ``net.ipv4.ping_group_range``,
   which holds for both families. A range in use is widened, never narrowed: others rely on it.
3. No cure gives a right to the Python interpreter, for then every program that it runs would have it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.reading import Reason
from probes.icmp.packet import Version
from probes.icmp.sockets import open_channel, reason_of_open_error

TITLE: Final = "Ping (ICMP)"
_NAMES: Final[dict[Version, tuple[str, str]]] = {
    4: ("ping-ipv4", f"{TITLE}, IPv4"),
    6: ("ping-ipv6", f"{TITLE}, IPv6"),
}
_SMALL_BUFFER_BYTES: Final = 4096
_CAP_NET_RAW: Final = 13  # <linux/capability.h>
_HIGHEST_GROUP: Final = 2**31 - 1
_RANGE: Final = "net.ipv4.ping_group_range"
_NEVER: Final = "Never run setcap on a Python interpreter: every program that it runs would have the right."


@dataclass(frozen=True, slots=True)
class Privilege:
    """What the kernel says about this process: its groups, the groups that may ping, its capability."""

    own_group: int
    groups: frozenset[int]
    allowed: tuple[int, int] | None
    raw: bool | None

    @property
    def covered(self) -> bool:
        """Whether a group of the process lies in the range."""
        return self.allowed is not None and any(
            self.allowed[0] <= each <= self.allowed[1] for each in self.groups
        )


def read_privilege(proc: Path = Path("/proc")) -> Privilege:
    """Read what the kernel says; what it does not say is ``None``."""
    own = os.getegid()
    return Privilege(own, frozenset({own, *os.getgroups()}), _allowed(proc), _raw(proc))


def check_privilege(
    open_socket: Callable[[Version], bool] | None = None,
    read: Callable[[], Privilege] = read_privilege,
) -> tuple[Finding, ...]:
    """Judge both families. ``open_socket`` opens one as the prober does and tells whether it was raw."""
    opening = open_socket or _try_to_open
    return tuple(_judge(version, opening, read) for version in _NAMES)


def _try_to_open(version: Version) -> bool:
    channel = open_channel(version, _SMALL_BUFFER_BYTES)
    raw = channel.intake.raw
    channel.close()
    return raw


def _judge(
    version: Version, open_socket: Callable[[Version], bool], read: Callable[[], Privilege]
) -> Finding:
    try:
        raw = open_socket(version)
    except OSError as error:
        return _refused(version, error, read())
    if raw:
        return Finding(*_NAMES[version], Health.OK, "ok", "may open raw sockets (CAP_NET_RAW)")
    low, high = read().allowed or (0, 0)
    return Finding(
        *_NAMES[version], Health.OK, "ok", f"allowed without other rights ({_RANGE} = {low} {high})"
    )


def _refused(version: Version, error: OSError, privilege: Privilege) -> Finding:
    name = _NAMES[version]
    reason = reason_of_open_error(error)
    if reason is Reason.UNSUPPORTED:
        found = f"this machine has no IPv{version}; endpoints with such an address are not asked"
        return Finding(*name, Health.OK if version == 6 else Health.TROUBLE, "unsupported", found)
    if reason is not Reason.NO_PRIVILEGE:
        found = f"the socket cannot be opened: {error.strerror or type(error).__name__}"
        return Finding(*name, Health.TROUBLE, "socket-failed", found)
    if privilege.raw or privilege.covered:
        found = "refused, although this account has the right: a container or a sandbox forbids it"
        cure = "Allow the container CAP_NET_RAW, or run the engine outside of it."
        return Finding(*name, Health.TROUBLE, "forbidden-here", found, cure)
    allowed = privilege.allowed
    shown = "not told" if allowed is None else f"{allowed[0]} {allowed[1]}"
    found = f"not allowed: no CAP_NET_RAW, and group {privilege.own_group} is outside {_RANGE} ({shown})"
    return Finding(*name, Health.TROUBLE, "no-privilege", found, _cure(privilege))


def _cure(privilege: Privilege) -> str:
    low = high = privilege.own_group
    if privilege.allowed is not None and privilege.allowed[0] <= privilege.allowed[1]:
        low, high = min(low, privilege.allowed[0]), max(high, privilege.allowed[1])
    return (
        f'sudo sysctl -w {_RANGE}="{low} {high}"\n'
        f"To keep it: echo '{_RANGE} = {low} {high}' | sudo tee /etc/sysctl.d/60-controlroom-ping.conf\n"
        "Or, for an engine run by systemd, in its unit under [Service]: AmbientCapabilities=CAP_NET_RAW\n"
        f"{_NEVER}"
    )


def _allowed(proc: Path) -> tuple[int, int] | None:
    text = _text(proc / "sys" / "net" / "ipv4" / "ping_group_range")
    match = re.fullmatch(r"(\d{1,10})\s+(\d{1,10})\s*", text)
    return (int(match[1]), min(int(match[2]), _HIGHEST_GROUP)) if match else None


def _raw(proc: Path) -> bool | None:
    match = re.search(r"^CapEff:\s*([0-9a-fA-F]{1,16})$", _text(proc / "self" / "status"), re.MULTILINE)
    return bool(int(match[1], 16) >> _CAP_NET_RAW & 1) if match else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
