"""Whether the installed Qt binding fits this Python. It reads versions and never loads Qt."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import metadata
from typing import Final

from controlroom.finding import Finding, Health

NAME: Final = "qt-binding"
TITLE: Final = "Qt and Python"

OLDEST: Final = (6, 10)
ABORTS_FROM: Final = (6, 12)
"""PySide6 6.12 takes a reference from ``None`` with every call; before Python 3.12 that ends the desk."""

_PACKAGES: Final = ("PySide6-Essentials", "PySide6")
_CURE: Final = 'python -m pip install "PySide6-Essentials>=6.10,<6.12"'


def installed_version(package: str) -> str | None:
    """Return the version of an installed package, or ``None`` where it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def check_binding(
    version_of: Callable[[str], str | None] = installed_version,
    python: tuple[int, int] = (sys.version_info.major, sys.version_info.minor),
) -> list[Finding]:
    """Judge the pair of binding and Python."""
    version = next((found for package in _PACKAGES if (found := version_of(package))), None)
    spoken = f"Python {python[0]}.{python[1]}"
    if version is None:
        return [_trouble("qt-missing", "PySide6 is not installed: there is no desk, only the terminal")]
    numbers = _numbers(version)
    if numbers < OLDEST:
        return [_trouble("qt-too-old", f"PySide6 {version} is older than the desk needs (6.10)")]
    if numbers >= ABORTS_FROM and python < (3, 12):
        return [
            _trouble("qt-binding-broken", f"PySide6 {version} on {spoken} aborts the desk within seconds")
        ]
    base = version_of("shiboken6")
    if base is not None and base != version:
        return [_trouble("qt-parts-differ", f"PySide6 {version} does not fit its base, shiboken6 {base}")]
    return [Finding(NAME, TITLE, Health.OK, "ok", f"PySide6 {version} on {spoken}")]


def _trouble(code: str, found: str) -> Finding:
    return Finding(NAME, TITLE, Health.TROUBLE, code, found, _CURE)


def _numbers(version: str) -> tuple[int, int]:
    """The first two numbers of a version; what has none counts as the oldest."""
    match = re.match(r"(\d{1,6})\.(\d{1,6})", version)
    return (int(match[1]), int(match[2])) if match else (0, 0)
