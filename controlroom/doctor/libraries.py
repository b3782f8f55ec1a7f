"""The system libraries that Qt needs to open a window, and the Debian package that brings each."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from controlroom.finding import Finding, Health

NAME: Final = "system-libraries"
TITLE: Final = "System libraries"

PACKAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "libglib-2.0.so.0": "libglib2.0-0",
        "libGL.so.1": "libgl1",
        "libEGL.so.1": "libegl1",
        "libdbus-1.so.3": "libdbus-1-3",
        "libfontconfig.so.1": "libfontconfig1",
        "libfreetype.so.6": "libfreetype6",
        "libxkbcommon.so.0": "libxkbcommon0",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
        "libwayland-egl.so.1": "libwayland-egl1",
    }
)
"""Each library by the name the linker knows, and the package that Debian has it in."""


def check_libraries(can_load: Callable[[str], bool] | None = None) -> list[Finding]:
    """Say which libraries are missing; ``can_load`` asks the system's linker unless another is given."""
    load = can_load or linker_finds
    missing = [library for library in PACKAGES if not load(library)]
    if not missing:
        return [Finding(NAME, TITLE, Health.OK, "ok", f"all {len(PACKAGES)} that a window needs are there")]
    found = (
        f"{', '.join(missing)} missing: the desk may not open a window; engine and terminal do without them"
    )
    packages = " ".join(PACKAGES[library] for library in missing)
    cure = f"sudo apt-get install {packages}"
    return [Finding(NAME, TITLE, Health.TROUBLE, "libraries-missing", found, cure)]


def linker_finds(library: str) -> bool:
    """Whether the system's linker finds a library and can load it."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
