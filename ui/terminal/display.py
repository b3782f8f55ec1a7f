"""Whether a window could be opened at all. It opens none."""

from __future__ import annotations

from collections.abc import Mapping


def has_display(environment: Mapping[str, str], platform: str) -> bool:
    """Tell whether the environment names a display, or the platform needs none to be named."""
    if platform != "linux" or environment.get("QT_QPA_PLATFORM"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
