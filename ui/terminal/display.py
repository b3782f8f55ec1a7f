"""Whether a window could be opened at all. It opens none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NO_DISPLAY: Final = "There is no display, so the same monitoring runs here in the terminal.\n"
_AS_SUDO: Final = (
    "The desk does not run as root: start it without sudo. The same monitoring runs here in the terminal.\n"
)


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether the environment names a display, or the platform needs none to be named."""
    if platform != "linux" or environment.get("QT_QPA_PLATFORM"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def why_no_window(environment: Mapping[str, str], platform: str, *, raised_to_root: bool) -> str:
    """Say why no desk can be opened; empty where it can."""
    if not has_display(environment, platform):
        return _NO_DISPLAY
    return _AS_SUDO if raised_to_root else ""
