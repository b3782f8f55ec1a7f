"""The UDP echo probe: sends bursts as voice does, and sees what comes back, how fast and how evenly."""

from __future__ import annotations

from probes.udp_echo.declaration import UDP_ECHO

__all__ = ["UDP_ECHO"]
