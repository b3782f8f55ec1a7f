"""Whether this machine's clock is kept right by somebody. It asks the kernel, sets nothing, asks no server.

The kernel's word comes from adjtimex(2) with no mode set, which any account may ask: state ``TIME_ERROR``
or the status bit ``STA_UNSYNC`` mean that nobody disciplines the clock. ``maxerror`` is in microseconds.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.report.figures import value_text

NAME: Final = "clock"
TITLE: Final = "Clock"

MOST_ERROR_S: Final = 1.0
"""A log that an inquiry reads must be right to the second."""

_TIME_ERROR: Final = 5
_STA_UNSYNC: Final = 0x0040
_KEEPERS: Final = (
    ("chrony", "chrony/chronyd.pid"),
    ("chrony", "chronyd.pid"),
    ("ntpsec", "ntpd.pid"),
    ("systemd-timesyncd", "systemd/timesync"),
)


class _Timex(ctypes.Structure):
    """The beginning of ``struct timex`` of <sys/timex.h>; the rest is padding for the kernel to fill."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    )


@dataclass(frozen=True, slots=True)
class KernelClock:
    """What the kernel says about its clock. ``most_error_s`` is its bound of the error."""

    synchronised: bool
    most_error_s: float


def ask_kernel() -> KernelClock | None:
    """Return what the kernel says, or ``None`` where it cannot be asked."""
    if sys.platform != "linux":
        return None
    about = _Timex()
    state = ctypes.CDLL(None).adjtimex(ctypes.byref(about))
    if state < 0:
        return None
    free = state == _TIME_ERROR or bool(about.status & _STA_UNSYNC)
    return KernelClock(not free, about.maxerror / 1e6)


def check_clock(
    ask: Callable[[], KernelClock | None] = ask_kernel, run: Path = Path("/run")
) -> list[Finding]:
    """Judge the clock; ``run`` is where the services that keep clocks leave their traces."""
    keeper = next((name for name, trace in _KEEPERS if (run / trace).exists()), "")
    by = f" by {keeper}" if keeper else ""
    kernel = ask()
    if kernel is None:
        if (run / "systemd" / "timesync" / "synchronized").exists():
            return [Finding(NAME, TITLE, Health.OK, "ok", f"synchronised{by}")]
        return [Finding(NAME, TITLE, Health.UNKNOWN, "clock-unknown", "The kernel does not say.", _cure(""))]
    if not kernel.synchronised:
        found = f"not synchronised{f', though {keeper} runs' if keeper else ': nothing keeps it right'}"
        return [Finding(NAME, TITLE, Health.TROUBLE, "clock-free", found, _cure(keeper))]
    error = value_text(kernel.most_error_s, "s")
    if kernel.most_error_s > MOST_ERROR_S:
        found = f"synchronised{by}, but perhaps wrong by {error}"
        return [Finding(NAME, TITLE, Health.TROUBLE, "clock-vague", found, _cure(keeper))]
    return [Finding(NAME, TITLE, Health.OK, "ok", f"synchronised{by}, wrong by {error} at most")]


def _cure(keeper: str) -> str:
    if keeper == "chrony":
        return "chronyc sources\nIt must reach a time server; see /etc/chrony/chrony.conf."
    if keeper == "ntpsec":
        return "ntpq -p\nIt must reach a time server; see /etc/ntpsec/ntp.conf."
    if keeper:
        return "timedatectl timesync-status\nIt must reach a time server; see /etc/systemd/timesyncd.conf."
    return "sudo apt-get install chrony\nA virtual machine or a container may be kept right by its host."
