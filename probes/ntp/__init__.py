"""The NTP probe: asks a time server how late it is, and whether it knows."""

from __future__ import annotations

from probes.ntp.declaration import NTP

__all__ = ["NTP"]
